"""异议: a unit objects to its sheet; the office upholds it and strikes facts out, or rejects it with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.authz import Role
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.deadlines.dates import Reckoning, working
from app.evaluations.models import EvaluationCorrection, EvaluationObjection, EvaluationSheet
from app.evaluations.queries import FactRow, corrections_in, facts_in, load_sheet, unanswered_objection
from app.evaluations.rules import EvaluationStatus, ObjectionOutcome
from app.evaluations.service.counting import correct
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class ObjectToSheet:
    sheet_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class AnswerObjection:
    """`fact_ids`: what does not count any more, where the objection is upheld."""

    objection_id: UUID
    expected_version: int
    outcome: ObjectionOutcome
    reason: str
    fact_ids: tuple[UUID, ...] = ()


async def object_to_sheet(work: Work, command: ObjectToSheet) -> EvaluationObjection:
    """Object within the days that are left. Refuses STATUS_CONFLICT outside them, ALREADY_DONE while one is open."""
    evaluation, sheet = await load_sheet(work, command.sheet_id)
    await work.require("evaluation_sheet.object", sheet)
    too_late = evaluation.objections_until is None or work.today > evaluation.objections_until
    if evaluation.status is not EvaluationStatus.SHOWN or too_late:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=evaluation.status.value, version=sheet.version)
    if await unanswered_objection(work.session, sheet.id) is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=evaluation.status.value, version=sheet.version)
    problems = Problems()
    text = clean(problems, command.text, PARAGRAPH, "input", "text")
    problems.raise_if_any()
    text_id = put_text(work.session, text, work.now)
    await work.session.flush()
    objection = EvaluationObjection(
        id=new_id(), sheet_id=sheet.id, text_id=text_id, filed_by=work.actor.person_id, filed_at=work.now
    )
    work.session.add(objection)
    await work.session.flush()
    await _expect_answer(work, objection)
    await work.record(
        "evaluation.objected",
        ("evaluation_objection", objection.id),
        case=None,
        action="evaluation_sheet.object",
        unit_id=sheet.unit_id,
    )
    return objection


async def answer_objection(work: Work, command: AnswerObjection) -> EvaluationObjection:
    """Uphold, striking at least one fact, or reject. Refuses as every decision does."""
    seen = await work.load(EvaluationObjection, command.objection_id, lock=False)
    evaluation, sheet = await load_sheet(work, seen.sheet_id)
    objection = await work.reach(EvaluationObjection, seen.id)
    await work.require("evaluation_sheet.answer_objection", sheet)
    work.expect_version(objection, command.expected_version)
    if objection.outcome is not None or evaluation.status is not EvaluationStatus.SHOWN:
        state = objection.outcome or evaluation.status
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=state.value, version=objection.version)
    reason, struck = await _checked(work, sheet, command)
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    objection.outcome, objection.answer_id = command.outcome, reason_id
    objection.answered_by, objection.answered_at = work.actor.person_id, work.now
    objection.version += 1
    if struck:
        await correct(work, evaluation, sheet, [_strike(work, objection, fact) for fact in struck])
    subject = ("evaluation_objection", objection.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.record(
        "evaluation.objection_answered",
        subject,
        case=None,
        action="evaluation_sheet.answer_objection",
        unit_id=sheet.unit_id,
    )
    return objection


async def _checked(work: Work, sheet: EvaluationSheet, command: AnswerObjection) -> tuple[str, Sequence[FactRow]]:
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    upheld, given = command.outcome is ObjectionOutcome.UPHELD, command.fact_ids
    problems.check(not upheld or bool(given), RefusalCode.REQUIRED, "input", "facts")
    problems.check(upheld or not given, RefusalCode.NOT_APPLICABLE, "input", "facts")
    problems.check(len(given) <= _MOST_FACTS, RefusalCode.TOO_MANY, "input", "facts", limit=_MOST_FACTS)
    facts = {fact.id: fact for fact in await facts_in(work.session, [sheet.id])}
    struck = {one.fact_id for one in await corrections_in(work.session, [sheet.id])}
    for index, fact_id in enumerate(given[:_MOST_FACTS]):
        problems.check(fact_id in facts and fact_id not in struck, RefusalCode.BAD_ID, "input", "facts", index)
        problems.check(fact_id not in given[:index], RefusalCode.DUPLICATE, "input", "facts", index)
    problems.raise_if_any()
    return reason, [facts[fact_id] for fact_id in given]


def _strike(work: Work, objection: EvaluationObjection, fact: FactRow) -> EvaluationCorrection:
    assert work.actor.person_id is not None
    assert objection.answer_id is not None
    return EvaluationCorrection(
        id=new_id(),
        sheet_id=fact.sheet_id,
        criterion=fact.criterion,
        fact_id=fact.id,
        objection_id=objection.id,
        reason_id=objection.answer_id,
        made_by=work.actor.person_id,
        made_at=work.now,
    )


async def _expect_answer(work: Work, objection: EvaluationObjection) -> None:
    reckoning = Reckoning(work.regulation, (await work.rule_set()).id, await work.calendar())
    due = working(reckoning, work.today, reckoning.regulation.office.decision_workdays)
    open_todo(
        work.session,
        TodoAction.ANSWER_OBJECTION,
        ("evaluation_objection", objection.id),
        case_id=None,
        since=work.now,
        role=Role.SUPERVISION_HEAD.value,
        due_on=due.due_on,
        due_at=due.due_at,
    )
