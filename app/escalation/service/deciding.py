"""延期的审定: who decided a date may move it. The original date stays on record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.queries import open_slots
from app.assignments.rules import SlotKind
from app.assignments.service import move_completion, move_slot, refresh_dates
from app.cases.service import reckoning_of
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean_optional
from app.deadlines.dates import given
from app.deadlines.rules import DateSource, SubjectKind
from app.deadlines.service import cancel
from app.escalation.models import ExtensionRequest, Urging
from app.escalation.rules import ExtensionStatus
from app.escalation.service.extending import check_later_date
from app.escalation.service.owed import OwedDate, reach_owed
from app.escalation.taking_back import take_back_unanswered
from app.todos.service import close_todos
from app.work import Work

ACTION = "slot.decide_extension"
_OUTCOMES = frozenset({Outcome.APPROVED, Outcome.APPROVED_WITH_CHANGES, Outcome.DECLINED})
_MOVED = "时限已经批准延期，对原时限的催办予以撤回。"


@dataclass(frozen=True, slots=True)
class DecideExtension:
    """`granted_due_on` with APPROVED_WITH_CHANGES alone; APPROVED grants the date asked for."""

    request_id: UUID
    expected_version: int
    outcome: Outcome
    granted_due_on: date | None = None
    comment: str | None = None


async def decide_extension(work: Work, command: DecideExtension) -> ExtensionRequest:
    """Grant or decline. Refuses INVALID_INPUT, ALREADY_DONE, STATUS_CONFLICT, and as every decision does."""
    seen = await work.load(ExtensionRequest, command.request_id, lock=False)
    owed = await reach_owed(work, seen.case_id, seen.assignment_id, seen.slot_id)
    request = await work.reach(ExtensionRequest, command.request_id)
    await work.require(ACTION, request)
    work.expect_version(request, command.expected_version)
    if request.status is not ExtensionStatus.REQUESTED:
        raise Refusal(RefusalCode.ALREADY_DONE, state=request.status.value, version=request.version)
    comment = await _checked(work, owed, request, command)
    decision = await decide(
        work,
        DecisionKind.EXTENSION,
        command.outcome,
        ("extension", request.id),
        case_id=request.case_id,
        comment=comment,
    )
    granted = command.outcome is not Outcome.DECLINED
    request.status = ExtensionStatus.GRANTED if granted else ExtensionStatus.DECLINED
    request.decision_id = decision.id
    request.version += 1
    await cancel(work.session, SubjectKind.EXTENSION, request.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("extension", request.id))
    if granted:
        request.granted_due_on = command.granted_due_on or request.requested_due_on
        await _move(work, owed, request.granted_due_on)
    await refresh_dates(work, owed.case)
    await work.record(
        "extension.decided",
        ("extension", request.id),
        case=owed.case,
        action=ACTION,
        unit_id=owed.assignment.unit_id,
    )
    if granted:
        await _take_back_urgings(work, owed)
    return request


async def _checked(work: Work, owed: OwedDate, request: ExtensionRequest, command: DecideExtension) -> str | None:
    problems = Problems()
    problems.check(command.outcome in _OUTCOMES, RefusalCode.NOT_APPLICABLE, "input", "outcome")
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    declines = command.outcome is Outcome.DECLINED
    problems.check(not declines or comment is not None, RefusalCode.REQUIRED, "input", "comment")
    changes = command.outcome is Outcome.APPROVED_WITH_CHANGES
    code = RefusalCode.REQUIRED if changes else RefusalCode.NOT_APPLICABLE
    problems.check((command.granted_due_on is not None) is changes, code, "input", "grantedDueOn")
    if not declines:
        wanted = command.granted_due_on or request.requested_due_on
        await check_later_date(work, owed, wanted, problems, "grantedDueOn")
    problems.raise_if_any()
    if not declines:
        owed.must_be_owed()
    return comment


async def _move(work: Work, owed: OwedDate, due_on: date) -> None:
    """A new generation of the date. What was to be reported on the day of completion moves with it: it is one date."""
    due = given(await reckoning_of(work, owed.case), work.today, due_on)
    if owed.slot is not None:
        await move_slot(work, owed.case, owed.slot, due, DateSource.LEADER)
        return
    for slot in await open_slots(work.session, owed.case.id):
        own = slot.assignment_id == owed.assignment.id and slot.slot is not SlotKind.CONTRIBUTION
        if own and slot.due_on == owed.due_on:
            await move_slot(work, owed.case, slot, due, DateSource.LEADER)
    await move_completion(work, owed.case, owed.assignment, due, DateSource.LEADER)


async def _take_back_urgings(work: Work, owed: OwedDate) -> None:
    """Who decided only after the date had passed has decided that it was not to be urged for."""
    which = (Urging.assignment_id == owed.assignment.id, Urging.for_due_on == owed.due_on)
    await take_back_unanswered(work, owed.case, _MOVED, ACTION, *which)
