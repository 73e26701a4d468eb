"""What takes two people: one proposes, another approves, and a proposal gives nothing before.

Of the two one is the security administrator (安全保密管理员) where that post is filled.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.authz import Role
from app.core.refusals import Problems, Refusal, RefusalCode
from app.identity.models import Person, PersonClearance, RoleGrant
from app.identity.queries import holders_of_role
from app.work import Work


def check_time(problems: Problems, held: RoleGrant | PersonClearance, now: datetime) -> None:
    problems.check(held.valid_from >= now, RefusalCode.BAD_DATE, "input", "validFrom")
    fine = held.valid_until is None or held.valid_until > held.valid_from
    problems.check(fine, RefusalCode.BAD_DATE, "input", "validUntil")


def refuse_settled(proposal: RoleGrant | PersonClearance, now: datetime) -> None:
    """STATUS_CONFLICT for what was approved or withdrawn, or would be over before it began."""
    over = proposal.valid_until is not None and proposal.valid_until <= now
    if not proposal.pending or proposal.revoked_at is not None or over:
        raise Refusal(RefusalCode.STATUS_CONFLICT)


async def lock_person(work: Work, person_id: UUID | None) -> None:
    """Order whoever gives or approves something for the same person at the same time."""
    await work.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


async def require_security_admin(work: Work, holder_id: UUID | None, two: Collection[UUID | None]) -> None:
    """Refuse SECURITY_ADMIN_REQUIRED if neither is one, although somebody other than the holder is."""
    holders = set(await holders_of_role(work.session, Role.SECURITY_ADMIN, work.now)) - {holder_id}
    if holders and holders.isdisjoint(two):
        raise Refusal(RefusalCode.SECURITY_ADMIN_REQUIRED)
