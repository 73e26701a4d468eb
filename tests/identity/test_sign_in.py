"""Signing in: the same refusal for everything that is wrong, and locks that grow with each wrong password."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.authz import Role
from app.core.clock import FixedClock
from app.core.database import Database
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, RefreshToken, Session
from app.identity.passwords import Passwords
from app.identity.rules import AccountKind, lock_after
from app.identity.service import Entrance, SignedIn, sign_in
from app.identity.tokens import refresh_digest
from tests.identity.bed import DAY, NOW, PASSWORD, TODAY, Town, actions, chain, full_width

MINUTE = timedelta(minutes=1)


async def refusal_of(entrance: Entrance, login: str, password: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await sign_in(entrance, login, password)
    return refused.value


async def guess(entrance: Entrance, times: int) -> None:
    for _ in range(times):
        assert (await refusal_of(entrance, "wang", "wrong")).code is RefusalCode.SIGN_IN_REFUSED


async def test_a_right_password_opens_a_session(town: Town, entrance: Entrance) -> None:
    person = await town.person("王建国", Role.SUPERVISION_OFFICER)
    account = await town.account(person, "wang")
    signed_in = await sign_in(entrance, "wang", PASSWORD)
    claims = entrance.tokens.read(signed_in.access.text, NOW)
    assert signed_in == SignedIn(
        account_id=account,
        session_id=claims.session_id,
        access=signed_in.access,
        refresh_token=signed_in.refresh_token,
        session_expires_at=NOW + timedelta(hours=12),
        must_change_password=False,
    )
    assert claims.account_id == account
    session = await town.one(Session, signed_in.session_id)
    assert (session.account_id, session.created_at, session.expires_at, session.revoked_at) == (
        account,
        NOW,
        NOW + timedelta(hours=12),
        None,
    )


async def test_of_a_refresh_token_only_its_digest_is_kept(town: Town, entrance: Entrance) -> None:
    await town.account(await town.person("王建国"), "wang")
    signed_in = await sign_in(entrance, "wang", PASSWORD)
    assert len(signed_in.refresh_token) == 43  # 256 bits
    stored = await town.all(RefreshToken)
    assert [(row.digest, row.session_id, row.used_at) for row in stored] == [
        (refresh_digest(signed_in.refresh_token), signed_in.session_id, None)
    ]


@pytest.mark.parametrize("login", ["wang", "WANG", "  Wang ", full_width("wang")])
async def test_a_login_is_known_in_any_capitals_and_width(town: Town, entrance: Entrance, login: str) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    assert (await sign_in(entrance, login, PASSWORD)).account_id == account


@pytest.mark.parametrize(
    ("login", "password", "fields", "valid_until"),
    [
        ("wang", "wrong", {}, None),
        ("wang", "", {}, None),
        ("wang", "\ud800", {}, None),
        ("wang", PASSWORD + " ", {}, None),
        ("nobody", PASSWORD, {}, None),
        ("", PASSWORD, {}, None),
        ("\x00", PASSWORD, {}, None),
        ("\ud800", PASSWORD, {}, None),
        ("wang\x00", PASSWORD, {}, None),
        ("w" * 100_000, PASSWORD, {}, None),
        ("wang", PASSWORD, {"locked_until": NOW + MINUTE}, None),
        ("wang", PASSWORD, {"disabled_at": NOW - DAY}, None),
        ("wang", PASSWORD, {"password_hash": None}, None),
        ("wang", PASSWORD, {}, TODAY - DAY),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    town: Town, entrance: Entrance, login: str, password: str, fields: dict[str, Any], valid_until: date | None
) -> None:
    await town.account(await town.person("王建国", valid_until=valid_until), "wang", **fields)
    refusal = await refusal_of(entrance, login, password)
    assert (refusal.code, refusal.params, refusal.problems, refusal.rule_id) == (
        RefusalCode.SIGN_IN_REFUSED,
        {},
        (),
        None,
    )
    assert await town.all(Session) == []
    assert await town.all(RefreshToken) == []


async def test_an_outside_system_does_not_sign_in_by_password(town: Town, entrance: Entrance) -> None:
    hashed = await town.passwords.hash(PASSWORD)
    await town.add(
        Account(id=new_id(), kind=AccountKind.SERVICE, login="gateway", password_hash=hashed, created_at=NOW)
    )
    assert (await refusal_of(entrance, "gateway", PASSWORD)).code is RefusalCode.SIGN_IN_REFUSED


@pytest.mark.parametrize("login", ["wang", "locked", "nobody"])
async def test_every_refusal_costs_one_check_and_one_record(
    town: Town, entrance: Entrance, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    await town.account(await town.person("王建国"), "wang")
    await town.account(await town.person("李国强"), "locked", locked_until=NOW + DAY)
    checks = []
    verify = entrance.passwords._hash.verify

    def count(password: Any, stored: Any) -> bool:
        checks.append(stored.split("$")[3])
        return verify(password, stored)

    monkeypatch.setattr(entrance.passwords._hash, "verify", count)
    await refusal_of(entrance, login, "wrong")
    assert checks == ["m=8,t=1,p=1"]
    assert await actions(entrance.database) == ["account.sign_in_refused"]


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (1, None), (4, None), (5, 1), (6, 2), (7, 4), (8, 8), (10, 32), (11, 60), (12, 60), (1000, 60)],
)
def test_locks_double_from_the_fifth_wrong_password_up_to_an_hour(failures: int, minutes: int | None) -> None:
    assert lock_after(failures) == (None if minutes is None else timedelta(minutes=minutes))


async def test_the_fifth_wrong_password_locks_and_even_the_right_one_waits(
    town: Town, entrance: Entrance, clock: FixedClock
) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    await guess(entrance, 4)
    assert (await town.one(Account, account)).locked_until is None
    await guess(entrance, 1)
    assert (await town.one(Account, account)).locked_until == NOW + MINUTE
    await refusal_of(entrance, "wang", PASSWORD)
    clock.move(MINUTE - timedelta(microseconds=1))
    await refusal_of(entrance, "wang", PASSWORD)
    clock.move(timedelta(microseconds=1))
    await sign_in(entrance, "wang", PASSWORD)
    stored = await town.one(Account, account)
    assert (stored.failures, stored.locked_until) == (0, None)


async def test_what_is_tried_during_a_lock_does_not_prolong_it(
    town: Town, entrance: Entrance, clock: FixedClock
) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    await guess(entrance, 8)
    stored = await town.one(Account, account)
    assert (stored.failures, stored.locked_until) == (5, NOW + MINUTE)
    clock.move(MINUTE)
    await guess(entrance, 1)
    stored = await town.one(Account, account)
    assert (stored.failures, stored.locked_until) == (6, NOW + 3 * MINUTE)


async def test_a_password_changed_while_it_was_checked_does_not_open(
    town: Town, entrance: Entrance, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    verify = passwords.verify

    async def change_meanwhile(password: str, stored: str | None) -> bool:
        right = await verify(password, stored)
        async with town.database.write() as session:
            (await session.get_one(Account, account)).password_hash = "another"
        return right

    monkeypatch.setattr(passwords, "verify", change_meanwhile)
    assert (await refusal_of(entrance, "wang", PASSWORD)).code is RefusalCode.SIGN_IN_REFUSED
    assert await town.all(Session) == []


async def test_signing_in_renews_a_hash_of_older_parameters(
    town: Town, entrance: Entrance, database: Database, clock: FixedClock
) -> None:
    account = await town.account(await town.person("王建国"), "wang")
    stronger = Entrance(
        database, clock, entrance.tokens, Passwords(memory_kib=16, iterations=1), entrance.session_lifetime
    )
    await sign_in(stronger, "wang", PASSWORD)
    assert "$m=16,t=1,p=1$" in (await town.one(Account, account)).password_hash
    await sign_in(stronger, "wang", PASSWORD)


async def test_a_renewed_hash_never_replaces_a_newer_password(
    town: Town, entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await town.account(await town.person("王建国"), "wang")

    async def change_meanwhile(_password: str, _stored: str) -> str:
        async with town.database.write() as session:
            (await session.get_one(Account, account)).password_hash = "newer"
        return "renewed"

    monkeypatch.setattr(entrance.passwords, "rehash", change_meanwhile)
    await sign_in(entrance, "wang", PASSWORD)
    assert (await town.one(Account, account)).password_hash == "newer"


async def test_sign_ins_are_links_of_the_administration_chain(town: Town, entrance: Entrance) -> None:
    person = await town.person("王建国")
    account = await town.account(person, "wang")
    await town.policy_version(3)
    await refusal_of(entrance, "nobody", "wrong")
    await refusal_of(entrance, "wang", "wrong")
    signed_in = await sign_in(entrance, "wang", PASSWORD)
    async with town.database.read() as session:
        records = await chain(session)
    assert [
        (item.action, item.subject_kind, item.subject_id, item.actor_kind, item.actor_account_id, item.actor_person_id)
        for item in records
    ] == [
        ("account.sign_in_refused", "account", None, "PERSON", None, None),
        ("account.sign_in_refused", "account", account, "PERSON", None, None),
        ("account.sign_in", "session", signed_in.session_id, "PERSON", account, person),
    ]
    assert [item.policy_version for item in records] == [3, 3, 3]
    assert [[change["fields"] for change in item.changes] for item in records] == [
        [],
        [{"failures": [0, 1]}],
        [{"failures": [1, 0]}],
    ]
