"""The first administrators: four people, passwords shown once, and never a second time."""

import asyncio
from dataclasses import replace

import pytest

from app.authz import Actor, Role
from app.core.clock import FixedClock
from app.core.database import Database
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, Person, RoleGrant
from app.identity.passwords import Passwords
from app.identity.service import (
    Administrator,
    Entrance,
    FirstAccount,
    admin_bootstrap,
    authenticate,
    change_password,
    sign_in,
)
from tests.identity.bed import NOW, Town, actions, chain, cheap_passwords, grant, problems_of, roles_of

FOUR = [
    Administrator(Role.SYSTEM_ADMIN, "赵系统", "sys.admin"),
    Administrator(Role.SECURITY_ADMIN, "钱安全", "Sec.Admin"),
    Administrator(Role.SECURITY_AUDITOR, "孙审计", "auditor"),
    Administrator(Role.PERMISSION_ADMIN, "李权限", "perm.admin"),
]


async def test_four_people_get_a_role_and_a_password_each(
    database: Database, clock: FixedClock, passwords: Passwords, town: Town, entrance: Entrance
) -> None:
    issued = await admin_bootstrap(database, clock, passwords, FOUR)
    assert [(item.role, item.name, item.login) for item in issued] == [
        (Role.SYSTEM_ADMIN, "赵系统", "sys.admin"),
        (Role.SECURITY_ADMIN, "钱安全", "sec.admin"),
        (Role.SECURITY_AUDITOR, "孙审计", "auditor"),
        (Role.PERMISSION_ADMIN, "李权限", "perm.admin"),
    ]
    assert len({item.password for item in issued}) == 4
    grants = await town.all(RoleGrant)
    assert {(item.role, item.granted_by, item.approved_by, item.pending, item.valid_until) for item in grants} == {
        (item.role, None, None, False, None) for item in FOUR
    }
    assert len({item.person_id for item in grants}) == 4
    for item in issued:
        assert roles_of(await _use(entrance, item)) == [item.role]


async def _use(entrance: Entrance, issued: FirstAccount) -> Actor:
    """Sign in once, find nothing allowed, set a password of one's own."""
    signed_in = await sign_in(entrance, issued.login, issued.password)
    header = f"Bearer {signed_in.access.text}"
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, header)
    assert caller is not None
    assert (caller.must_change_password, caller.actor.grants) == (True, ())
    await change_password(entrance, caller.actor, issued.password, f"{issued.login} own 2026")
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, header)
    assert caller is not None
    return caller.actor


async def test_each_step_is_recorded_as_the_operators(
    database: Database, clock: FixedClock, passwords: Passwords
) -> None:
    issued = await admin_bootstrap(database, clock, passwords, FOUR)
    assert await actions(database) == ["administration.bootstrap", *["grant.given"] * 4]
    async with database.read() as session:
        records = await chain(session)
    assert {(item.actor_kind, item.actor_account_id, item.actor_person_id) for item in records} == {
        ("OPERATOR", None, None)
    }
    roles = [change["fields"]["role"] for item in records for change in item.changes if change["table"] == "role_grant"]
    assert roles == [[None, item.role.value] for item in FOUR]
    written = str([item.changes for item in records])
    assert not any(item.password in written or "argon2" in written for item in issued)


@pytest.mark.parametrize("fields", [{}, {"revoked_at": NOW}, {"valid_until": NOW}])
async def test_it_refuses_once_anybody_ever_held_a_role(
    database: Database, clock: FixedClock, passwords: Passwords, town: Town, fields: dict[str, object]
) -> None:
    person = await town.person("王建国")
    await town.add(grant(person, Role.UNIT_HANDLER, **fields))
    with pytest.raises(Refusal) as refused:
        await admin_bootstrap(database, clock, passwords, FOUR)
    assert refused.value.code is RefusalCode.ALREADY_DONE
    assert len(await town.all(Person)) == 1
    assert await town.all(Account) == []
    assert await actions(database) == []


@pytest.mark.parametrize(
    ("administrators", "problems"),
    [
        ([], [("REQUIRED", "administrators")]),
        (FOUR[:3], [("REQUIRED", "administrators")]),
        ([*FOUR, FOUR[0]], None),
        ([*FOUR[:3], replace(FOUR[3], role=Role.SYSTEM_ADMIN)], [("REQUIRED", "administrators")]),
        ([*FOUR[:3], replace(FOUR[3], role=Role.DISTRICT_HEAD)], [("REQUIRED", "administrators")]),
        ([*FOUR[:3], replace(FOUR[3], login="SYS.ADMIN")], [("DUPLICATE", "administrators.login")]),
        ([*FOUR[:3], replace(FOUR[3], name=" 赵系统")], [("DUPLICATE", "administrators.name")]),
        (
            [*FOUR[:3], replace(FOUR[3], name=" ", login="two words")],
            [("REQUIRED", "administrators.3.name"), ("BAD_TEXT", "administrators.3.login")],
        ),
    ],
)
async def test_four_different_people_or_nobody(
    database: Database,
    clock: FixedClock,
    passwords: Passwords,
    town: Town,
    administrators: list[Administrator],
    problems: list[tuple[str, str]] | None,
) -> None:
    with pytest.raises(Refusal) as refused:
        await admin_bootstrap(database, clock, passwords, administrators)
    expected = problems or [
        ("REQUIRED", "administrators"),
        ("DUPLICATE", "administrators.name"),
        ("DUPLICATE", "administrators.login"),
    ]
    assert problems_of(refused.value) == expected
    assert await town.all(Person) == []


async def test_of_two_runs_at_once_one_finds_it_done(either_database: Database, clock: FixedClock) -> None:
    passwords = cheap_passwords()
    runs = (admin_bootstrap(either_database, clock, passwords, FOUR) for _ in range(3))
    answers = await asyncio.gather(*runs, return_exceptions=True)
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.code for refusal in refusals] == [RefusalCode.ALREADY_DONE] * 2
    assert len(await Town(either_database, passwords).all(RoleGrant)) == 4
