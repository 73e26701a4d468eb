"""The best floor: what remains when nothing but the statements, the driver and the protocol is left.

A bare ASGI function, connections without a reset between requests, statements that walk the index, rows instead of
JSON from the database, dicts written down by hand. Nobody would maintain it for a whole schema; it is the measure.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from benchmarks.reads.floors.authentication import (
    DATABASE_URL,
    HERE,
    PRINCIPAL,
    SESSION_SETTINGS,
    Caller,
    Claims,
    DeniedError,
    caller_of,
    claims_of,
)

PAGE, PARTS, DETAIL, SUBMIT = (
    (HERE / f"{name}.sql").read_text() for name in ("best_page", "best_parts", "best_detail", "kit_submit")
)
_CAP = 10_000
_LEVELS = ("PUBLIC", "INTERNAL", "WORK_SECRET")
_CONNECTIONS = 10
_HEADERS = [(b"content-type", b"application/json")]
# each of these statements has one right plan: to plan it anew for each request costs as much as to run it
_SETTINGS = {**SESSION_SETTINGS, "plan_cache_mode": "force_generic_plan"}


class _Pool:
    """Connections, the last one used first; nothing is said to the database between requests."""

    def __init__(self) -> None:
        self._free: list[Any] = []
        self._waiting: list[asyncio.Future[Any]] = []

    async def open(self) -> None:
        for _ in range(_CONNECTIONS):
            self._free.append(await asyncpg.connect(DATABASE_URL, server_settings=_SETTINGS))

    async def close(self) -> None:
        for connection in self._free:
            await connection.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        if self._free:
            found = self._free.pop()
        else:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            found = await waiting
        try:
            yield found
        finally:
            if self._waiting:
                self._waiting.pop(0).set_result(found)
            else:
                self._free.append(found)


_pool = _Pool()


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    try:
        authorization = next(value for name, value in scope["headers"] if name == b"authorization")
        claims = claims_of(authorization.decode())
        body = await _body(receive)
        async with _pool.connection() as connection:
            answer = await _answer(connection, claims, orjson.loads(body))
        status = 200
    except (DeniedError, StopIteration):
        status, answer = 401, b""
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, _length(answer)]})
    await send({"type": "http.response.body", "body": answer})


async def _answer(connection: Any, claims: Claims, asked: Any) -> bytes:
    caller = caller_of(await connection.fetchrow(PRINCIPAL, claims.session_id, claims.account_id))
    query, variables = asked["query"], asked.get("variables") or {}
    if query.startswith("query Ledger"):
        return await _ledger(connection, caller, variables)
    if query.startswith("query Detail"):
        return await _detail(connection, caller, _key(variables["id"]))
    if query.startswith("mutation Submit"):
        return await _submit(connection, caller, claims, variables["input"])
    return orjson.dumps({"data": {"viewer": {"name": caller.name, "clearance": _LEVELS[caller.clearance]}}})


async def _ledger(connection: Any, caller: Caller, variables: Any) -> bytes:
    (mine,), first = caller.handles, variables["first"]
    who = (mine, caller.posts, caller.person_id, caller.clearance)
    rows = await connection.fetch(PAGE, *who, variables["statuses"], first)
    page = rows[:first]
    parts: list[list[Any]] = [[] for _ in page]
    for number, own, role, status, due_on, light, name in await connection.fetch(PARTS, [row[0] for row in page], mine):
        _, _, _, _, _, _, _, _, _, _, sees_all, sees_lead, _ = page[number - 1]
        if own or sees_all or (sees_lead and role == "LEAD"):
            part = {"role": role, "status": status, "dueOn": due_on, "light": light, "unit": {"name": name}}
            parts[number - 1].append(part)
    edges = [
        {
            "node": {
                "id": _id("case", key),
                "number": number,
                "title": title,
                "status": status,
                "light": light,
                "tier": tier,
                "handling": handling,
                "dueOn": due_on,
                "dispatchedAt": dispatched_at,
                "leader": leader and {"name": leader},
                "assignments": assigned,
            }
        }
        for (key, number, title, status, light, tier, handling, due_on, dispatched_at, leader, *_), assigned in zip(
            page, parts, strict=True
        )
    ]
    total = page[0][12] if page else 0
    info = {"hasNextPage": len(rows) > first, "endCursor": str(page[-1][0]) if page else None}
    count = {"value": min(total, _CAP), "exact": total <= _CAP}
    return orjson.dumps({"data": {"cases": {"edges": edges, "pageInfo": info, "totalCount": count}}})


async def _detail(connection: Any, caller: Caller, key: UUID) -> bytes:
    (mine,), now = caller.handles, datetime.now(UTC)  # noqa: TID251  # no clock of the project
    row = await connection.fetchrow(DETAIL, mine, caller.posts, caller.person_id, caller.clearance, key)
    return orjson.dumps({"data": {"case": None if row is None else _case(key, row, now)}})


def _case(key: UUID, row: Any, now: datetime) -> dict[str, Any]:
    number, title, requirement, status, matter_type, classification, handling, tier, yellow, red, due_on, *rest = row
    registered_on, dispatched_at, created_at, updated_at, version, leader, registered_by, parts = rest
    return {
        "id": _id("case", key),
        "number": number,
        "title": title,
        "requirement": requirement,
        "status": status,
        "matterType": matter_type,
        "classification": _LEVELS[classification],
        "handling": handling,
        "tier": tier,
        "light": _case_light(status, yellow, red, now),
        "dueOn": due_on,
        "registeredOn": registered_on,
        "dispatchedAt": dispatched_at,
        "createdAt": created_at,
        "updatedAt": updated_at,
        "version": version,
        "leader": leader and {"name": leader},
        "registeredBy": registered_by and {"name": registered_by},
        "assignments": [_part(part, now) for part in parts],
    }


def _part(row: Any, now: datetime) -> dict[str, Any]:
    key, role, status, yellow, red, completion_due_on, unit, kind, slots, reports = row
    return {
        "id": _id("assignment", key),
        "role": role,
        "status": status,
        "light": _part_light(status, yellow, red, now),
        "completionDueOn": completion_due_on,
        "unit": {"name": unit, "kind": kind},
        "slots": [
            {
                "slot": slot,
                "content": content,
                "state": state,
                "dueOn": due_on,
                "light": _lit(now, slot_yellow, slot_red) if state == "OPEN" else "NONE",
            }
            for slot, content, state, due_on, slot_yellow, slot_red in slots
        ],
        "reports": {
            "edges": [
                {
                    "node": {
                        "content": content,
                        "status": state,
                        "submittedAt": submitted_at,
                        "draftedBy": author and {"name": author},
                        "sections": [{"kind": section, "text": text} for section, text in sections],
                    }
                }
                for content, state, submitted_at, author, sections in reports
            ]
        },
    }


async def _submit(connection: Any, caller: Caller, claims: Claims, given: Any) -> bytes:
    who = (caller.handles, caller.posts, caller.person_id, caller.clearance, claims.account_id)
    answer: str = await connection.fetchval(SUBMIT, *who, _key(given["report"]), given["expectedVersion"])
    return answer.encode()


def _case_light(status: str, yellow: datetime | None, red: datetime | None, now: datetime) -> str:
    if status != "DISPATCHED":
        return "NONE"
    return "GREEN" if red is None else _lit(now, yellow, red)


def _part_light(status: str, yellow: datetime | None, red: datetime | None, now: datetime) -> str:
    if status not in ("ISSUED", "ACKNOWLEDGED"):
        return "NONE"
    return "GREEN" if red is None else _lit(now, yellow, red)


def _lit(now: datetime, yellow: datetime | None, red: datetime) -> str:
    if yellow is None:
        return "NONE"
    return "RED" if now >= red else "YELLOW" if now >= yellow else "GREEN"


def _id(tag: str, key: UUID) -> str:
    return f"{tag}_{base64.urlsafe_b64encode(key.bytes)[:22].decode()}"


def _key(global_id: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(global_id.partition("_")[2] + "=="))


def _length(answer: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(answer)).encode()


async def _body(receive: Any) -> bytes:
    message = await receive()
    body: bytes = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    return body


async def _live(receive: Any, send: Any) -> None:
    await receive()
    await _pool.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _pool.close()
    await send({"type": "lifespan.shutdown.complete"})
