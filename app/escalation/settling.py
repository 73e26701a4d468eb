"""What a report means for the urgings of its case: answered, issued in vain, or unanswered again.

Called as a reaction to the message of the report, in a transaction of its own: reports lie below, and nothing is lost
if it comes late, because the stage after an urging looks at the reports themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.assignments.models import ReportSlot
from app.assignments.rules import SlotState
from app.cases.models import Case
from app.content.service import put_text
from app.escalation.delivering import expect_answer
from app.escalation.models import Urging
from app.escalation.queries import handed_in
from app.escalation.recording import ACTION
from app.escalation.rules import HandedIn, Settlement, answer_to_completion, settlement
from app.escalation.taking_back import stop_waiting, take_back
from app.work import Work

_CAME_BEFORE = "办理情况在催办之前已经上报，催办予以撤回。"


async def settle_urgings(work: Work, case_id: UUID) -> int:
    """Bring the urgings of a case into line with its reports. How many were changed."""
    case = await work.reach(Case, case_id)
    statement = select(Urging).where(Urging.case_id == case_id, Urging.withdrawn_at.is_(None)).order_by(Urging.id)
    urgings = (await work.session.scalars(statement)).all()
    if not urgings:
        return 0
    reports = await handed_in(work.session, {urging.assignment_id for urging in urgings})
    changed = 0
    for urging in urgings:
        slot = await work.reach(ReportSlot, urging.slot_id) if urging.slot_id else None
        reported_at = _reported_at(urging, slot, reports.get(urging.assignment_id, ()))
        changed += await _settle(work, case, urging, reported_at)
    return changed


def _reported_at(urging: Urging, slot: ReportSlot | None, reports: Iterable[HandedIn]) -> datetime | None:
    if slot is not None and (slot.met_at is not None or slot.state is SlotState.OPEN):
        return slot.met_at
    return answer_to_completion(urging.issued_at, reports)


async def _settle(work: Work, case: Case, urging: Urging, reported_at: datetime | None) -> bool:
    outcome = settlement(urging.issued_at, reported_at)
    in_vain = outcome is Settlement.WITHDRAWN or (outcome is Settlement.ANSWERED and urging.delivered_at is None)
    if not in_vain and (outcome is Settlement.ANSWERED) is (urging.answered_at is not None):
        return False
    await work.require(ACTION, case)
    if in_vain:
        await work.session.flush()
        await take_back(work, case, urging, put_text(work.session, _CAME_BEFORE, work.now), ACTION)
    elif outcome is Settlement.ANSWERED:
        urging.answered_at = reported_at
        await stop_waiting(work, case, urging)
        await _record(work, case, urging, "urging.answered")
    else:  # the report was taken back
        urging.answered_at = None
        await expect_answer(work, case, urging)
        await _record(work, case, urging, "urging.reopened")
    return True


async def _record(work: Work, case: Case, urging: Urging, event_type: str) -> None:
    await work.record(event_type, ("urging", urging.id), case=case, action=ACTION, unit_id=urging.unit_id)
