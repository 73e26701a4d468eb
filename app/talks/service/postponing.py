"""改期: a talk is put off once, with a reason; a new notice takes the place of the first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases.models import Case
from app.content.service import put_text
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, PARAGRAPH, clean, clean_optional
from app.documents.service import supersede
from app.talks.models import FormalTalk
from app.talks.queries import load_talk
from app.talks.rules import TalkStatus
from app.talks.service.appointment import check_appointment, expect_talk, issue_notice
from app.work import Work


@dataclass(frozen=True, slots=True)
class PostponeTalk:
    """Without `place` it stays where it was to be."""

    talk_id: UUID
    scheduled_at: datetime
    reason: str
    place: str | None = None


async def postpone_talk(work: Work, command: PostponeTalk) -> FormalTalk:
    """Give an issued talk a later date. Refuses ALREADY_DONE the second time, and as every act does."""
    case, talk = await load_talk(work, command.talk_id)
    await work.require("talk.postpone", talk)
    if talk.status is not TalkStatus.ISSUED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=talk.status.value, version=talk.version)
    if talk.postponed_from is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=talk.status.value, version=talk.version)
    reason, place = await _checked(work, talk, command)
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    talk.postponed_from, talk.scheduled_at = talk.scheduled_at, command.scheduled_at
    talk.place = place or talk.place
    talk.postpone_reason_id = reason_id
    talk.version += 1
    await _replace_notice(work, case, talk)
    await expect_talk(work, case, talk)
    await work.record("talk.postponed", ("talk", talk.id), case=case, action="talk.postpone", unit_id=talk.unit_id)
    return talk


async def _checked(work: Work, talk: FormalTalk, command: PostponeTalk) -> tuple[str, str | None]:
    assert talk.scheduled_at is not None
    problems = Problems()
    await check_appointment(work, problems, command.scheduled_at, after=talk.scheduled_at)
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    place = clean_optional(problems, command.place, NAME, "input", "place")
    problems.raise_if_any()
    return reason, place


async def _replace_notice(work: Work, case: Case, talk: FormalTalk) -> None:
    assert talk.document_id is not None
    notice = await issue_notice(work, case, talk, work.actor.name)
    await supersede(work.session, talk.document_id, notice)
    talk.document_id = notice.id
