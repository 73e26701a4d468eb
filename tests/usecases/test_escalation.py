"""说明情况, 延期, 催办: each of their refusals, and what they take over."""

from typing import Any

from tests.bed.ladder import ask_for
from tests.bed.procedure import part_of
from tests.bed.stages import ENVIRONMENT
from tests.bed.world import World, shanghai
from tests.usecases.calls import HANDLER, SUPPORTING, done, refused

# ── explainDelay, recordExplanation ──


async def test_an_explanation_is_of_one_date_and_names_who_blocks(staged: World) -> None:
    slot = (await part_of(staged, staged.stages["dispatched"]["case"]))["slots"][0]["id"]
    answer = await done(
        staged,
        "explainDelay",
        "explanation { clock forDueOn text filedAt answer version }",
        slot=slot,
        text=" 等待产权资料。 ",
        blocking_unit=staged.unit(ENVIRONMENT),
    )
    assert answer["explanation"] == {
        "clock": "REPORT",
        "forDueOn": "2026-07-02",
        "text": "等待产权资料。",
        "filedAt": "2026-06-25T02:00:00+00:00",
        "answer": None,
        "version": 1,
    }


async def test_an_explanation_waits_for_its_answer_before_the_next(staged: World) -> None:
    explained = staged.stages["explained"]["part"]["id"]
    assert await refused(staged, "explainDelay", assignment=explained) == ["ALREADY_DONE"]
    assert await refused(staged, "recordExplanation", assignment=explained) == ["ALREADY_DONE"]


async def test_only_what_is_owed_is_explained(staged: World) -> None:
    other = (await part_of(staged, staged.stages["joint"]["case"]))["slots"][0]["id"]
    assert await refused(staged, "explainDelay", slot=other) == ["input.slot BAD_ID"]
    own_unit = staged.unit("区城市管理局")
    assert await refused(staged, "explainDelay", blocking_unit=own_unit) == ["input.blockingUnit BAD_ID"]
    supporting = staged.stages["joint"]["supporting"]["id"]
    assert await refused(staged, "explainDelay", SUPPORTING, assignment=supporting) == ["input.slot NOT_APPLICABLE"]
    for stage, answer in (("completed", "STATUS_CONFLICT COMPLETED v3"), ("closed", "STATUS_CONFLICT CLOSED v6")):
        part = staged.stages[stage]["part"]["id"]
        assert await refused(staged, "explainDelay", assignment=part) == [answer]
        assert await refused(staged, "recordExplanation", assignment=part) == [answer]


async def test_an_explanation_by_phone_was_given_before_it_is_written_down(staged: World) -> None:
    assert await refused(staged, "recordExplanation", occurred_at=shanghai(6, 25, 11), words="") == [
        "input.words REQUIRED",
        "input.occurredAt BAD_DATE",
    ]


# ── answerExplanation ──


