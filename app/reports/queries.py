"""The SELECTs of reports: a report locked with all that it covers, what the sweep and the closing ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import OPEN_ASSIGNMENTS, ReportContent
from app.cases.models import Case, Closure, Instruction, Reading
from app.cases.rules import AssignmentRole, CaseStatus
from app.core.database import among
from app.core.refusals import Refusal, RefusalCode, invalid
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from app.identity.models import Unit
from app.identity.rules import UnitKind
from app.reports.models import Report, ReportCoverage, ReportFile, ReportSection
from app.reports.rules import ReportStatus, SectionKind
from app.work import Work

_HANDED_IN = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)
_REVIEWED = (ReportStatus.RETURNED, ReportStatus.ACCEPTED)


@dataclass(slots=True)
class Part:
    """What a report is about in one assignment: the slots that it covers there."""

    case: Case
    assignment: Assignment
    slots: list[ReportSlot] = field(default_factory=list)

    def must_run(self) -> None:
        """Refuse STATUS_CONFLICT where the case is not with its units, or this unit's part has ended."""
        if self.case.status is not CaseStatus.DISPATCHED:
            raise Refusal(RefusalCode.STATUS_CONFLICT, state=self.case.status.value, version=self.case.version)
        if self.assignment.status not in OPEN_ASSIGNMENTS:
            raise Refusal(
                RefusalCode.STATUS_CONFLICT, state=self.assignment.status.value, version=self.assignment.version
            )


async def load_report(work: Work, report_id: UUID) -> tuple[Report, list[Part]]:
    """A report that the actor may see with its parts, its own first, all locked: cases, assignments, slots, report.

    Refuses NOT_APPLICABLE for a contribution, which is neither signed nor reviewed; VERSION_CONFLICT when what the
    report covers changed while the locks were waited for.
    """
    seen = await work.load(Report, report_id, lock=False)
    if seen.contribution:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "report")
    covered = await _covered(work.session, report_id)
    case_ids = {slot.case_id for slot in covered} | {seen.case_id}
    cases = {key: await work.reach(Case, key) for key in sorted(case_ids)}
    assignment_ids = {slot.assignment_id for slot in covered} | {seen.assignment_id}
    parts = {
        key: Part(cases[assignment.case_id], assignment)
        for key in sorted(assignment_ids)
        for assignment in [await work.reach(Assignment, key)]
    }
    for slot in covered:
        parts[slot.assignment_id].slots.append(await work.reach(ReportSlot, slot.id))
    report = await work.reach(Report, report_id)
    if [slot.id for slot in await _covered(work.session, report_id)] != [slot.id for slot in covered]:
        raise Refusal(RefusalCode.VERSION_CONFLICT, version=report.version, state=report.status.value)
    return report, [parts.pop(report.assignment_id), *parts.values()]


async def _covered(session: AsyncSession, report_id: UUID) -> Sequence[ReportSlot]:
    statement = select(ReportSlot).join(ReportCoverage, ReportCoverage.slot_id == ReportSlot.id)
    return (await session.scalars(statement.where(ReportCoverage.report_id == report_id).order_by(ReportSlot.id))).all()


async def sections_of(session: AsyncSession, report_id: UUID) -> dict[SectionKind, ReportSection]:
    statement = select(ReportSection).where(ReportSection.report_id == report_id)
    return {section.kind: section for section in await session.scalars(statement)}


async def coverage_of(session: AsyncSession, report_id: UUID) -> Sequence[ReportCoverage]:
    return (await session.scalars(select(ReportCoverage).where(ReportCoverage.report_id == report_id))).all()


async def files_of(session: AsyncSession, report_id: UUID) -> Sequence[ReportFile]:
    return (await session.scalars(select(ReportFile).where(ReportFile.report_id == report_id))).all()


async def supporting_parts(session: AsyncSession, case_id: UUID) -> Sequence[Assignment]:
    """The supporting units that still take part in a case."""
    statement = select(Assignment).where(
        Assignment.case_id == case_id,
        Assignment.role == AssignmentRole.SUPPORTING,
        Assignment.status.in_(OPEN_ASSIGNMENTS),
    )
    return (await session.scalars(statement.order_by(Assignment.id))).all()


