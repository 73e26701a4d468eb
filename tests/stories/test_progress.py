"""第七条(二), two clocks: progress in due form keeps the report date; only an accepted result keeps 办结时限."""

from tests.bed.procedure import CITY, Row, accept, case_now, dispatched, part_of, reported
from tests.bed.world import World

TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}


async def test_progress_does_not_stop_the_completion_clock(world: World) -> None:
    # 复杂事项: a report within fifteen days, the whole done by the end of July
    case = await dispatched(world, matter=TASK, tier="COMPLEX", completion_due_on="2026-07-31")
    assert (case["dueOn"], case["completionDueOn"]) == ("2026-06-30", "2026-07-31")

    world.at(6, 30, 16)
    progress = await reported(world, await part_of(world, case), content="PROGRESS")
    await accept(world, progress)
    part = await part_of(world, case)
    assert (part["status"], part["light"], part["dueOn"]) == ("ISSUED", "GREEN", "2026-07-31")
    assert slots(part) == [("ON_NOTICE", "MET", True)]

    # more progress changes nothing: three working days before the end it turns yellow, then red
    world.at(7, 27, 23, 59)
    more = await reported(world, part, content="PROGRESS")
    await accept(world, more)
    assert (await part_of(world, case))["light"] == "GREEN"
    world.at(7, 28, 0)
    assert (await part_of(world, case))["light"] == "YELLOW"
    world.at(7, 31, 23, 59)
    assert (await part_of(world, case))["light"] == "YELLOW"
    world.at(8, 1, 0)
    part = await part_of(world, case)
    assert (part["light"], part["dueOn"]) == ("RED", "2026-07-31")

    # a result that comes late completes the part, late
    world.at(8, 3)
    await accept(world, await reported(world, part))
    part = await part_of(world, case)
    assert (part["status"], part["completedOnTime"]) == ("COMPLETED", False)
    assert slots(part) == [("ON_NOTICE", "MET", True)]


async def test_a_result_in_time_that_is_reviewed_late_is_in_time(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 23, 23, 59)
    report = await reported(world, await part_of(world, case))
    world.at(6, 26)
    assert (await part_of(world, case))["light"] == "GREEN"  # the office is late, not the unit
    await accept(world, report)
    assert (await part_of(world, case))["completedOnTime"] is True


async def test_progress_taken_back_is_owed_again(world: World) -> None:
    case = await dispatched(world, matter=TASK, tier="COMPLEX", completion_due_on="2026-07-31")
    part = await part_of(world, case)
    progress = await reported(world, part, content="PROGRESS")
    taken = await world.as_("chengguan.handler").do(
        "withdrawReport", "report { status }", report=progress["id"], expected_version=progress["version"]
    )
    assert taken["report"]["status"] == "WITHDRAWN"
    part = await part_of(world, case)
    assert part["dueOn"] == "2026-06-30"
    assert slots(part) == [("ON_NOTICE", "OPEN", None)]
    waiting = (await case_now(world, case, "waitingFor { action unit { name } }"))["waitingFor"]
    assert {(todo["action"], todo["unit"]["name"]) for todo in waiting} == {
        ("ACKNOWLEDGE", CITY),
        ("REPORT", CITY),
        ("COMPLETION", CITY),
    }


def slots(part: Row) -> list[tuple[str, str, bool | None]]:
    return [(slot["slot"], slot["state"], slot["metOnTime"]) for slot in part["slots"]]
