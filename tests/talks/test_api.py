"""From the drafts of the machine to the acknowledged circular, through GraphQL alone; decisions on paper among them."""

from typing import Any

from app.core.ids import encode_id
from tests.bed.procedure import CHECKER, check, enter, outside
from tests.bed.world import World
from tests.reports.desk import CITY, Desk, shanghai
from tests.talks.bench import on_either
from tests.talks.ladder import Ladder, drafted

_TALK = """
  id status version scheduledAt place statement minutes appearedPost
  holder { name } secondOfficer { name } appeared { name }
  commitments { text dueOn } document { number recipients { printedName } }
  allowedActions { action allowed }
"""
TALK = f"talk {{ {_TALK} }}"
CONCLUSION = "conclusion { id status version reviewUntil document { number } decision { printedPost medium } }"
_CIRCULAR = """
  id status version title approval { printedName medium } conclusion { id } talk { statement }
  document { number body { text label } recipients { printedName acknowledgedAt } }
"""
CIRCULAR = f"circular {{ {_CIRCULAR} }}"


def notice(world: World, ladder: Ladder) -> dict[str, Any]:
    return {
        "talk": encode_id("talk", ladder.talk_id),
        "expected_version": 1,
        "scheduled_at": shanghai(6, 29, 14, 30),
        "place": "区政府二楼会议室",
        "holder": world.person("zhuren"),
        "second_officer": world.person("duban.wu"),
    }


def allowed(talk: dict[str, Any]) -> list[str]:
    return [action["action"] for action in talk["allowedActions"] if action["allowed"]]


async def todos(world: World, login: str) -> list[str]:
    found = await world.as_(login).ask("{ todos(first: 50) { edges { node { mutation } } } }")
    return [edge["node"]["mutation"] for edge in found["todos"]["edges"]]


async def node(world: World, kind: str, key: str, selection: str) -> dict[str, Any]:
    """An object as the head of the office sees it now."""
    found = await world.as_("duban.zhu").ask(f'{{ node(id: "{key}") {{ ... on {kind} {{ {selection} }} }} }}')
    seen: dict[str, Any] = found["node"]
    return seen


@on_either
async def test_a_talk_called_held_and_made_known(world: World, desk: Desk) -> None:
    ladder = await drafted(desk)
    assert "issueFormalTalkNotice" in await todos(world, "duban.zhu")

    # 约谈通知: decided on paper by the head of the office, entered by one officer, checked by another
    paper = await outside(world, "zhuren", shanghai(6, 25, 8))
    act = await enter(world, "issueFormalTalkNotice", **notice(world, ladder), recorded=paper)
    await check(world, act)
    talk = await node(world, "FormalTalk", encode_id("talk", ladder.talk_id), _TALK)
    assert (talk["status"], talk["holder"]["name"], talk["secondOfficer"]["name"]) == ("ISSUED", "孙立", "吴芳")
    assert talk["document"] == {"number": "道督约〔2026〕1号", "recipients": [{"printedName": CITY}]}
    assert allowed(talk) == ["talk.postpone", "talk.hold", "talk.cancel"]
    assert "holdFormalTalk" in await todos(world, "zhuren")
    seen = await world.as_("chengguan.head").ask("{ talks(first: 5) { edges { node { status place } } } }")
    assert seen["talks"]["edges"] == [{"node": {"status": "ISSUED", "place": "区政府二楼会议室"}}]

    # 改期
    given = {"talk": talk["id"], "scheduled_at": shanghai(6, 30, 10), "reason": "负责人因公外出。"}
    talk = (await world.as_("zhuren").do("postponeFormalTalk", TALK, **given))["talk"]
    assert talk["document"]["number"] == "道督约〔2026〕2号"

    # 约谈: the statement, the minutes, a commitment that becomes a date
    world.at(6, 30, 11)
    held = await world.as_("duban.wu").do(
        "holdFormalTalk",
        f"{TALK} case {{ dueOn }}",
        talk=talk["id"],
        appeared=world.person("chengguan.head"),
        statement="因人员调整，未及时上报。",
        minutes="约谈纪要。",
        commitments=[{"text": "七月三日前上报。", "due_on": "2026-07-03"}],
    )
    talk = held["talk"]
    assert (talk["status"], talk["appearedPost"], talk["statement"]) == (
        "HELD",
        "主要负责人",
        "因人员调整，未及时上报。",
    )
    assert talk["commitments"] == [{"text": "七月三日前上报。", "dueOn": "2026-07-03"}]
    assert allowed(talk) == []

    # 督查结论, 全区通报: the 区长 decides one in the system and one on paper
    key = encode_id("conclusion", ladder.conclusion_id)
    issued = await world.as_("quzhang").do("issueConclusion", CONCLUSION, conclusion=key, expected_version=1)
    assert issued["conclusion"]["document"] == {"number": "道督结〔2026〕1号"}
    assert issued["conclusion"]["reviewUntil"] == "2026-07-30"
    assert issued["conclusion"]["decision"] == {"printedPost": "区长", "medium": "SYSTEM"}
    assert "approveCircular" in await todos(world, "quzhang")
    key = encode_id("circular", ladder.circular_id)
    paper = await outside(world, "quzhang", shanghai(6, 30, 10, 30))
    act = await enter(
        world, "approveCircular", circular=key, expected_version=1, outcome="APPROVED", recorded=paper
    )  # fmt: skip
    await check(world, act)
    assert "publishCircular" in await todos(world, CHECKER)
    published = await world.as_("duban.wu").do("publishCircular", CIRCULAR, circular=key, expected_version=2)
    circular = published["circular"]
    assert circular["approval"] == {"printedName": "李振华", "medium": "PAPER"}
    assert circular["document"]["number"] == "道督通〔2026〕1号"
    assert circular["document"]["body"][-1] == {"text": "因人员调整，未及时上报。", "label": None}

    # 签收: by a unit that sees nothing of the case, and by one on paper
    assert "acknowledgeCircular" in await todos(world, "taiping.handler")
    own = await world.as_("taiping.handler").do("acknowledgeCircular", f"{CIRCULAR} case {{ id }}", circular=key)
    assert (own["circular"]["title"], own["case"]) == ("关于通江街占道经营整治的通报", None)
    assert own["circular"]["conclusion"] is None  # cited, not shown
    assert "acknowledgeCircular" not in await todos(world, "taiping.handler")
    paper = await outside(world, "yushu.head", shanghai(6, 30, 10, 45))
    await check(world, await enter(world, "acknowledgeCircular", circular=key, recorded=paper))
    circular = await node(world, "Circular", key, _CIRCULAR)
    acknowledged = {
        row["printedName"]: row["acknowledgedAt"] for row in circular["document"]["recipients"] if row["acknowledgedAt"]
    }
    assert acknowledged == {
        "太平镇人民政府": "2026-06-30T03:00:00+00:00",
        "榆树镇人民政府": "2026-06-30T02:45:00+00:00",
    }


