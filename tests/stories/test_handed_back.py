"""退办: a unit hands back, once and soon, what is not its own; the unit that gets it has the full days."""

from tests.bed.ladder import ladder_of
from tests.bed.procedure import (
    CITY,
    LEADER,
    Row,
    acknowledge,
    case_now,
    dispatched,
    give_to,
    hand_back,
    handler_of,
    head_of,
    part_of,
    parts,
    reported,
)
from tests.bed.world import World

TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}
ENVIRONMENT = "区生态环境局"


async def test_who_is_given_what_another_handed_back_has_the_full_days(world: World) -> None:
    case = await dispatched(world, matter=TASK)  # five working days: until Tuesday the 23rd
    part = await part_of(world, case)
    request = await hand_back(world, part, suggested_unit=world.unit(ENVIRONMENT))
    assert await world.as_(head_of(part)).refused("requestReassignment", **asked(part)) == ["ALREADY_DONE"]
    await world.tick()
    assert "DECIDE_REASSIGNMENT" in await actions(world, LEADER)

    # while it waits the clock runs, and nobody is urged
    await world.on(6, 24)
    assert (await ladder_of(world, case))["urgings"] == []
    assert (await case_now(world, case))["light"] == "RED"
    assert (await give_to(world, request, ENVIRONMENT))["status"] == "GRANTED"

    # it ends for the first unit, which sees nothing of it any more; the other has its own notice and five working days
    found = await parts(world, case)
    assert (found[CITY]["status"], found[CITY]["light"]) == ("ENDED", "NONE")
    assert {slot["state"] for slot in found[CITY]["slots"]} == {"CANCELLED"}
    new = found[ENVIRONMENT]
    assert (new["status"], new["role"], new["dueOn"], new["completionDueOn"]) == (
        "ISSUED",
        "LEAD",
        "2026-07-01",
        "2026-07-01",
    )
    assert (await case_now(world, case))["light"] == "GREEN"
    seen = await case_now(world, case, "documents { status number } decisions { kind }")
    assert sorted(document["status"] for document in seen["documents"]) == ["ISSUED", "SUPERSEDED"]
    document = "query Q($id: ID) { case(id: $id) { number } }"
    assert (await world.as_(handler_of(part)).ask(document, id=case["id"]))["case"] is None
    await acknowledge(world, new)
    await reported(world, new)
    await world.on(7, 2)
    assert (await ladder_of(world, case))["urgings"] == []


async def test_what_stays_with_its_unit_is_urged_as_before_and_handed_back_no_more(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    part = await part_of(world, case)
    request = await hand_back(world, part)
    given = {"reassignment_request": request["id"], "expected_version": request["version"], "outcome": "DECLINED"}
    leader = world.as_(LEADER)
    assert await leader.refused("decideReassignment", **given) == ["input.comment REQUIRED"]
    assert await leader.refused("decideReassignment", **given | {"outcome": "NOTED"}, comment="阅。") == [
        "input.outcome NOT_APPLICABLE"
    ]
    assert await leader.refused("decideReassignment", **given | {"outcome": "APPROVED"}) == ["input.unit REQUIRED"]
    assert await leader.refused("decideReassignment", **given | {"outcome": "APPROVED"}, unit=world.unit(CITY)) == [
        "input.unit DUPLICATE"
    ]
    await leader.do("decideReassignment", "request { status }", **given, comment="属于你单位职责。")
    assert await leader.refused("decideReassignment", **given, comment="再议。") == ["VERSION_CONFLICT DECLINED v2"]
    assert await world.as_(head_of(part)).refused("requestReassignment", **asked(part)) == ["ALREADY_DONE"]
    await world.on(6, 24)
    assert len((await ladder_of(world, case))["urgings"]) == 1


async def test_it_is_handed_back_within_a_working_day(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    part = await part_of(world, case)
    world.at(6, 17, 0, 1)
    assert await world.as_(head_of(part)).refused("requestReassignment", **asked(part)) == ["TOO_LATE_TO_REASSIGN"]
    assert await world.as_(handler_of(part)).refused("requestReassignment", **asked(part)) == ["NOT_ALLOWED"]


async def test_a_supporting_part_is_given_on_as_such(world: World) -> None:
    case = await dispatched(world, CITY, ENVIRONMENT, matter=TASK)
    request = await hand_back(world, (await parts(world, case))[ENVIRONMENT])
    await give_to(world, request, "区教育局")
    found = await parts(world, case)
    assert (found[ENVIRONMENT]["status"], found["区教育局"]["role"]) == ("ENDED", "SUPPORTING")
    assert [(slot["slot"], slot["state"]) for slot in found["区教育局"]["slots"]] == [("CONTRIBUTION", "OPEN")]


def asked(part: Row) -> dict[str, str]:
    return {"assignment": part["id"], "ground": "WRONG_ADDRESSEE", "basis": "不属于本单位职责。"}


async def actions(world: World, login: str) -> list[str]:
    found = await world.as_(login).ask("{ todos(first: 50) { edges { node { action } } } }")
    return [edge["node"]["action"] for edge in found["todos"]["edges"]]
