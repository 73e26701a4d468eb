"""Changing one's own password. Guessing here counts as guessing at the door."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Actor
from app.core.refusals import Problems, RefusalCode, not_found
from app.events import changes
from app.identity.models import Account
from app.identity.passwords import add_flaw, flaw_of
from app.identity.rules import SessionEnd
from app.identity.service.entrance import Entrance, record
from app.identity.service.sessions import end_sessions_of
from app.identity.service.signing_in import count_failure, is_open, locked_account


async def change_password(entrance: Entrance, actor: Actor, current: str, new: str) -> None:
    """Set a new password; every other session of the account ends. INVALID_INPUT lists all that is wrong.

    While an account is locked, even its right password is called wrong.
    """
    account = await _account_of(entrance, actor.account_id)
    right = await entrance.passwords.verify(current, account.password_hash)
    flaw = RefusalCode.PASSWORD_UNCHANGED if right and new == current else flaw_of(new, account.login)
    replacement = None if flaw else await entrance.passwords.hash(new)
    async with entrance.database.write() as session:
        changes.watch(session)
        trusted = await _check(entrance, session, account, right=right)
        if trusted is not None and replacement is not None:
            await _replace(entrance, session, trusted, replacement, actor.session_id)
    problems = Problems()
    problems.check(trusted is not None, RefusalCode.WRONG_PASSWORD, "input", "current")
    if flaw is not None:
        add_flaw(problems, flaw, "input", "new")
    problems.raise_if_any()


async def _account_of(entrance: Entrance, account_id: UUID | None) -> Account:
    async with entrance.database.read() as session:
        account = None if account_id is None else await session.get(Account, account_id)
    if account is None:
        raise not_found()
    return account


async def _check(entrance: Entrance, session: AsyncSession, read: Account, *, right: bool) -> Account | None:
    """The locked account, if the password that was checked is still its password and the account is open."""
    account = await locked_account(session, read.id)
    real_now = entrance.clock.real_now()
    if account is None or not is_open(account, real_now):
        return None
    if right and account.password_hash == read.password_hash:
        return account
    count_failure(account, real_now)
    await record(entrance, session, "account.password_refused", ("account", account.id), account)
    return None


async def _replace(
    entrance: Entrance, session: AsyncSession, account: Account, replacement: str, kept_session: UUID | None
) -> None:
    account.password_hash, account.must_change_password = replacement, False
    account.failures, account.locked_until = 0, None
    await end_sessions_of(session, account.id, SessionEnd.PASSWORD_CHANGED, entrance.clock.real_now(), but=kept_session)
    await record(entrance, session, "account.password_changed", ("account", account.id), account)
