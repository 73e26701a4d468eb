"""第七条(二) 联合承办: the lead answers for all, and says of a supporting unit that stayed silent that it did."""

from tests.bed.procedure import (
    CITY,
    OFFICER,
    Row,
    accept,
    case_now,
    contribute,
    dispatched,
    draft,
    handler_of,
    part_of,
    parts,
    propose_closing,
    sign,
    submit,
)
from tests.bed.world import World

ENVIRONMENT, STREET = "区生态环境局", "通江街道办事处"
TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}


async def test_a_silent_supporting_unit_is_named(world: World) -> None:
    case = await dispatched(world, CITY, ENVIRONMENT, STREET, matter=TASK)
    everyone = await parts(world, case)
    assert {name: part["role"] for name, part in everyone.items()} == {
        CITY: "LEAD",
        ENVIRONMENT: "SUPPORTING",
        STREET: "SUPPORTING",
    }
    # due a working day before the lead, and never urged
    assert everyone[STREET]["slots"][0]["slot"] == "CONTRIBUTION"
    assert everyone[STREET]["dueOn"] == "2026-06-22"
    assert everyone[CITY]["dueOn"] == case["dueOn"] == "2026-06-23"

    world.at(6, 18)
    await contribute(world, everyone[ENVIRONMENT], "已查处餐饮油烟三家。")

    # only the lead reports
    street = handler_of(everyone[STREET])
    assert await world.as_(street).refused(
        "draftReport",
        assignment=everyone[STREET]["id"],
        content="RESULT",
        sections=[{"kind": "SITUATION", "text": "已配合。"}],
    ) == ["input.assignment NOT_APPLICABLE"]

    # a report that passes over the street in silence does not count
    world.at(6, 23)
    lead = everyone[CITY]
    written = await sign(world, lead, await draft(world, lead))
    assert await world.as_(handler_of(lead)).refused(
        "submitReport", report=written["id"], expected_version=written["version"]
    ) == ["report.contributions CONTRIBUTION_MISSING"]

    missing = {"missing_contributions": [everyone[STREET]["id"]]}
    written = await draft(world, lead, **missing)
    report = await submit(world, lead, await sign(world, lead, written))
    assert report["status"] == "SUBMITTED"
    named = (await world.as_(OFFICER).ask(MISSING, id=report["id"]))["node"]["missingContributions"]
    assert named == [{"unitName": STREET}]
    seen = (await world.as_(handler_of(lead)).ask(CONTRIBUTIONS, id=case["id"]))["case"]["assignments"]
    assert {part["unit"]["name"]: received(part) for part in seen} == {
        CITY: [],
        ENVIRONMENT: ["已查处餐饮油烟三家。"],
        STREET: [],
    }

    # the street is late; the case is not, and is done when its lead is
    await accept(world, report)
    everyone = await parts(world, case)
    assert (everyone[CITY]["status"], everyone[CITY]["completedOnTime"]) == ("COMPLETED", True)
    assert everyone[STREET]["light"] == "RED"
    assert (await case_now(world, case))["light"] == "GREEN"
    assert (await propose_closing(world, case))["status"] == "CLOSING"


async def test_what_comes_late_after_all_is_not_reported_as_missing(world: World) -> None:
    case = await dispatched(world, CITY, STREET, matter=TASK)
    lead, street = await part_of(world, case), await part_of(world, case, STREET)
    written = await sign(world, lead, await draft(world, lead, missing_contributions=[street["id"]]))
    await contribute(world, street)
    report = await submit(world, lead, written)
    answer = await world.as_(handler_of(lead)).ask(MISSING, id=report["id"])
    assert answer["node"]["missingContributions"] == []


MISSING = "query Q($id: ID!) { node(id: $id) { ... on Report { missingContributions { unitName } } } }"
CONTRIBUTIONS = (
    "query Q($id: ID) { case(id: $id) { assignments { unit { name } "
    "reports(first: 9) { edges { node { contribution sections { text } } } } } } }"
)


def received(part: Row) -> list[str]:
    nodes = [edge["node"] for edge in part["reports"]["edges"]]
    return [section["text"] for node in nodes if node["contribution"] for section in node["sections"]]
