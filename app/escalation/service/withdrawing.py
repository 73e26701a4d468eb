"""撤回催办: it was wrong. The number stays (作废), the unit is told, and it counts nowhere."""

from dataclasses import dataclass
from uuid import UUID

from app.cases.models import Case
from app.content.service import put_text
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.escalation.models import Urging
from app.escalation.taking_back import take_back
from app.work import Work

ACTION = "slot.withdraw_urging"


@dataclass(frozen=True, slots=True)
class WithdrawUrging:
    urging_id: UUID
    reason: str


async def withdraw_urging(work: Work, command: WithdrawUrging) -> Urging:
    """Take an urging back, delivered or not. Refuses ALREADY_DONE the second time."""
    seen = await work.load(Urging, command.urging_id, lock=False)
    case = await work.reach(Case, seen.case_id)
    urging = await work.reach(Urging, command.urging_id)
    await work.require(ACTION, urging)
    if urging.withdrawn_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    await take_back(work, case, urging, reason_id, ACTION)
    return urging
