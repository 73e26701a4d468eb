"""呈阅, 办结, 恢复办理: what each does, and each of its refusals."""

from typing import Any

from tests.bed.procedure import LEADER, OFFICE_HEAD, OFFICER, case_now, part_of
from tests.bed.world import World
from tests.usecases.calls import done, refused

# ── submitForReading, recordReading ──


async def test_a_result_is_laid_before_who_instructed(staged: World) -> None:
    case = staged.stages["to_be_read"]["case"]
    answer = await done(staged, "submitForReading", "reading { leader { name } readOn }", leader=staged.person(LEADER))
    assert answer["reading"] == {"leader": {"name": "王海涛"}, "readOn": None}
    waiting = (await case_now(staged, case, "waitingFor { action person { name } }"))["waitingFor"]
    assert {"action": "READ_RESULT", "person": {"name": "王海涛"}} in waiting
    assert await refused(staged, "submitForReading") == ["ALREADY_DONE DISPATCHED v4"]  # it waits to be read


async def test_only_a_done_instruction_is_laid_before_its_leader(staged: World) -> None:
    assert await refused(staged, "submitForReading", leader=staged.person("fuquzhang2")) == ["input.leader BAD_ID"]
    for stage, answer in (
        ("completed", "input.case NOT_APPLICABLE"),  # 第六条(一): no leader instructed
        ("proposed", "STATUS_CONFLICT PENDING_DECISION v2"),
        ("decided", "STATUS_CONFLICT APPROVED v3"),
    ):
        assert await refused(staged, "submitForReading", case=staged.stages[stage]["case"]["id"]) == [answer]


async def test_a_result_still_owed_is_not_laid_before_anybody(staged: World) -> None:
    from tests.bed.procedure import dispatched

    case = await dispatched(staged)
    assert await refused(staged, "submitForReading", case=case["id"]) == ["STILL_OWED DISPATCHED v4"]
    assert await refused(staged, "proposeClosing", case=case["id"]) == ["STILL_OWED DISPATCHED v4"]


async def test_a_leader_reads_once(staged: World) -> None:
    read = staged.stages["read"]["reading"]["id"]
    assert await refused(staged, "recordReading", reading=read) == ["ALREADY_DONE DISPATCHED v4"]
    assert await refused(staged, "recordReading", comment="长" * 2_001) == ["input.comment TOO_LONG"]


# ── proposeClosing, confirmClosing ──


async def test_a_closing_waits_for_reading_and_for_new_words(staged: World) -> None:
    for stage in ("to_be_read", "laid"):
        assert await refused(staged, "proposeClosing", case=staged.stages[stage]["case"]["id"]) == [
            "READING_REQUIRED DISPATCHED v4"
        ]
    read = staged.stages["read"]["case"]["id"]
    assert await refused(staged, "proposeClosing", case=read) == ["READING_PENDING DISPATCHED v4"]
    staged.at(7, 3)  # five working days after 25 June are over on the evening of 2 July
    assert (await done(staged, "proposeClosing", "case { status }", case=read))["case"] == {"status": "CLOSING"}


async def test_a_closing_says_what_came_of_it_and_is_proposed_once(staged: World) -> None:
    assert await refused(staged, "proposeClosing", summary="\n") == ["input.summary REQUIRED"]
    for stage, status in (("closing", "CLOSING"), ("closed", "CLOSED"), ("registered", "REGISTERED")):
        case = staged.stages[stage]["case"]["id"]
        assert await refused(staged, "proposeClosing", case=case) == [f"STATUS_CONFLICT {status}"]


async def test_a_closing_is_approved_or_returned_with_a_reason(staged: World) -> None:
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"outcome": "RETURNED"}, ["input.comment REQUIRED"]),
        ({"outcome": "NOTED"}, ["input.outcome NOT_APPLICABLE"]),
        ({"expected_version": 4}, ["VERSION_CONFLICT CLOSING v5"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "confirmClosing", **given) == answer
    completed = staged.stages["completed"]["case"]
    given = {"case": completed["id"], "expected_version": completed["version"]}
    assert await refused(staged, "confirmClosing", **given) == ["STATUS_CONFLICT DISPATCHED v4"]


async def test_a_closing_that_was_returned_is_the_same_closing_when_it_is_proposed_again(staged: World) -> None:
    case = staged.stages["closing"]["case"]["id"]
    returned = await done(
        staged, "confirmClosing", "case { status version }", outcome="RETURNED", comment="请补充长效机制。"
    )
    assert returned["case"] == {"status": "DISPATCHED", "version": 6}
    again = await done(staged, "proposeClosing", "case { version closures { nth closedAt summary } }", case=case)
    assert again["case"]["closures"] == [{"nth": 1, "closedAt": None, "summary": "已落实。"}]
    closed = await done(
        staged, "confirmClosing", "case { status closures { nth onTime } }", expected_version=again["case"]["version"]
    )
    assert closed["case"] == {"status": "CLOSED", "closures": [{"nth": 1, "onTime": True}]}


# ── reopenCase ──


async def test_what_was_closed_is_taken_up_with_a_new_date(staged: World) -> None:
    stage = staged.stages["closed"]
    answer = await done(
        staged, "reopenCase", "case { status closedAt completionDueOn light closures { nth reopenedAt } }"
    )
    assert answer["case"] == {
        "status": "DISPATCHED",
        "closedAt": None,
        "completionDueOn": "2026-07-31",
        "light": "GREEN",
        "closures": [{"nth": 1, "reopenedAt": "2026-06-25T02:00:00+00:00"}],
    }
    part = await part_of(staged, stage["case"])
    assert (part["status"], part["completedAt"], part["completionDueOn"]) == ("ISSUED", None, "2026-07-31")


async def test_a_case_is_reopened_with_reason_date_and_parts_of_its_own(staged: World) -> None:
    mine = staged.stages["closed"]["part"]["id"]
    other = staged.stages["completed"]["part"]["id"]
    answers: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"reason": "", "completion_due_on": "2026-06-24"},
            ["input.reason REQUIRED", "input.completionDueOn BAD_DATE"],
        ),
        ({"assignments": []}, ["input.assignments REQUIRED"]),
        ({"assignments": [mine, mine]}, ["input.assignments DUPLICATE"]),
        ({"assignments": [mine, other]}, ["input.assignments.1 BAD_ID"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "reopenCase", **given) == answer
    for stage, status in (("closing", "CLOSING v5"), ("completed", "DISPATCHED v4")):
        case = staged.stages[stage]["case"]["id"]
        assert await refused(staged, "reopenCase", OFFICE_HEAD, case=case) == [f"STATUS_CONFLICT {status}"]


async def test_the_second_closing_is_counted_as_the_second(staged: World) -> None:
    case = staged.stages["closed"]["case"]["id"]
    await done(staged, "reopenCase", "case { id }")
    assert await refused(staged, "proposeClosing", OFFICER, case=case) == ["STILL_OWED DISPATCHED v7"]
