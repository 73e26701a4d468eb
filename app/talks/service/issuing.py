"""发出约谈通知 (第七条(三)): a person decides that the drafted talk takes place, when, where and with whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.core.clock import local_date
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, clean
from app.identity.models import Unit
from app.identity.rules import Subordination
from app.talks.models import FormalTalk
from app.talks.queries import load_talk, possible_holders, possible_officers
from app.talks.rules import TalkStatus, step
from app.talks.service.appointment import check_appointment, expect_talk, issue_notice
from app.work import Work

OPEN_TO = frozenset({Subordination.DISTRICT, Subordination.DUAL})  # 第二条: to all others goes a letter


@dataclass(frozen=True, slots=True)
class IssueTalkNotice:
    talk_id: UUID
    expected_version: int
    scheduled_at: datetime
    place: str
    holder_id: UUID
    second_officer_id: UUID


async def issue_talk_notice(work: Work, command: IssueTalkNotice) -> FormalTalk:
    """Issue the notice. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, VERSION_, STATUS_CONFLICT, NOT_OPEN_TO_UNIT."""
    case, talk = await load_talk(work, command.talk_id)
    await work.require("talk.issue", talk)
    work.expect_version(talk, command.expected_version)
    talk.status = step(talk.status, TalkStatus.ISSUED)
    await check_open_to(work, talk.unit_id)
    talk.place = await _checked_place(work, talk, command)
    talk.scheduled_at = command.scheduled_at
    talk.holder_id, talk.second_officer_id = command.holder_id, command.second_officer_id
    talk.issued_by, talk.issued_at = work.actor.person_id, work.act.occurred_at
    talk.version += 1
    decision = await decide(
        work, DecisionKind.TALK_NOTICE, Outcome.APPROVED, ("talk", talk.id), case_id=talk.case_id
    )  # fmt: skip
    document = await issue_notice(work, case, talk, decision.printed_name)
    talk.document_id = document.id
    await expect_talk(work, case, talk)
    await work.record("talk.issued", ("talk", talk.id), case=case, action="talk.issue", unit_id=talk.unit_id)
    return talk


async def check_open_to(work: Work, unit_id: UUID) -> None:
    """约谈 and 通报批评 are for the district's own units. Refuses NOT_OPEN_TO_UNIT."""
    unit = await work.session.get_one(Unit, unit_id)
    if unit.subordination not in OPEN_TO:
        raise Refusal(RefusalCode.NOT_OPEN_TO_UNIT, state=unit.subordination.value)


async def _checked_place(work: Work, talk: FormalTalk, command: IssueTalkNotice) -> str:
    problems = Problems()
    await check_appointment(work, problems, command.scheduled_at)
    place = clean(problems, command.place, NAME, "input", "place")
    day = local_date(command.scheduled_at)
    holders = await possible_holders(work.session, talk.unit_id, day, work.now)
    officers = await possible_officers(work.session, talk.unit_id, day, work.now)
    problems.check(command.holder_id in holders, RefusalCode.BAD_ID, "input", "holder")
    problems.check(command.second_officer_id in officers, RefusalCode.BAD_ID, "input", "secondOfficer")
    alone = command.second_officer_id == command.holder_id
    problems.check(not alone, RefusalCode.DUPLICATE, "input", "secondOfficer")
    problems.raise_if_any()
    return place
