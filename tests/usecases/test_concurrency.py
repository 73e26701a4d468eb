"""Two at the same instant: one wins, the other hears of a conflict; numbers have no gaps; a key runs once.

Each request has a connection of its own: on PostgreSQL they meet at the locks of rows, on SQLite at its one writer.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import Any

import pytest

from tests.bed.ladder import MAYOR
from tests.bed.procedure import CHECKER, OFFICE_HEAD, OFFICER, approve, draft, part_of, propose, register, sign
from tests.bed.records import check_records, events_of
from tests.bed.stages import TASK
from tests.bed.world import World, reasons
from tests.usecases.calls import HANDLER, RIGHTS, good_calls


async def at_once(*attempts: Awaitable[dict[str, Any]]) -> Counter[str]:
    """What came of attempts that ran at the same time: `done`, or the reasons."""
    return Counter(answer for body in await asyncio.gather(*attempts) for answer in answers(body))


def answers(body: dict[str, Any]) -> Iterable[str]:
    if "errors" not in body and body["data"]["answer"]["__typename"].endswith("Payload"):
        return ["done"]
    return reasons(body)


def again(world: World, mutation: str, *logins: str, **changes: Any) -> list[Awaitable[dict[str, Any]]]:
    given = {**good_calls(world)[mutation].input, **changes}
    return [world.as_(login).try_(mutation, "__typename", **given) for login in logins]


async def signed_in(world: World, *logins: str) -> None:
    """Tokens first: what is measured is the mutation."""
    for login in logins:
        await world.token(login)


async def test_two_decisions(staged: World) -> None:
    await signed_in(staged, "fuquzhang", "quzhang")
    came = await at_once(*again(staged, "decideHandling", "fuquzhang", "quzhang"))
    assert came == {"done": 1, "VERSION_CONFLICT APPROVED v3": 1}
    await check_records(staged)


async def test_a_decision_and_its_opposite(staged: World) -> None:
    await signed_in(staged, "fuquzhang", "quzhang")
    (yes,) = again(staged, "decideHandling", "fuquzhang")
    (no,) = again(staged, "decideHandling", "quzhang", outcome="RETURNED", comment="再议。")
    came = await at_once(yes, no)
    assert came["done"] == 1
    assert came - Counter({"done": 1}) in (
        {"VERSION_CONFLICT APPROVED v3": 1},
        {"VERSION_CONFLICT REGISTERED v3": 1},
    )


async def test_two_dispatches_issue_one_notice(staged: World) -> None:
    await signed_in(staged, OFFICER, CHECKER)
    before = len(await events_of(staged))
    came = await at_once(*again(staged, "dispatchCase", OFFICER, CHECKER))
    assert came == {"done": 1, "VERSION_CONFLICT DISPATCHED v4": 1}
    assert [event.type for event in (await events_of(staged))[before:]] == ["case.dispatched"]
    await check_records(staged)


async def test_two_reports_of_one_slot(staged: World) -> None:
    part = staged.stages["dispatched"]["part"]
    reports = [await sign(staged, part, await draft(staged, part)) for _ in range(2)]
    given = [{"report": report["id"], "expected_version": report["version"]} for report in reports]
    came = await at_once(*(staged.as_(HANDLER).try_("submitReport", "__typename", **one) for one in given))
    assert came == {"done": 1, "STATUS_CONFLICT MET v2": 1}
    slots = (await part_of(staged, staged.stages["dispatched"]["case"]))["slots"]
    assert [(slot["state"], slot["metOnTime"]) for slot in slots] == [("MET", True)]
    await check_records(staged)


async def test_one_report_handed_in_twice(staged: World) -> None:
    came = await at_once(*again(staged, "submitReport", HANDLER, HANDLER))
    assert came == {"done": 1, "VERSION_CONFLICT SUBMITTED v3": 1}


async def test_accepted_and_returned(staged: World) -> None:
    await signed_in(staged, CHECKER, OFFICE_HEAD)
    came = await at_once(*again(staged, "acceptReport", CHECKER), *again(staged, "returnReport", OFFICE_HEAD))
    assert came["done"] == 1
    assert came - Counter({"done": 1}) in (
        {"VERSION_CONFLICT ACCEPTED v4": 1},
        {"VERSION_CONFLICT RETURNED v4": 1},
    )
    await check_records(staged)


async def test_accepted_and_taken_back(staged: World) -> None:
    await signed_in(staged, CHECKER, HANDLER)
    came = await at_once(*again(staged, "acceptReport", CHECKER), *again(staged, "withdrawReport", HANDLER))
    assert came["done"] == 1
    assert came - Counter({"done": 1}) in (
        {"VERSION_CONFLICT ACCEPTED v4": 1},
        {"VERSION_CONFLICT WITHDRAWN v4": 1},
    )
    await check_records(staged)


async def test_a_proposal_approved_and_taken_back(staged: World) -> None:
    approve_it, take_back = "decideAccountabilityProposal", "withdrawAccountabilityProposal"
    await signed_in(staged, MAYOR, OFFICER)
    came = await at_once(*again(staged, approve_it, MAYOR), *again(staged, take_back, OFFICER))
    assert came["done"] == 1
    assert came - Counter({"done": 1}) in ({"NOT_ALLOWED": 1}, {"VERSION_CONFLICT WITHDRAWN v2": 1})
    await check_records(staged)


async def test_one_entered_act_checked_twice(staged: World) -> None:
    await signed_in(staged, CHECKER, OFFICE_HEAD)
    came = await at_once(*again(staged, "checkRecordedAct", CHECKER, OFFICE_HEAD))
    assert came == {"done": 1, "VERSION_CONFLICT EFFECTIVE v2": 1}
    await check_records(staged)


async def test_acknowledged_by_two(staged: World) -> None:
    await signed_in(staged, HANDLER, "chengguan.head")
    came = await at_once(*again(staged, "acknowledgeAssignment", HANDLER, "chengguan.head"))
    assert came == {"done": 1, "ALREADY_DONE ACKNOWLEDGED v2": 1}


async def test_twenty_registrations_leave_no_gap(staged: World) -> None:
    await signed_in(staged, OFFICER, CHECKER)
    given = good_calls(staged)["registerCase"].input
    wrong = {**given, "title": ""}
    bodies = await asyncio.gather(
        *(
            staged.as_((OFFICER, CHECKER)[count % 2]).try_(
                "registerCase", "case { number }", **(wrong if count % 5 == 4 else given)
            )
            for count in range(25)
        )
    )
    numbers = {
        body["data"]["answer"]["case"]["number"]
        for body in bodies
        if body["data"]["answer"]["__typename"] == "RegisterCasePayload"
    }
    assert numbers == {f"道督〔2026〕{number}号" for number in range(28, 48)}  # a refused one takes none
    await check_records(staged)


async def test_notices_of_many_cases_leave_no_gap(staged: World) -> None:
    decided = [await approve(staged, await propose(staged, await register(staged, **TASK))) for _ in range(6)]
    await signed_in(staged, OFFICER)
    bodies = await asyncio.gather(
        *(
            staged.as_(OFFICER).try_(
                "dispatchCase", "case { documents { number } }", case=case["id"], expected_version=case["version"]
            )
            for case in decided
        )
    )
    numbers = {body["data"]["answer"]["case"]["documents"][0]["number"] for body in bodies}
    assert numbers == {f"道政督〔2026〕{number}号" for number in range(23, 29)}


async def test_two_units_of_one_name(staged: World) -> None:
    await signed_in(staged, RIGHTS)
    came = await at_once(*again(staged, "registerUnit", RIGHTS, RIGHTS))
    assert came["done"] == 1
    # the name was taken before the other looked, or after
    assert came - Counter({"done": 1}) in ({"input.name NAME_TAKEN": 1}, {"VERSION_CONFLICT": 1})


async def test_the_same_key_twice_at_once_runs_once(staged: World) -> None:
    before = len(await events_of(staged))
    given = {**good_calls(staged)["registerCase"].input, "idempotency_key": "k"}
    await signed_in(staged, OFFICER)
    bodies = await asyncio.gather(
        *(staged.as_(OFFICER).try_("registerCase", "case { number }", **given) for _ in range(4))
    )
    assert {body["data"]["answer"]["case"]["number"] for body in bodies} == {"道督〔2026〕28号"}
    assert len(await events_of(staged)) == before + 1


@pytest.mark.parametrize(
    "mutation",
    ["decideHandling", "submitReport", "confirmClosing", "approveCircular", "decideAccountabilityProposal"],
)
async def test_the_same_key_twice_at_once_is_no_conflict(staged: World, mutation: str) -> None:
    login = good_calls(staged)[mutation].login
    await signed_in(staged, login)
    came = await at_once(*again(staged, mutation, login, login, login, idempotency_key="k"))
    assert came == {"done": 3}
    await check_records(staged)
