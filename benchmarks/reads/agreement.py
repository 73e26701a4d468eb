"""Whether all servers tell the same and do the same: a figure of one that does less is worth nothing."""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from app.assignments.models import Assignment, ReportSlot
from app.audit.models import CaseRecord
from app.cases.models import Case, CaseParticipant
from app.core.database import Database
from app.core.ids import decode_id
from app.deadlines.models import Deadline
from app.events.models import Event, OutboxMessage
from app.reports.models import Report
from app.todos.models import Todo
from benchmarks.reads.operations import SUBMIT, Wish, body
from benchmarks.reads.people import People, post
from benchmarks.reads.servers import Server

_ASKED = 3  # people whose answers are compared
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")


def same_answers(servers: dict[str, Server], operations: dict[str, list[str]], people: People, reference: str) -> None:
    """Ask each server the same and compare what it says with what the reference says. Raises AssertionError."""
    for operation, names in operations.items():
        if operation == SUBMIT or reference not in names:
            continue
        for wish in people.wishes(operation)[:_ASKED]:
            expected = _told(servers[reference], people, operation, wish)
            for name in names:
                found = _told(servers[name], people, operation, wish)
                assert found == expected, f"{operation} of {wish.login}, {name}: {difference(found, expected)}"


async def same_traces(
    servers: dict[str, Server], names: list[str], people: People, door: int, database: Database
) -> None:
    """Let each server take one of several copies of the same report, and compare what is written afterwards."""
    alike = _alike(people, len(names))
    people.sign_in([wish.login for wish in alike], door)
    traces = {}
    for name, wish in zip(names, alike, strict=True):
        answer = _told(servers[name], people, SUBMIT, wish)
        traces[name] = answer["data"]["submitReport"]["report"]["version"], await _trace(database, wish.key)
    first = traces[names[0]]
    assert all(trace == first for trace in traces.values()), f"a report leaves behind: {traces}"


def _told(server: Server, people: People, operation: str, wish: Wish) -> Any:
    status, answer = post(server.port, body(operation, server.dialect, wish), people.token(wish.login))
    assert status == 200, f"{server.name}: {status} {answer.decode(errors='replace')}"
    return comparable(json.loads(answer))


def comparable(value: Any) -> Any:
    """Ids, counts and instants have several spellings. Cursors are each server's own; that there is one is compared."""
    match value:
        case list():
            return [comparable(item) for item in value]
        case {"value": count, "exact": True}:
            return count
        case dict():
            return {key: bool(item) if key == "endCursor" else comparable(item) for key, item in value.items()}
        case str() if decoded := decode_id(value):
            return str(decoded[1])
        case str() if _INSTANT.match(value):
            return datetime.fromisoformat(value)
        case _:
            return value


def difference(found: Any, expected: Any, path: str = "") -> str:
    """Where two answers part."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        parts = [(f"{path}.{key}", found[key], expected[key]) for key in expected]
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        parts = [(f"{path}[{number}]", *both) for number, both in enumerate(zip(found, expected, strict=True))]
    else:
        return f"at {path} {found} and not {expected}"
    return next(difference(mine, its, where) for where, mine, its in parts if mine != its)


def _alike(people: People, count: int) -> list[Wish]:
    """Copies of one report of the stencil: their ids differ in the first four bytes only."""
    by_row: dict[str, list[Wish]] = {}
    for wish in people.signed:
        assert wish.key is not None
        by_row.setdefault(wish.key.hex[8:], []).append(wish)
    same = next(wishes for wishes in by_row.values() if len(wishes) >= count)[:count]
    people.signed = [wish for wish in people.signed if wish not in same]
    return same


async def _trace(database: Database, report_id: UUID | None) -> list[Any]:
    """What stands in the tables about the case of a report, without ids and times."""
    async with database.read() as session:
        case_id = await session.scalar(select(Report.case_id).where(Report.id == report_id))
        statements: list[Select[*tuple[Any, ...]]] = [
            select(Report.status, Report.version, Report.received_at.is_(None)).where(Report.case_id == case_id),
            select(ReportSlot.state, ReportSlot.met_on_time, ReportSlot.version).where(ReportSlot.case_id == case_id),
            select(Assignment.status, Assignment.version, Assignment.in_review).where(Assignment.case_id == case_id),
            select(Deadline.subject_kind, Deadline.stage, Deadline.state).where(Deadline.case_id == case_id),
            select(Todo.action, Todo.role, Todo.closed_at.is_(None)).where(Todo.case_id == case_id),
            select(CaseParticipant.status, CaseParticipant.restricted).where(CaseParticipant.case_id == case_id),
            select(Case.status, Case.version, Case.record_seq).where(Case.id == case_id),
            select(Event.type, Event.case_seq, OutboxMessage.topic)
            .join(OutboxMessage, OutboxMessage.event_id == Event.id)
            .where(Event.case_id == case_id),
            select(CaseRecord.seq, CaseRecord.action, CaseRecord.rule_id).where(CaseRecord.case_id == case_id),
        ]
        return [sorted(map(str, (await session.execute(statement)).all())) for statement in statements]
