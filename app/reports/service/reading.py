"""呈阅: what came of a leader's instruction is laid before that leader, and read, before the case is closed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.queries import open_principals
from app.cases.models import Case, Reading
from app.cases.rules import CaseStatus, MatterType
from app.cases.service import reckoning_of, recused_from, waits_for
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.core.texts import PARAGRAPH, clean_optional
from app.deadlines.dates import DueDate, working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.reports.queries import instructions_of, readings_of, result_accepted_at
from app.reports.rules import Laid, Words, last_read_on
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class SubmitForReading:
    """`leader_id` None: the leader of the latest instruction."""

    case_id: UUID
    leader_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordReading:
    reading_id: UUID
    comment: str | None = None


async def submit_for_reading(work: Work, command: SubmitForReading) -> Reading:
    """Lay the result before a leader who instructed. Only for 领导批示 (第六条(二)), and when nothing is owed any more.

    Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT, STILL_OWED, ALREADY_DONE.
    """
    case = await work.load(Case, command.case_id)
    await work.require("case.submit_for_reading", case)
    if case.matter_type is not MatterType.LEADER_INSTRUCTION:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "case")
    if case.status is not CaseStatus.DISPATCHED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    if await open_principals(work.session, case.id):
        raise Refusal(RefusalCode.STILL_OWED, state=case.status.value, version=case.version)
    leader_id = await _leader(work, case, command.leader_id)
    reading = Reading(
        id=new_id(),
        case_id=case.id,
        leader_id=leader_id,
        submitted_by=work.actor.person_id,
        submitted_at=work.now,
    )
    work.session.add(reading)
    await work.session.flush()
    open_todo(
        work.session,
        TodoAction.READ_RESULT,
        ("reading", reading.id),
        case_id=case.id,
        since=work.now,
        **await waits_for(work, case.id, leader_id, TodoAction.READ_RESULT),
    )
    await work.record(
        "case.submitted_for_reading", ("reading", reading.id), case=case, action="case.submit_for_reading"
    )
    return reading


async def record_reading(work: Work, command: RecordReading) -> Reading:
    """圈阅 by the leader before whom it was laid, or in his place where he is recused. From that day on new
    instructions are waited for.

    Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, ALREADY_DONE.
    """
    seen = await work.load(Reading, command.reading_id, lock=False)
    case = await work.reach(Case, seen.case_id)
    reading = await work.reach(Reading, seen.id)
    await work.require("case.record_reading", case)
    if work.actor.person_id != reading.leader_id and reading.leader_id not in await recused_from(work, case.id):
        raise Refusal(RefusalCode.NOT_ALLOWED, action="case.record_reading")
    if reading.read_on is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=case.status.value, version=case.version)
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.raise_if_any()
    subject = ("reading", reading.id)
    decision = await decide(work, DecisionKind.READING, Outcome.NOTED, subject, case_id=case.id, comment=comment)
    reading.read_on, reading.decision_id = local_date(work.act.occurred_at), decision.id
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await _wait_for_words(work, case, reading)
    await work.record("case.read", subject, case=case, action="case.record_reading")
    return reading


async def check_read(work: Work, case: Case) -> None:
    """领导批示 is closed only after it was read and some days without new words.

    Refuses READING_REQUIRED, READING_PENDING.
    """
    if case.matter_type is not MatterType.LEADER_INSTRUCTION:
        return
    words = [
        Words(said.leader_id, said.given_on, said.created_at)
        for said in await instructions_of(work.session, case.id)
    ]  # fmt: skip
    laid = [
        Laid(reading.leader_id, reading.submitted_at, reading.read_on)
        for reading in await readings_of(work.session, case.id)
    ]
    read_on = last_read_on(words, laid, await result_accepted_at(work.session, case.id))
    if read_on is None:
        raise Refusal(RefusalCode.READING_REQUIRED, state=case.status.value, version=case.version)
    quiet = await _quiet_until(work, case, read_on)
    if work.now < quiet.due_at:
        raise Refusal(RefusalCode.READING_PENDING, state=case.status.value, version=case.version)


async def _leader(work: Work, case: Case, leader_id: UUID | None) -> UUID:
    leaders = [words.leader_id for words in await instructions_of(work.session, case.id)]
    chosen = leader_id or next(iter(leaders), None)
    if chosen is None or chosen not in leaders:
        raise invalid(RefusalCode.BAD_ID, "input", "leader")
    waiting = [reading for reading in await readings_of(work.session, case.id) if reading.read_on is None]
    if any(reading.leader_id == chosen for reading in waiting):
        raise Refusal(RefusalCode.ALREADY_DONE, state=case.status.value, version=case.version)
    return chosen


async def _quiet_until(work: Work, case: Case, read_on: date) -> DueDate:
    reckoning = await reckoning_of(work, case)
    return working(reckoning, read_on, reckoning.regulation.reading.workdays)


async def _wait_for_words(work: Work, case: Case, reading: Reading) -> None:
    assert reading.read_on is not None
    await set_deadline(
        work.session,
        await reckoning_of(work, case),
        subject_kind=SubjectKind.READING,
        subject_id=reading.id,
        case_id=case.id,
        stage=Stage.LAPSE,
        due=await _quiet_until(work, case, reading.read_on),
        source=DateSource.OFFICE,
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)
