"""An explanation that the office has not answered in its day goes to who leads the office."""

from uuid import UUID

from app.authz import Role
from app.cases.models import Case
from app.escalation.models import Explanation
from app.escalation.recording import ACTION
from app.todos.rules import TodoAction
from app.todos.service import close_todos, is_waiting, open_todo
from app.work import Work


async def hand_on(work: Work, explanation_id: UUID) -> None:
    """Once; not where it was answered meanwhile."""
    seen = await work.session.get_one(Explanation, explanation_id)
    case = await work.reach(Case, seen.case_id)
    subject = ("explanation", explanation_id)
    if not await is_waiting(work.session, subject, TodoAction.ANSWER_EXPLANATION, Role.SUPERVISION_OFFICER.value):
        return
    await work.require(ACTION, case)
    await close_todos(work.session, at=work.now, by=None, subject=subject)
    await work.session.flush()
    open_todo(
        work.session,
        TodoAction.ANSWER_EXPLANATION,
        subject,
        case_id=case.id,
        since=work.now,
        role=Role.OFFICE_LEADER.value,
    )
    await work.record("explanation.handed_on", subject, case=case, action=ACTION)
