"""第七条(三) 查办落实: what a unit may explain; and what follows for one that stays silent: 催办, 约谈, 通报."""

from typing import Any

from tests.bed.ladder import (
    MAYOR,
    answer_explanation,
    approve_circular,
    ask_for,
    call_talk,
    decide_extension,
    explain,
    hold_talk,
    issue_conclusion,
    ladder_of,
    publish_circular,
)
from tests.bed.procedure import (
    LEADER,
    OFFICE_HEAD,
    OFFICER,
    Row,
    accept,
    check,
    dispatched,
    enter,
    outside,
    part_of,
    reported,
    sheet_of,
)
from tests.bed.stages import TASK
from tests.bed.world import World, shanghai

HANDLER, HEAD = "chengguan.handler", "chengguan.head"


async def test_who_stays_silent_is_urged_talked_to_and_made_known(world: World) -> None:
    # due on Tuesday, 23 June; nobody reports and nobody explains
    case = await dispatched(world, matter=TASK)
    await world.on(6, 23, 23, 59)
    assert (await ladder_of(world, case))["urgings"] == []

    # 超过时限次日催办: on Wednesday in the morning, not before half past eight
    await world.on(6, 24, 8, 29)
    assert (await ladder_of(world, case))["urgings"] == []
    await world.on(6, 24, 8, 30)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert only(urging, "kind", "forDueOn", "deliveredAt", "respondBy", "answeredAt") == {
        "kind": "AUTOMATIC",
        "forDueOn": "2026-06-23",
        "deliveredAt": "2026-06-24T00:30:00+00:00",
        "respondBy": "2026-06-24T16:00:00+00:00",  # 限其当日上报: until midnight in Shanghai
        "answeredAt": None,
    }
    seen = await world.as_(HANDLER).ask(SEEN_BY_UNIT, id=case["id"])
    assert [document["number"] for document in seen["case"]["documents"]] == ["道政督〔2026〕1号", "道督催〔2026〕1号"]
    assert {"mutation": "submitReport", "action": "RESPOND_TO_URGING", "dueOn": "2026-06-24"} in nodes(seen["todos"])
    assert "urging.delivered" in [message["topic"] for message in nodes(seen["notifications"])]

    # its whole day is given before anything else is thought of; no second urging for the same date
    await world.on(6, 24, 23, 59)
    found = await ladder_of(world, case)
    assert (len(found["urgings"]), found["talks"]) == (1, [])

    # 经催办仍不报告: drafts for people to decide on, none of which the unit knows of
    await world.on(6, 25)
    found = await ladder_of(world, case)
    (talk,), (conclusion,), (circular,) = found["talks"], found["conclusions"], found["circulars"]
    assert (talk["status"], conclusion["status"], circular["status"]) == ("DRAFT", "DRAFT", "DRAFT")
    assert (await world.as_(HEAD).ask(LADDER_OF_UNIT, id=case["id"]))["case"] == {
        "urgings": [{"forDueOn": "2026-06-23"}],
        "talks": [],
        "conclusions": [],
        "circulars": [],
    }

    # 约谈: issued by the head of the office; held with two officers; the unit's head states why
    called = await call_talk(world, talk, shanghai(6, 29, 14, 30))
    assert called["status"] == "ISSUED"
    early = {"circular": circular["id"], "expected_version": 1, "outcome": "APPROVED"}
    assert await world.as_(MAYOR).refused("approveCircular", **early) == ["STATEMENT_PENDING DRAFT v1"]
    world.at(6, 29, 15, 30)
    promise = [{"text": "七月三日前完成整治并上报。", "due_on": "2026-07-03"}]
    held = await hold_talk(world, called, HEAD, statement="人手不足，已增派力量。", commitments=promise)
    assert held["status"] == "HELD"
    part = await part_of(world, case)
    assert [(slot["slot"], slot["state"], slot["dueOn"]) for slot in part["slots"]] == [
        ("ON_NOTICE", "OPEN", "2026-06-23"),
        ("ON_REQUEST", "OPEN", "2026-07-03"),  # a commitment is a date
    ]

    # 通报: only with an issued conclusion, approved by the head of the government, with the unit's own statement
    assert await world.as_(MAYOR).refused("approveCircular", **early) == ["CONCLUSION_PENDING DRAFT v1"]
    issued = await issue_conclusion(world, conclusion)
    assert (issued["status"], issued["reviewUntil"]) == ("ISSUED", "2026-07-29")  # thirty days of the 条例
    for login in (OFFICE_HEAD, "zhuren", LEADER):
        assert await world.as_(login).refused("approveCircular", **early) == ["NOT_ALLOWED"]
    approved = await approve_circular(world, circular)
    published = await publish_circular(world, approved)
    assert published["status"] == "PUBLISHED"

    everywhere = await world.as_("taiping.handler").ask(CIRCULARS)
    (shown,) = nodes(everywhere["circulars"])
    assert shown["document"]["number"] == "道督通〔2026〕1号"
    assert len(shown["document"]["recipients"]) == 20
    texts = [block["text"] for block in shown["document"]["body"]]
    assert "道督结〔2026〕1号" in texts
    assert "人手不足，已增派力量。" in texts
    assert (await world.as_("taiping.handler").ask("query Q($id: ID) { case(id: $id) { id } }", id=case["id"])) == {
        "case": None
    }

    # what was owed is still owed; a report answers the urging, late
    world.at(7, 3)
    report = await reported(world, await part_of(world, case))
    await world.tick()
    await accept(world, report)
    part = await part_of(world, case)
    assert (part["status"], part["completedOnTime"]) == ("COMPLETED", False)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert urging["answeredAt"] == "2026-07-03T01:00:00+00:00"


