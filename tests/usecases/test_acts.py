"""代录: entered once, checked by another, rejected or confirmed in writing; and each of the refusals."""

from typing import Any

from tests.bed.procedure import (
    CHECKER,
    LEADER,
    OFFICE_HEAD,
    OFFICER,
    case_now,
    check,
    enter,
    outside,
    propose,
    register,
)
from tests.bed.world import World, shanghai
from tests.usecases.calls import done, refused

ACT = "act { status version checkedBy { name } checkedAt }"


async def test_a_second_officer_lets_it_take_effect(staged: World) -> None:
    answer = await done(staged, "checkRecordedAct", ACT)
    checked = {"checkedBy": {"name": "郑磊"}, "checkedAt": "2026-06-25T02:00:00+00:00"}
    assert answer["act"] == {"status": "EFFECTIVE", "version": 2} | checked
    assert (await case_now(staged, staged.stages["entered"]["case"]))["status"] == "APPROVED"


async def test_what_was_rejected_never_takes_effect(staged: World) -> None:
    case = staged.stages["entered"]["case"]
    answer = await done(staged, "rejectRecordedAct", ACT)
    assert (answer["act"]["status"], answer["act"]["version"]) == ("REJECTED", 2)
    assert (await case_now(staged, case))["status"] == "PENDING_DECISION"
    for mutation in ("checkRecordedAct", "rejectRecordedAct"):
        assert await refused(staged, mutation) == ["VERSION_CONFLICT REJECTED v2"]
        assert await refused(staged, mutation, expected_version=2) == ["STATUS_CONFLICT REJECTED v2"]


async def test_a_rejection_has_a_reason(staged: World) -> None:
    assert await refused(staged, "rejectRecordedAct", reason=" ") == ["input.reason REQUIRED"]
    assert await refused(staged, "rejectRecordedAct", reason="长" * 2_001) == ["input.reason TOO_LONG"]


async def test_the_check_does_what_the_state_allows_by_then(staged: World) -> None:
    """The leader decided in the system meanwhile: what was entered is out of date, and waits to be rejected."""
    case = staged.stages["entered"]["case"]
    given = {"case": case["id"], "expected_version": case["version"], "outcome": "RETURNED", "comment": "再议。"}
    await staged.as_(LEADER).do("decideHandling", "case { status }", **given)
    assert await refused(staged, "checkRecordedAct") == ["VERSION_CONFLICT REGISTERED v3"]
    assert (await done(staged, "rejectRecordedAct", ACT))["act"]["status"] == "REJECTED"


async def test_two_entries_of_one_decision_take_effect_once(staged: World) -> None:
    case = await propose(staged, await register(staged))
    acts = []
    for officer in (OFFICER, CHECKER):
        sheet = await outside(staged, LEADER, shanghai(6, 25, 9), by=officer)
        decision = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"}
        acts.append(await enter(staged, "decideHandling", by=officer, **decision, recorded=sheet))
    await check(staged, acts[0], by=OFFICE_HEAD)
    given = {"act": acts[1]["id"], "expected_version": acts[1]["version"]}
    assert await refused(staged, "checkRecordedAct", OFFICE_HEAD, **given) == ["VERSION_CONFLICT APPROVED v3"]


async def test_only_spoken_words_are_confirmed_in_writing_and_once(staged: World) -> None:
    paper = staged.stages["entered"]["act"]["id"]
    assert await refused(staged, "confirmInWriting", act=paper) == ["input.act NOT_APPLICABLE"]
    strange = staged.stages["files"][CHECKER]["id"]
    assert await refused(staged, "confirmInWriting", file=strange) == ["input.file BAD_ID"]
    await done(staged, "confirmInWriting", "act { status }")
    again = {"file": await staged.upload(OFFICER)}
    assert await refused(staged, "confirmInWriting", **again) == ["ALREADY_DONE AWAITING_CHECK v2"]


async def test_spoken_words_that_were_rejected_need_no_writing(staged: World) -> None:
    spoken = staged.stages["spoken"]["act"]
    given = {"act": spoken["id"], "expected_version": spoken["version"]}
    await done(staged, "rejectRecordedAct", "act { status }", **given)
    assert await refused(staged, "confirmInWriting") == ["ALREADY_DONE REJECTED v2"]
    waiting = (await case_now(staged, staged.stages["spoken"]["case"], "waitingFor { action }"))["waitingFor"]
    assert [todo["action"] for todo in waiting] == ["DECIDE"]


async def test_an_entry_is_refused_for_what_is_wrong_with_its_input(staged: World) -> None:
    """Before anybody checks it: the officer hears at once."""
    case = staged.stages["proposed"]["case"]
    sheet = {
        "decided_by": staged.person(LEADER),
        "occurred_at": shanghai(6, 25, 9),
        "medium": "PAPER",
        "evidence": staged.stages["files"][OFFICER]["id"],
    }
    decision = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"}
    answers: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
        ({"outcome": "DECLINED"}, {}, ["input.comment REQUIRED"]),
        ({"expected_version": 1}, {}, ["VERSION_CONFLICT PENDING_DECISION v2"]),
        ({}, {"decided_by": staged.person(OFFICER)}, ["NOT_ALLOWED SOD-8"]),
        ({}, {"occurred_at": shanghai(6, 25, 11)}, ["input.recorded.occurredAt BAD_DATE"]),
    ]
    for given, of_sheet, answer in answers:
        entry = decision | given | {"recorded": sheet | of_sheet}
        assert await staged.as_(OFFICER).refused("decideHandling", **entry) == answer


async def test_what_was_tried_out_at_the_entry_has_not_happened(staged: World) -> None:
    case = staged.stages["proposed"]["case"]
    sheet = await outside(staged, LEADER, shanghai(6, 25, 9))
    given = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED", "recorded": sheet}
    await enter(staged, "decideHandling", **given)
    seen = await case_now(staged, case, "decisions { outcome } waitingFor { action }")
    assert (seen["status"], seen["version"], seen["decisions"]) == ("PENDING_DECISION", 2, [])
    assert {todo["action"] for todo in seen["waitingFor"]} == {"DECIDE", "CHECK_RECORDED_ACT"}
