"""The SELECTs of the ladder: which cases are due, and everything that has happened for a date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, null, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import AssignmentStatus, ReportContent, SlotState
from app.authz import Actor, Plan
from app.authz.policy_text import ALLOW
from app.authz.where import render
from app.cases.models import Case
from app.cases.rules import AssignmentRole, CaseStatus, Procedure
from app.core.database import among
from app.deadlines.models import PENDING, Deadline
from app.deadlines.rules import Stage, SubjectKind
from app.escalation.models import Explanation, ExtensionRequest, ReassignmentRequest, Urging
from app.escalation.rules import ExplanationAnswer, ExtensionStatus, HandedIn, ReassignmentStatus, UrgingKind
from app.identity.models import Unit
from app.identity.rules import Subordination, UnitKind
from app.reports.models import Report, ReportCoverage
from app.reports.rules import ReportStatus
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus

_Columns = TypeVarTuple("_Columns")
# Columns of tables, not attributes of classes: thousands of rows come without the cost of loading objects.
_CASE, _ASSIGNMENT, _SLOT, _UNIT = Case.__table__, Assignment.__table__, ReportSlot.__table__, Unit.__table__
_DEADLINE, _URGING = Deadline.__table__, Urging.__table__
_EXPLANATION, _EXTENSION = Explanation.__table__, ExtensionRequest.__table__
_REASSIGNMENT = ReassignmentRequest.__table__
_STANDING = frozenset({ReportStatus.SUBMITTED, ReportStatus.ACCEPTED})


@dataclass(slots=True)
class Claimed:
    """A case whose turn it is: the head of its chain, and the rule by which the machine may act on it."""

    id: UUID
    status: CaseStatus
    procedure: Procedure
    rule_set_id: UUID
    record_seq: int
    record_hash: str
    updated_at: datetime
    rule_id: str | None
    next_fire_at: datetime | None = None


class Window(NamedTuple):
    """Which cases of the queue: so many after so many, from its old end or from its new one."""

    size: int
    offset: int
    newest_first: bool


class Due(NamedTuple):
    """A pending date of the ledger."""

    id: UUID
    case_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    stage: Stage
    generation: int
    due_on: date
    fire_at: datetime


class Part(NamedTuple):
    """An assignment, as far as its dates are concerned, and what kind of unit it is."""

    id: UUID
    unit_id: UUID
    role: AssignmentRole
    status: AssignmentStatus
    in_review: bool
    kind: UnitKind
    subordination: Subordination


class SlotRow(NamedTuple):
    id: UUID
    assignment_id: UUID
    state: SlotState


class UrgingRow(NamedTuple):
    id: UUID
    assignment_id: UUID
    slot_id: UUID | None
    for_due_on: date
    issued_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None
    withdrawn_at: datetime | None


async def due_cases(session: AsyncSession, plan: Plan, machine: Actor, now: datetime, window: Window) -> list[Claimed]:
    """Cases whose turn it is. They are only looked at: `hold` takes them."""
    dialect = session.get_bind().dialect.name
    order = (_CASE.c.next_fire_at, _CASE.c.id)
    statement = (
        select(
            _CASE.c.id,
            _CASE.c.status,
            _CASE.c.procedure,
            _CASE.c.rule_set_id,
            _CASE.c.record_seq,
            _CASE.c.record_hash,
            _CASE.c.updated_at,
            _rule(plan, dialect),
        )
        .where(_CASE.c.next_fire_at <= now)
        .order_by(*(column.desc() if window.newest_first else column for column in order))
        .limit(window.size)
        .offset(window.offset)
    )
    rows = await session.execute(statement, plan.parameters(machine, now, dialect))
    return [Claimed(*row) for row in rows]


async def hold(session: AsyncSession, case_ids: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """Lock those of the cases whose turn it still is, by their order; what somebody else holds is left to him.

    Answers how long the chain of each is now.
    """
    statement = (
        select(_CASE.c.id, _CASE.c.record_seq)
        .where(_among(session, _CASE.c.id, case_ids), _CASE.c.next_fire_at <= now)
        .order_by(_CASE.c.next_fire_at, _CASE.c.id)
        .with_for_update(of=_CASE, skip_locked=True)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


def _rule(plan: Plan, dialect: str) -> ColumnElement[str | None]:
    """By which rule the machine may act on a case; NULL where none lets it, or one forbids it."""
    named = [
        (render(entry.condition, _CASE, dialect), literal(entry.rule_id))
        for entry in plan.entries
        if entry.effect == ALLOW
    ]
    return case((plan.where(_CASE, dialect), case(*named) if named else null()))


async def oldest_unhandled(session: AsyncSession, now: datetime) -> datetime | None:
    """The alarm: since when a case waits for the sweep. Cases are asked, not dates: one that rests is not late."""
    return await session.scalar(select(func.min(Case.next_fire_at)).where(Case.next_fire_at <= now))


async def pending_dates(session: AsyncSession, case_ids: Collection[UUID]) -> list[Due]:
    """Every pending date of the cases, in the order in which they fire."""
    columns = [_DEADLINE.c[name] for name in Due._fields]
    statement = select(*columns).where(_among(session, _DEADLINE.c.case_id, case_ids), PENDING)
    return [Due(*row) for row in await session.execute(statement.order_by(_DEADLINE.c.fire_at, _DEADLINE.c.id))]


async def parts_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Part]:
    own = [_ASSIGNMENT.c[name] for name in ("id", "unit_id", "role", "status", "in_review")]
    columns = [*own, _UNIT.c.kind, _UNIT.c.subordination]
    statement = select(*columns).join(_UNIT, _UNIT.c.id == _ASSIGNMENT.c.unit_id)
    return {row[0]: Part(*row) for row in await _rows(session, statement, _ASSIGNMENT.c.id, ids)}


async def slots_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, SlotRow]:
    statement = select(*(_SLOT.c[name] for name in SlotRow._fields))
    return {row[0]: SlotRow(*row) for row in await _rows(session, statement, _SLOT.c.id, ids)}


async def urgings_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, UrgingRow]:
    statement = select(*(_URGING.c[name] for name in UrgingRow._fields))
    return {row[0]: UrgingRow(*row) for row in await _rows(session, statement, _URGING.c.id, ids)}


async def explanations_of(
    session: AsyncSession, assignment_ids: Collection[UUID]
) -> dict[tuple[UUID, date], tuple[ExplanationAnswer | None, date | None]]:
    """By assignment and date the answer to the explanation filed last, and the day of its check."""
    columns = (_EXPLANATION.c[name] for name in ("assignment_id", "for_due_on", "answer", "check_on"))
    statement = select(*columns).order_by(_EXPLANATION.c.filed_at, _EXPLANATION.c.id)
    rows = await _rows(session, statement, _EXPLANATION.c.assignment_id, assignment_ids)
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def extensions_asked(
    session: AsyncSession, assignment_ids: Collection[UUID]
) -> frozenset[tuple[UUID, UUID | None]]:
    """(assignment, slot) of the dates that a unit has asked to move; without a slot it is the completion date."""
    columns = (_EXTENSION.c.assignment_id, _EXTENSION.c.slot_id)
    statement = select(*columns).where(_EXTENSION.c.status == ExtensionStatus.REQUESTED)
    rows = await _rows(session, statement, _EXTENSION.c.assignment_id, assignment_ids)
    return frozenset((row[0], row[1]) for row in rows)


async def reassignments_asked(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[UUID]:
    """The parts that a unit has asked to hand back (退办)."""
    statement = select(_REASSIGNMENT.c.assignment_id).where(_REASSIGNMENT.c.status == ReassignmentStatus.REQUESTED)
    return frozenset(row[0] for row in await _rows(session, statement, _REASSIGNMENT.c.assignment_id, assignment_ids))


async def urged_dates(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[tuple[UUID, date]]:
    """(assignment, date) for which an urging stands."""
    statement = select(_URGING.c.assignment_id, _URGING.c.for_due_on).where(_URGING.c.withdrawn_at.is_(None))
    rows = await _rows(session, statement, _URGING.c.assignment_id, assignment_ids)
    return frozenset((row[0], row[1]) for row in rows)


async def talked_dates(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[tuple[UUID, date]]:
    """(assignment, date) for whose sake a talk is drafted, called or held."""
    statement = (
        select(_URGING.c.assignment_id, _URGING.c.for_due_on)
        .join(FormalTalk, FormalTalk.urging_id == _URGING.c.id)
        .where(FormalTalk.status != TalkStatus.CANCELLED)
    )
    rows = await _rows(session, statement, _URGING.c.assignment_id, assignment_ids)
    return frozenset((row[0], row[1]) for row in rows)


async def handed_in(session: AsyncSession, assignment_ids: Collection[UUID]) -> dict[UUID, list[HandedIn]]:
    """The reports in due form of each assignment, its own and those that cover one of its slots."""
    columns = (Report.id, Report.content, Report.status, Report.submitted_at)
    due_form = (Report.contribution.is_(False), Report.status.in_(_STANDING | {ReportStatus.RETURNED}))
    own = select(Report.assignment_id, *columns).where(Report.assignment_id.in_(assignment_ids), *due_form)
    covering = (
        select(ReportSlot.assignment_id, *columns)
        .join(ReportCoverage, ReportCoverage.slot_id == ReportSlot.id)
        .join(Report, Report.id == ReportCoverage.report_id)
        .where(ReportSlot.assignment_id.in_(assignment_ids), *due_form)
    )
    found: dict[UUID, list[HandedIn]] = {}
    for assignment_id, _, content, status, at in (await session.execute(union(own, covering))).all():
        if at is not None:
            report = HandedIn(content is ReportContent.RESULT, status in _STANDING, at)
            found.setdefault(assignment_id, []).append(report)
    return found


async def urgings_by_hand(session: AsyncSession, assignment_id: UUID, slot_id: UUID | None) -> Sequence[datetime]:
    """When somebody urged for this slot, or for the completion of this assignment, by hand."""
    statement = select(Urging.issued_at).where(
        Urging.assignment_id == assignment_id,
        Urging.slot_id == slot_id if slot_id else Urging.slot_id.is_(None),
        Urging.kind == UrgingKind.MANUAL,
    )
    return (await session.scalars(statement)).all()


async def _rows(
    session: AsyncSession, statement: Select[*_Columns], key: ColumnElement[UUID], ids: Collection[UUID]
) -> Sequence[Row[*_Columns]]:
    """The rows whose `key` is among the ids, without a question to the database where there are none."""
    return (await session.execute(statement.where(_among(session, key, ids)))).all() if ids else ()


def _among(session: AsyncSession, key: ColumnElement[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    return among(key, ids, session.get_bind().dialect.name)
