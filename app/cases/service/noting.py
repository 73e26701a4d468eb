"""第二十四条: who read what few may know of is on record before he has it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import log_access
from app.authz import Actor
from app.cases.models import Case


async def restricted_among(session: AsyncSession, case_ids: Collection[UUID]) -> Collection[UUID]:
    """Which of these cases are restricted."""
    return (await session.scalars(select(Case.id).where(Case.id.in_(case_ids), Case.restricted))).all()


def note_reading(
    session: AsyncSession, actor: Actor, read: Collection[tuple[str, UUID]], real_now: datetime, correlation_id: UUID
) -> None:
    """Note each object that was read, by its kind and key."""
    for kind, key in sorted(read):
        log_access(
            session,
            at=real_now,
            outcome="READ",
            action=f"{kind}.view",
            actor=actor,
            subject=(kind, key),
            correlation_id=correlation_id,
        )
