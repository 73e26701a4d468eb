"""What the opened account does: let an administrator in again who is locked out. And its end before its time."""

from uuid import UUID

from sqlalchemy import select

from app.authz import ActorKind
from app.core.refusals import Refusal, RefusalCode
from app.emergency.models import EmergencySeal
from app.emergency.queries import opened_last
from app.emergency.rules import MOST_RESTORATIONS, SealStanding, standing_of
from app.emergency.service.alarm import alarm
from app.identity.models import Account, RoleGrant
from app.identity.rules import SessionEnd
from app.identity.service import end_sessions_of, put_password, refuse_unless_signing_in
from app.work import Work


async def restore_account(work: Work, account_id: UUID, password_hash: str) -> Account:
    """Put a one-time password into the account of an administrator, and end all its sessions.

    TOO_MANY once as many were restored as one opening allows. Everybody else's password is renewed by administrators.
    """
    account = await work.load(Account, account_id)
    await work.require("account.restore", account)
    if work.actor.kind is not ActorKind.EMERGENCY:  # whatever a policy says, this is nobody else's
        raise Refusal(RefusalCode.NOT_ALLOWED, action="account.restore")
    refuse_unless_signing_in(account)
    seal = await _open_seal(work)
    if seal.restorations >= MOST_RESTORATIONS:
        raise Refusal(RefusalCode.EMERGENCY_USED_UP)
    seal.restorations += 1
    await put_password(work, account, password_hash)
    await work.record_admin("emergency.account_restored", ("account", account.id), action="account.restore")
    await alarm(work, "emergency.account_restored", seal, f"{seal.id}:{seal.restorations}")
    return account


async def close_emergency_account(work: Work, seal_id: UUID) -> EmergencySeal:
    """End an opening before its time: its role and its sessions are gone at once. It must be sealed anew."""
    seal = await work.load(EmergencySeal, seal_id)
    await work.require("emergency_seal.close", seal)
    standing = standing_of(seal.state, seal.open_until, seal.closed_at, work.now)
    if standing is not SealStanding.OPEN:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    seal.closed_at, seal.closed_by = work.now, work.actor.person_id
    held = select(RoleGrant).where(RoleGrant.account_id == seal.account_id, RoleGrant.revoked_at.is_(None))
    for grant in (await work.session.scalars(held.with_for_update())).all():
        grant.revoked_at, grant.revoked_by = work.now, work.actor.person_id
    await end_sessions_of(work.session, seal.account_id, SessionEnd.REVOKED, work.real_now)
    await work.record_admin("emergency.closed", ("emergency_seal", seal.id), action="emergency_seal.close")
    return seal


async def _open_seal(work: Work) -> EmergencySeal:
    """The one under which the caller acts, locked: two restorations at once are one after the other."""
    return await work.reach(EmergencySeal, await opened_last(work.session))
