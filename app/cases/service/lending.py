"""第三十条(六) 临时职权: what a leader may do himself, lent for one case, for listed actions, until a day.

Whoever holds it lends it no further, nor does it count for what his own role may be lent for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.authz import Role
from app.cases.models import Case
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode, not_found
from app.core.texts import NAME, clean
from app.identity.models import Person, RoleGrant
from app.identity.queries.validity import in_force
from app.identity.rules import LONGEST_ACTIONS
from app.identity.service import refuse_conflict
from app.work import Work


@dataclass(frozen=True, slots=True)
class LendPower:
    """`actions` as rules name them: `case.decide`. What the role may read in the case is lent with them."""

    case_id: UUID
    person_id: UUID
    role: Role
    actions: Sequence[str]
    valid_until: datetime
    basis: str


async def lend_power(work: Work, command: LendPower) -> RoleGrant:
    """Lend somebody what one may do in a case. It is void as soon as one may not do it any more."""
    case = await work.load(Case, command.case_id)
    own = await _own(work, command.role)
    problems = Problems()
    power = RoleGrant(
        id=new_id(),
        person_id=command.person_id,
        role=command.role,
        case_id=case.id,
        lent_from=own,
        actions=" ".join(sorted(set(command.actions))),
        valid_from=work.now,
        valid_until=command.valid_until,
        granted_by=work.actor.person_id,
        basis=clean(problems, command.basis, NAME, "input", "basis"),
        pending=False,
    )
    await work.require("grant.lend", power)
    if own is None:
        raise Refusal(RefusalCode.NOT_ALLOWED, action="grant.lend")
    problems.check(await work.session.get(Person, command.person_id) is not None, RefusalCode.BAD_ID, "input", "person")
    problems.check(command.valid_until > work.now, RefusalCode.BAD_DATE, "input", "validUntil")
    _check_actions(work, problems, command)
    problems.raise_if_any()
    await _require_oneself(work, case, command.actions)
    await refuse_conflict(work, power)
    work.session.add(power)
    await work.record_admin("grant.lent", ("grant", power.id), action="grant.lend")
    return power


async def take_power_back(work: Work, grant_id: UUID) -> RoleGrant:
    """End a temporary power at once: who lent it, or an administrator of rights alone."""
    power = await work.load(RoleGrant, grant_id)
    if power.case_id is None:
        raise not_found()
    await work.require("grant.revoke", power)
    if power.revoked_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    power.revoked_at, power.revoked_by = work.now, work.actor.person_id
    await work.record_admin("grant.revoked", ("grant", power.id), action="grant.revoke")
    return power


def _check_actions(work: Work, problems: Problems, command: LendPower) -> None:
    problems.check(len(command.actions) > 0, RefusalCode.REQUIRED, "input", "actions")
    fits = len(" ".join(command.actions)) <= LONGEST_ACTIONS
    problems.check(fits, RefusalCode.TOO_LONG, "input", "actions", limit=LONGEST_ACTIONS)
    for position, action in enumerate(command.actions):
        fine = work.policy.may_be_lent(command.role, action)
        problems.check(fine, RefusalCode.NOT_APPLICABLE, "input", "actions", position)


async def _require_oneself(work: Work, case: Case, actions: Sequence[str]) -> None:
    """Nobody gives what he does not have, or has but on loan: what is about the case itself he may do to it now."""
    by_himself = replace(work, actor=work.actor.without_powers)
    for action in ("case.view", *actions):
        if action.startswith("case."):
            await by_himself.require(action, case)


async def _own(work: Work, role: Role) -> UUID | None:
    """The lasting grant by which the caller holds the role himself."""
    statement = select(RoleGrant.id).where(
        RoleGrant.person_id == work.actor.person_id,
        RoleGrant.role == role,
        RoleGrant.case_id.is_(None),
        in_force(RoleGrant, work.now),
    )
    return (await work.session.execute(statement.order_by(RoleGrant.valid_from))).scalars().first()
