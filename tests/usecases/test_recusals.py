"""回避 (条例 第十七条, 第二十八条): declared, ordered, lifted; what who is recused meets of the case; each refusal."""

from typing import Any

import pytest

from app.core.ids import encode_id, new_id
from tests.bed.procedure import CHECKER, LEADER, OFFICE_HEAD, OFFICER
from tests.bed.records import events_of
from tests.bed.world import World
from tests.usecases.calls import HANDLER, done, refused

MET = """
query Met($id: ID!, $part: ID!) {
  case(id: $id) { id }
  node(id: $part) { id }
  cases(first: 100) { edges { node { id } } }
  todos(first: 100) { edges { node { id } } }
}
"""
STANDING = "recusals { person { name } reason declaredBy { name } declaredAt }"


async def met(world: World, login: str) -> dict[str, Any]:
    """What somebody meets of the dispatched case: itself, its part, its line in the ledger."""
    at = world.stages["dispatched"]
    found = await world.as_(login).ask(MET, id=at["case"]["id"], part=at["part"]["id"])
    listed = at["case"]["id"] in {edge["node"]["id"] for edge in found["cases"]["edges"]}
    return {"case": found["case"] is not None, "part": found["node"] is not None, "listed": listed}


EVERYWHERE, NOWHERE = dict.fromkeys(("case", "part", "listed"), True), dict.fromkeys(("case", "part", "listed"), False)


async def test_who_steps_back_meets_the_case_nowhere(staged: World) -> None:
    assert await met(staged, OFFICER) == EVERYWHERE
    assert (await done(staged, "declareRecusal", "case { id }"))["case"] is None
    assert await met(staged, OFFICER) == NOWHERE
    assert await met(staged, CHECKER) == EVERYWHERE


async def test_somebody_of_a_unit_may_step_back_and_the_others_go_on(staged: World) -> None:
    await done(staged, "declareRecusal", "case { id }", HANDLER)
    assert await met(staged, HANDLER) == NOWHERE
    assert await met(staged, "chengguan.head") == EVERYWHERE


async def test_who_is_recused_by_the_office_can_do_nothing_to_the_case(staged: World) -> None:
    answer = await done(staged, "orderRecusal", f"case {{ {STANDING} }}")
    assert answer["case"]["recusals"] == [
        {
            "person": {"name": "郑磊"},
            "reason": "与承办单位负责人有亲属关系。",
            "declaredBy": {"name": "周正"},
            "declaredAt": "2026-06-25T02:00:00+00:00",
        }
    ]
    assert await met(staged, CHECKER) == NOWHERE
    for mutation in ("declareRecusal", "recordFollowUp", "urgeUnit"):
        part = {} if mutation == "declareRecusal" else {"assignment": staged.stages["dispatched"]["part"]["id"]}
        assert await refused(staged, mutation, CHECKER, **part) == ["NOT_FOUND"]


async def test_a_leader_who_is_recused_decides_nothing(staged: World) -> None:
    case = {"case": staged.stages["proposed"]["case"]["id"]}
    await done(staged, "orderRecusal", "__typename", **case, person=staged.person(LEADER))
    assert await refused(staged, "decideHandling") == ["NOT_FOUND"]
    assert (await done(staged, "decideHandling", "case { status }", "quzhang"))["case"] == {"status": "APPROVED"}


TODOS = "{ todos(first: 100) { edges { node { action role person { name } dueOn case { id } } } } }"


async def waiting(world: World, login: str, case: str) -> list[dict[str, Any]]:
    """What waits for somebody in a case."""
    edges = (await world.as_(login).ask(TODOS))["todos"]["edges"]
    return [
        {name: edge["node"][name] for name in ("action", "role", "person", "dueOn")}
        for edge in edges
        if edge["node"]["case"] == {"id": case}
    ]


async def test_what_waited_for_him_waits_for_who_decides_in_his_place(staged: World) -> None:
    case = staged.stages["proposed"]["case"]["id"]
    (his,) = await waiting(staged, LEADER, case)
    assert (his["action"], his["role"], await waiting(staged, "quzhang", case)) == ("DECIDE", None, [])
    named = {"case": case, "person": staged.person(LEADER)}
    await done(staged, "orderRecusal", "__typename", **named)
    mayors = his | {"role": "district_head", "person": None}
    assert (await waiting(staged, LEADER, case), await waiting(staged, "quzhang", case)) == ([], [mayors])
    known = "query Q($id: ID) { case(id: $id) { waitingFor { action role person { name } } } }"
    waits = (await staged.as_(OFFICER).ask(known, id=case))["case"]["waitingFor"]
    assert waits == [{"action": "DECIDE", "role": "district_head", "person": None}]
    await staged.tick()
    told = "{ notifications(first: 2) { edges { node { topic case { id } } } } }"  # the other one is of no case
    heard = [edge["node"] for edge in (await staged.as_("quzhang").ask(told))["notifications"]["edges"]]
    assert [one for one in heard if one["case"]] == [{"topic": "recusal.ordered", "case": {"id": case}}]

    # nor does anything new wait for him: the office proposes once more, to him as before
    await done(staged, "decideHandling", "__typename", "quzhang", outcome="RETURNED", comment="请补充。")
    assert await waiting(staged, "quzhang", case) == []
    await done(staged, "proposeHandling", "__typename", OFFICER, case=case)
    (anew,) = await waiting(staged, "quzhang", case)
    assert (anew["role"], await waiting(staged, LEADER, case)) == ("district_head", [])

    # let back, he decides himself
    await done(staged, "liftRecusal", "__typename", **named)
    assert await waiting(staged, LEADER, case) == [anew | {"role": None, "person": his["person"]}]
    assert await waiting(staged, "quzhang", case) == []


