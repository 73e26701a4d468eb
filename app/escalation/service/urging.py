"""人工催办 (第七条(三)): an officer urges by hand, at most so often a working day. Delivered like any other."""

from dataclasses import dataclass
from uuid import UUID

from app.cases.service import reckoning_of
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.core.zone import local_date
from app.escalation.models import Urging
from app.escalation.queries import urgings_by_hand
from app.escalation.rules import UrgingKind, manual_key
from app.escalation.service.owed import OwedDate, load_owed
from app.work import Work


@dataclass(frozen=True, slots=True)
class UrgeUnit:
    """Without `slot_id` it is about the completion date."""

    assignment_id: UUID
    reason: str
    slot_id: UUID | None = None


async def urge_unit(work: Work, command: UrgeUnit) -> Urging:
    """Urge for a date that has passed. Refuses DATE_NOT_PASSED, URGED_TODAY, STATUS_CONFLICT.

    It leaves in the urging window, at once or on the next working morning, so that 当日 is a real day.
    """
    owed = await load_owed(work, command.assignment_id, command.slot_id)
    action = await owed.require(work, "urge")
    owed.must_be_owed()
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    if owed.due_at > work.now:
        raise Refusal(RefusalCode.DATE_NOT_PASSED)
    if await urged_enough(work, owed):
        raise Refusal(RefusalCode.URGED_TODAY)
    return await issue_by_hand(work, owed, put_text(work.session, reason, work.now), action)


async def urged_enough(work: Work, owed: OwedDate) -> bool:
    """Whether this date was urged for by hand as often as this working day allows."""
    reckoning = await reckoning_of(work, owed.case)
    return await _nth(work, owed) > reckoning.regulation.ladder.urgings_by_hand_per_workday


async def issue_by_hand(work: Work, owed: OwedDate, reason_id: UUID | None, action: str) -> Urging:
    calendar = await work.calendar()
    workday = calendar.workday_from(work.today)
    urging = Urging(
        id=new_id(),
        key=manual_key(owed.clock, owed.subject_id, workday, await _nth(work, owed)),
        case_id=owed.case.id,
        assignment_id=owed.assignment.id,
        unit_id=owed.assignment.unit_id,
        slot_id=owed.slot_id,
        clock=owed.clock,
        for_due_on=owed.due_on,
        kind=UrgingKind.MANUAL,
        reason_id=reason_id,
        issued_at=work.now,
        issued_by=work.actor.person_id,
    )
    await work.session.flush()
    work.session.add(urging)
    await work.record(
        "urging.issued",
        ("urging", urging.id),
        case=owed.case,
        action=action,
        payload={"urging": str(urging.id)},
    )
    return urging


async def _nth(work: Work, owed: OwedDate) -> int:
    """Which urging by hand of this working day the next one is. What is urged on a day off counts for the next."""
    calendar = await work.calendar()
    workday = calendar.workday_from(work.today)
    issued = await urgings_by_hand(work.session, owed.assignment.id, owed.slot_id)
    return 1 + sum(calendar.workday_from(local_date(at)) == workday for at in issued)
