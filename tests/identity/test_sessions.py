"""Sessions: refreshing, ending, and finding the caller of a request."""

from datetime import datetime, timedelta

import pytest

from app.authz import Role
from app.authz.policy_text import Rule
from app.core.clock import FixedClock
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, RefreshToken, Session
from app.identity.service import Entrance, SignedIn, authenticate, refresh, revoke_session, sign_in, sign_out
from app.identity.tokens import TokenFault, TokenRefusedError
from tests.identity.bed import DAY, NOW, PASSWORD, Office, Town, actions, administration_policy

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def wang(town: Town, entrance: Entrance) -> SignedIn:
    await town.account(await town.person("王建国"), "wang")
    return await sign_in(entrance, "wang", PASSWORD)


async def ended(entrance: Entrance, refresh_token: str) -> bool:
    with pytest.raises(Refusal) as refused:
        await refresh(entrance, refresh_token)
    return (refused.value.code, refused.value.params) == (RefusalCode.SESSION_ENDED, {})


async def fault_of(entrance: Entrance, header: str) -> TokenFault:
    with pytest.raises(TokenRefusedError) as refused:
        await authenticate(entrance.database, entrance.clock, entrance.tokens, header)
    return refused.value.fault


async def test_a_refresh_gives_new_tokens_of_the_same_session(
    wang: SignedIn, entrance: Entrance, clock: FixedClock
) -> None:
    clock.move(9 * MINUTE)
    again = await refresh(entrance, wang.refresh_token)
    assert (again.account_id, again.session_id, again.session_expires_at) == (
        wang.account_id,
        wang.session_id,
        wang.session_expires_at,
    )
    assert again.refresh_token != wang.refresh_token
    assert again.access.expires_at == NOW + 19 * MINUTE
    assert entrance.tokens.read(again.access.text, clock.now()).session_id == wang.session_id


async def test_a_refresh_token_used_twice_ends_the_session_for_both(
    wang: SignedIn, town: Town, entrance: Entrance
) -> None:
    first = await refresh(entrance, wang.refresh_token)
    second = await refresh(entrance, first.refresh_token)
    assert await ended(entrance, first.refresh_token)
    assert await ended(entrance, second.refresh_token)
    session = await town.one(Session, wang.session_id)
    assert (session.revoked_at, session.revoked_reason) == (NOW, "REUSED")
    assert await fault_of(entrance, f"Bearer {second.access.text}") is TokenFault.REVOKED
    assert await actions(entrance.database) == ["account.sign_in", "session.reused"]


@pytest.mark.parametrize("token", ["", "x", "\ud800", "督办", "A" * 43, "A" * 100_000])
async def test_a_refresh_token_that_was_never_given_is_refused(entrance: Entrance, token: str) -> None:
    assert await ended(entrance, token)


async def test_refreshing_does_not_prolong_a_session(wang: SignedIn, entrance: Entrance, clock: FixedClock) -> None:
    clock.move(timedelta(hours=11, minutes=55))
    again = await refresh(entrance, wang.refresh_token)
    assert again.access.expires_at == wang.session_expires_at
    clock.move(5 * MINUTE)
    assert await ended(entrance, again.refresh_token)


async def test_a_disabled_account_gets_no_new_tokens(wang: SignedIn, town: Town, entrance: Entrance) -> None:
    async with town.database.write() as session:
        (await session.get_one(Account, wang.account_id)).disabled_at = NOW
    assert await ended(entrance, wang.refresh_token)
    assert await fault_of(entrance, f"Bearer {wang.access.text}") is TokenFault.REVOKED
    assert [token.used_at for token in await town.all(RefreshToken)] == [None]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "  Bearer  "])
async def test_the_caller_is_found_by_the_header(wang: SignedIn, entrance: Entrance, scheme: str) -> None:
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"{scheme} {wang.access.text}")
    assert caller is not None
    assert (caller.actor.account_id, caller.actor.session_id, caller.actor.name) == (
        wang.account_id,
        wang.session_id,
        "王建国",
    )
    assert (caller.must_change_password, caller.expires_at) == (False, wang.access.expires_at)


