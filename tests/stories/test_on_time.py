"""第七条(二) 报告结果, and what follows: reported in time, accepted, read by the leader, closed by another."""

from tests.bed.procedure import (
    CITY,
    LEADER,
    OFFICE_HEAD,
    OFFICER,
    accept,
    acknowledge,
    case_now,
    confirm_closing,
    dispatched,
    lay_before,
    part_of,
    propose_closing,
    read,
    reported,
)
from tests.bed.world import World

WAITING = "waitingFor { action dueOn unit { name } person { name } role }"


async def test_a_result_that_came_in_time_is_read_and_closed(world: World) -> None:
    # 登记分发: on Monday the notice goes out; on Tuesday the unit names who handles it
    case = await dispatched(world)
    world.at(6, 16)
    await acknowledge(world, await part_of(world, case))

    # 报告结果: signed by the head, with contact and seal, on Thursday; due on the 23rd
    world.at(6, 18, 15)
    report = await reported(world, await part_of(world, case))
    assert report["status"] == "SUBMITTED"
    assert report["submittedAt"] == report["receivedAt"] == "2026-06-18T07:00:00+00:00"
    seen = await case_now(world, case, f"completionDueOn {WAITING}")
    assert seen["light"] == "GREEN"
    assert seen["dueOn"] is None  # nothing is owed while the office reviews
    assert seen["waitingFor"] == [waits("REVIEW_REPORT", "2026-06-23", role="supervision_officer")]

    # 审核: accepted after the holiday
    world.at(6, 22)
    assert (await accept(world, report))["status"] == "ACCEPTED"
    part = await part_of(world, case)
    assert part["status"] == "COMPLETED"
    assert part["completedAt"] == "2026-06-18T07:00:00+00:00"
    assert part["completedOnTime"] is True
    assert [(slot["state"], slot["metOnTime"]) for slot in part["slots"]] == [("MET", True)]

    # 呈阅: the leader who instructed reads the result, and has five working days for new words
    assert await world.as_(OFFICER).refused("proposeClosing", case=case["id"], summary="已落实。") == [
        "READING_REQUIRED DISPATCHED v4"
    ]
    world.at(6, 22, 10)
    reading = await lay_before(world, case)
    assert (await read(world, reading))["readOn"] == "2026-06-22"
    world.at(6, 29, 23, 59)
    assert await world.as_(OFFICER).refused("proposeClosing", case=case["id"], summary="已落实。") == [
        "READING_PENDING DISPATCHED v4"
    ]

    # 办结: proposed by one, confirmed by another
    world.at(6, 30)
    closing = await propose_closing(world, case)
    assert closing["status"] == "CLOSING"
    assert await world.as_(OFFICER).refused(
        "confirmClosing", case=case["id"], expected_version=closing["version"], outcome="APPROVED"
    ) == ["NOT_ALLOWED SOD-6"]
    closed = await confirm_closing(world, closing)
    assert (closed["status"], closed["light"], closed["dueOn"]) == ("CLOSED", "NONE", None)

    seen = await case_now(world, case, f"closedAt closures {{ nth onTime }} {WAITING} {DECISIONS}")
    assert seen["closedAt"] == "2026-06-30T01:00:00+00:00"
    assert seen["closures"] == [{"nth": 1, "onTime": True}]
    assert seen["waitingFor"] == []
    assert [(one["kind"], one["outcome"], one["printedName"]) for one in seen["decisions"]] == [
        ("HANDLING", "APPROVED", world.district.names[LEADER]),
        ("SIGNATURE", "APPROVED", world.district.names["chengguan.head"]),
        ("REPORT", "APPROVED", world.district.names["duban.zheng"]),
        ("READING", "NOTED", world.district.names[LEADER]),
        ("CLOSING", "APPROVED", world.district.names[OFFICE_HEAD]),
    ]


async def test_the_unit_follows_its_own_part_to_the_end(world: World) -> None:
    case = await dispatched(world)
    world.at(6, 18)
    report = await reported(world, await part_of(world, case))
    await accept(world, report)
    seen = await world.as_("chengguan.handler").ask(
        "query Q($id: ID) { case(id: $id) { timeline(first: 20) { edges { node { type unit { name } } } } "
        "reports(first: 5) { edges { node { status signature { printedName printedPost printedUnit } "
        "review { outcome } } } } } todos(first: 10) { edges { node { mutation } } } }",
        id=case["id"],
    )
    assert [edge["node"]["type"] for edge in seen["case"]["timeline"]["edges"]] == [
        "report.accepted",
        "report.submitted",
        "report.signed",
        "report.drafted",
        "case.dispatched",
    ]
    signature = {"printedName": "潘志远", "printedPost": "主要负责人", "printedUnit": CITY}
    assert [edge["node"] for edge in seen["case"]["reports"]["edges"]] == [
        {"status": "ACCEPTED", "signature": signature, "review": {"outcome": "APPROVED"}}
    ]
    assert seen["todos"]["edges"] == []


DECISIONS = "decisions { kind outcome printedName }"


def waits(action: str, due_on: str | None, **who: str) -> dict[str, object]:
    """Something that waits for a unit, a person or a role."""
    unit, person = who.get("unit"), who.get("person")
    return {
        "action": action,
        "dueOn": due_on,
        "unit": {"name": unit} if unit else None,
        "person": {"name": person} if person else None,
        "role": who.get("role"),
    }
