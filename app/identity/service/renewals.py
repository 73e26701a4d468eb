"""A password of somebody with a role that takes two people (administrators, leaders), his first one too: so does it.

Whoever makes a password could sign in with it. He is told it, but it is worth nothing before somebody else approves.
"""

from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.identity.models import Account, PasswordRenewal
from app.identity.rules import RenewalState
from app.identity.service.accounts import (
    IssueAccount,
    check_account,
    new_account,
    put_password,
    refuse_unless_signing_in,
)
from app.identity.service.two_people import require_security_admin
from app.work import Work


async def propose_renewal(work: Work, account_id: UUID, password_hash: str) -> PasswordRenewal:
    """Propose a one-time password. Nothing changes for the account yet; one at a time waits for each."""
    account = await work.load(Account, account_id)
    renewal = PasswordRenewal(
        id=new_id(),
        account_id=account.id,
        person_id=account.person_id,
        password_hash=password_hash,
        proposed_by=work.actor.person_id,
        proposed_at=work.real_now,
    )
    await work.require("password_renewal.propose", renewal)
    if work.actor.person_id is None:  # who proposes answers for it by name
        raise Refusal(RefusalCode.NOT_ALLOWED, action="password_renewal.propose")
    refuse_unless_signing_in(account)
    if await _waits(work, account.id):
        raise Refusal(RefusalCode.ALREADY_DONE)
    work.session.add(renewal)
    await work.record_admin("renewal.proposed", ("renewal", renewal.id), action="password_renewal.propose")
    return renewal


async def propose_account(work: Work, command: IssueAccount, password_hash: str) -> PasswordRenewal:
    """Open an account that nobody signs in to before another person approves its one-time password.

    Refuses NOT_ALLOWED for whoever neither leads nor administers, nor is about to; else as `issue_account` does.
    """
    problems = Problems()
    account = new_account(work, command, problems)
    renewal = PasswordRenewal(
        id=new_id(),
        account_id=account.id,
        person_id=account.person_id,
        password_hash=password_hash,
        proposed_by=work.actor.person_id,
        proposed_at=work.real_now,
    )
    await work.require("password_renewal.propose", renewal)
    await check_account(work, account, problems)
    work.session.add(account)
    await work.session.flush()
    work.session.add(renewal)
    await work.record_admin("account.proposed", ("renewal", renewal.id), action="password_renewal.propose")
    return renewal


async def approve_renewal(work: Work, renewal_id: UUID) -> PasswordRenewal:
    """Put the proposed password into the account: the old one and all its sessions end."""
    renewal = await work.load(PasswordRenewal, renewal_id)
    await work.require("password_renewal.approve", renewal)
    password_hash = _waiting_password(renewal)
    await require_security_admin(work, renewal.person_id, {work.actor.person_id, renewal.proposed_by})
    account = await work.reach(Account, renewal.account_id)
    refuse_unless_signing_in(account)
    await put_password(work, account, password_hash)
    renewal.state, renewal.password_hash = RenewalState.APPROVED, None
    renewal.approved_by, renewal.settled_at = work.actor.person_id, work.real_now
    await work.record_admin("renewal.approved", ("renewal", renewal.id), action="password_renewal.approve")
    return renewal


async def withdraw_renewal(work: Work, renewal_id: UUID) -> PasswordRenewal:
    """Drop a proposed password. Whose account it is may do so, too: he has not forgotten his."""
    renewal = await work.load(PasswordRenewal, renewal_id)
    await work.require("password_renewal.withdraw", renewal)
    _waiting_password(renewal)
    renewal.state, renewal.password_hash, renewal.settled_at = RenewalState.WITHDRAWN, None, work.real_now
    await work.record_admin("renewal.withdrawn", ("renewal", renewal.id), action="password_renewal.withdraw")
    return renewal


def _waiting_password(renewal: PasswordRenewal) -> str:
    """STATUS_CONFLICT for what was approved or withdrawn: its password is kept no longer."""
    if renewal.password_hash is None:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    return renewal.password_hash


async def _waits(work: Work, account_id: UUID) -> bool:
    statement = select(PasswordRenewal.id).where(
        PasswordRenewal.account_id == account_id, PasswordRenewal.state == RenewalState.PENDING
    )
    return (await work.session.execute(statement)).first() is not None
