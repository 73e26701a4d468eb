"""第三十条(六) 临时职权: listed actions of one case, until a day, out of the lender's own role."""

from typing import Any

import pytest

from tests.bed.procedure import LEADER, propose, register
from tests.bed.world import World, shanghai
from tests.usecases.calls import done, good_calls, refused

DEPUTY, RIGHTS, SECURITY = "fuquzhang2", "quanxian", "anmi"
_ANYWAY = {"case.declare_recusal"}  # of a case that he sees, by his own role


async def lent(world: World, case: Any, **changes: Any) -> str:
    power = {"role": "DISTRICT_LEADER", "person": world.person(DEPUTY), "basis": "区政办函〔2026〕4号"}
    given = power | {"case": case["id"], "actions": ["case.decide"], "valid_until": shanghai(6, 22, 9)} | changes
    found: str = (await world.as_(LEADER).do("grantTemporaryPower", "grant { id }", **given))["grant"]["id"]
    return found


async def allowed(world: World, login: str, case: Any) -> set[str] | None:
    """What the server says that somebody may do to a case; None where it is not there for him."""
    asked = "query Q($id: ID) { case(id: $id) { allowedActions { action allowed } } }"
    found = (await world.as_(login).ask(asked, id=case["id"]))["case"]
    return found and {one["action"] for one in found["allowedActions"] if one["allowed"]}