async def test_where_nobody_decides_in_his_place_the_office_sees_to_it(staged: World) -> None:
    case = staged.stages["proposed"]["case"]["id"]
    for login in (LEADER, "quzhang"):
        await done(staged, "orderRecusal", "__typename", case=case, person=staged.person(login))
    assert [one["role"] for one in await waiting(staged, OFFICE_HEAD, case)] == ["supervision_head"]
    assert (await waiting(staged, LEADER, case), await waiting(staged, "quzhang", case)) == ([], [])
    await done(staged, "liftRecusal", "__typename", case=case, person=staged.person("quzhang"))
    assert [one["role"] for one in await waiting(staged, "quzhang", case)] == ["district_head"]
    assert await waiting(staged, OFFICE_HEAD, case) == []


async def test_a_result_is_read_in_his_place(staged: World) -> None:
    at = staged.stages["laid"]
    case, reading = at["case"]["id"], {"reading": at["reading"]["id"]}
    assert await staged.as_("quzhang").refused("recordReading", **reading) == ["NOT_ALLOWED"]
    await done(staged, "orderRecusal", "__typename", case=case, person=staged.person(LEADER))
    assert [one["action"] for one in await waiting(staged, "quzhang", case)] == ["READ_RESULT"]
    await staged.as_("quzhang").do("recordReading", "__typename", **reading)
    assert await waiting(staged, "quzhang", case) == []


async def test_only_the_office_lets_him_back(staged: World) -> None:
    await done(staged, "declareRecusal", "__typename", OFFICE_HEAD)
    lifted = {"case": staged.stages["dispatched"]["case"]["id"], "person": staged.person(OFFICE_HEAD)}
    assert await refused(staged, "liftRecusal", **lifted) == ["NOT_FOUND"]  # not he himself
    answer = await done(staged, "liftRecusal", f"case {{ {STANDING} }}", "zhuren", **lifted)
    assert answer["case"] == {"recusals": []}
    assert await met(staged, OFFICE_HEAD) == EVERYWHERE
    await done(staged, "declareRecusal", "__typename", OFFICE_HEAD)  # and may step back again
    assert await met(staged, OFFICE_HEAD) == NOWHERE


async def test_a_unit_does_not_see_who_is_recused_and_why(staged: World) -> None:
    await done(staged, "orderRecusal", "__typename")
    query = "query Q($id: ID) { case(id: $id) { recusals { reason } timeline(first: 9) { edges { node { type } } } } }"
    seen = (await staged.as_(HANDLER).ask(query, id=staged.stages["dispatched"]["case"]["id"]))["case"]
    assert seen["recusals"] == []
    assert "recusal.ordered" not in {edge["node"]["type"] for edge in seen["timeline"]["edges"]}


async def test_who_is_named_by_the_office_is_in_the_chain(staged: World) -> None:
    await done(staged, "orderRecusal", "__typename")
    (event,) = (await events_of(staged))[-1:]
    (change,) = event.changes
    assert change["table"] == "recusal"
    assert change["fields"]["person_id"] == [None, str(staged.district.people[CHECKER])]


async def test_what_changes_nothing_is_said_to_be_done(staged: World) -> None:
    await done(staged, "orderRecusal", "__typename")
    assert await refused(staged, "orderRecusal") == ["ALREADY_DONE"]
    assert await refused(staged, "liftRecusal", person=staged.person(OFFICER)) == ["ALREADY_DONE"]


@pytest.mark.parametrize("mutation", ["orderRecusal", "liftRecusal"])
async def test_somebody_known_is_named_and_a_reason_given(staged: World, mutation: str) -> None:
    unknown = encode_id("person", new_id())
    assert await refused(staged, mutation, person=unknown, reason=" ") == [
        "input.person BAD_ID",
        "input.reason REQUIRED",
    ]


async def test_who_steps_back_says_why(staged: World) -> None:
    assert await refused(staged, "declareRecusal", reason="") == ["input.reason REQUIRED"]
    assert await refused(staged, "declareRecusal", reason="长" * 2001) == ["input.reason TOO_LONG"]
