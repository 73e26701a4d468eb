"""What the ledger held of units' parts at an instant, in bulk: a statement for each table, whatever the number of rows.

Read from the tables as they are now and put back by what was recorded since (`events/hindsight`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import AssignmentStatus, ReportContent
from app.cases.models import Case
from app.cases.rules import CaseStatus
from app.core.database import among
from app.escalation.models import Urging
from app.evaluations.rules import Finding, Handed, Owed, Part, Span, Urged
from app.events.hindsight import Hindsight, Row, hindsight
from app.events.models import Event
from app.reports.models import Report, ReportCoverage
from app.reports.rules import ReportStatus, ReturnGround

_CASE, _ASSIGNMENT, _SLOT, _URGING, _REPORT, _COVERAGE, _EVENT = (
    cast("Table", model.__table__) for model in (Case, Assignment, ReportSlot, Urging, Report, ReportCoverage, Event)
)
TABLES = (_CASE, _ASSIGNMENT, _SLOT, _URGING, _REPORT)
# 移出去的不算: what was cancelled, merged, suspended or not yet dispatched is nobody's item
_COUNTED = frozenset({CaseStatus.DISPATCHED, CaseStatus.CLOSING, CaseStatus.CLOSED, CaseStatus.ARCHIVED})
_HANDED_IN = frozenset({ReportStatus.SUBMITTED, ReportStatus.RETURNED, ReportStatus.ACCEPTED})
_PROOFS = ("urging.delivered", "report.submitted", "report.returned", "contribution.submitted")
_OF_RETURN = frozenset({"report.returned"})


async def looking_back(session: AsyncSession, cut_off: datetime) -> Hindsight:
    """What happened since to anything that counts."""
    return await hindsight(session, cut_off, TABLES)


async def parts_in(session: AsyncSession, units: Collection[UUID], span: Span, since: Hindsight) -> list[Part]:
    """The parts of these units that may belong to the span, in a fixed order."""
    dialect = session.get_bind().dialect.name
    rows = list(since.rows(_ASSIGNMENT, await _read(session, _assignments(units, span, since, dialect))))
    keys = [row["id"] for row in rows]
    cases = {row["id"]: row for row in since.rows(_CASE, await _read(session, _cases(rows, dialect)))}
    owed = _grouped(since.rows(_SLOT, await _read(session, _slots(keys, dialect))), "assignment_id")
    urged = _grouped(since.rows(_URGING, await _read(session, _urgings(keys, dialect))), "assignment_id")
    handed = _grouped(since.rows(_REPORT, await _reports(session, keys, dialect)), "of_assignment")
    return [
        _part(row, cases[row["case_id"]], owed[row["id"]], urged[row["id"]], handed[row["id"]])
        for row in rows
        if row["status"] is not AssignmentStatus.ENDED
        and row["case_id"] in cases
        and cases[row["case_id"]]["status"] in _COUNTED
    ]


async def proofs_of(
    session: AsyncSession, found: Iterable[tuple[Part, Finding]], cut_off: datetime
) -> Mapping[tuple[UUID, UUID, bool], UUID]:
    """The events that recorded what is found, by case, subject and whether it is a return."""
    cases = {part.case_id for part, _ in found}
    among_cases = among(_EVENT.c.case_id, cases, session.get_bind().dialect.name)
    statement = (
        select(_EVENT.c.case_id, _EVENT.c.subject_id, _EVENT.c.type, _EVENT.c.id)
        .where(among_cases, _EVENT.c.type.in_(_PROOFS), _EVENT.c.recorded_at <= cut_off)
        .order_by(_EVENT.c.case_seq.desc())  # of several the first one stays
    )
    return {
        (case_id, subject_id, kind in _OF_RETURN): event_id
        for case_id, subject_id, kind, event_id in await session.execute(statement)
    }


async def _read(session: AsyncSession, statement: Select[Any]) -> list[Row]:
    result = await session.execute(statement)
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


def _assignments(units: Collection[UUID], span: Span, since: Hindsight, dialect: str) -> Select[Any]:
    in_span: ColumnElement[bool] = _SLOT.c.due_on.between(span.first, span.last)
    moved = since.keys(_SLOT)
    owed_then = or_(in_span, among(_SLOT.c.id, moved, dialect)) if moved else in_span
    demands = [
        _ASSIGNMENT.c.completion_due_on.between(span.first, span.last),
        exists().where(_SLOT.c.assignment_id == _ASSIGNMENT.c.id, owed_then),
    ]
    altered = since.keys(_ASSIGNMENT)
    if altered:
        demands.append(among(_ASSIGNMENT.c.id, altered, dialect))
    columns = ("id", "case_id", "unit_id", "role", "status", "completion_due_on", "completion_due_at")
    return (
        select(*(_ASSIGNMENT.c[name] for name in columns), _ASSIGNMENT.c.completed_on_time)
        .where(among(_ASSIGNMENT.c.unit_id, units, dialect), or_(*demands))
        .order_by(_ASSIGNMENT.c.id)
    )


def _cases(rows: Iterable[Row], dialect: str) -> Select[Any]:
    keys = {row["case_id"] for row in rows}
    columns = ("id", "status", "procedure", "classification", "restricted")
    return select(*(_CASE.c[name] for name in columns)).where(among(_CASE.c.id, keys, dialect))


def _slots(keys: Collection[UUID], dialect: str) -> Select[Any]:
    columns = ("id", "assignment_id", "slot", "state", "due_on", "due_at", "met_at", "met_on_time")
    statement = select(*(_SLOT.c[name] for name in columns)).where(among(_SLOT.c.assignment_id, keys, dialect))
    return statement.order_by(_SLOT.c.assignment_id, _SLOT.c.ordinal)


def _urgings(keys: Collection[UUID], dialect: str) -> Select[Any]:
    columns = ("id", "assignment_id", "for_due_on", "delivered_at", "withdrawn_at")
    statement = select(*(_URGING.c[name] for name in columns)).where(among(_URGING.c.assignment_id, keys, dialect))
    return statement.order_by(_URGING.c.for_due_on, _URGING.c.id)


async def _reports(session: AsyncSession, keys: Collection[UUID], dialect: str) -> list[Row]:
    """By the assignment to which a report was handed in: its own, and those of other cases that it covers."""
    columns = [_REPORT.c[name] for name in ("id", "content", "status", "submitted_at", "return_grounds")]
    own = select(_REPORT.c.assignment_id.label("of_assignment"), *columns).where(
        among(_REPORT.c.assignment_id, keys, dialect)
    )
    covered = (
        select(_SLOT.c.assignment_id.label("of_assignment"), *columns)
        .join(_COVERAGE, _COVERAGE.c.slot_id == _SLOT.c.id)
        .join(_REPORT, _REPORT.c.id == _COVERAGE.c.report_id)
        .where(among(_SLOT.c.assignment_id, keys, dialect), _REPORT.c.assignment_id != _SLOT.c.assignment_id)
    )
    found = {(row["of_assignment"], row["id"]): row for row in await _read(session, own)}
    found |= {(row["of_assignment"], row["id"]): row for row in await _read(session, covered)}
    return [found[key] for key in sorted(found)]


def _grouped(rows: Iterable[Row], by: str) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[by]].append(row)
    return found


def _part(row: Row, case: Row, owed: list[Row], urged: list[Row], handed: list[Row]) -> Part:
    return Part(
        assignment_id=row["id"],
        case_id=row["case_id"],
        unit_id=row["unit_id"],
        role=row["role"],
        procedure=case["procedure"],
        restricted=case["restricted"],
        classification=case["classification"],
        completion_due_on=row["completion_due_on"],
        completion_due_at=row["completion_due_at"],
        completed_on_time=row["completed_on_time"],
        owed=tuple(
            Owed(
                one["id"],
                one["slot"],
                one["state"],
                one["due_on"],
                one["due_at"],
                one["met_at"],
                one["met_on_time"],
            )
            for one in owed
        ),
        handed=tuple(
            Handed(
                one["id"],
                one["content"] is ReportContent.RESULT,
                one["status"],
                one["submitted_at"],
                frozenset(map(ReturnGround, one["return_grounds"])),
            )
            for one in handed
            if one["status"] in _HANDED_IN and one["submitted_at"] is not None
        ),
        urged=tuple(
            Urged(one["id"], one["for_due_on"])
            for one in urged
            if one["delivered_at"] is not None and one["withdrawn_at"] is None
        ),
    )
