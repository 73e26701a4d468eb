"""签收, 随时督办检查: what each takes over, and each of its refusals."""

from tests.bed.procedure import OFFICER
from tests.bed.world import World, shanghai
from tests.usecases.calls import HANDLER, HEAD, done, refused

PART = (
    "assignment { status acknowledgedAt department handler { name } responsible { name } "
    "followUps { channel words personReached promisedOn occurredAt explains recordedBy { name } } }"
)


async def test_a_unit_names_who_handles_it_and_who_is_responsible(staged: World) -> None:
    given = {"responsible": staged.person(HEAD), "department": " 市容科 "}
    answer = await done(staged, "acknowledgeAssignment", PART, **given)
    assert answer["assignment"] == {
        "status": "ACKNOWLEDGED",
        "acknowledgedAt": "2026-06-25T02:00:00+00:00",
        "department": "市容科",
        "handler": {"name": "杜鹃"},
        "responsible": {"name": "潘志远"},
        "followUps": [],
    }


async def test_they_hold_posts_in_the_unit(staged: World) -> None:
    strangers = {"handler": staged.person("huanbao.handler"), "responsible": staged.person("fuquzhang")}
    assert await refused(staged, "acknowledgeAssignment", None, **strangers, department="长" * 121) == [
        "input.department TOO_LONG",
        "input.handler BAD_ID",
        "input.responsible BAD_ID",
    ]


async def test_a_part_is_acknowledged_once(staged: World) -> None:
    for stage, state in (("acknowledged", "ACKNOWLEDGED v2"), ("completed", "COMPLETED v3")):
        part = staged.stages[stage]["part"]["id"]
        assert await refused(staged, "acknowledgeAssignment", assignment=part) == [f"ALREADY_DONE {state}"]


async def test_a_call_is_written_down_for_the_office(staged: World) -> None:
    given = {
        "channel": "VISIT",
        "words": "现场已清理三处。",
        "person_reached": "杜鹃",
        "promised_on": "2026-06-29",
        "occurred_at": shanghai(6, 24, 16),
    }
    call = "followUp { channel words personReached promisedOn occurredAt explains recordedBy { name } }"
    answer = await done(staged, "recordFollowUp", call, None, **given)
    assert answer["followUp"] == {
        "channel": "VISIT",
        "words": "现场已清理三处。",
        "personReached": "杜鹃",
        "promisedOn": "2026-06-29",
        "occurredAt": "2026-06-24T08:00:00+00:00",
        "explains": False,
        "recordedBy": {"name": "吴芳"},
    }
    seen = await staged.as_(HANDLER).ask(
        f"query Q($id: ID!) {{ node(id: $id) {{ ... on Assignment {{ {PART[13:-2]} }} }} }}",
        id=staged.stages["dispatched"]["part"]["id"],
    )
    assert seen["node"]["followUps"] == []  # the office's own notes


async def test_a_call_was_made_and_promises_something_to_come(staged: World) -> None:
    given = {"words": "", "occurred_at": shanghai(6, 25, 11), "promised_on": "2026-06-24", "person_reached": "名" * 121}
    assert await refused(staged, "recordFollowUp", None, **given) == [
        "input.words REQUIRED",
        "input.personReached TOO_LONG",
        "input.occurredAt BAD_DATE",
        "input.promisedOn BAD_DATE",
    ]


async def test_who_is_done_is_not_followed_up(staged: World) -> None:
    part = staged.stages["completed"]["part"]["id"]
    assert await refused(staged, "recordFollowUp", OFFICER, assignment=part) == ["STATUS_CONFLICT COMPLETED v3"]