async def test_an_answer_carries_what_belongs_to_it_and_nothing_else(staged: World) -> None:
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"check_on": None}, ["input.checkOn REQUIRED"]),
        ({"check_on": "2026-06-25"}, ["input.checkOn OUT_OF_RANGE"]),
        ({"check_on": "2026-07-01"}, ["input.checkOn OUT_OF_RANGE"]),  # three working days at most
        ({"reason": "再说明。"}, ["input.reason NOT_APPLICABLE"]),
        ({"answer": "CONVERT"}, ["input.checkOn NOT_APPLICABLE", "input.requestedDueOn REQUIRED"]),
        ({"answer": "INSUFFICIENT", "check_on": None}, ["input.reason REQUIRED"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "answerExplanation", **given) == answer
    assert await refused(staged, "answerExplanation", expected_version=2) == ["VERSION_CONFLICT v1"]


async def test_an_explanation_is_answered_once(staged: World) -> None:
    await done(staged, "answerExplanation", "explanation { answer }")
    assert await refused(staged, "answerExplanation") == ["VERSION_CONFLICT v2"]
    assert await refused(staged, "answerExplanation", expected_version=2) == ["ALREADY_DONE NOTED v2"]


async def test_an_explanation_may_become_a_request(staged: World) -> None:
    given = {"answer": "CONVERT", "check_on": None, "requested_due_on": "2026-07-10"}
    await done(staged, "answerExplanation", "explanation { answer }", None, **given)
    seen = await staged.as_(HANDLER).ask(
        "query Q($id: ID!) { node(id: $id) { ... on Assignment { extensionRequests { status requestedDueOn } } } }",
        id=staged.stages["explained"]["part"]["id"],
    )
    assert seen["node"]["extensionRequests"] == [{"status": "REQUESTED", "requestedDueOn": "2026-07-10"}]


# ── requestExtension, decideExtension ──


async def test_a_later_date_is_asked_for_before_the_first_one_passes(staged: World) -> None:
    assert await refused(staged, "requestExtension", requested_due_on="2026-07-02", reason="", progress=" ") == [
        "input.reason REQUIRED",
        "input.progress REQUIRED",
        "input.requestedDueOn BAD_DATE",
    ]
    staged.at(7, 3, 0)
    assert await refused(staged, "requestExtension") == ["TOO_LATE_TO_EXTEND"]


async def test_one_request_waits_at_a_time(staged: World) -> None:
    assert await refused(staged, "requestExtension", assignment=staged.stages["extending"]["part"]["id"]) == [
        "ALREADY_DONE"
    ]


async def test_who_decides_grants_declines_with_words_or_names_another_date(staged: World) -> None:
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"outcome": "DECLINED"}, ["input.comment REQUIRED"]),
        ({"outcome": "RETURNED"}, ["input.outcome NOT_APPLICABLE"]),
        ({"outcome": "APPROVED_WITH_CHANGES"}, ["input.grantedDueOn REQUIRED"]),
        ({"granted_due_on": "2026-07-09"}, ["input.grantedDueOn NOT_APPLICABLE"]),
        ({"outcome": "APPROVED_WITH_CHANGES", "granted_due_on": "2026-07-02"}, ["input.grantedDueOn BAD_DATE"]),
        ({"expected_version": 0}, ["VERSION_CONFLICT REQUESTED v1"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "decideExtension", **given) == answer
    declined = await done(
        staged, "decideExtension", "extensionRequest { status grantedDueOn }", outcome="DECLINED", comment="按期完成。"
    )
    assert declined["extensionRequest"] == {"status": "DECLINED", "grantedDueOn": None}
    assert await refused(staged, "decideExtension", expected_version=2) == ["ALREADY_DONE DECLINED v2"]
    again = await ask_for(staged, staged.stages["extending"]["part"], "2026-07-06")
    assert again["status"] == "REQUESTED"


# ── urgeUnit, withdrawUrging ──


async def test_only_a_date_that_has_passed_is_urged_for_and_once_a_working_day(staged: World) -> None:
    fresh = staged.stages["dispatched"]["part"]["id"]
    assert await refused(staged, "urgeUnit", assignment=fresh) == ["DATE_NOT_PASSED"]
    assert await refused(staged, "urgeUnit", reason="") == ["input.reason REQUIRED"]
    assert await refused(staged, "urgeUnit", assignment=staged.stages["completed"]["part"]["id"]) == [
        "STATUS_CONFLICT COMPLETED v3"
    ]
    answer = await done(staged, "urgeUnit", "urging { kind forDueOn deliveredAt }")
    assert answer["urging"] == {"kind": "MANUAL", "forDueOn": "2026-06-24", "deliveredAt": None}
    assert await refused(staged, "urgeUnit") == ["URGED_TODAY"]


async def test_an_urging_is_taken_back_once_with_a_reason(staged: World) -> None:
    assert await refused(staged, "withdrawUrging", reason=" ") == ["input.reason REQUIRED"]
    answer = await done(staged, "withdrawUrging", "urging { withdrawnAt document { number status } }")
    assert answer["urging"]["withdrawnAt"] == "2026-06-25T02:00:00+00:00"
    assert answer["urging"]["document"] == {
        "number": "道督催〔2026〕6号",
        "status": "WITHDRAWN",
    }  # 作废, the number stays
    assert await refused(staged, "withdrawUrging") == ["ALREADY_DONE"]
