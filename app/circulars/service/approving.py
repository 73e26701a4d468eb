"""批准通报 (条例 第二十一条): approved, sent back for another draft, or declined. Who drafted it never decides."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import checked_comment, decide
from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.queries import load_circular
from app.circulars.rules import CircularStatus, step
from app.circulars.service.basis import check_basis
from app.circulars.service.waiting import wait_for_nothing, wait_for_office
from app.core.refusals import Refusal, RefusalCode
from app.todos.rules import TodoAction
from app.work import Work


@dataclass(frozen=True, slots=True)
class ApproveCircular:
    circular_id: UUID
    expected_version: int
    outcome: Outcome
    comment: str | None = None


async def approve_circular(work: Work, command: ApproveCircular) -> Circular:
    """Decide on a draft. Refuses STATEMENT_PENDING and CONCLUSION_PENDING, and as every decision does."""
    case, circular = await load_circular(work, command.circular_id)
    await work.require("circular.approve", circular)
    work.expect_version(circular, command.expected_version)
    if circular.status is not CircularStatus.DRAFT:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=circular.status.value, version=circular.version)
    comment = checked_comment(command.outcome, command.comment)
    if command.outcome is Outcome.APPROVED:
        await check_basis(work, circular)
    decision = await decide(
        work,
        DecisionKind.CIRCULAR,
        command.outcome,
        ("circular", circular.id),
        case_id=circular.case_id,
        comment=comment,
    )
    circular.version += 1
    if command.outcome is Outcome.APPROVED:
        circular.approval_id, circular.approved_at = decision.id, work.act.occurred_at
    await _hand_on(work, case, circular, command.outcome)
    await work.record("circular.decided", ("circular", circular.id), case=case, action="circular.approve")
    return circular


async def _hand_on(work: Work, case: Case | None, circular: Circular, outcome: Outcome) -> None:
    if outcome is Outcome.APPROVED:
        circular.status = step(circular.status, CircularStatus.APPROVED)
        await wait_for_office(work, case, circular, TodoAction.PUBLISH_CIRCULAR)
    elif outcome is Outcome.RETURNED:
        await wait_for_office(work, case, circular, TodoAction.REVISE_CIRCULAR)
    else:
        circular.status = step(circular.status, CircularStatus.WITHDRAWN)
        await wait_for_nothing(work, circular)
