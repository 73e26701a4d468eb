"""变更 (第七条（一）): who decides a case changes by a numbered notice what its units were told."""

import pytest

from tests.bed.ladder import ladder_of
from tests.bed.procedure import (
    CHECKER,
    CITY,
    LEADER,
    Row,
    accept,
    amend,
    case_now,
    check,
    dispatched,
    enter,
    handler_of,
    outside,
    part_of,
    parts,
    reported,
    suspend,
)
from tests.bed.world import World, shanghai

TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}
ENVIRONMENT = "区生态环境局"
_DATES = "version requirement dueOn documents { kind number body { label text } }"


async def notice(world: World, case: Row) -> Row:
    found = await case_now(world, case, _DATES)
    (told,) = [one for one in found["documents"] if one["kind"] == "AMENDMENT_NOTICE"]
    blocks = [" ".join(filter(None, (block["label"], block["text"]))) for block in told["body"]]
    return {"number": told["number"], "blocks": blocks, "case": found}


async def test_a_shortened_date_runs_from_the_notice_and_the_first_one_stays_on_record(world: World) -> None:
    case = await dispatched(world, matter=TASK)  # five working days: until Tuesday the 23rd
    world.at(6, 16)
    amended = await amend(world, case, requirement="先清淤，后修缮。", completion_due_on="2026-06-18")
    assert (amended["status"], amended["dueOn"]) == ("DISPATCHED", "2026-06-18")
    told = await notice(world, case)
    assert told["number"] == "道政督变〔2026〕1号"
    assert told["case"]["requirement"] == "先清淤，后修缮。"
    assert told["blocks"] == [
        f"督办编号 {case['number']}",
        "原通知 道政督〔2026〕1号",
        "先清淤，后修缮。",
        "办结时限 变更为2026年6月18日前",
        "原定于办结当日上报的，上报时限一并变更。",
        "其他事项仍按原通知办理。",
    ]
    (part,) = (await case_now(world, case, "assignments { originalCompletionDueOn completionDueOn slots { dueOn } }"))[
        "assignments"
    ]
    assert (part["originalCompletionDueOn"], part["completionDueOn"]) == ("2026-06-23", "2026-06-18")
    assert part["slots"] == [{"dueOn": "2026-06-18"}]
    await world.on(6, 22)  # 19 to 21 June are a holiday
    assert [one["forDueOn"] for one in (await ladder_of(world, case))["urgings"]] == ["2026-06-18"]


async def test_the_unit_hears_of_it_and_the_decision_says_what_was_changed(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    await world.tick()
    world.at(6, 16)
    await amend(world, case, report_due_on="2026-06-22", report_due_time="18:00", completion_due_on="2026-06-30")
    await world.tick()
    handler = world.as_(handler_of(await part_of(world, case)))
    told = await handler.ask("{ notifications(first: 1) { edges { node { topic } } } }")
    assert told["notifications"]["edges"][0]["node"]["topic"] == "case.amended"
    seen = "decisions { kind changes { field before after } }"
    decisions = (await case_now(world, case, seen))["decisions"]
    assert [one["changes"] for one in decisions if one["kind"] == "AMENDMENT"] == [
        [
            {"field": "REPORT_DUE_ON", "before": "2026-06-23", "after": "2026-06-22"},
            {"field": "REPORT_DUE_TIME", "before": None, "after": "18:00:00"},
            {"field": "COMPLETION_DUE_ON", "before": "2026-06-23", "after": "2026-06-30"},
        ]
    ]
    part = await part_of(world, case)
    assert ([slot["dueOn"] for slot in part["slots"]], part["completionDueOn"]) == (["2026-06-22"], "2026-06-30")


async def test_a_later_date_takes_back_what_was_urged_for_the_old_one(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    await world.on(6, 24)
    await world.on(6, 25, 8, 30)
    (urging,) = (await ladder_of(world, case))["urgings"]
    assert (urging["deliveredAt"] is not None, urging["withdrawnAt"]) == (True, None)
    await amend(world, await case_now(world, case), report_due_on="2026-06-30", completion_due_on="2026-06-30")
    await world.on(6, 29)
    now = await ladder_of(world, case)
    assert now["urgings"][0]["withdrawnAt"] is not None
    assert ([talk["status"] for talk in now["talks"]], now["dueOn"], now["light"]) == (
        ["CANCELLED"],
        "2026-06-30",
        "YELLOW",
    )
    await world.on(7, 1)  # the new date has an urging of its own
    assert [one["forDueOn"] for one in (await ladder_of(world, case))["urgings"]] == ["2026-06-23", "2026-06-30"]


async def test_of_units_together_the_supporting_one_answers_before_the_new_date(world: World) -> None:
    case = await dispatched(world, CITY, ENVIRONMENT, matter=TASK)
    await amend(world, case, report_due_on="2026-07-15", completion_due_on="2026-07-15")
    found = await parts(world, case)
    assert {name: [slot["dueOn"] for slot in part["slots"]] for name, part in found.items()} == {
        CITY: ["2026-07-15"],
        ENVIRONMENT: ["2026-07-14"],
    }


async def test_on_paper_it_takes_effect_when_a_second_officer_has_checked_it(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 16)
    sheet = await outside(world, LEADER, shanghai(6, 16, 8), "PAPER")
    given = {"case": case["id"], "expected_version": case["version"], "reason": "汛期提前。"}
    act = await enter(world, "amendCase", **given, completion_due_on="2026-06-30", recorded=sheet)
    assert (await case_now(world, case))["completionDueOn"] == "2026-06-23"
    await check(world, act, CHECKER)
    assert (await case_now(world, case))["completionDueOn"] == "2026-06-30"


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, ["input.requirement REQUIRED"]),
        ({"requirement": " "}, ["input.requirement REQUIRED"]),
        ({"completion_due_on": "2026-06-14"}, ["input.completionDueOn BAD_DATE"]),
        ({"report_due_on": "2026-06-24"}, ["input.reportDueOn BAD_DATE"]),
        ({"report_due_on": "2026-06-30", "completion_due_on": "2026-06-29"}, ["input.reportDueOn BAD_DATE"]),
        ({"requirement": "先清淤。", "report_due_time": "18:00"}, ["input.reportDueTime NOT_APPLICABLE"]),
        ({"requirement": "先清淤。", "reason": ""}, ["input.reason REQUIRED"]),
    ],
)
async def test_what_an_amendment_must_be(world: World, given: dict[str, str], problems: list[str]) -> None:
    case = await dispatched(world, matter=TASK)
    told = {"case": case["id"], "expected_version": case["version"], "reason": "汛期提前。"} | given
    assert await world.as_(LEADER).refused("amendCase", **told) == problems


async def test_only_what_is_with_its_units_is_amended(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    stopped = await suspend(world, case)
    told = {
        "case": case["id"],
        "expected_version": stopped["version"],
        "reason": "汛期提前。",
        "requirement": "先清淤。",
    }
    assert await world.as_(LEADER).refused("amendCase", **told) == [f"STATUS_CONFLICT SUSPENDED v{stopped['version']}"]


async def test_when_all_is_done_there_is_nobody_to_tell(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    await accept(world, await reported(world, await part_of(world, case)))
    now = await case_now(world, case)
    told = {"case": case["id"], "expected_version": now["version"], "reason": "汛期提前。"}
    assert await world.as_(LEADER).refused("amendCase", **told, report_due_on="2026-06-30") == [
        "input.case NOT_APPLICABLE",
        "input.reportDueOn NOT_APPLICABLE",
    ]
