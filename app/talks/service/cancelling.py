"""不再约谈: with a reason, such as that the unit reported meanwhile."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.core.refusals import Problems
from app.core.texts import PARAGRAPH, clean
from app.documents.service import withdraw
from app.talks.models import FormalTalk
from app.talks.queries import load_talk
from app.talks.rules import TalkStatus, step
from app.talks.service.appointment import expect_no_talk
from app.work import Work


@dataclass(frozen=True, slots=True)
class CancelTalk:
    talk_id: UUID
    expected_version: int
    reason: str


async def cancel_talk(work: Work, command: CancelTalk) -> FormalTalk:
    """Drop a talk that was not held; an issued notice is void (作废). Refuses as every decision does."""
    case, talk = await load_talk(work, command.talk_id)
    await work.require("talk.cancel", talk)
    work.expect_version(talk, command.expected_version)
    talk.status = step(talk.status, TalkStatus.CANCELLED)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    talk.version += 1
    decision = await decide(
        work, DecisionKind.TALK_NOTICE, Outcome.DECLINED, ("talk", talk.id), case_id=talk.case_id, comment=reason
    )
    if talk.document_id is not None:
        assert decision.comment_id is not None
        await withdraw(work.session, talk.document_id, decision.comment_id, work.now)
    await expect_no_talk(work, case, talk)
    known = talk.unit_id if talk.issued_at else None  # of a draft the unit never heard
    await work.record("talk.cancelled", ("talk", talk.id), case=case, action="talk.cancel", unit_id=known)
    return talk
