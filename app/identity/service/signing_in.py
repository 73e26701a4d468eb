"""Signing in by login and password. Whatever is wrong, the answer and the work are the same.

The password is checked outside any transaction; what follows from it is decided on the locked account, so that guesses
sent all at once gain nothing.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import local_date
from app.core.refusals import Refusal, RefusalCode
from app.events import changes
from app.identity.models import Account, Person, Session
from app.identity.rules import LONGEST_LOGIN, AccountKind, canonical_login, is_login, lock_after
from app.identity.service.entrance import Entrance, SignedIn, hand_out, record

_NOBODY = UUID(int=0)


async def sign_in(entrance: Entrance, login: str, password: str) -> SignedIn:
    """Open a session. SIGN_IN_REFUSED for an unknown login, a wrong password, a locked or disabled account alike."""
    account_id, stored = await _known(entrance, login)
    right = await entrance.passwords.verify(password, stored)
    async with entrance.database.write() as session:
        changes.watch(session)
        account = await locked_account(session, account_id)
        signed_in = await _settle(entrance, session, account, right=right and account is not None, stored=stored)
    if signed_in is None:
        raise Refusal(RefusalCode.SIGN_IN_REFUSED)
    await _renew_hash(entrance, account_id, password, stored)
    return signed_in


async def locked_account(session: AsyncSession, account_id: UUID) -> Account | None:
    statement = select(Account).where(Account.id == account_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


def is_open(account: Account, real_now: datetime) -> bool:
    """Neither locked nor disabled: its password counts."""
    return account.disabled_at is None and (account.locked_until is None or account.locked_until <= real_now)


def count_failure(account: Account, real_now: datetime) -> None:
    """A wrong password at an open account. What comes during a lock does not prolong it."""
    account.failures += 1
    locked_for = lock_after(account.failures)
    account.locked_until = None if locked_for is None else real_now + locked_for


async def _known(entrance: Entrance, login: str) -> tuple[UUID, str | None]:
    """The account of that login, and its hash if it may sign in so: it belongs to a person, who is still here."""
    name = canonical_login(login[: 2 * LONGEST_LOGIN])
    if not is_login(name):
        name = ""  # no account has it, and a database may refuse such text
    today = local_date(entrance.clock.now())
    here = and_(Account.kind == AccountKind.PERSON, or_(Person.valid_until.is_(None), Person.valid_until >= today))
    statement = (
        select(Account.id, case((here, Account.password_hash)).label("stored"))
        .join(Person, Person.id == Account.person_id, isouter=True)
        .where(Account.login == name)
    )
    async with entrance.database.read() as session:
        found = (await session.execute(statement)).one_or_none()
    return (_NOBODY, None) if found is None else (found.id, found.stored)


async def _settle(
    entrance: Entrance, session: AsyncSession, account: Account | None, *, right: bool, stored: str | None
) -> SignedIn | None:
    real_now = entrance.clock.real_now()
    if account is None or not is_open(account, real_now):
        await record(entrance, session, "account.sign_in_refused", ("account", account.id if account else None), None)
        return None
    if not right or account.password_hash != stored:
        count_failure(account, real_now)
        await record(entrance, session, "account.sign_in_refused", ("account", account.id), None)
        return None
    account.failures, account.locked_until = 0, None
    opened = Session(account_id=account.id, created_at=real_now, expires_at=real_now + entrance.session_lifetime)
    session.add(opened)
    await session.flush()
    await record(entrance, session, "account.sign_in", ("session", opened.id), account)
    return await hand_out(entrance, session, account, opened)


async def _renew_hash(entrance: Entrance, account_id: UUID, password: str, stored: str | None) -> None:
    """Once the password is known to be right, store it with today's parameters."""
    renewed = await entrance.passwords.rehash(password, stored) if stored else None
    if renewed is not None:
        async with entrance.database.write() as session:
            await session.execute(
                update(Account)
                .where(Account.id == account_id, Account.password_hash == stored)
                .values(password_hash=renewed)
            )
