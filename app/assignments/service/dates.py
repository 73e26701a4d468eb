"""The two clocks of a principal (第七条(二), 第二十一条): its slots and its completion date, opened, moved, met.

Whoever changes a date ends with `refresh_dates`, which brings assignment, case and participants into line.
"""

from datetime import date, datetime
from typing import NamedTuple

from app.assignments.models import Assignment, ReportSlot
from app.assignments.queries import assignments_of, next_ordinal, open_slots
from app.assignments.rules import OPEN_ASSIGNMENTS, AssignmentStatus, ReportContent, SlotKind, SlotState
from app.cases.models import Case
from app.cases.rules import AssignmentRole, CaseStatus
from app.cases.service import publish, reckoning_of
from app.core.ids import new_id
from app.deadlines.dates import DueDate
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import cancel, next_fire_at, set_deadline
from app.todos.rules import TodoAction
from app.todos.service import close_todos, move_todos, open_todo
from app.work import Work

_TODO_OF_SLOT: dict[SlotKind, TodoAction] = {
    SlotKind.REWORK: TodoAction.REWORK,
    SlotKind.CONTRIBUTION: TodoAction.CONTRIBUTE,
}
_TODOS_OF_SLOTS = frozenset({TodoAction.REPORT, *_TODO_OF_SLOT.values()})


class Owed(NamedTuple):
    """One date that is still owed. Ordered by the instant at which it ends."""

    due_at: datetime
    due_on: date
    yellow_from: datetime
    red_from: datetime


async def open_slot(
    work: Work,
    case: Case,
    assignment: Assignment,
    kind: SlotKind,
    content: ReportContent,
    due: DueDate,
    source: DateSource,
) -> ReportSlot:
    """Make an assignment owe a report by a date: the slot, its deadline, the unit's todo."""
    slot = ReportSlot(
        id=new_id(),
        case_id=case.id,
        assignment_id=assignment.id,
        ordinal=await next_ordinal(work.session, assignment.id),
        slot=kind,
        content=content,
        state=SlotState.OPEN,
        due_on=due.due_on,
        due_time=due.due_time,
        due_at=due.due_at,
        original_due_on=due.due_on,
        yellow_from=due.yellow_from,
        red_from=due.red_from,
        created_at=work.now,
    )
    work.session.add(slot)
    await work.session.flush()
    await _set_slot_deadline(work, case, slot, due, source)
    open_todo(
        work.session,
        _TODO_OF_SLOT.get(kind, TodoAction.REPORT),
        ("report_slot", slot.id),
        case_id=case.id,
        since=work.now,
        unit_id=assignment.unit_id,
        due_on=due.due_on,
        due_at=due.due_at,
    )
    return slot


async def move_slot(work: Work, case: Case, slot: ReportSlot, due: DueDate, source: DateSource) -> None:
    """Give a slot another date: a new generation of its deadline. The original date stays on the slot."""
    await show_slot_date(work, slot, due)
    await _set_slot_deadline(work, case, slot, due, source)


async def show_slot_date(work: Work, slot: ReportSlot, due: DueDate) -> None:
    """The copies of a date that its deadline already has: on the slot and on what waits for it."""
    slot.due_on, slot.due_time, slot.due_at = due.due_on, due.due_time, due.due_at
    slot.yellow_from, slot.red_from = due.yellow_from, due.red_from
    slot.version += 1
    await move_todos(work.session, ("report_slot", slot.id), _TODOS_OF_SLOTS, due_on=due.due_on, due_at=due.due_at)


async def meet_slot(work: Work, slot: ReportSlot, at: datetime) -> None:
    """A report in due form came at `at` (the act's own date): the clock of this date stops."""
    slot.state, slot.met_at, slot.met_on_time = SlotState.MET, at, at < slot.due_at
    slot.version += 1
    await stop_slot(work, slot)


async def move_completion(work: Work, case: Case, assignment: Assignment, due: DueDate, source: DateSource) -> None:
    """Set or move 办结时限. The first date stays as the original one."""
    if assignment.original_completion_due_on is None:
        assignment.original_completion_due_on = due.due_on
        open_todo(
            work.session,
            TodoAction.COMPLETION,
            ("assignment", assignment.id),
            case_id=case.id,
            since=work.now,
            unit_id=assignment.unit_id,
            due_on=due.due_on,
            due_at=due.due_at,
        )
    await show_completion_date(work, assignment, due)
    await set_deadline(
        work.session,
        await reckoning_of(work, case),
        subject_kind=SubjectKind.COMPLETION,
        subject_id=assignment.id,
        case_id=case.id,
        stage=Stage.URGE,
        due=due,
        source=source,
    )