def decision(case: Any) -> dict[str, Any]:
    return {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"}


async def test_who_holds_it_decides_as_the_lender_would(world: World) -> None:
    case, other = await propose(world, await register(world)), await propose(world, await register(world))
    assert await allowed(world, DEPUTY, case) is None
    power = await lent(world, case)
    assert await allowed(world, DEPUTY, case) == {"case.decide", *_ANYWAY}
    assert await allowed(world, DEPUTY, other) is None
    told = "{ cases(first: 9) { edges { node { id } } } viewer { roles { role case { id } actions } } }"
    seen = await world.as_(DEPUTY).ask(told)
    assert seen["cases"]["edges"] == [{"node": {"id": case["id"]}}]
    assert {"role": "district_leader", "case": {"id": case["id"]}, "actions": ["case.decide"]} in seen["viewer"][
        "roles"
    ]

    # what is not listed he may not, and lend it no further
    scope = {"case": case["id"], "expected_version": case["version"], "restricted": True, "people": [], "units": []}
    assert await world.as_(DEPUTY).refused("setAccessScope", **scope) == ["NOT_ALLOWED"]
    further = {"role": "DISTRICT_LEADER", "person": world.person("zhuren"), "basis": "转托", "case": case["id"]}
    until = {"actions": ["case.decide"], "valid_until": shanghai(6, 20)}
    assert await world.as_(DEPUTY).refused("grantTemporaryPower", **further, **until) == ["NOT_ALLOWED"]

    decided = await world.as_(DEPUTY).do("decideHandling", "case { status }", **decision(case))
    assert decided["case"] == {"status": "APPROVED"}
    told = "query Q($id: ID) { case(id: $id) { decisions { decidedBy { name } printedName actedFor { name } } } }"
    assert (await world.as_(LEADER).ask(told, id=case["id"]))["case"]["decisions"] == [
        {"decidedBy": {"name": "赵敏"}, "printedName": "赵敏", "actedFor": {"name": "王海涛"}}
    ]
    await world.as_(LEADER).do("decideHandling", "__typename", **decision(other))
    (own,) = (await world.as_(LEADER).ask(told, id=other["id"]))["case"]["decisions"]
    assert own == {"decidedBy": {"name": "王海涛"}, "printedName": "王海涛", "actedFor": None}
    node = (
        "query Q($id: ID!) { node(id: $id) { ... on Grant { state actions grantedBy { name } lentFrom { state } } } }"
    )
    assert (await world.as_(LEADER).ask(node, id=power))["node"] == {
        "state": "IN_FORCE",
        "actions": ["case.decide"],
        "grantedBy": {"name": "王海涛"},
        "lentFrom": {"state": "IN_FORCE"},
    }


async def test_it_ends_by_itself(world: World) -> None:
    case = await propose(world, await register(world))
    await lent(world, case)
    world.at(6, 22, 8, 59)
    assert await allowed(world, DEPUTY, case) == {"case.decide", *_ANYWAY}
    world.at(6, 22, 9)
    assert await allowed(world, DEPUTY, case) is None
    assert await world.as_(DEPUTY).refused("decideHandling", **decision(case)) == ["NOT_FOUND"]


@pytest.mark.parametrize("by", [LEADER, RIGHTS, SECURITY])
async def test_one_person_takes_it_back(world: World, by: str) -> None:
    case = await propose(world, await register(world))
    power = await lent(world, case)
    ended = await world.as_(by).do("revokeTemporaryPower", "grant { state }", grant=power)
    assert ended["grant"] == {"state": "REVOKED"}
    assert await allowed(world, DEPUTY, case) is None
    assert await world.as_(by).refused("revokeTemporaryPower", grant=power) == ["ALREADY_DONE"]


async def test_it_is_void_when_the_lender_loses_his_own(world: World) -> None:
    case = await propose(world, await register(world))
    await lent(world, case)
    listed = "query Q($people: [ID!]) { grants(filter: {people: $people}) { edges { node { id } } } }"
    (own,) = (await world.as_(RIGHTS).ask(listed, people=[world.person(LEADER)]))["grants"]["edges"]
    await world.as_(SECURITY).do("revokeGrant", "__typename", grant=own["node"]["id"])
    assert await allowed(world, DEPUTY, case) is None
    assert await world.as_(DEPUTY).refused("decideHandling", **decision(case)) == ["NOT_FOUND"]


async def test_what_is_not_for_the_holder_is_not_for_him_by_a_power_either(world: World) -> None:
    case = await propose(world, await register(world, restricted=True))
    await lent(world, case)
    assert await allowed(world, DEPUTY, case) is None


async def test_nobody_lends_what_he_may_not_do_himself(world: World) -> None:
    """Roles that are not his own, and what his role may not."""
    case = await propose(world, await register(world))
    power = {"role": "DISTRICT_LEADER", "person": world.person(DEPUTY), "basis": "批示", "case": case["id"]}
    until = {"actions": ["case.decide"], "valid_until": shanghai(6, 20)}
    assert await world.as_(LEADER).refused("grantTemporaryPower", **power | {"role": "DISTRICT_HEAD"}, **until) == [
        "NOT_ALLOWED"
    ]
    assert await world.as_("quzhang").refused("grantTemporaryPower", **power, **until) == ["NOT_ALLOWED"]
    office = power | {"role": "OFFICE_LEADER"}
    assert await world.as_("zhuren").refused("grantTemporaryPower", **office, **until) == [
        "input.actions.0 NOT_APPLICABLE"
    ]
    assert await world.as_(LEADER).refused(
        "grantTemporaryPower", **power | {"person": world.person(LEADER)}, **until
    ) == ["NOT_ALLOWED SOD-35"]
    await world.as_("zhuren").do("grantTemporaryPower", "__typename", **office, **until | {"actions": ["case.reopen"]})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"actions": []}, ["input.actions REQUIRED"]),
        ({"actions": ["case.decide", "case.dispatch"]}, ["input.actions.1 NOT_APPLICABLE"]),
        ({"actions": ["case.decide", "grant.lend"]}, ["input.actions.1 NOT_APPLICABLE"]),
        ({"actions": ["督办"]}, ["input.actions.0 NOT_APPLICABLE"]),
        ({"actions": ["case.decide"] * 40}, ["input.actions TOO_LONG"]),
        ({"valid_until": shanghai(6, 25, 10)}, ["input.validUntil BAD_DATE"]),
        ({"basis": " "}, ["input.basis REQUIRED"]),
    ],
)
async def test_a_power_that_cannot_be(staged: World, changes: dict[str, Any], answer: list[str]) -> None:
    assert await refused(staged, "grantTemporaryPower", **changes) == answer


async def test_the_same_is_lent_once_at_a_time(staged: World) -> None:
    await done(staged, "grantTemporaryPower", "__typename")
    assert await refused(staged, "grantTemporaryPower") == ["ALREADY_DONE"]


async def test_administrators_hold_no_power_over_a_case(staged: World) -> None:
    given = {"person": staged.person("xitong")}
    assert await refused(staged, "grantTemporaryPower", **given) == ["ROLES_EXCLUDE_EACH_OTHER"]


async def test_a_role_is_no_temporary_power(staged: World) -> None:
    given = good_calls(staged)["revokeGrant"].input["grant"]
    assert await refused(staged, "revokeTemporaryPower", RIGHTS, grant=given) == ["NOT_FOUND"]
    power = staged.stages["lent"]["power"]
    revoked = await staged.as_(RIGHTS).do("revokeGrant", "grant { state }", grant=power)
    assert revoked["grant"] == {"state": "REVOKED"}
