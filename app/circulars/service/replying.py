"""回复与整改: whom a circular criticises says how and until when it sets things right; the office follows it up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authz import Role
from app.cases.models import Case
from app.circulars.models import Circular, CircularReply
from app.circulars.queries import edition_for_all, load_reply, open_replies, recipients_of, units_with_problems
from app.circulars.rules import CRITICISES, CircularStatus, ReplyStatus
from app.circulars.service.waiting import reckoning_for
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, PARAGRAPH, clean, clean_optional
from app.deadlines.dates import working
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class ReplyToCircular:
    """`rectify_by`: until when it will be set right; None where it is so already."""

    reply_id: UUID
    text: str
    rectify_by: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewCircularReply:
    reply_id: UUID
    expected_version: int
    accepted: bool
    comment: str | None = None


async def reply_to_circular(work: Work, command: ReplyToCircular) -> CircularReply:
    """Answer for one's unit. Refuses STATUS_CONFLICT where no answer is owed, BAD_DATE for a day that has passed."""
    case, circular, reply = await load_reply(work, command.reply_id)
    await work.require("circular_reply.file", reply)
    _expect(circular, reply, ReplyStatus.OWED)
    problems = Problems()
    text = clean(problems, command.text, BODY, "input", "text")
    ahead = command.rectify_by is None or command.rectify_by >= work.today
    problems.check(ahead, RefusalCode.BAD_DATE, "input", "rectifyBy")
    problems.raise_if_any()
    text_id = put_text(work.session, text, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    reply.text_id, reply.rectify_by, reply.status = text_id, command.rectify_by, ReplyStatus.FILED
    reply.filed_by, reply.filed_at = work.actor.person_id, work.now
    reply.version += 1
    await _wait(work, case, circular, reply, TodoAction.REVIEW_CIRCULAR_REPLY)
    await _record(work, case, reply, "circular.replied", "circular_reply.file")
    return reply


async def review_circular_reply(work: Work, command: ReviewCircularReply) -> CircularReply:
    """Accept an answer, or ask for another one with the reason. Refuses as every decision does."""
    case, circular, reply = await load_reply(work, command.reply_id)
    await work.require("circular_reply.review", reply)
    work.expect_version(reply, command.expected_version)
    _expect(circular, reply, ReplyStatus.FILED)
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.check(command.accepted or comment is not None, RefusalCode.REQUIRED, "input", "comment")
    problems.raise_if_any()
    if comment is not None:
        answer_id = put_text(work.session, comment, work.now)
        await work.session.flush()
        reply.answer_id = answer_id
    reply.status = ReplyStatus.ACCEPTED if command.accepted else ReplyStatus.RETURNED
    reply.answered_by, reply.answered_at = work.actor.person_id, work.now
    reply.version += 1
    await _close(work, reply)
    if not command.accepted:
        await _owe(work, case, circular, reply.unit_id, reply.round + 1)
    await _record(work, case, reply, "circular.reply_reviewed", "circular_reply.review")
    return reply


async def expect_replies(work: Work, case: Case | None, circular: Circular) -> None:
    """Of each unit that a published circular criticises, as far as it went there."""
    assert circular.document_id is not None
    reached = {recipient.unit_id for recipient in await recipients_of(work.session, circular.document_id)}
    for unit_id in await _criticised(work, circular):
        if unit_id in reached:
            await _owe(work, case, circular, unit_id, 1)


async def cancel_replies(work: Work, circular: Circular) -> None:
    """A circular that was taken back asks for nothing any more."""
    for reply in await open_replies(work.session, circular.id):
        reply.status = ReplyStatus.CANCELLED
        reply.version += 1
        await _close(work, reply)


async def _criticised(work: Work, circular: Circular) -> list[UUID]:
    if circular.kind in CRITICISES:
        return [] if circular.unit_id is None else [circular.unit_id]
    edition = await edition_for_all(work.session, circular.id)
    return [] if edition is None else await units_with_problems(work.session, edition.id)


def _expect(circular: Circular, reply: CircularReply, status: ReplyStatus) -> None:
    if circular.status is not CircularStatus.PUBLISHED or reply.status is not status:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=reply.status.value, version=reply.version)


async def _owe(work: Work, case: Case | None, circular: Circular, unit_id: UUID, nth: int) -> None:
    reckoning = await reckoning_for(work, case)
    due = working(reckoning, work.today, reckoning.regulation.circular.reply_workdays)
    reply = CircularReply(
        id=new_id(),
        circular_id=circular.id,
        unit_id=unit_id,
        round=nth,
        status=ReplyStatus.OWED,
        due_on=due.due_on,
    )
    work.session.add(reply)
    await work.session.flush()
    await _wait(work, case, circular, reply, TodoAction.REPLY_TO_CIRCULAR)


async def _wait(work: Work, case: Case | None, circular: Circular, reply: CircularReply, action: TodoAction) -> None:
    """Outside the case: a unit of which a circular tells may see nothing of it."""
    await _close(work, reply)
    reckoning = await reckoning_for(work, case)
    of_unit = action is TodoAction.REPLY_TO_CIRCULAR
    days = reckoning.regulation.circular.reply_workdays if of_unit else reckoning.regulation.office.review_workdays
    due = working(reckoning, work.today, days)
    open_todo(
        work.session,
        action,
        ("circular_reply", reply.id),
        case_id=None,
        since=work.now,
        unit_id=reply.unit_id if of_unit else None,
        role=None if of_unit else Role.SUPERVISION_OFFICER.value,
        due_on=due.due_on,
        due_at=due.due_at,
        classification=circular.classification,
    )


async def _close(work: Work, reply: CircularReply) -> None:
    subject = ("circular_reply", reply.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.session.flush()


async def _record(work: Work, case: Case | None, reply: CircularReply, event_type: str, action: str) -> None:
    subject = ("circular_reply", reply.id)
    await work.record(event_type, subject, case=case, action=action, unit_id=reply.unit_id)
