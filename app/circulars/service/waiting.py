"""Who has to act on a circular next, and by when: its approver, its author, the office."""

from app.authz import Role
from app.cases.models import Case
from app.cases.service import reckoning_of
from app.circulars.models import Circular
from app.circulars.rules import CircularKind
from app.deadlines.dates import DueDate, Reckoning, working
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

# 条例 第二十一条: praise and criticism are the chief leader's to approve
_APPROVER: dict[CircularKind, Role] = {
    CircularKind.PRAISE: Role.DISTRICT_HEAD,
    CircularKind.CRITICISM: Role.DISTRICT_HEAD,
    CircularKind.AFTER_TALK: Role.DISTRICT_HEAD,
    CircularKind.PERIODIC: Role.OFFICE_LEADER,
    CircularKind.EVALUATION: Role.OFFICE_LEADER,
}


async def reckoning_for(work: Work, case: Case | None) -> Reckoning:
    """What its dates are counted with: the parameters of its case, or today's."""
    if case is not None:
        return await reckoning_of(work, case)
    return Reckoning(work.regulation, (await work.rule_set()).id, await work.calendar())


async def wait_for_approval(work: Work, case: Case | None, circular: Circular) -> None:
    reckoning = await reckoning_for(work, case)
    due = working(reckoning, work.today, reckoning.regulation.office.decision_workdays)
    await _wait(work, circular, TodoAction.APPROVE_CIRCULAR, _APPROVER[circular.kind], due)


async def wait_for_office(work: Work, case: Case | None, circular: Circular, action: TodoAction) -> None:
    """REVISE_CIRCULAR or PUBLISH_CIRCULAR."""
    reckoning = await reckoning_for(work, case)
    due = working(reckoning, work.today, reckoning.regulation.office.dispatch_workdays)
    await _wait(work, circular, action, Role.SUPERVISION_OFFICER, due)


async def wait_for_nothing(work: Work, circular: Circular) -> None:
    subject = ("circular", circular.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.session.flush()


async def _wait(work: Work, circular: Circular, action: TodoAction, role: Role, due: DueDate) -> None:
    await wait_for_nothing(work, circular)
    open_todo(
        work.session,
        action,
        ("circular", circular.id),
        case_id=circular.case_id,
        since=work.now,
        role=role.value,
        due_on=due.due_on,
        due_at=due.due_at,
        classification=circular.classification,
    )
