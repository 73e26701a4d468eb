"""Reading the ledger: what fires next, what is due, what is overdue for firing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.deadlines.models import PENDING, PENDING_AND_PROVISIONAL, Deadline
from app.deadlines.rules import Stage, SubjectKind


async def next_fire_at(session: AsyncSession, case_id: UUID) -> datetime | None:
    """When the sweep has to look at a case next. The cases service keeps it on the case."""
    return await session.scalar(select(func.min(Deadline.fire_at)).where(Deadline.case_id == case_id, PENDING))


async def due_deadlines(session: AsyncSession, case_ids: Collection[UUID], now: datetime) -> Sequence[Deadline]:
    """What fires now in cases that the caller holds locked, in the order in which it fell due."""
    statement = select(Deadline).where(Deadline.case_id.in_(case_ids), PENDING, Deadline.fire_at <= now)
    return (await session.scalars(statement.order_by(Deadline.fire_at, Deadline.id))).all()


async def oldest_unfired(session: AsyncSession, now: datetime) -> datetime | None:
    """The alarm of a dead worker: since when something should have fired and has not."""
    return await session.scalar(select(func.min(Deadline.fire_at)).where(PENDING, Deadline.fire_at <= now))


async def pending_of(
    session: AsyncSession, subject_kind: SubjectKind, subject_id: UUID, stage: Stage | None = None
) -> Sequence[Deadline]:
    """The pending dates of a subject, of one stage or of all."""
    statement = select(Deadline).where(
        Deadline.subject_kind == subject_kind, Deadline.subject_id == subject_id, PENDING
    )
    if stage is not None:
        statement = statement.where(Deadline.stage == stage)
    return (await session.scalars(statement.order_by(Deadline.fire_at, Deadline.id))).all()


async def last_generation(session: AsyncSession, subject_kind: SubjectKind, subject_id: UUID, stage: Stage) -> int:
    """0 where the subject never had a date of this stage."""
    statement = select(func.max(Deadline.generation)).where(
        Deadline.subject_kind == subject_kind, Deadline.subject_id == subject_id, Deadline.stage == stage
    )
    return await session.scalar(statement) or 0


async def provisional_deadlines(session: AsyncSession) -> Sequence[Deadline]:
    """Pending dates that rest on a year without notice."""
    statement = select(Deadline).where(PENDING_AND_PROVISIONAL)
    return (await session.scalars(statement.order_by(Deadline.case_id, Deadline.id))).all()


async def cases_with_provisional(session: AsyncSession) -> Sequence[UUID]:
    """The cases to lock, in this order, before provisional dates are recomputed."""
    statement = select(Deadline.case_id).where(PENDING_AND_PROVISIONAL)
    return [case_id for case_id in await session.scalars(statement.distinct().order_by(Deadline.case_id)) if case_id]
