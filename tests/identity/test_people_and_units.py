"""What other features ask: who may sign, who heads, who is told, which unit a name means."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import update

from app.authz import Role
from app.core.database import Database
from app.core.ids import new_id
from app.identity.models import RoleGrant, Unit, UnitContact, UnitGroup, UnitGroupMember, UnitName
from app.identity.queries import (
    group_members,
    groups_by_name,
    heads_of_unit,
    holders_of_role,
    people_to_notify,
    signing_posts,
    unit_names_on,
    units_by_name,
)
from app.identity.rules import ContactKind, PostCapacity
from tests.identity.bed import DAY, NOW, TODAY, Town, cheap_passwords, grant, lent

HEAD, ACTING, IN_CHARGE, AUTHORISED, MEMBER = PostCapacity


@pytest.fixture
def town(either_database: Database) -> Town:
    return Town(either_database, cheap_passwords())


async def capacities(town: Town, person: UUID, unit: UUID, day: date = TODAY) -> list[PostCapacity]:
    async with town.database.read() as session:
        posts = await signing_posts(session, person, unit, day, major=False)
    return [post.capacity for post in posts]


@pytest.mark.parametrize(("capacity", "signs"), [(capacity, capacity is not MEMBER) for capacity in PostCapacity])
async def test_who_heads_a_unit_in_any_capacity_may_sign_and_a_member_may_not(
    town: Town, capacity: PostCapacity, signs: bool
) -> None:
    person, unit, other = await town.person("王建国"), await town.unit("住建局"), await town.unit("财政局")
    await town.post(person, unit, capacity, valid_from=TODAY)
    assert await capacities(town, person, unit) == ([capacity] if signs else [])
    assert await capacities(town, person, other) == []
    assert await capacities(town, await town.person("李国强"), unit) == []


async def test_posts_count_on_their_days_and_the_fullest_comes_first(town: Town) -> None:
    person, unit = await town.person("王建国"), await town.unit("住建局")
    await town.post(person, unit, AUTHORISED, TODAY, TODAY)
    await town.post(person, unit, ACTING, TODAY, TODAY + DAY)
    await town.post(person, unit, HEAD, TODAY + DAY)
    assert await capacities(town, person, unit, TODAY - DAY) == []
    assert await capacities(town, person, unit, TODAY) == [ACTING, AUTHORISED]
    assert await capacities(town, person, unit, TODAY + DAY) == [HEAD, ACTING]
    assert await capacities(town, person, unit, TODAY + 2 * DAY) == [HEAD]


async def test_heads_are_those_of_the_day_and_no_authorised_signer_is_one(town: Town) -> None:
    unit = await town.unit("住建局")
    people = {capacity: await town.person(capacity.value) for capacity in PostCapacity}
    for capacity, person in people.items():
        await town.post(person, unit, capacity, TODAY, TODAY)
    gone = await town.person("李国强", valid_until=TODAY - DAY)
    await town.post(gone, unit)
    async with town.database.read() as session:
        assert set(await heads_of_unit(session, unit, TODAY)) == {people[HEAD], people[ACTING], people[IN_CHARGE]}
        assert await heads_of_unit(session, unit, TODAY + DAY) == []


async def test_handlers_liaisons_and_heads_are_told_each_once(town: Town) -> None:
    bureau, street, empty = await town.unit("住建局"), await town.unit("新阳路街道办事处"), await town.unit("无人局")
    head, handler, liaison, duty = [await town.person(name) for name in ("局长", "承办人", "联络员", "值班")]
    gone = await town.person("调离", valid_until=TODAY - DAY)
    await town.post(head, bureau)
    await town.post(await town.person("科员"), bureau, MEMBER)
    await town.post(await town.person("前任"), bureau, HEAD, valid_until=TODAY - DAY)
    contacts = [
        (bureau, head, ContactKind.LIAISON),
        (bureau, handler, ContactKind.HANDLER),
        (bureau, gone, ContactKind.HANDLER),
        (street, handler, ContactKind.HANDLER),
        (street, handler, ContactKind.LIAISON),
        (street, liaison, ContactKind.LIAISON),
        (street, duty, ContactKind.DUTY),
        (street, duty, ContactKind.SEAL_KEEPER),
    ]
    await town.add(*(UnitContact(unit_id=unit, person_id=person, kind=kind) for unit, person, kind in contacts))
    async with town.database.read() as session:
        told = await people_to_notify(session, [bureau, street, empty], TODAY)
        assert await people_to_notify(session, [], TODAY) == {}
    assert {unit: sorted(people, key=str) for unit, people in told.items()} == {
        bureau: sorted([head, handler], key=str),
        street: sorted([handler, liaison], key=str),
        empty: [],
    }


async def test_holders_of_a_role_hold_it_now_and_for_more_than_one_case(town: Town) -> None:
    holder = await town.person("张主任", Role.OFFICE_LEADER)
    for fields in (
        {"valid_until": NOW},
        {"valid_from": NOW + DAY},
        {"revoked_at": NOW - DAY},
        {"pending": True},
    ):
        await town.add(grant(await town.person("别人"), Role.OFFICE_LEADER, **fields))
    (own,) = [row for row in await town.all(RoleGrant) if row.person_id == holder]
    await town.add(lent(await town.person("别人"), own, "case.reopen"))
    await town.person("区长", Role.DISTRICT_HEAD)
    async with town.database.read() as session:
        assert await holders_of_role(session, Role.OFFICE_LEADER, NOW) == [holder]
        assert await holders_of_role(session, Role.SUPERVISION_HEAD, NOW) == []


async def test_a_unit_has_the_name_of_the_day(town: Town) -> None:
    unit, plain = await town.unit("住房和城乡建设局"), await town.unit("财政局")
    await town.add(
        UnitName(unit_id=unit, name="建设局", valid_from=date(2010, 1, 1), valid_until=date(2019, 2, 28)),
        UnitName(unit_id=unit, name="住房和城乡建设局", valid_from=date(2019, 3, 1)),
    )
    async with town.database.read() as session:
        for day, name in (
            (date(2019, 2, 28), "建设局"),
            (date(2019, 3, 1), "住房和城乡建设局"),
            (date(2009, 1, 1), "住房和城乡建设局"),  # nothing on record: today's
        ):
            assert await unit_names_on(session, [unit, plain], day) == {unit: name, plain: "财政局"}
        assert await unit_names_on(session, [new_id()], TODAY) == {}


async def test_a_written_name_means_one_unit_or_none(town: Town) -> None:
    housing, finance, street = [await town.unit(name) for name in ("住建局", "财政局", "街道办")]
    async with town.database.write() as session:
        for unit_id, short in ((housing, "住建"), (finance, "财局"), (street, "财局")):
            await session.execute(update(Unit).where(Unit.id == unit_id).values(short_name=short))
    old = {"valid_from": date(2010, 1, 1), "valid_until": date(2019, 2, 28)}
    await town.add(
        UnitName(unit_id=housing, name="建设局", **old),
        UnitName(unit_id=finance, name="住建局", **old),  # once finance's, today another unit's: today's counts
        UnitName(unit_id=finance, name="老局", **old),
        UnitName(unit_id=street, name="老局", **old),
        UnitName(unit_id=housing, name="财局", **old),  # unclear as a short name, so unclear altogether
    )
    async with town.database.read() as session:
        assert await units_by_name(session) == {
            "住建局": housing,
            "财政局": finance,
            "街道办": street,
            "住建": housing,
            "建设局": housing,
        }


async def test_groups_and_their_members(town: Town) -> None:
    first, second = await town.unit("甲街道"), await town.unit("乙街道")
    streets, none = UnitGroup(id=new_id(), name="各街道办事处"), UnitGroup(id=new_id(), name="各县")
    await town.add(streets, none, *(UnitGroupMember(group_id=streets.id, unit_id=unit) for unit in (first, second)))
    async with town.database.read() as session:
        assert await groups_by_name(session) == {"各街道办事处": streets.id, "各县": none.id}
        members = await group_members(session, [streets.id, none.id])
    assert {group: set(units) for group, units in members.items()} == {streets.id: {first, second}, none.id: set()}
