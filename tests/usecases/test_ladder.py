"""约谈, 督查结论, 通报: each of their refusals through the API."""

from typing import Any

from tests.bed.procedure import CITY, OFFICE_HEAD, OFFICER
from tests.bed.world import World, shanghai
from tests.usecases.calls import HANDLER, done, refused

Answers = list[tuple[dict[str, Any], list[str]]]


async def test_a_talk_is_called_for_a_working_day_to_come_by_two_of_the_office(staged: World) -> None:
    stranger, head = staged.person("huanbao.head"), staged.person(OFFICE_HEAD)
    answers: Answers = [
        ({"scheduled_at": shanghai(6, 25, 9)}, ["input.scheduledAt BAD_DATE"]),
        ({"scheduled_at": shanghai(6, 28)}, ["input.scheduledAt BAD_DATE"]),  # a Sunday
        ({"place": ""}, ["input.place REQUIRED"]),
        ({"holder": stranger}, ["input.holder BAD_ID"]),
        ({"second_officer": stranger}, ["input.secondOfficer BAD_ID"]),
        ({"second_officer": head}, ["input.secondOfficer DUPLICATE"]),
        ({"expected_version": 2}, ["VERSION_CONFLICT DRAFT v1"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "issueFormalTalkNotice", **given) == answer
    called = {"talk": staged.stages["called"]["talk"]["id"], "expected_version": 2}
    assert await refused(staged, "issueFormalTalkNotice", **called) == ["STATUS_CONFLICT ISSUED"]


async def test_a_talk_is_put_off_once_to_a_later_day(staged: World) -> None:
    assert await refused(staged, "postponeFormalTalk", scheduled_at=shanghai(6, 25, 9), reason="") == [
        "input.scheduledAt BAD_DATE",
        "input.reason REQUIRED",
    ]
    for stage, answer in (("drafted", "STATUS_CONFLICT DRAFT v1"), ("held", "STATUS_CONFLICT HELD v3")):
        talk = staged.stages[stage]["talk"]["id"]
        assert await refused(staged, "postponeFormalTalk", talk=talk) == [answer]
    await done(staged, "postponeFormalTalk", "talk { status }")
    assert await refused(staged, "postponeFormalTalk", scheduled_at=shanghai(7, 1)) == ["ALREADY_DONE ISSUED v3"]


async def test_a_talk_was_held_with_somebody_of_the_unit_or_nobody_came(staged: World) -> None:
    late = {"text": "", "due_on": "2026-06-24"}
    answers: Answers = [
        ({"appeared": None}, ["input.appeared REQUIRED"]),
        ({"statement": "", "minutes": None}, ["input.statement REQUIRED", "input.minutes REQUIRED"]),
        ({"appeared": staged.person("huanbao.head")}, ["input.appeared BAD_ID"]),
        ({"held_at": shanghai(6, 25, 11)}, ["input.heldAt BAD_DATE"]),
        ({"commitments": [late]}, ["input.commitments.0.dueOn BAD_DATE", "input.commitments.0.text REQUIRED"]),
        ({"no_show": True}, ["input.appeared NOT_APPLICABLE", "input.statement NOT_APPLICABLE"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "holdFormalTalk", **given) == answer
    for stage, state in (("drafted", "DRAFT"), ("held", "HELD")):
        talk = staged.stages[stage]["talk"]["id"]
        assert await refused(staged, "holdFormalTalk", talk=talk) == [f"STATUS_CONFLICT {state}"]
    nobody: dict[str, Any] = {"no_show": True, "appeared": None, "statement": None}
    told = await done(staged, "holdFormalTalk", "talk { status heldAt statement }", None, **nobody)
    assert told["talk"] == {"status": "NO_SHOW", "heldAt": None, "statement": None}


async def test_what_was_held_is_not_cancelled(staged: World) -> None:
    held = {"talk": staged.stages["held"]["talk"]["id"], "expected_version": 3}
    assert await refused(staged, "cancelFormalTalk", **held) == ["STATUS_CONFLICT HELD"]
    assert await refused(staged, "cancelFormalTalk", reason="") == ["input.reason REQUIRED"]


async def test_a_conclusion_is_issued_and_taken_back_once(staged: World) -> None:
    assert await refused(staged, "issueConclusion", comment="长" * 2_001) == ["input.comment TOO_LONG"]
    issued = {"conclusion": staged.stages["held"]["conclusion"]["id"], "expected_version": 2}
    assert await refused(staged, "issueConclusion", **issued) == ["STATUS_CONFLICT ISSUED"]
    assert await refused(staged, "withdrawConclusion", reason="") == ["input.reason REQUIRED"]
    await done(staged, "withdrawConclusion", "conclusion { status }")
    assert await refused(staged, "withdrawConclusion", expected_version=3) == ["STATUS_CONFLICT WITHDRAWN"]


async def test_a_circular_by_hand_is_of_a_kind_and_has_a_body(staged: World) -> None:
    long = [{"kind": "PARAGRAPH", "text": "一"}] * 201
    answers: Answers = [
        ({"kind": "AFTER_TALK"}, ["input.kind NOT_APPLICABLE"]),
        ({"blocks": [], "title": ""}, ["input.blocks REQUIRED", "input.title REQUIRED"]),
        ({"blocks": long}, ["input.blocks TOO_MANY"]),
        ({"blocks": [{"kind": "FIELD", "text": "一"}]}, ["input.blocks.0.label REQUIRED"]),
        ({"blocks": [{"kind": "PARAGRAPH", "text": "一", "label": "二"}]}, ["input.blocks.0.label NOT_APPLICABLE"]),
        ({"unit": staged.unit("区税务局")}, ["NOT_OPEN_TO_UNIT VERTICAL"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "draftCircular", **given) == answer


async def test_a_circular_after_a_talk_rests_on_statement_and_conclusion(staged: World) -> None:
    for stage in ("drafted", "called"):
        circular = {"circular": staged.stages[stage]["circular"]["id"], "expected_version": 1}
        assert await refused(staged, "approveCircular", **circular) == ["STATEMENT_PENDING DRAFT v1"]
    answers: Answers = [
        ({"outcome": "RETURNED"}, ["input.comment REQUIRED"]),
        ({"outcome": "NOTED"}, ["input.outcome NOT_APPLICABLE"]),
        ({"expected_version": 2}, ["VERSION_CONFLICT DRAFT v1"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "approveCircular", **given) == answer
    await done(staged, "withdrawConclusion", "conclusion { status }")
    assert await refused(staged, "approveCircular") == ["VERSION_CONFLICT WITHDRAWN v2"]  # it fell with its basis


async def test_a_circular_goes_out_once_and_is_acknowledged_once(staged: World) -> None:
    draft = {"circular": staged.stages["held"]["circular"]["id"], "expected_version": 1}
    assert await refused(staged, "publishCircular", **draft) == ["STATUS_CONFLICT DRAFT"]
    assert await refused(staged, "publishCircular", units=[staged.unit(CITY)]) == ["input.units NOT_APPLICABLE"]
    published = {"circular": staged.stages["published"]["circular"]["id"], "expected_version": 3}
    assert await refused(staged, "publishCircular", **published) == ["STATUS_CONFLICT PUBLISHED"]
    assert await refused(staged, "reviseCircular", OFFICER, **published) == ["STATUS_CONFLICT PUBLISHED v3"]
    await done(staged, "acknowledgeCircular", "circular { status }")
    assert await refused(staged, "acknowledgeCircular") == ["ALREADY_DONE PUBLISHED v3"]


async def test_what_was_taken_back_counts_no_more(staged: World) -> None:
    assert await refused(staged, "withdrawCircular", reason="") == ["input.reason REQUIRED"]
    await done(staged, "withdrawCircular", "circular { status }")
    assert await refused(staged, "withdrawCircular", expected_version=4) == ["STATUS_CONFLICT WITHDRAWN"]
    assert await refused(staged, "acknowledgeCircular", HANDLER) == ["STATUS_CONFLICT WITHDRAWN v4"]
