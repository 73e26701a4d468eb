"""签收 (第四条: 指定专人): a unit names who handles the matter."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.assignments.models import Assignment
from app.assignments.queries import load_part
from app.assignments.rules import AssignmentStatus
from app.assignments.service.dates import refresh_dates
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, clean_optional
from app.deadlines.rules import SubjectKind
from app.deadlines.service import cancel
from app.identity.models import PostHolding
from app.todos.rules import TodoAction
from app.todos.service import close_todos
from app.work import Work


@dataclass(frozen=True, slots=True)
class AcknowledgeAssignment:
    assignment_id: UUID
    handler_id: UUID
    responsible_id: UUID | None = None
    department: str | None = None


async def acknowledge_assignment(work: Work, command: AcknowledgeAssignment) -> Assignment:
    """Name the handler (and the responsible person, 第二十条). Refuses ALREADY_DONE for what was acknowledged."""
    case, assignment = await load_part(work, command.assignment_id)
    await work.require("assignment.acknowledge", assignment)
    if assignment.status is not AssignmentStatus.ISSUED:
        raise Refusal(RefusalCode.ALREADY_DONE, state=assignment.status.value, version=assignment.version)
    problems = Problems()
    department = clean_optional(problems, command.department, NAME, "input", "department")
    for name, person_id in (("handlerId", command.handler_id), ("responsibleId", command.responsible_id)):
        fine = person_id is None or await _holds_post(work, person_id, assignment.unit_id)
        problems.check(fine, RefusalCode.BAD_ID, "input", name)
    problems.raise_if_any()
    assignment.status = AssignmentStatus.ACKNOWLEDGED
    assignment.handler_id, assignment.responsible_id = command.handler_id, command.responsible_id
    assignment.department = department
    assignment.acknowledged_at = work.act.occurred_at
    assignment.updated_at = work.now
    assignment.version += 1
    await _stop_waiting(work, assignment)
    await refresh_dates(work, case)
    await work.record(
        "assignment.acknowledged",
        ("assignment", assignment.id),
        case=case,
        action="assignment.acknowledge",
        unit_id=assignment.unit_id,
    )
    return assignment


async def _stop_waiting(work: Work, assignment: Assignment) -> None:
    await cancel(work.session, SubjectKind.ACKNOWLEDGEMENT, assignment.id)
    await close_todos(
        work.session,
        at=work.now,
        by=work.actor.person_id,
        subject=("assignment", assignment.id),
        actions=frozenset({TodoAction.ACKNOWLEDGE}),
    )


async def _holds_post(work: Work, person_id: UUID, unit_id: UUID) -> bool:
    statement = select(PostHolding.id).where(
        PostHolding.person_id == person_id,
        PostHolding.unit_id == unit_id,
        PostHolding.valid_from <= work.today,
        or_(PostHolding.valid_until.is_(None), PostHolding.valid_until >= work.today),
    )
    return (await work.session.execute(statement.limit(1))).first() is not None
