"""The SELECTs of the assignment use cases."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import OPEN_ASSIGNMENTS, SlotState
from app.cases.models import Case
from app.cases.rules import AssignmentRole
from app.deadlines.models import Deadline
from app.deadlines.rules import SubjectKind
from app.work import Work


async def load_part(work: Work, assignment_id: UUID) -> tuple[Case, Assignment]:
    """An assignment that the actor may see, with its case: locked in the order case, assignment."""
    seen = await work.load(Assignment, assignment_id, lock=False)
    case = await work.reach(Case, seen.case_id)
    return case, await work.reach(Assignment, assignment_id)


async def load_slot(work: Work, slot_id: UUID) -> tuple[Case, Assignment, ReportSlot]:
    """A slot that the actor may see: locked in the order case, assignment, slot."""
    seen = await work.load(ReportSlot, slot_id, lock=False)
    case, assignment = await work.reach(Case, seen.case_id), await work.reach(Assignment, seen.assignment_id)
    return case, assignment, await work.reach(ReportSlot, slot_id)


async def assignments_of(session: AsyncSession, case_id: UUID) -> Sequence[Assignment]:
    """All parts of a case, oldest first."""
    statement = select(Assignment).where(Assignment.case_id == case_id).order_by(Assignment.issued_at, Assignment.id)
    return (await session.scalars(statement)).all()


async def open_principals(session: AsyncSession, case_id: UUID) -> Sequence[Assignment]:
    """The parts that still owe the case its result."""
    statement = select(Assignment).where(
        Assignment.case_id == case_id,
        Assignment.role != AssignmentRole.SUPPORTING,
        Assignment.status.in_(OPEN_ASSIGNMENTS),
    )
    return (await session.scalars(statement.order_by(Assignment.id))).all()


async def open_slots(session: AsyncSession, case_id: UUID) -> Sequence[ReportSlot]:
    """What is still to be reported in a case, the most urgent first."""
    statement = select(ReportSlot).where(ReportSlot.case_id == case_id, ReportSlot.state == SlotState.OPEN)
    return (await session.scalars(statement.order_by(ReportSlot.due_at, ReportSlot.id))).all()


async def slots_of(session: AsyncSession, assignment_id: UUID) -> Sequence[ReportSlot]:
    statement = select(ReportSlot).where(ReportSlot.assignment_id == assignment_id).order_by(ReportSlot.ordinal)
    return (await session.scalars(statement)).all()


async def last_deadline(session: AsyncSession, subject_id: UUID, *kinds: SubjectKind) -> Deadline:
    """The date of a slot or a part as it stood last, cancelled or fired."""
    statement = select(Deadline).where(Deadline.subject_kind.in_(kinds), Deadline.subject_id == subject_id)
    return (await session.scalars(statement.order_by(Deadline.generation.desc()).limit(1))).one()


async def next_round(session: AsyncSession, case_id: UUID, unit_id: UUID) -> int:
    """1 where the unit never had a part of the case."""
    last = select(func.max(Assignment.round)).where(Assignment.case_id == case_id, Assignment.unit_id == unit_id)
    return (await session.scalar(last) or 0) + 1


async def next_ordinal(session: AsyncSession, assignment_id: UUID) -> int:
    last = await session.scalar(select(func.max(ReportSlot.ordinal)).where(ReportSlot.assignment_id == assignment_id))
    return (last or 0) + 1
