"""Units, people, posts and accounts: who may make them, and what is refused."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.authz import Role
from app.core.ids import new_id
from app.core.refusals import RefusalCode
from app.identity.models import Account, Person, PostHolding, Session, Unit, UnitName
from app.identity.rules import LeaderSystem, PostCapacity, Subordination, UnitKind
from app.identity.service import (
    CreatePerson,
    CreateUnit,
    Entrance,
    HoldPost,
    IssueAccount,
    create_person,
    create_unit,
    disable_account,
    hold_post,
    issue_account,
    sign_in,
)
from tests.identity.bed import NOW, PASSWORD, TODAY, Office, Town, actions, holder_of, problems_of


@pytest.fixture
async def system_admin(town: Town) -> UUID:
    return await town.person("赵系统", Role.SYSTEM_ADMIN)


def a_unit(**fields: Any) -> CreateUnit:
    given: dict[str, Any] = {
        "kind": UnitKind.DEPARTMENT,
        "subordination": Subordination.DISTRICT,
        "name": "住建局",
        "valid_from": date(2019, 3, 1),
    }
    return CreateUnit(**given | fields)


async def test_a_unit_is_made_with_its_first_name(office: Office, town: Town, admin: UUID) -> None:
    parent = await town.unit("区政府")
    unit = await office.do(admin, create_unit, a_unit(name=" 住建局 ", short_name="住建", parent_id=parent))
    stored = await town.one(Unit, unit.id)
    assert (stored.name, stored.short_name, stored.parent_id, stored.version) == ("住建局", "住建", parent, 1)
    names = await town.all(UnitName)
    assert [(row.unit_id, row.name, row.valid_from, row.valid_until) for row in names] == [
        (unit.id, "住建局", date(2019, 3, 1), None)
    ]
    assert await actions(town.database) == ["unit.created"]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"name": " "}, [("REQUIRED", "input.name")]),
        ({"name": "局" * 121}, [("TOO_LONG", "input.name")]),
        ({"name": "住建\x00局"}, [("BAD_TEXT", "input.name")]),
        ({"name": "财政局"}, [("NAME_TAKEN", "input.name")]),
        (
            {"name": "", "short_name": "局" * 121, "parent_id": UUID(int=7)},
            [("REQUIRED", "input.name"), ("TOO_LONG", "input.shortName"), ("BAD_ID", "input.parent")],
        ),
    ],
)
async def test_a_unit_that_cannot_be(
    office: Office, town: Town, admin: UUID, fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    await town.unit("财政局")
    assert problems_of(await office.refused(admin, create_unit, a_unit(**fields))) == problems
    assert len(await town.all(Unit)) == 1
    assert await actions(town.database) == []


async def test_a_person_is_made_without_any_right(office: Office, town: Town, admin: UUID) -> None:
    made = await office.do(
        admin, create_person, CreatePerson("周区长", LeaderSystem.GOVERNMENT, chief=True, portfolio="全面工作")
    )
    stored = await town.one(Person, made.id)
    assert (stored.name, stored.system, stored.chief, stored.portfolio) == (
        "周区长",
        LeaderSystem.GOVERNMENT,
        True,
        "全面工作",
    )
    actor = await office.actor(made.id)
    assert (actor.grants, actor.unit_ids) == ((), frozenset())
    again = await office.do(admin, create_person, CreatePerson("周区长"))  # two people may have one name
    assert again.id != made.id
    refusal = await office.refused(admin, create_person, CreatePerson("", portfolio="x" * 121))
    assert problems_of(refusal) == [("REQUIRED", "input.name"), ("TOO_LONG", "input.portfolio")]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, []),
        ({"valid_until": TODAY}, []),
        ({"valid_until": TODAY - timedelta(days=1)}, [("BAD_DATE", "input.validUntil")]),
        ({"post": ""}, [("REQUIRED", "input.post")]),
        ({"person_id": UUID(int=7)}, [("BAD_ID", "input.person")]),
        ({"unit_id": UUID(int=7)}, [("BAD_ID", "input.unit")]),
        (
            {"capacity": PostCapacity.AUTHORISED},
            [("REQUIRED", "input.basis"), ("REQUIRED", "input.validUntil")],
        ),
        (
            {
                "capacity": PostCapacity.AUTHORISED,
                "basis": "授权书〔2026〕3号",
                "valid_until": TODAY + timedelta(days=29),
            },
            [],
        ),
        (
            {
                "capacity": PostCapacity.AUTHORISED,
                "basis": "授权书〔2026〕3号",
                "valid_until": TODAY + timedelta(days=30),
            },
            [("BAD_DATE", "input.validUntil")],
        ),
    ],
)
async def test_a_post_and_what_a_written_authorisation_needs(
    office: Office, town: Town, admin: UUID, fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    given: dict[str, Any] = {
        "person_id": await town.person("王建国"),
        "unit_id": await town.unit("住建局"),
        "post": "局长",
        "capacity": PostCapacity.HEAD,
        "valid_from": TODAY,
    }
    command = HoldPost(**given | fields)
    if problems:
        assert problems_of(await office.refused(admin, hold_post, command)) == problems
        assert await town.all(PostHolding) == []
    else:
        await office.do(admin, hold_post, command)
        stored = await town.all(PostHolding)
        assert [(row.person_id, row.unit_id, row.capacity, row.valid_until) for row in stored] == [
            (command.person_id, command.unit_id, command.capacity, command.valid_until)
        ]
        assert await actions(town.database) == ["post.held"]


async def test_nobody_else_keeps_units_people_and_posts(office: Office, town: Town) -> None:
    person, unit = await town.person("王建国"), await town.unit("财政局")
    for role in Role:
        for use_case, command in (
            (create_unit, a_unit()),
            (create_person, CreatePerson("某人")),
            (hold_post, HoldPost(person, unit, "局长", PostCapacity.HEAD, TODAY)),
        ):
            if role is not Role.PERMISSION_ADMIN:
                refusal = await office.refused(holder_of(role), use_case, command)
                assert (role, refusal.code, refusal.rule_id) == (role, RefusalCode.NOT_ALLOWED, None)
    assert (len(await town.all(Unit)), len(await town.all(Person)), await town.all(PostHolding)) == (1, 1, [])


async def test_an_account_lets_its_person_in(
    office: Office, town: Town, system_admin: UUID, entrance: Entrance
) -> None:
    person = await town.person("王建国")
    made = await office.do(
        system_admin, issue_account, IssueAccount(person, " WANG "), await town.passwords.hash(PASSWORD)
    )
    assert (made.login, made.must_change_password, made.created_at) == ("wang", True, NOW)
    assert (await sign_in(entrance, "Wang", PASSWORD)).must_change_password
    assert await actions(town.database) == ["account.created", "account.sign_in"]


async def test_an_account_that_cannot_be(office: Office, town: Town, system_admin: UUID) -> None:
    taken, free = await town.person("王建国"), await town.person("李国强")
    await town.account(taken, "wang")
    for command, problems in (
        (IssueAccount(free, "WANG"), [("NAME_TAKEN", "input.login")]),
        (IssueAccount(taken, "other"), [("DUPLICATE", "input.person")]),
        (IssueAccount(new_id(), ""), [("REQUIRED", "input.login"), ("BAD_ID", "input.person")]),
        (IssueAccount(free, "w"), [("BAD_TEXT", "input.login")]),
        (IssueAccount(free, "two words"), [("BAD_TEXT", "input.login")]),
        (IssueAccount(free, "x" * 81), [("TOO_LONG", "input.login")]),
    ):
        assert problems_of(await office.refused(system_admin, issue_account, command, "x")) == problems
    assert len(await town.all(Account)) == 1


async def test_a_disabled_account_is_out_at_once(
    office: Office, town: Town, system_admin: UUID, entrance: Entrance
) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    await sign_in(entrance, "wang", PASSWORD)
    await office.do(system_admin, disable_account, account)
    assert (await town.one(Account, account)).disabled_at == NOW
    assert [(row.revoked_at, row.revoked_reason) for row in await town.all(Session)] == [(NOW, "ACCOUNT_DISABLED")]
    assert (await office.refused(system_admin, disable_account, account)).code is RefusalCode.ALREADY_DONE
    assert await actions(town.database) == ["account.sign_in", "account.disabled"]


async def test_accounts_are_the_system_administrators_alone(office: Office, town: Town) -> None:
    person = await town.person("王建国")
    account = await town.account(person, "wang")
    for role in set(Role) - {Role.SYSTEM_ADMIN}:
        actor = holder_of(role)
        refusal = await office.refused(actor, issue_account, IssueAccount(person, "mine"), "x")
        assert (role, refusal.code) == (role, RefusalCode.NOT_ALLOWED)
        assert (await office.refused(actor, disable_account, account)).code is RefusalCode.NOT_FOUND
    assert (await town.one(Account, account)).disabled_at is None
