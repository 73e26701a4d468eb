"""Sessions after the sign-in: refreshing, ending, and finding the caller of a request."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Actor
from app.core.clock import Clock
from app.core.database import Database
from app.core.refusals import Refusal, RefusalCode, not_found
from app.events import changes
from app.identity.models import Account, RefreshToken, Session
from app.identity.queries import principal
from app.identity.rules import SessionEnd
from app.identity.service.entrance import Entrance, SignedIn, hand_out, record
from app.identity.tokens import TokenFault, TokenRefusedError, Tokens, refresh_digest
from app.work import Work


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The caller of a request. While `must_change_password`, the actor has no rights but to change it."""

    actor: Actor
    must_change_password: bool
    expires_at: datetime  # of the access token: an open socket ends then


async def authenticate(
    database: Database, clock: Clock, tokens: Tokens, authorization: str | None
) -> Authenticated | None:
    """The caller by the Authorization header; None without one. TokenRefusedError where it does not do."""
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefusedError(TokenFault.MALFORMED)
    real_now = clock.real_now()
    claims = tokens.read(token.strip(), real_now)
    found = await principal(database, claims.session_id, claims.account_id, clock.now(), real_now)
    if found is None:
        raise TokenRefusedError(TokenFault.REVOKED)
    return Authenticated(found.actor, found.must_change_password, claims.expires_at)


async def refresh(entrance: Entrance, refresh_token: str) -> SignedIn:
    """New tokens for a refresh token, which is then used up. Used twice it was stolen: the session ends for both.

    SESSION_ENDED for whatever does not work, without saying why.
    """
    async with entrance.database.write() as session:
        changes.watch(session)
        signed_in = await _refreshed(entrance, session, refresh_digest(refresh_token))
    if signed_in is None:
        raise Refusal(RefusalCode.SESSION_ENDED)
    return signed_in


async def sign_out(work: Work) -> None:
    """End the session of this request."""
    if work.actor.session_id is None:
        raise not_found()
    opened = await work.session.get_one(Session, work.actor.session_id, with_for_update=True)
    end_session(opened, SessionEnd.SIGNED_OUT, work.real_now)
    await work.record_admin("account.sign_out", ("session", opened.id))


async def revoke_session(work: Work, session_id: UUID) -> Session:
    """End a session, one's own or as an administrator somebody else's: its tokens are worth nothing from now on."""
    opened = await work.load(Session, session_id)
    await work.require("session.revoke", opened)
    if opened.revoked_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    end_session(opened, SessionEnd.REVOKED, work.real_now)
    await work.record_admin("session.revoked", ("session", opened.id), action="session.revoke")
    return opened


def end_session(opened: Session, reason: SessionEnd, real_now: datetime) -> None:
    if opened.revoked_at is None:
        opened.revoked_at, opened.revoked_reason = real_now, reason


async def end_sessions_of(
    session: AsyncSession, account_id: UUID, reason: SessionEnd, real_now: datetime, *, but: UUID | None = None
) -> None:
    """All sessions of an account that are still open, except the one named."""
    await session.execute(
        update(Session)
        .where(Session.account_id == account_id, Session.revoked_at.is_(None), Session.id.is_distinct_from(but))
        .values(revoked_at=real_now, revoked_reason=reason)
    )


async def _refreshed(entrance: Entrance, session: AsyncSession, digest: str) -> SignedIn | None:
    real_now = entrance.clock.real_now()
    used = await session.get(RefreshToken, digest, with_for_update=True)
    if used is None:
        return None
    opened = await session.get_one(Session, used.session_id, with_for_update=True)
    account = await session.get_one(Account, opened.account_id)
    if opened.revoked_at is not None or opened.expires_at <= real_now or account.disabled_at is not None:
        return None
    if used.used_at is not None:
        end_session(opened, SessionEnd.REUSED, real_now)
        await record(entrance, session, "session.reused", ("session", opened.id), None)
        return None
    used.used_at = real_now
    return await hand_out(entrance, session, account, opened)
