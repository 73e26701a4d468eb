"""The kit floor: Starlette, asyncpg's pool, and one json_build_object statement for each operation. Frozen.

It is what somebody writes in an afternoon who wants speed, and what this project is held to; it is not changed when
the project becomes faster. What the database can give at best is `best.py`.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.reads.floors.authentication import (
    DATABASE_URL,
    HERE,
    PRINCIPAL,
    SESSION_SETTINGS,
    Caller,
    DeniedError,
    caller_of,
    claims_of,
)

LEDGER = (HERE / "kit_ledger.sql").read_text()
DETAIL = (HERE / "kit_detail.sql").read_text()
SUBMIT = (HERE / "kit_submit.sql").read_text()
_LEVELS = ("PUBLIC", "INTERNAL", "WORK_SECRET")


async def graphql(request: Request) -> Response:
    try:
        claims = claims_of(request.headers["authorization"])
        asked = orjson.loads(await request.body())
        async with request.app.state.pool.acquire() as connection:
            caller = caller_of(await connection.fetchrow(PRINCIPAL, claims.session_id, claims.account_id))
            answer = await _answer(connection, caller, claims.account_id, asked)
    except DeniedError:
        return Response(status_code=401)
    return Response(answer, media_type="application/json")


async def _answer(connection: Any, caller: Caller, account_id: UUID, asked: Any) -> str | bytes:
    query, variables = asked["query"], asked.get("variables") or {}
    who = (caller.handles, caller.posts, caller.person_id, caller.clearance)
    if query.startswith("query Ledger"):
        page: str = await connection.fetchval(LEDGER, *who, variables["statuses"], variables["first"])
        return page
    if query.startswith("query Detail"):
        case: str = await connection.fetchval(DETAIL, *who, _key(variables["id"]))
        return case
    if query.startswith("mutation Submit"):
        report, seen = _key(variables["input"]["report"]), variables["input"]["expectedVersion"]
        submitted: str = await connection.fetchval(SUBMIT, *who, account_id, report, seen)
        return submitted
    return orjson.dumps({"data": {"viewer": {"name": caller.name, "clearance": _LEVELS[caller.clearance]}}})


def _key(global_id: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(global_id.partition("_")[2] + "=="))


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        DATABASE_URL, min_size=10, max_size=10, server_settings=SESSION_SETTINGS
    ) as app.state.pool:
        yield


app = Starlette(routes=[Route("/graphql", graphql, methods=["POST"])], lifespan=_lifespan)
