"""What signing in and out needs of this process, and how it is recorded: outside any person's unit of work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import append_admin_record
from app.authz import Actor, ActorKind
from app.authz.versions import current_policy_version
from app.core.clock import Clock
from app.core.database import Database
from app.core.levels import Classification
from app.events import changes
from app.identity.models import Account, RefreshToken, Session
from app.identity.passwords import Passwords
from app.identity.rules import AccountKind
from app.identity.tokens import AccessToken, Tokens, new_refresh_token, refresh_digest

_KINDS = {
    AccountKind.PERSON: ActorKind.PERSON,
    AccountKind.SERVICE: ActorKind.SERVICE,
    AccountKind.EMERGENCY: ActorKind.EMERGENCY,
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Signing in, and all that follows from it until the session ends. Runs in real time."""

    database: Database
    clock: Clock
    tokens: Tokens
    passwords: Passwords
    session_lifetime: timedelta


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client keeps. The refresh token is good for one use; `session_expires_at` ends both."""

    account_id: UUID
    session_id: UUID
    access: AccessToken
    refresh_token: str
    session_expires_at: datetime
    must_change_password: bool


async def hand_out(entrance: Entrance, session: AsyncSession, account: Account, opened: Session) -> SignedIn:
    """The next pair of tokens of an open session."""
    real_now = entrance.clock.real_now()
    refresh_token = new_refresh_token()
    session.add(RefreshToken(digest=refresh_digest(refresh_token), session_id=opened.id, issued_at=real_now))
    await session.flush()
    return SignedIn(
        account_id=account.id,
        session_id=opened.id,
        access=entrance.tokens.issue(account.id, opened.id, real_now, opened.expires_at),
        refresh_token=refresh_token,
        session_expires_at=opened.expires_at,
        must_change_password=account.must_change_password,
    )


async def record(
    entrance: Entrance, session: AsyncSession, event_type: str, subject: tuple[str, UUID | None], by: Account | None
) -> None:
    """A link of the administration chain, attributed to an account, or to nobody who is known."""
    await session.flush()
    await append_admin_record(
        session,
        action=event_type,
        actor=await _attribution(session, by),
        subject=subject,
        at=entrance.clock.now(),
        changes=changes.take(session),
    )


async def _attribution(session: AsyncSession, account: Account | None) -> Actor:
    return Actor(
        kind=_KINDS.get(account.kind, ActorKind.OPERATOR) if account else ActorKind.PERSON,
        account_id=account.id if account else None,
        person_id=account.person_id if account else None,
        name=account.login if account else "",
        clearance=Classification.PUBLIC,
        unit_ids=frozenset(),
        grants=(),
        policy_version=await current_policy_version(session) or 0,
    )