async def show_completion_date(work: Work, assignment: Assignment, due: DueDate) -> None:
    """The copies of 办结时限 that its deadline already has: on the assignment and on what waits for it."""
    assignment.completion_due_on, assignment.completion_due_at = due.due_on, due.due_at
    assignment.completion_yellow_from = due.yellow_from
    waiting = frozenset({TodoAction.COMPLETION})
    await move_todos(work.session, ("assignment", assignment.id), waiting, due_on=due.due_on, due_at=due.due_at)


async def complete_assignment(work: Work, assignment: Assignment, submitted_at: datetime) -> None:
    """An accepted result stops both clocks. Timeliness counts the day on which it was submitted."""
    assignment.status = AssignmentStatus.COMPLETED
    assignment.completed_at, assignment.in_review = submitted_at, False
    assignment.completed_on_time = assignment.completion_due_at is None or submitted_at < assignment.completion_due_at
    assignment.version += 1
    await cancel(work.session, SubjectKind.COMPLETION, assignment.id)
    await cancel(work.session, SubjectKind.ACKNOWLEDGEMENT, assignment.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("assignment", assignment.id))
    for slot in await open_slots(work.session, assignment.case_id):
        if slot.assignment_id == assignment.id:
            slot.state = SlotState.SUPERSEDED
            slot.version += 1
            await stop_slot(work, slot)


async def refresh_dates(work: Work, case: Case) -> None:
    """Bring the dates shown on assignments, case and participants into line with what is still owed."""
    await work.session.flush()
    still = case.status is CaseStatus.SUSPENDED
    slots = [] if still else await open_slots(work.session, case.id)
    owed: list[Owed] = []
    for assignment in await assignments_of(work.session, case.id):
        own_slots = [slot for slot in slots if slot.assignment_id == assignment.id]
        own = [] if still else sorted(_owed_by(assignment, own_slots))
        _show(assignment, own)
        if assignment.role is not AssignmentRole.SUPPORTING:
            owed += own
    _show(case, sorted(owed))
    await work.session.flush()
    case.next_fire_at = await next_fire_at(work.session, case.id)
    await publish(work, case)


def _owed_by(assignment: Assignment, slots: list[ReportSlot]) -> list[Owed]:
    if assignment.status not in OPEN_ASSIGNMENTS:
        return []
    owed = [Owed(slot.due_at, slot.due_on, slot.yellow_from, slot.red_from) for slot in slots]
    if assignment.completion_due_at and assignment.completion_due_on and not assignment.in_review:
        assert assignment.completion_yellow_from is not None
        owed.append(
            Owed(
                assignment.completion_due_at,
                assignment.completion_due_on,
                assignment.completion_yellow_from,
                assignment.completion_due_at,
            )
        )
    return owed


def _show(row: Assignment | Case, owed: list[Owed]) -> None:
    row.due_at = owed[0].due_at if owed else None
    row.due_on = owed[0].due_on if owed else None
    row.yellow_from = min((date_.yellow_from for date_ in owed), default=None)
    row.red_from = min((date_.red_from for date_ in owed), default=None)


async def _set_slot_deadline(work: Work, case: Case, slot: ReportSlot, due: DueDate, source: DateSource) -> None:
    # A contribution is visible and told to the lead, never urged: the lead answers for it (domain §7(二), A8).
    contribution = slot.slot is SlotKind.CONTRIBUTION
    await set_deadline(
        work.session,
        await reckoning_of(work, case),
        subject_kind=SubjectKind.CONTRIBUTION if contribution else SubjectKind.SLOT,
        subject_id=slot.id,
        case_id=case.id,
        stage=Stage.NOTICE if contribution else Stage.URGE,
        due=due,
        source=source,
    )


async def stop_slot(work: Work, slot: ReportSlot) -> None:
    """Its date fires no more, and nobody waits for it."""
    contribution = slot.slot is SlotKind.CONTRIBUTION
    await cancel(work.session, SubjectKind.CONTRIBUTION if contribution else SubjectKind.SLOT, slot.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("report_slot", slot.id))
