"""Sealing: the system administrator begins, the security administrator completes. Each is told one half, once."""

from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode
from app.emergency.models import EmergencySeal
from app.emergency.queries import emergency_account
from app.emergency.rules import LOGIN, SealState
from app.identity.models import Account
from app.identity.rules import AccountKind
from app.work import Work


async def begin_seal(work: Work, _command: None, half_hash: str) -> EmergencySeal:
    """The first half. A seal that another one has not completed yet is dropped; one that can be opened stays."""
    seal = EmergencySeal(
        id=new_id(),
        state=SealState.HALF_SEALED,
        first_hash=half_hash,
        begun_by=work.actor.person_id,
        begun_at=work.now,
    )
    await work.require("emergency_seal.begin", seal)
    if work.actor.person_id is None:  # who seals answers for it by name
        raise Refusal(RefusalCode.NOT_ALLOWED, action="emergency_seal.begin")
    await _drop(work, SealState.HALF_SEALED)
    seal.account_id = await _account(work)
    work.session.add(seal)
    await work.record_admin("emergency.seal_begun", ("emergency_seal", seal.id), action="emergency_seal.begin")
    return seal


async def complete_seal(work: Work, seal_id: UUID, half_hash: str) -> EmergencySeal:
    """The second half: from now on it can be opened, and the seal before it cannot."""
    seal = await work.load(EmergencySeal, seal_id)
    await work.require("emergency_seal.complete", seal)
    if seal.state is not SealState.HALF_SEALED:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    await _drop(work, SealState.SEALED)
    seal.state, seal.second_hash = SealState.SEALED, half_hash
    seal.completed_by, seal.completed_at = work.actor.person_id, work.now
    await work.record_admin("emergency.sealed", ("emergency_seal", seal.id), action="emergency_seal.complete")
    return seal


async def _drop(work: Work, state: SealState) -> None:
    statement = select(EmergencySeal).where(EmergencySeal.state == state).with_for_update()
    for seal in (await work.session.scalars(statement)).all():
        seal.state, seal.first_hash, seal.second_hash = SealState.DROPPED, None, None
    await work.session.flush()


async def _account(work: Work) -> UUID:
    """There is one such account, from the first sealing on. It has no password, no person and, sealed, no right."""
    known = await emergency_account(work.session)
    if known is not None:
        return known
    account = Account(id=new_id(), kind=AccountKind.EMERGENCY, login=LOGIN, created_at=work.real_now)
    work.session.add(account)
    await work.session.flush()
    return account.id
