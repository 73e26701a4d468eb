"""中止、恢复、撤销: the clocks of a case stand still and run on with the days that were left; or it is given up."""

from typing import Any

from sqlalchemy import func, select

from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from tests.bed.ladder import MAYOR, ladder_of
from tests.bed.procedure import (
    CHECKER,
    CITY,
    LEADER,
    Row,
    approve,
    body_of,
    cancel,
    case_now,
    check,
    dispatched,
    enter,
    handler_of,
    outside,
    part_of,
    parts,
    propose,
    propose_closing,
    register,
    reported,
    resume,
    suspend,
)
from tests.bed.procedure import accept as accept_report
from tests.bed.world import World, shanghai

TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}
ENVIRONMENT = "区生态环境局"


async def pending(world: World) -> int:
    """How many dates still count down."""
    async with world.database.read() as session:
        statement = select(func.count()).where(Deadline.state == DeadlineState.PENDING)
        return await session.scalar(statement) or 0


async def todos(world: World, login: str) -> list[str]:
    found = await world.as_(login).ask("{ todos(first: 50) { edges { node { action } } } }")
    return [edge["node"]["action"] for edge in found["todos"]["edges"]]


async def waiting(world: World, case: Row) -> list[tuple[str, Any]]:
    found = (await case_now(world, case, "waitingFor { action dueOn }"))["waitingFor"]
    return sorted((one["action"], one["dueOn"]) for one in found)


async def test_a_suspended_case_is_neither_due_nor_urged_and_runs_on_with_the_days_that_were_left(world: World) -> None:
    case = await dispatched(world, matter=TASK)  # five working days: until Tuesday the 23rd
    assert case["dueOn"] == "2026-06-23"
    world.at(6, 17)
    suspended = await suspend(world, case)
    assert (suspended["status"], suspended["light"], suspended["dueOn"]) == ("SUSPENDED", "NONE", None)
    part = await part_of(world, case)
    assert [(slot["state"], slot["light"]) for slot in part["slots"]] == [("SUSPENDED", "NONE")]
    assert await waiting(world, case) == [("RESUME", None)]
    assert await todos(world, handler_of(part)) == []
    assert "RESUME" in await todos(world, LEADER)

    # nobody is urged, and nobody reports
    await world.on(6, 24)
    await world.on(6, 25)
    assert (await ladder_of(world, case))["urgings"] == []
    given = {"assignment": part["id"], **body_of(await world.upload(handler_of(part)))}
    assert await world.as_(handler_of(part)).refused("draftReport", **given) == [
        f"STATUS_CONFLICT SUSPENDED v{suspended['version']}"
    ]

    # three working days were left on the 17th: so they are on Monday the 29th
    world.at(6, 29)
    running = await resume(world, suspended)
    assert (running["status"], running["dueOn"], running["light"]) == ("DISPATCHED", "2026-07-02", "GREEN")
    part = await part_of(world, case)
    assert [(slot["state"], slot["dueOn"]) for slot in part["slots"]] == [("OPEN", "2026-07-02")]
    assert part["completionDueOn"] == "2026-07-02"
    assert await waiting(world, case) == [
        ("ACKNOWLEDGE", "2026-06-30"),
        ("COMPLETION", "2026-07-02"),
        ("REPORT", "2026-07-02"),
    ]
    await world.tick()
    told = await world.as_(handler_of(part)).ask("{ notifications(first: 50) { edges { node { topic } } } }")
    topics = {edge["node"]["topic"] for edge in told["notifications"]["edges"]}
    assert {"case.suspended", "case.resumed"} <= topics
    await world.on(7, 3)
    assert len((await ladder_of(world, case))["urgings"]) == 1