async def test_without_a_header_the_caller_is_nobody(entrance: Entrance) -> None:
    assert await authenticate(entrance.database, entrance.clock, entrance.tokens, None) is None


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic d2FuZzp4", "x", "Bearer a b c", "Bearer \ud800", "\x00 \x00"]
)
async def test_a_header_that_is_not_one_bearer_token_is_malformed(entrance: Entrance, header: str) -> None:
    assert await fault_of(entrance, header) is TokenFault.MALFORMED


async def test_a_token_is_refused_once_it_has_expired(wang: SignedIn, entrance: Entrance, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=10, seconds=29))
    assert await authenticate(entrance.database, clock, entrance.tokens, f"Bearer {wang.access.text}") is not None
    clock.move(timedelta(seconds=1))
    assert await fault_of(entrance, f"Bearer {wang.access.text}") is TokenFault.EXPIRED


async def test_after_signing_out_neither_token_does(
    wang: SignedIn, entrance: Entrance, office: Office, town: Town
) -> None:
    caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"Bearer {wang.access.text}")
    assert caller is not None
    await office.do(caller.actor, sign_out)
    assert await fault_of(entrance, f"Bearer {wang.access.text}") is TokenFault.REVOKED
    assert await ended(entrance, wang.refresh_token)
    session = await town.one(Session, wang.session_id)
    assert (session.revoked_at, session.revoked_reason) == (NOW, "SIGNED_OUT")
    assert await actions(entrance.database) == ["account.sign_in", "account.sign_out"]


async def test_who_has_no_session_cannot_end_it(office: Office, town: Town) -> None:
    refusal = await office.refused(await town.person("王建国"), sign_out)
    assert refusal.code is RefusalCode.NOT_FOUND


@pytest.mark.parametrize("role", [None, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
async def test_a_session_is_revoked_by_its_owner_or_an_administrator(
    wang: SignedIn, entrance: Entrance, office: Office, town: Town, role: Role | None
) -> None:
    if role is None:
        caller = await authenticate(entrance.database, entrance.clock, entrance.tokens, f"Bearer {wang.access.text}")
        assert caller is not None
        await office.do(caller.actor, revoke_session, wang.session_id)
    else:
        await office.do(await town.person("管理员", role), revoke_session, wang.session_id)
    assert await fault_of(entrance, f"Bearer {wang.access.text}") is TokenFault.REVOKED
    assert (await town.one(Session, wang.session_id)).revoked_reason == "REVOKED"
    assert await actions(entrance.database) == ["account.sign_in", "session.revoked"]


async def test_somebody_elses_session_is_as_good_as_unknown(
    wang: SignedIn, entrance: Entrance, office: Office, town: Town
) -> None:
    other = await town.person("李国强", Role.PERMISSION_ADMIN, Role.DISTRICT_HEAD)
    for session_id in (wang.session_id, new_id()):
        assert (await office.refused(other, revoke_session, session_id)).code is RefusalCode.NOT_FOUND
    assert (await town.one(Session, wang.session_id)).revoked_at is None


async def test_who_may_only_see_a_session_does_not_end_it(wang: SignedIn, office: Office, town: Town) -> None:
    sees = Rule(Role.SECURITY_AUDITOR, "session", "view", "always", "allow", "SESSION-V9")
    lenient = Office(office.workplace, administration_policy(sees))
    auditor = await town.person("孙审计", Role.SECURITY_AUDITOR)
    refusal = await lenient.refused(auditor, revoke_session, wang.session_id)
    assert (refusal.code, refusal.params["action"]) == (RefusalCode.NOT_ALLOWED, "session.revoke")
    assert (await town.one(Session, wang.session_id)).revoked_at is None


async def test_a_session_is_revoked_once(wang: SignedIn, office: Office, town: Town) -> None:
    admin = await town.person("管理员", Role.SYSTEM_ADMIN)
    await office.do(admin, revoke_session, wang.session_id)
    assert (await office.refused(admin, revoke_session, wang.session_id)).code is RefusalCode.ALREADY_DONE


async def test_business_time_may_run_fast_without_touching_sessions(wang: SignedIn, entrance: Entrance) -> None:
    class Rehearsal(FixedClock):
        def now(self) -> datetime:
            return self.at + 400 * DAY

    clock = Rehearsal(NOW)
    caller = await authenticate(entrance.database, clock, entrance.tokens, f"Bearer {wang.access.text}")
    assert caller is not None
    assert caller.actor.session_id == wang.session_id
