"""The office's answer to an explanation: noted until a day, turned into a request for more time, or insufficient."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.cases.service import reckoning_of
from app.content.service import put_optional
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean_optional
from app.deadlines.rules import SubjectKind
from app.deadlines.service import cancel, next_fire_at
from app.escalation.models import Explanation
from app.escalation.queries import urged_dates
from app.escalation.rules import ExplanationAnswer
from app.escalation.service.extending import Wish, ask_for_extension
from app.escalation.service.owed import OwedDate, reach_owed
from app.escalation.service.urging import issue_by_hand, urged_enough
from app.todos.service import close_todos
from app.work import Work

ACTION = "slot.answer_explanation"


@dataclass(frozen=True, slots=True)
class AnswerExplanation:
    """`check_on` with NOTED, `requested_due_on` with CONVERT, `reason` with INSUFFICIENT, and with these alone."""

    explanation_id: UUID
    expected_version: int
    answer: ExplanationAnswer
    check_on: date | None = None
    requested_due_on: date | None = None
    reason: str | None = None


async def answer_explanation(work: Work, command: AnswerExplanation) -> Explanation:
    """Answer once. It never moves a date: that is for who approved it. Refuses as every decision does."""
    seen = await work.load(Explanation, command.explanation_id, lock=False)
    owed = await reach_owed(work, seen.case_id, seen.assignment_id, seen.slot_id)
    explanation = await work.reach(Explanation, command.explanation_id)
    await work.require(ACTION, explanation)
    work.expect_version(explanation, command.expected_version)
    if explanation.answer is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=explanation.answer.value, version=explanation.version)
    reason = await _checked(work, owed, command)
    reason_id = put_optional(work.session, reason, work.now)
    await work.session.flush()
    explanation.answer, explanation.check_on = command.answer, command.check_on
    explanation.answer_reason_id = reason_id
    explanation.answered_by, explanation.answered_at = work.actor.person_id, work.act.occurred_at
    explanation.version += 1
    await _stop_waiting(work, owed, explanation)
    await work.record(
        "explanation.answered",
        ("explanation", explanation.id),
        case=owed.case,
        action=ACTION,
        unit_id=owed.assignment.unit_id,
    )
    await _follow_up(work, owed, explanation, command)
    return explanation


async def _checked(work: Work, owed: OwedDate, command: AnswerExplanation) -> str | None:
    problems = Problems()
    reason = clean_optional(problems, command.reason, PARAGRAPH, "input", "reason")
    for answer, name, given in (
        (ExplanationAnswer.NOTED, "checkOn", command.check_on),
        (ExplanationAnswer.CONVERT, "requestedDueOn", command.requested_due_on),
        (ExplanationAnswer.INSUFFICIENT, "reason", reason),
    ):
        code = RefusalCode.REQUIRED if command.answer is answer else RefusalCode.NOT_APPLICABLE
        problems.check((given is not None) is (command.answer is answer), code, "input", name)
    if command.answer is ExplanationAnswer.NOTED and command.check_on is not None:
        reckoning = await reckoning_of(work, owed.case)
        days = reckoning.regulation.explanation.check_on_maximum_workdays
        first, last = (reckoning.calendar.add_workdays(work.today, count) for count in (1, days))
        fine = work.today < command.check_on <= last
        problems.check(fine, RefusalCode.OUT_OF_RANGE, "input", "checkOn", low=first, high=last)
    problems.raise_if_any()
    if command.answer is ExplanationAnswer.CONVERT:
        owed.must_be_owed()
    return reason


async def _stop_waiting(work: Work, owed: OwedDate, explanation: Explanation) -> None:
    await cancel(work.session, SubjectKind.EXPLANATION, explanation.id)
    subject = ("explanation", explanation.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.session.flush()
    owed.case.next_fire_at = await next_fire_at(work.session, owed.case.id)


async def _follow_up(work: Work, owed: OwedDate, explanation: Explanation, command: AnswerExplanation) -> None:
    """A request in the unit's name; or, where the date has passed and nobody has urged yet, an urging by hand."""
    if command.requested_due_on is not None:
        wish = Wish(command.requested_due_on, explanation.text_id, explanation.text_id, explanation.filed_by)
        await ask_for_extension(work, owed, wish, ACTION)
    elif command.answer is ExplanationAnswer.INSUFFICIENT and owed.due_at <= work.now and owed.is_owed:
        urged = await urged_dates(work.session, [owed.assignment.id])
        if (owed.assignment.id, owed.due_on) not in urged and not await urged_enough(work, owed):
            await issue_by_hand(work, owed, explanation.answer_reason_id, ACTION)
