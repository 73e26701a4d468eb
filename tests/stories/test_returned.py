"""第十条: returned for 补充说明, then for 重新办理. The first submission came in time, and stays so."""

from tests.bed.procedure import (
    Row,
    accept,
    approve,
    case_now,
    dispatch,
    dispatched,
    part_of,
    propose,
    register,
    reported,
    send_back,
)
from tests.bed.world import World


async def test_returned_twice_and_still_on_time(world: World) -> None:
    case = await dispatched(world)
    world.at(6, 18)
    first = await reported(world, await part_of(world, case))

    # 补充说明: two working days, the holiday not counted
    returned = await send_back(world, first, grounds=["UNCLEAR", "NO_CONCLUSION"], remedy="SUPPLEMENT")
    assert (returned["status"], returned["remedy"], returned["reworkDueOn"]) == ("RETURNED", "SUPPLEMENT", "2026-06-23")
    part = await part_of(world, case)
    assert part["returnedCount"] == 1
    assert slots(part) == [("ON_NOTICE", "RETURNED", "2026-06-23", True), ("REWORK", "OPEN", "2026-06-23", None)]

    world.at(6, 23, 17)
    second = await reported(world, part)

    # 重新办理: the days of the tier once more, beyond the first completion date
    world.at(6, 24)
    returned = await send_back(world, second, grounds=["NOT_CARRIED_OUT"], remedy="REDO", comment="现场仍有占道经营。")
    assert (returned["remedy"], returned["reworkDueOn"]) == ("REDO", "2026-07-01")
    part = await part_of(world, case)
    assert part["returnedCount"] == 2
    assert slots(part) == [
        ("ON_NOTICE", "RETURNED", "2026-06-23", True),
        ("REWORK", "RETURNED", "2026-06-23", True),
        ("REWORK", "OPEN", "2026-07-01", None),
    ]

    world.at(7, 1, 20)
    third = await reported(world, part)
    world.at(7, 2)
    await accept(world, third)
    part = await part_of(world, case)
    assert (part["status"], part["completedOnTime"]) == ("COMPLETED", True)
    assert slots(part)[2] == ("REWORK", "MET", "2026-07-01", True)
    reports = (await case_now(world, case, "reports(first: 9) { edges { node { status returnGrounds } } }"))["reports"]
    assert [(edge["node"]["status"], edge["node"]["returnGrounds"]) for edge in reports["edges"]] == [
        ("ACCEPTED", []),
        ("RETURNED", ["NOT_CARRIED_OUT"]),
        ("RETURNED", ["UNCLEAR", "NO_CONCLUSION"]),
    ]


async def test_what_was_returned_is_returned_for_good(world: World) -> None:
    case = await dispatched(world)
    report = await reported(world, await part_of(world, case))
    await send_back(world, report)
    for mutation in ("acceptReport", "returnReport"):
        again = {"grounds": ["UNCLEAR"], "remedy": "REDO", "comment": "再改。"} if mutation == "returnReport" else {}
        assert await world.as_("duban.zheng").refused(
            mutation, report=report["id"], expected_version=report["version"] + 1, **again
        ) == ["STATUS_CONFLICT RETURNED"]


async def test_a_leaders_own_date_is_not_moved_by_rework(world: World) -> None:
    registered = await register(world)
    (words,) = (await case_now(world, registered, "instructions { id }"))["instructions"]
    by_word = {"tier": "LEADER_SPECIFIED", "report_due_on": "2026-06-18", "instruction": words["id"]}
    case = await dispatch(world, await approve(world, await propose(world, registered, **by_word)))
    world.at(6, 17)
    report = await reported(world, await part_of(world, case))
    returned = await send_back(world, report, remedy="REDO")
    assert returned["reworkDueOn"] == "2026-06-18"


def slots(part: Row) -> list[tuple[str, str, str, bool | None]]:
    return [(slot["slot"], slot["state"], slot["dueOn"], slot["metOnTime"]) for slot in part["slots"]]
