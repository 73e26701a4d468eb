"""批准问责建议 (条例 第二十一条): approved, sent back for another draft, or declined; and taken back again."""

from dataclasses import dataclass
from uuid import UUID

from app.accountability.models import AccountabilityProposal
from app.accountability.rules import AccountabilityMeasure, AccountabilityStatus, step
from app.accountability.service.waiting import wait_for_nothing, wait_for_office
from app.acts.rules import DecisionKind, Outcome
from app.acts.service import checked_comment, decide
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.todos.rules import TodoAction
from app.work import Work

_CARRIED_OUT_BY: dict[AccountabilityMeasure, TodoAction] = {
    AccountabilityMeasure.CRITICISM: TodoAction.CITE_CRITICISM,
    AccountabilityMeasure.TRANSFER: TodoAction.TRANSFER_ACCOUNTABILITY,
}


@dataclass(frozen=True, slots=True)
class DecideAccountability:
    accountability_id: UUID
    expected_version: int
    outcome: Outcome
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawAccountability:
    accountability_id: UUID
    expected_version: int
    reason: str


async def decide_accountability(work: Work, command: DecideAccountability) -> AccountabilityProposal:
    """Decide on a draft. Who drafted it never does. Refuses as every decision does."""
    proposal = await work.load(AccountabilityProposal, command.accountability_id)
    await work.require("accountability.approve", proposal)
    work.expect_version(proposal, command.expected_version)
    if proposal.status is not AccountabilityStatus.DRAFT:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=proposal.status.value, version=proposal.version)
    comment = checked_comment(command.outcome, command.comment)
    subject = ("accountability", proposal.id)
    decision = await decide(work, DecisionKind.ACCOUNTABILITY, command.outcome, subject, case_id=None, comment=comment)
    if command.outcome is Outcome.APPROVED:
        proposal.approval_id, proposal.approved_at = decision.id, work.act.occurred_at
    await _hand_on(work, proposal, command.outcome)
    proposal.version += 1
    await work.record("accountability.decided", subject, case=proposal, action="accountability.approve")
    return proposal


async def withdraw_accountability(work: Work, command: WithdrawAccountability) -> AccountabilityProposal:
    """Take a proposal back, with a reason, as long as it was not carried out. Refuses as every decision does."""
    proposal = await work.load(AccountabilityProposal, command.accountability_id)
    await work.require("accountability.withdraw", proposal)
    work.expect_version(proposal, command.expected_version)
    status = step(proposal.status, AccountabilityStatus.WITHDRAWN, proposal.version)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    subject = ("accountability", proposal.id)
    await decide(work, DecisionKind.ACCOUNTABILITY, Outcome.DECLINED, subject, case_id=None, comment=reason)
    proposal.status = status
    proposal.version += 1
    await wait_for_nothing(work, proposal)
    await work.record("accountability.withdrawn", subject, case=proposal, action="accountability.withdraw")
    return proposal


async def _hand_on(work: Work, proposal: AccountabilityProposal, outcome: Outcome) -> None:
    if outcome is Outcome.APPROVED:
        proposal.status = step(proposal.status, AccountabilityStatus.APPROVED, proposal.version)
        await wait_for_office(work, proposal, _CARRIED_OUT_BY[proposal.measure])
    elif outcome is Outcome.RETURNED:
        await wait_for_office(work, proposal, TodoAction.REVISE_ACCOUNTABILITY)
    else:
        proposal.status = step(proposal.status, AccountabilityStatus.DECLINED, proposal.version)
        await wait_for_nothing(work, proposal)