async def contributed(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of the supporting assignments have contributed."""
    statement = select(Report.assignment_id).where(
        Report.assignment_id.in_(assignment_ids),
        Report.contribution.is_(True),
        Report.status.in_(_HANDED_IN),
    )
    return frozenset(await session.scalars(statement))


async def results_under_review(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the assignments whose result lies with the office, late or not: their completion is not urged."""
    dialect = session.get_bind().dialect.name
    own = select(Report.assignment_id).where(
        among(Report.__table__.c.assignment_id, assignment_ids, dialect), *_RESULT_SUBMITTED
    )
    through_slots = (
        select(ReportSlot.assignment_id)
        .join(ReportCoverage, ReportCoverage.slot_id == ReportSlot.id)
        .join(Report, Report.id == ReportCoverage.report_id)
        .where(among(ReportSlot.__table__.c.assignment_id, assignment_ids, dialect), *_RESULT_SUBMITTED)
    )
    return frozenset(await session.scalars(own.union(through_slots)))


_RESULT_SUBMITTED = (
    Report.content == ReportContent.RESULT,
    Report.contribution.is_(False),
    Report.status == ReportStatus.SUBMITTED,
)


async def first_result_at(session: AsyncSession, assignment: Assignment) -> datetime | None:
    """When an assignment's result first came in due form, returned since or not (第十条).

    What came before a case was handled again (恢复办理) answered for an earlier date.
    """
    assignment_id = assignment.id
    through_slots = (
        select(ReportCoverage.report_id)
        .join(ReportSlot, ReportSlot.id == ReportCoverage.slot_id)
        .where(ReportSlot.assignment_id == assignment_id)
    )
    statement = select(func.min(Report.submitted_at)).where(
        Report.content == ReportContent.RESULT,
        Report.contribution.is_(False),
        Report.status.in_(_REVIEWED),
        or_(Report.assignment_id == assignment_id, Report.id.in_(through_slots)),
    )
    closure = await last_closure(session, assignment.case_id)
    if closure is not None and closure.reopened_at is not None:
        statement = statement.where(Report.received_at >= closure.reopened_at)
    return await session.scalar(statement)


async def result_accepted_at(session: AsyncSession, case_id: UUID) -> datetime | None:
    """When the last result of a case was accepted."""
    statement = select(func.max(Assignment.updated_at)).where(
        Assignment.case_id == case_id, Assignment.completed_at.is_not(None)
    )
    return await session.scalar(statement)


async def is_office(session: AsyncSession, unit_ids: Collection[UUID]) -> bool:
    """Whether one of the units is the one that supervises: what it does itself, others review and close."""
    statement = select(Unit.id).where(Unit.id.in_(unit_ids), Unit.kind == UnitKind.SUPERVISION_OFFICE)
    return (await session.scalars(statement.limit(1))).first() is not None


async def pending_deadlines(session: AsyncSession, case_id: UUID) -> Sequence[Deadline]:
    """Everything that still counts down in a case."""
    statement = select(Deadline).where(Deadline.case_id == case_id, Deadline.state == DeadlineState.PENDING)
    return (await session.scalars(statement.order_by(Deadline.id))).all()


async def instructions_of(session: AsyncSession, case_id: UUID) -> Sequence[Instruction]:
    """批示 on a case, the latest first."""
    statement = select(Instruction).where(Instruction.case_id == case_id)
    return (await session.scalars(statement.order_by(Instruction.given_on.desc(), Instruction.created_at.desc()))).all()


async def readings_of(session: AsyncSession, case_id: UUID) -> Sequence[Reading]:
    return (
        await session.scalars(select(Reading).where(Reading.case_id == case_id).order_by(Reading.submitted_at))
    ).all()


async def last_closure(session: AsyncSession, case_id: UUID) -> Closure | None:
    statement = select(Closure).where(Closure.case_id == case_id).order_by(Closure.nth.desc()).limit(1)
    return await session.scalar(statement)


async def principals_of(session: AsyncSession, case_id: UUID) -> Sequence[Assignment]:
    """Every part that owed a result, ended ones included."""
    statement = select(Assignment).where(Assignment.case_id == case_id, Assignment.role != AssignmentRole.SUPPORTING)
    return (await session.scalars(statement.order_by(Assignment.issued_at, Assignment.id))).all()
