"""第二十四条: who read what few may know of is on record before he has it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.rules import AccessOutcome
from app.audit.service import Subject, log_access
from app.authz import Actor
from app.cases.models import Case


async def restricted_among(session: AsyncSession, case_ids: Collection[UUID]) -> set[Subject]:
    """Those of these cases that are restricted."""
    statement = select(Case.id, Case.classification).where(Case.id.in_(case_ids), Case.restricted)
    return {Subject("case", key, level, key) for key, level in await session.execute(statement)}


def note_reading(
    session: AsyncSession, actor: Actor, read: Collection[Subject], real_now: datetime, correlation_id: UUID
) -> None:
    """Note each object that was read."""
    for subject in read:
        log_access(
            session,
            at=real_now,
            outcome=AccessOutcome.READ,
            action=f"{subject.kind}.view",
            actor=actor,
            subject=subject,
            correlation_id=correlation_id,
        )
