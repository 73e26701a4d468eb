"""撤回通报: a draft is dropped, a published one is void (作废) and counts nowhere; its number stays."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.circulars.models import Circular
from app.circulars.queries import load_circular, recipients_of
from app.circulars.rules import CircularStatus, step
from app.circulars.service.replying import cancel_replies
from app.circulars.service.waiting import wait_for_nothing
from app.core.refusals import Problems
from app.core.texts import PARAGRAPH, clean
from app.documents.service import withdraw
from app.todos.service import close_todos
from app.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawCircular:
    circular_id: UUID
    expected_version: int
    reason: str


async def withdraw_circular(work: Work, command: WithdrawCircular) -> Circular:
    """Take a circular back, with a reason. Refuses as every decision does."""
    case, circular = await load_circular(work, command.circular_id)
    await work.require("circular.withdraw", circular)
    work.expect_version(circular, command.expected_version)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    subject = ("circular", circular.id)
    decision = await decide(
        work, DecisionKind.CIRCULAR, Outcome.DECLINED, subject, case_id=circular.case_id, comment=reason
    )
    await drop(work, circular)
    await cancel_replies(work, circular)
    if circular.document_id is not None:
        assert decision.comment_id is not None
        await _void(work, circular.document_id, decision.comment_id)
    known = circular.unit_id if circular.published_at else None  # of a draft the unit never heard
    await work.record("circular.withdrawn", subject, case=case, action="circular.withdraw", unit_id=known)
    return circular


async def drop(work: Work, circular: Circular) -> None:
    """End a circular in any state that is not its end. Refuses STATUS_CONFLICT."""
    circular.status = step(circular.status, CircularStatus.WITHDRAWN)
    circular.version += 1
    await wait_for_nothing(work, circular)


async def _void(work: Work, document_id: UUID, reason_id: UUID) -> None:
    await withdraw(work.session, document_id, reason_id, work.now)
    for recipient in await recipients_of(work.session, document_id):
        subject = ("document_recipient", recipient.id)
        await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
