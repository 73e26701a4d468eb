"""Opening by both halves of the secret. Whatever is wrong, the answer and the work are the same, and the alarm sounds.

The halves are checked outside any transaction; what follows from it is decided on the locked seal, as at every sign-in.
"""

from dataclasses import dataclass
from uuid import UUID

from app.authz import Actor, ActorKind, Policy, Role
from app.authz.versions import current_policy_version
from app.content.service import put_text
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.emergency.models import EmergencySeal
from app.emergency.queries import emergency_account, sealed_now
from app.emergency.rules import LASTS, LOGIN, SealState
from app.emergency.service.alarm import alarm
from app.identity.models import RoleGrant, Session
from app.identity.service import Entrance, SignedIn, hand_out, locked_account
from app.work import Work
from app.work.opening import Workplace

_BASIS = "启封应急账号"


@dataclass(frozen=True, slots=True)
class OpenEmergency:
    """`reason`: what happened, and who opens it. The order of the halves does not matter."""

    first_half: str
    second_half: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Known:
    """The account, and the seal that can be opened, as they were read before the halves were checked."""

    account_id: UUID
    seal_id: UUID | None
    hashes: tuple[str | None, str | None]
    policy_version: int


async def open_emergency_account(
    entrance: Entrance, workplace: Workplace, policy: Policy, command: OpenEmergency
) -> SignedIn:
    """A session of two hours at most, under the role `emergency`. SIGN_IN_REFUSED for all that does not do.

    The secret is used up: another sealing is needed before the account can be opened again.
    """
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    known = await _known(entrance)
    right = await _are_right(entrance, command, known)
    if known is None:  # it was never sealed: there is nothing to open, nor to record
        raise Refusal(RefusalCode.SIGN_IN_REFUSED)
    async with workplace.open(_actor(known), policy) as work:
        signed_in = await _settle(entrance, work, known, reason, right=right)
    if signed_in is None:
        raise Refusal(RefusalCode.SIGN_IN_REFUSED)
    return signed_in


async def _known(entrance: Entrance) -> _Known | None:
    async with entrance.database.read() as session:
        account_id = await emergency_account(session)
        if account_id is None:
            return None
        seal = await sealed_now(session)
        number = await current_policy_version(session) or 0
    if seal is None:
        return _Known(account_id, None, (None, None), number)
    return _Known(account_id, seal.id, (seal.first_hash, seal.second_hash), number)


async def _are_right(entrance: Entrance, command: OpenEmergency, known: _Known | None) -> bool:
    """Both halves, in whichever order. Four comparisons in any event: their time tells nothing."""
    first, second = (None, None) if known is None else known.hashes
    given = (command.first_half, command.second_half)
    found = [[await entrance.passwords.verify(half, stored) for half in given] for stored in (first, second)]
    return (found[0][0] and found[1][1]) or (found[0][1] and found[1][0])


def _actor(known: _Known) -> Actor:
    return Actor(
        kind=ActorKind.EMERGENCY,
        account_id=known.account_id,
        person_id=None,
        name=LOGIN,
        clearance=Classification.PUBLIC,
        unit_ids=frozenset(),
        grants=(),
        policy_version=known.policy_version,
    )


async def _settle(entrance: Entrance, work: Work, known: _Known, reason: str, *, right: bool) -> SignedIn | None:
    """No wrong half locks anything: none can be guessed, and who sends wrong ones could keep the right ones out."""
    account = await locked_account(work.session, known.account_id)
    seal = await _locked_seal(work, known.seal_id)
    if account is None or seal is None or not right:
        await work.record_admin("emergency.opening_refused", ("account", known.account_id))
        if seal is not None:
            await alarm(work, "emergency.opening_refused", seal, work.today.isoformat())
        return None
    seal.state, seal.first_hash, seal.second_hash = SealState.OPENED, None, None
    seal.opened_at, seal.open_until = work.now, work.now + LASTS
    seal.reason_id = put_text(work.session, reason, work.now)
    opened = Session(account_id=account.id, created_at=work.real_now, expires_at=work.real_now + LASTS)
    work.session.add_all([_grant(work, account.id), opened])
    await work.record_admin("emergency.opened", ("emergency_seal", seal.id))
    await alarm(work, "emergency.opened", seal, str(seal.id))
    return await hand_out(entrance, work.session, account, opened)


async def _locked_seal(work: Work, seal_id: UUID | None) -> EmergencySeal | None:
    """None where it was opened or replaced since its hashes were read."""
    seal = None if seal_id is None else await work.session.get(EmergencySeal, seal_id, with_for_update=True)
    return seal if seal is not None and seal.state is SealState.SEALED else None


def _grant(work: Work, account_id: UUID) -> RoleGrant:
    """Nobody gave it: both halves of the secret did. It ends by itself, like every right with an end."""
    return RoleGrant(
        id=new_id(),
        account_id=account_id,
        role=Role.EMERGENCY,
        valid_from=work.now,
        valid_until=work.now + LASTS,
        basis=_BASIS,
    )
