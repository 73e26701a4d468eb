"""中止: the clocks of a case stand still and run on; and how its parts end where it is given up."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.assignments.models import Assignment, ReportSlot
from app.assignments.queries import assignments_of, last_deadline
from app.assignments.rules import OPEN_ASSIGNMENTS, AssignmentStatus, EndedReason, SlotState
from app.assignments.service.dates import move_completion, move_slot, stop_slot
from app.cases.models import Case
from app.cases.service import reckoning_of
from app.cases.service.proposing import latest_inner_date
from app.deadlines.dates import DueDate, given, resumed, working
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import cancel, set_deadline
from app.todos.models import Todo
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_RUNNING = frozenset({SlotState.OPEN})
_UNENDED = frozenset({SlotState.OPEN, SlotState.SUSPENDED})
_OF_UNITS = frozenset(
    {TodoAction.ACKNOWLEDGE, TodoAction.REPORT, TodoAction.COMPLETION, TodoAction.REWORK, TodoAction.CONTRIBUTE}
)


async def stop_clocks(work: Work, case: Case) -> None:
    """Nothing that units owe fires any more, and nobody waits for it, until `run_clocks`."""
    for slot in await _slots(work, case, _RUNNING):
        slot.state = SlotState.SUSPENDED
        slot.version += 1
        await stop_slot(work, slot)
    for assignment in await _open_parts(work, case):
        await cancel(work.session, SubjectKind.COMPLETION, assignment.id)
        await cancel(work.session, SubjectKind.ACKNOWLEDGEMENT, assignment.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, case_id=case.id, actions=_OF_UNITS)


async def run_clocks(work: Work, case: Case, stopped_at: datetime, stopped_on: date) -> None:
    """Let the clocks run on that were stopped at an instant, with the days that were left on that day."""
    waited = await _waited_for(work, case, stopped_at)
    latest = await latest_inner_date(work, case, await reckoning_of(work, case))
    for slot in await _slots(work, case, frozenset({SlotState.SUSPENDED})):
        slot.state = SlotState.OPEN
        last = await last_deadline(work.session, slot.id, SubjectKind.SLOT, SubjectKind.CONTRIBUTION)
        due = await _resumed(work, case, last, stopped_on, latest)
        await move_slot(work, case, slot, due, last.source)
        _wait_again(work, waited, slot.id, due)
    for assignment in await _open_parts(work, case):
        if assignment.completion_due_on is not None:
            last = await last_deadline(work.session, assignment.id, SubjectKind.COMPLETION)
            due = await _resumed(work, case, last, stopped_on, latest)
            await move_completion(work, case, assignment, due, last.source)
            _wait_again(work, waited, assignment.id, due, TodoAction.COMPLETION)
        if assignment.status is AssignmentStatus.ISSUED:
            _wait_again(work, waited, assignment.id, await _expect(work, case, assignment), TodoAction.ACKNOWLEDGE)
        assignment.updated_at = work.now
        assignment.version += 1


async def end_parts(work: Work, case: Case) -> None:
    """撤销: what units still had of a case ends with it, neither late nor done."""
    for assignment in await _open_parts(work, case):
        await end_part(work, case, assignment, EndedReason.CASE_ENDED)


async def end_part(work: Work, case: Case, assignment: Assignment, why: EndedReason) -> None:
    """A unit owes nothing of its part any more; nothing of it fires, and nobody waits for it."""
    for slot in await _slots(work, case, _UNENDED):
        if slot.assignment_id == assignment.id:
            slot.state = SlotState.CANCELLED
            slot.version += 1
            await stop_slot(work, slot)
    await cancel(work.session, SubjectKind.COMPLETION, assignment.id)
    await cancel(work.session, SubjectKind.ACKNOWLEDGEMENT, assignment.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("assignment", assignment.id))
    assignment.status, assignment.ended_reason = AssignmentStatus.ENDED, why
    assignment.ended_at, assignment.updated_at = work.act.occurred_at, work.now
    assignment.in_review = False
    assignment.version += 1


async def _open_parts(work: Work, case: Case) -> list[Assignment]:
    return [part for part in await assignments_of(work.session, case.id) if part.status in OPEN_ASSIGNMENTS]


async def _slots(work: Work, case: Case, states: frozenset[SlotState]) -> Sequence[ReportSlot]:
    statement = select(ReportSlot).where(ReportSlot.case_id == case.id, ReportSlot.state.in_(states))
    return (await work.session.scalars(statement.order_by(ReportSlot.id).with_for_update())).all()


async def _waited_for(work: Work, case: Case, stopped_at: datetime) -> list[Todo]:
    """What units were waited for when the clocks were stopped."""
    statement = select(Todo).where(
        Todo.case_id == case.id, Todo.closed_at == stopped_at, Todo.action.in_(sorted(_OF_UNITS))
    )
    return list(await work.session.scalars(statement.order_by(Todo.id)))


async def _resumed(work: Work, case: Case, last: Deadline, stopped_on: date, latest: date | None) -> DueDate:
    reckoning = await reckoning_of(work, case)
    stood = given(reckoning, last.start_on, last.due_on, last.due_time, last.day_count)
    return resumed(reckoning, stood, stopped_on, work.today, latest)


def _wait_again(
    work: Work, waited: list[Todo], subject_id: UUID, due: DueDate, action: TodoAction | None = None
) -> None:
    for todo in waited:
        if todo.subject_id == subject_id and action in (None, todo.action):
            open_todo(
                work.session,
                todo.action,
                (todo.subject_kind, todo.subject_id),
                case_id=todo.case_id,
                since=work.now,
                unit_id=todo.unit_id,
                due_on=due.due_on,
                due_at=due.due_at,
            )


async def _expect(work: Work, case: Case, assignment: Assignment) -> DueDate:
    """签收 is expected anew, within the days that it always has."""
    reckoning = await reckoning_of(work, case)
    due = working(reckoning, work.today, reckoning.regulation.unit.acknowledge_workdays)
    await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.ACKNOWLEDGEMENT,
        subject_id=assignment.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=due,
        source=DateSource.OFFICE,
    )
    return due