async def test_refusals_name_the_field_the_rule_and_the_state(world: World, desk: Desk) -> None:
    ladder = await drafted(desk)
    given = notice(world, ladder)
    head = world.as_("duban.zhu")
    assert await head.refused("issueFormalTalkNotice", **given | {"talk": "talk_x"}) == ["input.talk BAD_ID"]
    assert await head.refused("issueFormalTalkNotice", **given | {"holder": world.person("duban.wu")}) == [
        "input.holder BAD_ID",
        "input.secondOfficer DUPLICATE",
    ]
    assert await head.refused("issueFormalTalkNotice", **given | {"expected_version": 3}) == [
        "VERSION_CONFLICT DRAFT v1"
    ]
    assert await world.as_("chengguan.head").refused("issueFormalTalkNotice", **given) == ["NOT_FOUND"]
    assert await world.as_("duban.wu").refused("issueFormalTalkNotice", **given) == ["NOT_ALLOWED"]
    assert await head.refused("holdFormalTalk", talk=given["talk"], no_show=True) == ["STATUS_CONFLICT DRAFT"]
    conclusion = encode_id("conclusion", ladder.conclusion_id)
    for mutation, more in (("issueConclusion", {}), ("withdrawConclusion", {"reason": "有误。"})):
        assert await head.refused(mutation, conclusion=conclusion, expected_version=1, **more) == ["NOT_ALLOWED"]
    circular = encode_id("circular", ladder.circular_id)
    approval = {"circular": circular, "expected_version": 1, "outcome": "APPROVED"}
    assert await world.as_("quzhang").refused("approveCircular", **approval) == ["STATEMENT_PENDING DRAFT v1"]


async def test_a_dropped_talk_answers_a_repeated_key_as_the_first_time(world: World, desk: Desk) -> None:
    ladder = await drafted(desk)
    given = {
        "talk": encode_id("talk", ladder.talk_id),
        "expected_version": 1,
        "reason": "已上报。",
        "idempotency_key": "1",
    }
    first = await world.as_("duban.zhu").do("cancelFormalTalk", TALK, **given)
    assert first["talk"]["status"] == "CANCELLED"
    assert await world.as_("duban.zhu").do("cancelFormalTalk", TALK, **given) == first
    assert await world.as_("duban.zhu").refused("cancelFormalTalk", **given | {"reason": "又改了。"}) == [
        "IDEMPOTENCY_CONFLICT"
    ]
    conclusion = encode_id("conclusion", ladder.conclusion_id)
    dropped = await world.as_("quzhang").do(
        "withdrawConclusion", CONCLUSION, conclusion=conclusion, expected_version=1, reason="已上报。"
    )
    assert dropped["conclusion"]["status"] == "WITHDRAWN"
