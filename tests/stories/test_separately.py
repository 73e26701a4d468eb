"""第七条(二) 分别承办: twenty units report each for itself, one of them on paper (代录), which is never late."""

from app.demo.district import UNITS
from tests.bed.procedure import (
    CHECKER,
    OFFICER,
    Row,
    accept,
    case_now,
    check,
    confirm_closing,
    dispatched,
    enter,
    head_of,
    outside,
    part_of,
    parts,
    propose_closing,
    reported,
    sheet_of,
)
from tests.bed.world import World, shanghai

ALL = [seed.name for seed in UNITS]
TOWN = "新农镇人民政府"
TASK = {"matter_type": "INSPECTION_TASK", "instructions": [], "title": "燃气安全隐患排查"}


async def test_twenty_units_report_each_for_itself_one_of_them_on_paper(world: World) -> None:
    case = await dispatched(world, *ALL, matter=TASK, handling="SEPARATE")
    everyone = await parts(world, case)
    assert len(everyone) == 20
    assert {part["role"] for part in everyone.values()} == {"PRINCIPAL"}

    world.at(6, 23, 11)
    reports = [await reported(world, part) for name, part in everyone.items() if name != TOWN]
    world.at(6, 23, 18)
    for report in reports:
        await accept(world, report)
    assert await world.as_(OFFICER).refused("proposeClosing", case=case["id"], summary="已排查。") == [
        "STILL_OWED DISPATCHED v4"
    ]

    # the town's sealed sheet came on the last day; it is entered on the next and checked on the one after
    world.at(6, 24)
    sheet = await outside(world, "xinnong.head", shanghai(6, 23, 16, 30))
    entered = await enter(world, "receiveReport", **sheet_of(everyone[TOWN]), recorded=sheet)
    assert (entered["status"], entered["medium"]) == ("AWAITING_CHECK", "PAPER")
    assert (await part_of(world, case, TOWN))["light"] == "RED"  # it has not taken effect yet

    world.at(6, 25)
    assert (await check(world, entered))["status"] == "EFFECTIVE"
    town = await part_of(world, case, TOWN)
    assert town["light"] == "GREEN"
    assert [(slot["state"], slot["metAt"], slot["metOnTime"]) for slot in town["slots"]] == [
        ("MET", "2026-06-23T08:30:00+00:00", True)
    ]

    report = await only_report_of(world, town)
    assert report["submittedAt"] == "2026-06-23T08:30:00+00:00"
    assert report["receivedAt"] == "2026-06-25T01:00:00+00:00"
    assert report["signature"] == {"printedName": "陈大勇", "printedUnit": TOWN, "medium": "PAPER"}
    await accept(world, report, comment="已收纸质报告。")

    done = await parts(world, case)
    assert {part["status"] for part in done.values()} == {"COMPLETED"}
    assert {part["completedOnTime"] for part in done.values()} == {True}
    await confirm_closing(world, await propose_closing(world, case))
    seen = await case_now(world, case, "closures { onTime }")
    assert (seen["status"], seen["closures"]) == ("CLOSED", [{"onTime": True}])


async def test_one_late_unit_makes_the_closing_late_and_no_other_part(world: World) -> None:
    case = await dispatched(world, *ALL[:3], matter=TASK, handling="SEPARATE")
    everyone = await parts(world, case)
    punctual, late = [everyone[name] for name in ALL[:2]], everyone[ALL[2]]
    world.at(6, 23, 23, 59)
    reports = [await reported(world, part) for part in punctual]
    world.at(6, 24, 0)
    reports.append(await reported(world, late))
    for report in reports:
        await accept(world, report)
    done = await parts(world, case)
    assert {name: part["completedOnTime"] for name, part in done.items()} == {ALL[0]: True, ALL[1]: True, ALL[2]: False}
    await confirm_closing(world, await propose_closing(world, case))
    assert (await case_now(world, case, "closures { onTime }"))["closures"] == [{"onTime": False}]


async def test_a_sheet_is_not_checked_by_who_entered_it_nor_entered_by_a_unit(world: World) -> None:
    case = await dispatched(world, TOWN, matter=TASK)
    part = await part_of(world, case, TOWN)
    sheet = await outside(world, head_of(part), shanghai(6, 15, 8))
    own = await outside(world, head_of(part), shanghai(6, 15, 8), by="xinnong.handler")
    assert await world.as_("xinnong.handler").refused("receiveReport", **sheet_of(part), recorded=own) == [
        "NOT_ALLOWED"
    ]
    entered = await enter(world, "receiveReport", **sheet_of(part), recorded=sheet)
    given = {"act": entered["id"], "expected_version": entered["version"]}
    assert await world.as_(OFFICER).refused("checkRecordedAct", **given) == ["NOT_ALLOWED SOD-9"]
    rejected = await world.as_(CHECKER).do("rejectRecordedAct", "act { status }", **given, reason="公章不清。")
    assert rejected["act"]["status"] == "REJECTED"
    assert (await part_of(world, case, TOWN))["slots"][0]["state"] == "OPEN"


async def test_a_sheet_that_its_head_did_not_sign_does_not_count(world: World) -> None:
    """The check runs the act itself: who heads no unit signs for none, and the act waits on."""
    case = await dispatched(world, TOWN, matter=TASK)
    part = await part_of(world, case, TOWN)
    sheet = await outside(world, "xinnong.handler", shanghai(6, 15, 8))
    entered = await enter(world, "receiveReport", **sheet_of(part), recorded=sheet)
    given = {"act": entered["id"], "expected_version": entered["version"]}
    assert await world.as_(CHECKER).refused("checkRecordedAct", **given) == ["NOT_ALLOWED HEAD-1"]


async def only_report_of(world: World, part: Row) -> Row:
    document = (
        "query Q($id: ID!) { node(id: $id) { ... on Assignment { reports(first: 2) { edges { node { "
        "id version submittedAt receivedAt signature { printedName printedUnit medium } } } } } } }"
    )
    (edge,) = (await world.as_(OFFICER).ask(document, id=part["id"]))["node"]["reports"]["edges"]
    found: Row = edge["node"]
    return found
