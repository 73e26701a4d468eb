"""Who has to act on a proposal next, and by when: its approver, or the office."""

from app.accountability.models import AccountabilityProposal
from app.accountability.queries import concerns_the_office
from app.authz import Role
from app.deadlines.dates import Reckoning, working
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


async def wait_for_approval(work: Work, proposal: AccountabilityProposal) -> None:
    """条例 第二十一条: the government, or its chief leader."""
    days = work.regulation.office.decision_workdays
    await _wait(work, proposal, TodoAction.APPROVE_ACCOUNTABILITY, Role.DISTRICT_HEAD, days)


async def wait_for_office(work: Work, proposal: AccountabilityProposal, action: TodoAction) -> None:
    """To revise or carry out a proposal; or to record an answer, which comes when it comes.

    What concerns the office itself waits for who leads it.
    """
    of_office = await concerns_the_office(work.session, proposal.id)
    role = Role.OFFICE_LEADER if of_office else Role.SUPERVISION_OFFICER
    days = None if action is TodoAction.RECORD_ACCOUNTABILITY_ANSWER else work.regulation.office.dispatch_workdays
    await _wait(work, proposal, action, role, days)


async def wait_for_nothing(work: Work, proposal: AccountabilityProposal) -> None:
    subject = ("accountability", proposal.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.session.flush()


async def _wait(work: Work, proposal: AccountabilityProposal, action: TodoAction, role: Role, days: int | None) -> None:
    await wait_for_nothing(work, proposal)
    reckoning = Reckoning(work.regulation, (await work.rule_set()).id, await work.calendar())
    due = None if days is None else working(reckoning, work.today, days)
    open_todo(
        work.session,
        action,
        ("accountability", proposal.id),
        case_id=None,
        accountability_id=proposal.id,
        since=work.now,
        role=role.value,
        due_on=due.due_on if due else None,
        due_at=due.due_at if due else None,
        classification=proposal.classification,
    )