async def test_who_explains_is_not_urged_until_the_day_of_the_check(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 23, 17)
    explanation = await explain(world, await part_of(world, case))
    assert only(explanation, "forDueOn", "clock") == {"forDueOn": "2026-06-23", "clock": "COMPLETION"}

    # it rests the urging, not the light; the office answers within a working day
    await world.on(6, 24)
    assert (await ladder_of(world, case))["urgings"] == []
    assert (await part_of(world, case))["light"] == "RED"
    noted = await answer_explanation(world, explanation, "NOTED", check_on="2026-06-29")
    assert noted["answer"] == "NOTED"
    await world.on(6, 26)
    assert (await ladder_of(world, case))["urgings"] == []

    # on the day of the check nothing has come: the urging does
    await world.on(6, 29)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert only(urging, "kind", "forDueOn", "deliveredAt") == {
        "kind": "AUTOMATIC",
        "forDueOn": "2026-06-23",
        "deliveredAt": "2026-06-29T01:00:00+00:00",
    }

    # reported on the day of the urging: answered, and no talk
    world.at(6, 29, 16)
    await accept(world, await reported(world, await part_of(world, case)))
    await world.on(6, 30)
    found = await ladder_of(world, case)
    assert (found["urgings"][0]["answeredAt"], found["talks"]) == ("2026-06-29T08:00:00+00:00", [])
    assert (await part_of(world, case))["completedOnTime"] is False


