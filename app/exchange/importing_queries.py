"""What is known already of a document that is imported: its cases, its source."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.models import Case, CaseSource, Source


async def cases_of_plan(session: AsyncSession, plan_digest: str) -> Mapping[str, UUID]:
    """The cases that came from a document, by the digest of their item."""
    statement = select(Case.plan_item_digest, Case.id).where(Case.plan_digest == plan_digest)
    found = (await session.execute(statement)).all()
    return {digest: case_id for digest, case_id in found if digest is not None}


async def source_of_plan(session: AsyncSession, plan_digest: str) -> UUID | None:
    """The source that stands for the whole document: the one that its cases came with, before others were added."""
    statement = (
        select(CaseSource.source_id)
        .join(Case, Case.id == CaseSource.case_id)
        .join(Source, Source.id == CaseSource.source_id)
        .where(Case.plan_digest == plan_digest)
        .order_by(Source.created_at, Source.id)
        .limit(1)
    )
    return await session.scalar(statement)
