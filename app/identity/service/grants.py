"""Roles given and taken. What touches security takes two people, and the three administrators stay apart.

Business roles are given by the office's permission administrator alone. Leader and administrator roles are proposed by
one and approved by another, of whom one is the security administrator (安全保密管理员) where that post is filled.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.authz import Role
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, clean
from app.identity.models import Account, Person, RoleGrant, Unit
from app.identity.rules import (
    ADMINISTRATOR_ROLES,
    TWO_PERSON_ROLES,
    UNIT_ROLES,
    AccountKind,
    may_be_held_together,
)
from app.identity.service.two_people import check_time, lock_person, refuse_settled, require_security_admin
from app.work import Work


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Holder: a person, or the account of an outside system."""

    role: Role
    basis: str
    person_id: UUID | None = None
    account_id: UUID | None = None
    unit_id: UUID | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


async def grant_role(work: Work, command: GrantRole) -> RoleGrant:
    """Give a role that one person may give. It holds from now on, or from its later beginning."""
    grant = await _checked(work, command, "grant.give")
    work.session.add(grant)
    await work.record_admin("grant.given", ("grant", grant.id), action="grant.give")
    return grant


async def propose_grant(work: Work, command: GrantRole) -> RoleGrant:
    """Propose a leader's or an administrator's role. It gives no right before somebody else approves it."""
    grant = await _checked(work, command, "grant.propose")
    grant.pending = True
    work.session.add(grant)
    await work.record_admin("grant.proposed", ("grant", grant.id), action="grant.propose")
    return grant


async def approve_grant(work: Work, grant_id: UUID) -> RoleGrant:
    """Put a proposed role in force, from now at the earliest."""
    grant = await work.load(RoleGrant, grant_id)
    await work.require("grant.approve", grant)
    refuse_settled(grant, work.now)
    await _require_security_admin(work, grant)
    grant.pending, grant.approved_by = False, work.actor.person_id
    grant.valid_from = max(grant.valid_from, work.now)
    await work.record_admin("grant.approved", ("grant", grant.id), action="grant.approve")
    return grant


async def revoke_grant(work: Work, grant_id: UUID) -> RoleGrant:
    """Take a role back, or withdraw a proposal, at once."""
    grant = await work.load(RoleGrant, grant_id)
    await work.require("grant.revoke", grant)
    if grant.revoked_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    if grant.role in TWO_PERSON_ROLES and not grant.pending and grant.case_id is None:
        await _require_security_admin(work, grant)
    grant.revoked_at, grant.revoked_by = work.now, work.actor.person_id
    await work.record_admin("grant.revoked", ("grant", grant.id), action="grant.revoke")
    return grant


async def _checked(work: Work, command: GrantRole, action: str) -> RoleGrant:
    problems = Problems()
    grant = RoleGrant(
        id=new_id(),
        person_id=command.person_id,
        account_id=command.account_id,
        role=command.role,
        unit_id=command.unit_id,
        valid_from=command.valid_from or work.now,
        valid_until=command.valid_until,
        granted_by=work.actor.person_id,
        basis=clean(problems, command.basis, NAME, "input", "basis"),
        pending=False,
    )
    await work.require(action, grant)
    if grant.granted_by is None:  # a grant that nobody gave is the first administrators' alone
        raise Refusal(RefusalCode.NOT_ALLOWED, action=action)
    await _check_holder(work, problems, grant)
    await _check_scope(work, problems, grant)
    check_time(problems, grant, work.now)
    problems.raise_if_any()
    await refuse_conflict(work, grant)
    return grant


async def _check_holder(work: Work, problems: Problems, grant: RoleGrant) -> None:
    """Outside systems hold the role of outside systems, people all others."""
    if grant.role is Role.SERVICE:
        problems.check(grant.person_id is None, RefusalCode.NOT_APPLICABLE, "input", "person")
        account = await work.session.get(Account, grant.account_id) if grant.account_id else None
        fine = account is not None and account.kind is AccountKind.SERVICE
        problems.check(fine, RefusalCode.BAD_ID, "input", "account")
    else:
        problems.check(grant.account_id is None, RefusalCode.NOT_APPLICABLE, "input", "account")
        person = await work.session.get(Person, grant.person_id) if grant.person_id else None
        problems.check(person is not None, RefusalCode.BAD_ID, "input", "person")


async def _check_scope(work: Work, problems: Problems, grant: RoleGrant) -> None:
    if grant.unit_id is None:
        problems.check(grant.role not in UNIT_ROLES, RefusalCode.REQUIRED, "input", "unit")
    else:
        problems.check(grant.role not in ADMINISTRATOR_ROLES, RefusalCode.NOT_APPLICABLE, "input", "unit")
        unit = await work.session.get(Unit, grant.unit_id)
        problems.check(unit is not None, RefusalCode.BAD_ID, "input", "unit")


async def refuse_conflict(work: Work, grant: RoleGrant) -> None:
    """Against all that the holder has, or is proposed to have, in that time. The lock of the person orders givers."""
    await lock_person(work, grant.person_id)
    others = await _held_meanwhile(work, grant)
    if not may_be_held_together([grant.role, *(other.role for other in others)]):
        raise Refusal(RefusalCode.ROLES_EXCLUDE_EACH_OTHER)
    if any(_scope(other) == _scope(grant) for other in others):
        raise Refusal(RefusalCode.ALREADY_DONE)


async def _held_meanwhile(work: Work, grant: RoleGrant) -> list[RoleGrant]:
    holder = RoleGrant.person_id == grant.person_id if grant.person_id else RoleGrant.account_id == grant.account_id
    statement = select(RoleGrant).where(
        holder,
        RoleGrant.id != grant.id,
        RoleGrant.revoked_at.is_(None),
        or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > grant.valid_from),
    )
    if grant.valid_until is not None:
        statement = statement.where(RoleGrant.valid_from < grant.valid_until)
    return list((await work.session.execute(statement)).scalars())


async def _require_security_admin(work: Work, grant: RoleGrant) -> None:
    two = {work.actor.person_id, grant.granted_by if grant.pending else None}
    await require_security_admin(work, grant.person_id, two)


def _scope(grant: RoleGrant) -> tuple[Role, UUID | None, UUID | None]:
    return grant.role, grant.unit_id, grant.case_id
