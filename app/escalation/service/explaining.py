"""说明情况 (第七条(三)): filed by the unit, or told to the office and written down. It rests the urging alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.assignments.service import RecordFollowUp, record_follow_up
from app.authz import Role
from app.cases.service import reckoning_of
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.deadlines.dates import working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.escalation.models import Explanation
from app.escalation.service.owed import OwedDate, load_owed
from app.identity.models import Unit
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class ExplainDelay:
    """Without `slot_id` it is about the completion date. `blocking_unit_id`: on whom the unit waits."""

    assignment_id: UUID
    text: str
    slot_id: UUID | None = None
    blocking_unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordExplanation:
    """A call or a visit in which the unit explained itself."""

    follow_up: RecordFollowUp
    slot_id: UUID | None = None


async def explain_delay(work: Work, command: ExplainDelay) -> Explanation:
    """File why a date cannot be or was not kept. Refuses ALREADY_DONE while the last one waits for its answer."""
    owed = await load_owed(work, command.assignment_id, command.slot_id)
    action = await owed.require(work, "explain")
    owed.must_be_owed()
    problems = Problems()
    text = clean(problems, command.text, PARAGRAPH, "input", "text")
    blocking = command.blocking_unit_id
    known = blocking is None or await work.session.get(Unit, blocking) is not None
    problems.check(known and blocking != owed.assignment.unit_id, RefusalCode.BAD_ID, "input", "blockingUnit")
    problems.raise_if_any()
    await _refuse_second(work, owed)
    explanation = _explanation(owed, put_text(work.session, text, work.now), work.act.occurred_at)
    explanation.blocking_unit_id, explanation.filed_by = blocking, work.actor.person_id
    return await _file(work, owed, explanation, action)


async def record_explanation(work: Work, command: RecordExplanation) -> Explanation:
    """Write down a follow-up that is an explanation too; the unit sees it and may file its own."""
    owed = await load_owed(work, command.follow_up.assignment_id, command.slot_id)
    await work.require("assignment.record_follow_up", owed.assignment)
    owed.must_be_owed()
    await _refuse_second(work, owed)
    follow_up = await record_follow_up(work, replace(command.follow_up, explains=True))
    explanation = _explanation(owed, follow_up.words_id, follow_up.occurred_at)
    explanation.follow_up_id = follow_up.id
    return await _file(work, owed, explanation, "assignment.record_follow_up")


def _explanation(owed: OwedDate, text_id: UUID, filed_at: datetime) -> Explanation:
    return Explanation(
        id=new_id(),
        case_id=owed.case.id,
        assignment_id=owed.assignment.id,
        slot_id=owed.slot_id,
        clock=owed.clock,
        for_due_on=owed.due_on,
        text_id=text_id,
        filed_at=filed_at,
    )


async def _refuse_second(work: Work, owed: OwedDate) -> None:
    statement = select(Explanation).where(
        Explanation.assignment_id == owed.assignment.id,
        Explanation.for_due_on == owed.due_on,
        Explanation.answer.is_(None),
    )
    if (await work.session.scalars(statement.limit(1))).first() is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)


async def _file(work: Work, owed: OwedDate, explanation: Explanation, action: str) -> Explanation:
    """The office answers within its day; then it is told to who leads the office."""
    await work.session.flush()
    work.session.add(explanation)
    reckoning = await reckoning_of(work, owed.case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.EXPLANATION,
        subject_id=explanation.id,
        case_id=owed.case.id,
        stage=Stage.NOTICE,
        due=working(reckoning, work.today, reckoning.regulation.explanation.answer_workdays),
        source=DateSource.OFFICE,
    )
    open_todo(
        work.session,
        TodoAction.ANSWER_EXPLANATION,
        ("explanation", explanation.id),
        case_id=owed.case.id,
        since=work.now,
        role=Role.SUPERVISION_OFFICER.value,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
    )
    owed.case.next_fire_at = await next_fire_at(work.session, owed.case.id)
    await work.record(
        "explanation.filed",
        ("explanation", explanation.id),
        case=owed.case,
        action=action,
        unit_id=owed.assignment.unit_id,
    )
    return explanation
