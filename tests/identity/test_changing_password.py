"""Changing a password: all that is wrong at once, other sessions end, guesses count as at the door."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.authz import MACHINE, Actor
from app.core.clock import FixedClock
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, Session
from app.identity.service import OPERATOR, Entrance, SignedIn, authenticate, change_password, sign_in
from tests.identity.bed import NOW, PASSWORD, Town, actions, chain, problems_of

NEW = "一个新的密码 2026"
WRONG_PASSWORD = ("WRONG_PASSWORD", "input.current")


@pytest.fixture
async def account(town: Town) -> UUID:
    return await town.account(await town.person("王建国"), "wang", must_change_password=True)


async def enter(entrance: Entrance, password: str = PASSWORD) -> tuple[SignedIn, Actor]:
    signed_in = await sign_in(entrance, "wang", password)
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"Bearer {signed_in.access.text}")
    assert caller is not None
    return signed_in, caller.actor


async def refused(entrance: Entrance, actor: Actor, current: str, new: str) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refusal:
        await change_password(entrance, actor, current, new)
    assert refusal.value.code is RefusalCode.INVALID_INPUT
    return problems_of(refusal.value)


async def test_a_changed_password_frees_the_session_and_ends_all_others(
    town: Town, entrance: Entrance, account: UUID
) -> None:
    await town.account(await town.person("李国强"), "li")
    colleagues = await sign_in(entrance, "li", PASSWORD)
    others = [(await enter(entrance))[0].session_id for _ in range(2)]
    mine, actor = await enter(entrance)
    assert mine.must_change_password
    await change_password(entrance, actor, PASSWORD, NEW)
    sessions = {session.id: session.revoked_reason for session in await town.all(Session)}
    assert sessions == {
        others[0]: "PASSWORD_CHANGED",
        others[1]: "PASSWORD_CHANGED",
        mine.session_id: None,
        colleagues.session_id: None,
    }
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"Bearer {mine.access.text}")
    assert caller is not None
    assert not caller.must_change_password
    with pytest.raises(Refusal):
        await sign_in(entrance, "wang", PASSWORD)
    assert not (await enter(entrance, NEW))[0].must_change_password


@pytest.mark.parametrize(
    ("current", "new", "problems"),
    [
        ("wrong", NEW, [WRONG_PASSWORD]),
        ("wrong", "short", [WRONG_PASSWORD, ("PASSWORD_TOO_SHORT", "input.new")]),
        ("wrong", "wrong", [WRONG_PASSWORD, ("PASSWORD_TOO_SHORT", "input.new")]),
        (PASSWORD, "short", [("PASSWORD_TOO_SHORT", "input.new")]),
        (PASSWORD, "x1y2" * 40, [("TOO_LONG", "input.new")]),
        (PASSWORD, PASSWORD, [("PASSWORD_UNCHANGED", "input.new")]),
        (PASSWORD, "password1234", [("PASSWORD_TOO_COMMON", "input.new")]),
        (PASSWORD, "with a bell\x07", [("BAD_TEXT", "input.new")]),
    ],
)
async def test_all_that_is_wrong_is_said_at_once_and_nothing_changes(
    town: Town, entrance: Entrance, account: UUID, current: str, new: str, problems: list[tuple[str, str]]
) -> None:
    _, actor = await enter(entrance)
    before = await town.one(Account, account)
    assert await refused(entrance, actor, current, new) == problems
    after = await town.one(Account, account)
    assert (after.password_hash, after.must_change_password) == (before.password_hash, True)
    assert after.failures == (1 if WRONG_PASSWORD in problems else 0)
    assert [session.revoked_at for session in await town.all(Session)] == [None]


async def test_the_login_is_no_password(town: Town, entrance: Entrance) -> None:
    await town.account(await town.person("王建国"), "wang.jianguo")
    signed_in = await sign_in(entrance, "wang.jianguo", PASSWORD)
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"Bearer {signed_in.access.text}")
    assert caller is not None
    assert await refused(entrance, caller.actor, PASSWORD, "Wang.Jianguo") == [("PASSWORD_IS_LOGIN", "input.new")]


async def test_guessing_from_inside_locks_like_guessing_at_the_door(
    town: Town, entrance: Entrance, account: UUID, clock: FixedClock
) -> None:
    _, actor = await enter(entrance)
    for _ in range(5):
        assert await refused(entrance, actor, "wrong", NEW) == [WRONG_PASSWORD]
    stored = await town.one(Account, account)
    assert (stored.failures, stored.locked_until) == (5, NOW + timedelta(minutes=1))
    assert await refused(entrance, actor, PASSWORD, NEW) == [WRONG_PASSWORD]  # locked: even the right one
    assert (await town.one(Account, account)).failures == 5
    clock.move(timedelta(minutes=1))
    await change_password(entrance, actor, PASSWORD, NEW)


async def test_a_password_changed_meanwhile_is_not_the_one_that_was_checked(
    town: Town, entrance: Entrance, account: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, actor = await enter(entrance)
    make_hash = entrance.passwords.hash

    async def change_meanwhile(password: str) -> str:
        async with town.database.write() as session:
            (await session.get_one(Account, account)).password_hash = "another"
        return await make_hash(password)

    monkeypatch.setattr(entrance.passwords, "hash", change_meanwhile)
    assert await refused(entrance, actor, PASSWORD, NEW) == [WRONG_PASSWORD]
    assert (await town.one(Account, account)).password_hash == "another"


async def test_changes_and_guesses_are_recorded_without_the_password(
    town: Town, entrance: Entrance, account: UUID
) -> None:
    _, actor = await enter(entrance)
    await refused(entrance, actor, "wrong", NEW)
    await change_password(entrance, actor, PASSWORD, NEW)
    assert await actions(entrance.database) == [
        "account.sign_in",
        "account.password_refused",
        "account.password_changed",
    ]
    async with town.database.read() as session:
        last = (await chain(session))[-1]
    assert (last.actor_account_id, last.subject_kind, last.subject_id) == (account, "account", account)
    assert [change["fields"] for change in last.changes] == [
        {"must_change_password": [True, False], "failures": [1, 0]}
    ]


async def test_who_has_no_account_has_no_password(entrance: Entrance) -> None:
    for actor in (MACHINE, OPERATOR):
        with pytest.raises(Refusal) as refusal:
            await change_password(entrance, actor, PASSWORD, NEW)
        assert refusal.value.code is RefusalCode.NOT_FOUND