async def test_what_was_urged_for_is_taken_back_and_begins_anew(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    await world.on(6, 24)
    (urging,) = (await ladder_of(world, case))["urgings"]
    suspended = await suspend(world, await case_now(world, case))
    await world.on(6, 25)
    found = await ladder_of(world, case)
    assert found["talks"] == []
    (urging,) = await withdrawn(world, case)
    assert urging["withdrawnAt"] is not None
    assert urging["document"]["status"] == "WITHDRAWN"

    # the date had passed before, and stays: the first stage comes once more, with its whole day
    world.at(6, 29)
    running = await resume(world, suspended)
    assert (running["dueOn"], running["light"]) == ("2026-06-23", "RED")
    await world.tick()
    first, second = await withdrawn(world, case)
    assert (first["withdrawnAt"] is None, second["withdrawnAt"] is None) == (False, True)
    await world.on(6, 30)
    assert len((await ladder_of(world, case))["talks"]) == 1


async def withdrawn(world: World, case: Row) -> list[Row]:
    selection = "urgings { withdrawnAt document { status } }"
    found: list[Row] = (await case_now(world, case, selection))["urgings"]
    return found


async def test_what_is_cancelled_owes_and_waits_for_nothing(world: World) -> None:
    case = await dispatched(world, CITY, ENVIRONMENT, matter=TASK)
    cancelled = await cancel(world, case)
    assert (cancelled["status"], cancelled["light"], cancelled["dueOn"]) == ("CANCELLED", "NONE", None)
    for part in (await parts(world, case)).values():
        assert (part["status"], part["light"]) == ("ENDED", "NONE")
        assert {slot["state"] for slot in part["slots"]} == {"CANCELLED"}
    seen = await case_now(world, case, "assignments { endedReason } decisions { kind comment }")
    assert {part["endedReason"] for part in seen["assignments"]} == {"CASE_ENDED"}
    assert {"kind": "CANCELLATION", "comment": "工作部署已经调整。"} in seen["decisions"]
    assert await waiting(world, case) == []
    assert await pending(world) == 0
    await world.on(7, 10)
    assert (await ladder_of(world, case))["urgings"] == []
    given = {"case": case["id"], "expected_version": cancelled["version"]}
    for mutation in ("suspendCase", "cancelCase"):
        assert await world.as_(LEADER).refused(mutation, **given, reason="再办。") == ["STATUS_CONFLICT CANCELLED"]


async def test_only_what_is_with_its_units_is_suspended_and_only_what_is_suspended_resumed(world: World) -> None:
    proposed = await propose(world, await register(world, **TASK))
    approved = await approve(world, await propose(world, await register(world, **TASK)))
    case = await dispatched(world, matter=TASK)
    await accept_report(world, await reported(world, await part_of(world, case)))
    closing = await propose_closing(world, await case_now(world, case))
    for case_, status in ((proposed, "PENDING_DECISION"), (approved, "APPROVED"), (closing, "CLOSING")):
        given = {"case": case_["id"], "expected_version": case_["version"]}
        for mutation, more in (("suspendCase", {"reason": "等待。"}), ("resumeCase", {})):
            (refused,) = await world.as_(LEADER).refused(mutation, **given, **more)
            assert refused.startswith(f"STATUS_CONFLICT {status}")
    given = {"case": closing["id"], "expected_version": closing["version"], "reason": "不办。"}
    (refused,) = await world.as_(LEADER).refused("cancelCase", **given)
    assert refused.startswith("STATUS_CONFLICT CLOSING")
    assert (await cancel(world, proposed))["status"] == "CANCELLED"
    given = {"case": approved["id"], "expected_version": approved["version"] - 1, "reason": "不办。"}
    assert await world.as_(MAYOR).refused("cancelCase", **given) == [
        f"VERSION_CONFLICT APPROVED v{approved['version']}"
    ]
    assert await world.as_(MAYOR).refused("cancelCase", **given | {"reason": " "}) != []


async def test_a_leader_suspends_on_paper(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    world.at(6, 18, 10)
    sheet = await outside(world, LEADER, shanghai(6, 17, 16))
    given = {"case": case["id"], "expected_version": case["version"], "reason": "等待法院裁判。"}
    act = await enter(world, "suspendCase", **given, recorded=sheet)
    assert (await case_now(world, case))["status"] == "DISPATCHED"
    await check(world, act, CHECKER)
    suspended = await case_now(world, case)
    assert suspended["status"] == "SUSPENDED"
    world.at(6, 29)
    assert (await resume(world, suspended))["dueOn"] == "2026-07-02"  # by the day of the sheet
