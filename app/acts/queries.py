"""Reading acts: which wait for their second officer, and in which post somebody acted."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.acts.models import RecordedAct
from app.acts.rules import RecordedActStatus
from app.core.database import among
from app.identity.models import PostHolding


async def awaiting_check(session: AsyncSession, assignment_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the assignments for which an entered act waits for its check: nobody is urged for them meanwhile."""
    acts = RecordedAct.__table__
    statement = select(acts.c.assignment_id).where(
        among(acts.c.assignment_id, assignment_ids, session.get_bind().dialect.name),
        acts.c.status == RecordedActStatus.AWAITING_CHECK,
    )
    return frozenset(found for found in await session.scalars(statement) if found is not None)


async def post_on(session: AsyncSession, person_id: UUID, day: date, unit_id: UUID | None = None) -> PostHolding | None:
    """The post that a person has held longest of those of that day, in any unit or in one."""
    statement = select(PostHolding).where(
        PostHolding.person_id == person_id,
        PostHolding.valid_from <= day,
        or_(PostHolding.valid_until.is_(None), PostHolding.valid_until >= day),
    )
    if unit_id is not None:
        statement = statement.where(PostHolding.unit_id == unit_id)
    return await session.scalar(statement.order_by(PostHolding.valid_from, PostHolding.id).limit(1))
