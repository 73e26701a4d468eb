"""What happens at the same instant, over connections of their own: one wins, and the others hear of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.authz import Role
from app.core.clock import FixedClock
from app.core.database import Base, Database
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, Person, RefreshToken, RoleGrant, Session
from app.identity.service import (
    Entrance,
    GrantRole,
    SignedIn,
    approve_grant,
    grant_role,
    propose_grant,
    refresh,
    sign_in,
)
from app.identity.tokens import Tokens, refresh_digest
from app.regulation.service import load_regulation
from app.work.opening import Workplace
from tests.identity.bed import (
    NOW,
    PASSWORD,
    Office,
    Town,
    actions,
    administration_policy,
    cheap_passwords,
    roles_of,
)

DOORS = 4
_HELD = 0.15  # long enough for all to have come to the lock


@pytest.fixture
def town(either_database: Database) -> Town:
    return Town(either_database, cheap_passwords())


@pytest.fixture
async def doors(either_database: Database, clock: FixedClock, tokens: Tokens) -> AsyncIterator[list[Entrance]]:
    """Several servers on one database."""
    async with AsyncExitStack() as stack:
        databases = [Database(either_database.url, pool_size=4) for _ in range(DOORS)]
        for database in databases:
            stack.push_async_callback(database.close)
        yield [Entrance(database, clock, tokens, cheap_passwords(), timedelta(hours=12)) for database in databases]


@pytest.fixture
def offices(doors: list[Entrance], clock: FixedClock) -> list[Office]:
    regulation, policy = load_regulation(), administration_policy()
    return [Office(Workplace(door.database, clock, regulation, b"k" * 32), policy) for door in doors]


@asynccontextmanager
async def holding(database: Database, model: type[Base], column: Any, key: Any) -> AsyncIterator[None]:
    """Keep a row locked, so that whatever wants it waits and then goes on at the same instant."""
    async with database.write() as session:
        await session.execute(select(model).where(column == key).with_for_update())
        yield


async def released_together(lock: Any, attempts: Sequence[Awaitable[Any]]) -> tuple[list[Any], list[RefusalCode]]:
    """Answers and refusals of attempts that all met the same lock."""
    async with lock:
        tasks = [asyncio.ensure_future(attempt) for attempt in attempts]
        await asyncio.sleep(_HELD)
        assert not any(task.done() for task in tasks)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    refused = [result.code for result in results if isinstance(result, Refusal)]
    answers = [result for result in results if not isinstance(result, Refusal)]
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    return answers, refused


async def test_of_refreshes_with_one_token_exactly_one_wins_and_the_family_dies(
    town: Town, doors: list[Entrance]
) -> None:
    await town.account(await town.person("王建国"), "wang")
    first = await sign_in(doors[0], "wang", PASSWORD)
    digest = refresh_digest(first.refresh_token)
    lock = holding(town.database, RefreshToken, RefreshToken.digest, digest)
    won, refused = await released_together(lock, [refresh(door, first.refresh_token) for door in doors])
    assert [type(answer) for answer in won] == [SignedIn]
    assert refused == [RefusalCode.SESSION_ENDED] * (DOORS - 1)
    session = await town.one(Session, first.session_id)
    assert (session.revoked_at, session.revoked_reason) == (NOW, "REUSED")
    assert await actions(town.database) == ["account.sign_in", "session.reused"]
    with pytest.raises(Refusal) as too_late:
        await refresh(doors[0], won[0].refresh_token)
    assert too_late.value.code is RefusalCode.SESSION_ENDED


async def test_guesses_sent_at_once_gain_nothing(town: Town, doors: list[Entrance]) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    guesses = [sign_in(door, "wang", f"wrong {number}") for number in range(3) for door in doors]
    lock = holding(town.database, Account, Account.id, account)
    answers, refused = await released_together(lock, guesses)
    assert (answers, refused) == ([], [RefusalCode.SIGN_IN_REFUSED] * 12)
    stored = await town.one(Account, account)
    assert (stored.failures, stored.locked_until) == (5, NOW + timedelta(minutes=1))
    assert await actions(town.database) == ["account.sign_in_refused"] * 12


async def test_sign_ins_at_once_make_one_unbroken_chain(town: Town, doors: list[Entrance]) -> None:
    for number in range(8):
        await town.account(await town.person(f"某{number}"), f"user{number}")
    await asyncio.gather(*(sign_in(doors[number % DOORS], f"user{number}", PASSWORD) for number in range(8)))
    assert await actions(town.database) == ["account.sign_in"] * 8
    assert len(await town.all(Session)) == 8


async def test_roles_that_exclude_each_other_are_not_both_given(town: Town, offices: list[Office]) -> None:
    admin, person = await town.person("李权限", Role.PERMISSION_ADMIN), await town.person("王建国")
    auditor = GrantRole(role=Role.SECURITY_AUDITOR, basis="任命", person_id=person)
    officer = replace(auditor, role=Role.SUPERVISION_OFFICER)
    lock = holding(town.database, Person, Person.id, person)
    attempts = [offices[0].do(admin, propose_grant, auditor), offices[1].do(admin, grant_role, officer)]
    won, refused = await released_together(lock, attempts)
    assert len(won) == 1
    assert refused == [RefusalCode.ROLES_EXCLUDE_EACH_OTHER]
    assert len([row for row in await town.all(RoleGrant) if row.person_id == person]) == 1


async def test_a_proposal_is_approved_once(town: Town, offices: list[Office]) -> None:
    admin, person = await town.person("李权限", Role.PERMISSION_ADMIN), await town.person("王建国")
    securities: list[UUID] = [await town.person(name, Role.SECURITY_ADMIN) for name in ("钱安全", "孙安全")]
    proposal = GrantRole(role=Role.OFFICE_LEADER, basis="任命", person_id=person)
    proposed = await offices[0].do(admin, propose_grant, proposal)
    lock = holding(town.database, RoleGrant, RoleGrant.id, proposed.id)
    attempts = [
        office.do(security, approve_grant, proposed.id)
        for office, security in zip(offices[:2], securities, strict=True)
    ]
    won, refused = await released_together(lock, attempts)
    assert len(won) == 1
    assert refused == [RefusalCode.STATUS_CONFLICT]
    assert (await town.one(RoleGrant, proposed.id)).approved_by in securities
    assert roles_of(await offices[0].actor(person)) == [Role.OFFICE_LEADER]
