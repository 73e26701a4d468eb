"""The unit's todo of 办结: it rests while a result lies with the office, and comes back with whatever sends it back."""

from app.assignments.models import Assignment
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_COMPLETION = frozenset({TodoAction.COMPLETION})


async def rest_completion(work: Work, assignment: Assignment) -> None:
    await close_todos(
        work.session,
        at=work.now,
        by=work.actor.person_id,
        subject=("assignment", assignment.id),
        actions=_COMPLETION,
    )


async def resume_completion(work: Work, assignment: Assignment) -> None:
    """The unit owes its result again."""
    await rest_completion(work, assignment)
    await work.session.flush()
    open_todo(
        work.session,
        TodoAction.COMPLETION,
        ("assignment", assignment.id),
        case_id=assignment.case_id,
        since=work.now,
        unit_id=assignment.unit_id,
        due_on=assignment.completion_due_on,
        due_at=assignment.completion_due_at,
    )
