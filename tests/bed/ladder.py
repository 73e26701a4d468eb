"""The steps of 第七条(三) as people take them: explained, extended, urged, talked to, made known."""

from datetime import date, datetime
from typing import Any

from tests.bed.procedure import LEADER, OFFICE_HEAD, OFFICER, Row, case_now, handler_of, head_of
from tests.bed.world import World

MAYOR, OFFICE_LEADER = "quzhang", "zhuren"
_DRAFTS = (
    "urgings { id clock forDueOn kind issuedAt deliveredAt respondBy answeredAt withdrawnAt } "
    "talks { id status version statement } conclusions { id status version } circulars { id status version }"
)


async def explain(world: World, part: Row, text: str = "雨天施工受阻，预计周五完成。", **changes: Any) -> Row:
    given = {"assignment": part["id"], "text": text} | changes
    answer = await world.as_(handler_of(part)).do("explainDelay", "explanation { id version forDueOn clock }", **given)
    found: Row = answer["explanation"]
    return found


async def answer_explanation(world: World, explanation: Row, answer: str, **changes: Any) -> Row:
    given = {"explanation": explanation["id"], "expected_version": explanation["version"], "answer": answer} | changes
    found: Row = (await world.as_(OFFICER).do("answerExplanation", "explanation { id version answer }", **given))[
        "explanation"
    ]
    return found


async def ask_for(world: World, part: Row, due_on: date | str, **changes: Any) -> Row:
    """延期: asked for by who heads the unit."""
    given = {
        "assignment": part["id"],
        "requested_due_on": due_on,
        "reason": "涉及产权纠纷。",
        "progress": "已完成七成。",
    } | changes
    answer = await world.as_(head_of(part)).do("requestExtension", "extensionRequest { id status version }", **given)
    found: Row = answer["extensionRequest"]
    return found


async def decide_extension(world: World, request: Row, outcome: str = "APPROVED", **changes: Any) -> Row:
    given = {"extension_request": request["id"], "expected_version": request["version"], "outcome": outcome} | changes
    answer = await world.as_(LEADER).do(
        "decideExtension", "extensionRequest { id status version grantedDueOn }", **given
    )
    found: Row = answer["extensionRequest"]
    return found


async def ladder_of(world: World, case: Row) -> Row:
    """Urgings, talks, conclusions and circulars of a case, as the office sees them."""
    return await case_now(world, case, _DRAFTS)


async def call_talk(world: World, talk: Row, at: datetime, **changes: Any) -> Row:
    """约谈通知: the head of the office decides that the drafted talk takes place."""
    given = {
        "talk": talk["id"],
        "expected_version": talk["version"],
        "scheduled_at": at,
        "place": "区政府二楼会议室",
        "holder": world.person(OFFICE_HEAD),
        "second_officer": world.person(OFFICER),
    } | changes
    answer = await world.as_(OFFICE_HEAD).do("issueFormalTalkNotice", "talk { id status version }", **given)
    found: Row = answer["talk"]
    return found


async def hold_talk(world: World, talk: Row, appeared: str, **changes: Any) -> Row:
    given = {
        "talk": talk["id"],
        "appeared": world.person(appeared),
        "statement": "人手不足，已增派力量。",
        "minutes": "单位说明了情况，并作出承诺。",
    } | changes
    answer = await world.as_(OFFICER).do("holdFormalTalk", "talk { id status version }", **given)
    found: Row = answer["talk"]
    return found


async def issue_conclusion(world: World, conclusion: Row) -> Row:
    given = {"conclusion": conclusion["id"], "expected_version": conclusion["version"]}
    answer = await world.as_(MAYOR).do("issueConclusion", "conclusion { id status version reviewUntil }", **given)
    found: Row = answer["conclusion"]
    return found


async def approve_circular(world: World, circular: Row, **changes: Any) -> Row:
    given = {"circular": circular["id"], "expected_version": circular["version"], "outcome": "APPROVED"} | changes
    answer = await world.as_(MAYOR).do("approveCircular", "circular { id status version }", **given)
    found: Row = answer["circular"]
    return found


async def publish_circular(world: World, circular: Row) -> Row:
    given = {"circular": circular["id"], "expected_version": circular["version"]}
    answer = await world.as_(OFFICER).do("publishCircular", "circular { id status version }", **given)
    found: Row = answer["circular"]
    return found