async def test_a_call_counts_as_an_explanation_too(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    part = await part_of(world, case)
    world.at(6, 23, 17)
    call = {"assignment": part["id"], "channel": "PHONE", "words": "称连日降雨，无法施工。", "person_reached": "杜鹃"}
    answer = await world.as_(OFFICER).do("recordExplanation", "explanation { id text forDueOn version }", **call)
    assert answer["explanation"]["text"] == "称连日降雨，无法施工。"
    await world.on(6, 24)
    assert (await ladder_of(world, case))["urgings"] == []
    seen = await world.as_(HANDLER).ask(EXPLANATIONS, id=part["id"])
    assert seen["node"] == {
        "explanations": [{"text": "称连日降雨，无法施工。"}],
        "followUps": [{"words": "称连日降雨，无法施工。", "explains": True}],  # it may contradict
    }


async def test_an_insufficient_explanation_is_urged_by_hand(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 23, 17)
    explanation = await explain(world, await part_of(world, case))
    world.at(6, 24, 9)
    await answer_explanation(world, explanation, "INSUFFICIENT", reason="未说明具体原因。")
    await world.tick()
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert only(urging, "kind", "deliveredAt") == {"kind": "MANUAL", "deliveredAt": "2026-06-24T01:00:00+00:00"}


async def test_an_extension_moves_the_date_and_keeps_the_first_one(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 22)
    request = await ask_for(world, await part_of(world, case), "2026-07-10")
    granted = await decide_extension(world, request, "APPROVED_WITH_CHANGES", granted_due_on="2026-07-03")
    assert only(granted, "status", "grantedDueOn") == {"status": "GRANTED", "grantedDueOn": "2026-07-03"}
    await world.on(6, 24)
    part = await part_of(world, case)
    assert (part["completionDueOn"], part["light"], (await ladder_of(world, case))["urgings"]) == (
        "2026-07-03",
        "GREEN",
        [],
    )
    seen = await world.as_(HANDLER).ask(ORIGINAL, id=part["id"])
    assert seen["node"]["originalCompletionDueOn"] == "2026-06-23"
    await world.on(7, 6)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert urging["forDueOn"] == "2026-07-03"


async def test_a_sheet_that_came_in_time_takes_the_urging_back(world: World) -> None:
    """A town that sends a sealed sheet in time is never late, though the office enters it after the urging."""
    case = await dispatched(world, matter=TASK)
    await world.on(6, 24)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert urging["withdrawnAt"] is None
    world.at(6, 24, 10)
    sheet = await outside(world, HEAD, shanghai(6, 23, 16))
    entered = await enter(world, "receiveReport", **sheet_of(await part_of(world, case)), recorded=sheet)
    await check(world, entered)
    await world.tick()
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert (urging["withdrawnAt"], urging["answeredAt"]) == ("2026-06-24T02:00:00+00:00", None)
    await world.on(6, 25)
    assert (await ladder_of(world, case))["talks"] == []
    assert [slot["metOnTime"] for slot in (await part_of(world, case))["slots"]] == [True]


async def test_after_days_of_downtime_the_first_stage_comes_first(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    await world.on(7, 6)
    found = await ladder_of(world, case)
    assert ([urging["deliveredAt"] for urging in found["urgings"]], found["talks"]) == (
        ["2026-07-06T01:00:00+00:00"],
        [],
    )
    await world.on(7, 7)
    assert [talk["status"] for talk in (await ladder_of(world, case))["talks"]] == ["DRAFT"]


async def test_a_unit_that_is_not_the_districts_own_is_urged_but_not_talked_to(world: World) -> None:
    case = await dispatched(world, "区税务局", matter=TASK)
    await world.on(6, 24)
    await world.on(6, 25)
    found = await ladder_of(world, case)
    assert (len(found["urgings"]), found["talks"], found["circulars"]) == (1, [], [])


def only(row: Row, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def nodes(connection: Row) -> list[Row]:
    return [edge["node"] for edge in connection["edges"]]


LADDER_OF_UNIT = (
    "query Q($id: ID) { case(id: $id) { urgings { forDueOn } talks { id } conclusions { id } circulars { id } } }"
)
SEEN_BY_UNIT = (
    "query Q($id: ID) { case(id: $id) { documents { number } } "
    "todos(first: 20) { edges { node { action mutation dueOn } } } "
    "notifications(first: 20) { edges { node { topic } } } }"
)
CIRCULARS = (
    "{ circulars(first: 5) { edges { node { document { number body { text } recipients { printedName } } } } } }"
)
EXPLANATIONS = (
    "query Q($id: ID!) { node(id: $id) { ... on Assignment { explanations { text } followUps { words explains } } } }"
)
ORIGINAL = "query Q($id: ID!) { node(id: $id) { ... on Assignment { originalCompletionDueOn } } }"
