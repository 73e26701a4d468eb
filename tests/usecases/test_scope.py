"""知悉范围 (第二十三条): who gets into it and out of it, what both see of it, and each refusal."""

from typing import Any

from app.core.ids import encode_id, new_id
from app.identity.models import Person
from tests.bed.procedure import CHECKER, CITY, LEADER, OFFICE_HEAD, OFFICER, case_now, dispatched
from tests.bed.records import events_of
from tests.bed.world import World
from tests.usecases.calls import done, refused

SIGHT = "query Q($id: ID) { case(id: $id) { restricted } }"
NAMED = "accessScope { person { name } unit { name } grantedBy { name } grantedAt }"


def restricted(world: World) -> str:
    found: str = world.stages["restricted"]["case"]["id"]
    return found


async def sees(world: World, login: str, case: str) -> bool:
    return (await world.as_(login).ask(SIGHT, id=case))["case"] is not None


def named(scope: list[dict[str, Any]]) -> list[str]:
    return [(member["person"] or member["unit"])["name"] for member in scope]


async def test_whoever_is_not_named_any_more_loses_sight(staged: World) -> None:
    answer = await done(staged, "setAccessScope", "case { id }", people=[staged.person("duban.zheng")], units=[])
    assert answer["case"] is None  # who set it is not named in it
    case = staged.stages["registered"]["case"]["id"]
    seen = {}
    for login in (OFFICER, CHECKER, OFFICE_HEAD, "zhuren", "quzhang", LEADER):
        seen[login] = await sees(staged, login, case)
    # who registered it and whose words it rests on know of it in any event (第二十三条)
    assert seen == {OFFICER: True, CHECKER: True, OFFICE_HEAD: False, "zhuren": False, "quzhang": False, LEADER: True}


async def test_a_scope_names_known_people_and_units(staged: World) -> None:
    people = [staged.person(OFFICER)] * 101
    assert await refused(staged, "setAccessScope", people=people, units=[]) == ["input.people TOO_MANY"]
    assert await refused(staged, "setAccessScope", expected_version=0) == ["VERSION_CONFLICT REGISTERED v1"]


async def test_who_is_let_in_sees_it_and_the_others_stay(staged: World) -> None:
    case = restricted(staged)
    assert not await sees(staged, OFFICE_HEAD, case)
    answer = await done(staged, "grantCaseAccess", f"case {{ version {NAMED} }}")
    assert answer["case"]["version"] == staged.stages["restricted"]["case"]["version"]  # of a part of it
    assert sorted(named(answer["case"]["accessScope"])) == sorted(["郑磊", "区城市管理局", "周正", "区生态环境局"])
    assert {member["grantedBy"]["name"] for member in answer["case"]["accessScope"]} == {"吴芳"}
    assert {member["grantedAt"] for member in answer["case"]["accessScope"]} == {"2026-06-25T02:00:00+00:00"}
    assert await sees(staged, OFFICE_HEAD, case)
    assert await sees(staged, CHECKER, case)


async def test_who_is_taken_out_loses_it_with_the_next_request(staged: World) -> None:
    case = restricted(staged)
    page = "query P($id: ID, $after: String) { case(id: $id) { timeline(first: 1, after: $after) { %s } } }"
    read = page % "pageInfo { endCursor } edges { node { type } }"
    opened = (await staged.as_(CHECKER).ask(read, id=case))["case"]["timeline"]
    assert [edge["node"]["type"] for edge in opened["edges"]] == ["case.scope_set"]
    answer = await done(staged, "revokeCaseAccess", f"case {{ {NAMED} }}")
    assert answer["case"] == {"accessScope": []}
    after = opened["pageInfo"]["endCursor"]
    assert (await staged.as_(CHECKER).ask(read, id=case, after=after))["case"] is None  # a list that lay open, too
    assert await refused(staged, "grantCaseAccess", CHECKER) == ["NOT_FOUND"]


async def test_one_of_them_can_be_taken_out_and_let_in_again(staged: World) -> None:
    checker = [staged.person(CHECKER)]
    left = await done(staged, "revokeCaseAccess", f"case {{ {NAMED} }}", people=checker, units=[])
    assert named(left["case"]["accessScope"]) == [CITY]
    again = await done(staged, "grantCaseAccess", f"case {{ {NAMED} }}", people=checker, units=[])
    assert sorted(named(again["case"]["accessScope"])) == sorted([CITY, "郑磊"])


async def test_each_change_is_in_the_chain_with_its_rule_and_with_whom_it_names(staged: World) -> None:
    await done(staged, "grantCaseAccess", "__typename")
    await done(staged, "revokeCaseAccess", "__typename", units=[])
    granted, revoked = (await events_of(staged))[-2:]
    assert [event.type for event in (granted, revoked)] == ["case.access_granted", "case.access_revoked"]
    people = {change["fields"].get("person_id", [None, None])[1] for change in granted.changes}
    assert people == {str(staged.district.people[OFFICE_HEAD]), None}
    assert [set(change["fields"]) for change in revoked.changes] == [{"revoked_at", "revoked_by"}]


async def test_what_changes_nothing_is_said_to_be_done(staged: World) -> None:
    known: dict[str, Any] = {"people": [staged.person(CHECKER)], "units": [staged.unit(CITY)]}
    assert await refused(staged, "grantCaseAccess", **known) == ["ALREADY_DONE"]
    strangers: dict[str, Any] = {"people": [staged.person(OFFICE_HEAD)], "units": []}
    assert await refused(staged, "revokeCaseAccess", **strangers) == ["ALREADY_DONE"]


async def test_nobody_is_let_into_what_all_may_know(staged: World) -> None:
    case = staged.stages["registered"]["case"]["id"]
    for mutation in ("grantCaseAccess", "revokeCaseAccess"):
        assert await refused(staged, mutation, case=case) == ["STATUS_CONFLICT REGISTERED v1"]


async def test_somebody_known_must_be_named(staged: World) -> None:
    nobody: dict[str, Any] = {"people": [], "units": []}
    unknown: dict[str, Any] = {"people": [encode_id("person", new_id())], "units": [encode_id("unit", new_id())]}
    many: dict[str, Any] = {"people": [staged.person(OFFICER)] * 101, "units": []}
    for mutation in ("grantCaseAccess", "revokeCaseAccess"):
        assert await refused(staged, mutation, **nobody) == ["input.people REQUIRED"]
        assert await refused(staged, mutation, **unknown) == ["input.people.0 BAD_ID", "input.units.0 BAD_ID"]
        assert await refused(staged, mutation, **many) == ["input.people TOO_MANY"]


async def test_a_scope_holds_a_hundred_people_and_no_more(staged: World) -> None:
    rows = [Person(id=new_id(), name=f"知情人{number}", updated_at=staged.clock.now()) for number in range(100)]
    async with staged.database.write() as session:
        session.add_all(rows)
    people = [encode_id("person", row.id) for row in rows]
    assert await refused(staged, "grantCaseAccess", people=people) == ["input.people TOO_MANY"]
    await done(staged, "grantCaseAccess", "__typename", people=people[:99])


async def test_who_handles_a_restricted_case_is_named_with_the_dispatch(staged: World) -> None:
    case = await dispatched(staged, matter={"restricted": True})
    assert await sees(staged, "chengguan.handler", case["id"])
    assert named((await case_now(staged, case, NAMED))["accessScope"]) == [CITY]
    taken = {"case": case["id"], "people": [], "units": [staged.unit(CITY)]}
    await done(staged, "revokeCaseAccess", "__typename", **taken)
    assert not await sees(staged, "chengguan.handler", case["id"])


async def test_a_unit_does_not_see_who_else_knows(staged: World) -> None:
    case = await dispatched(staged, matter={"restricted": True})
    query = "query Q($id: ID) { case(id: $id) { accessScope { grantedAt } } }"
    assert (await staged.as_("chengguan.handler").ask(query, id=case["id"]))["case"] == {"accessScope": []}
