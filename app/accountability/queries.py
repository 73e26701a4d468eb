"""The SELECTs of the accountability use cases."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accountability.models import AccountabilityFact, AccountabilityParty
from app.identity.models import Unit
from app.identity.rules import UnitKind


async def what_was_said(session: AsyncSession, proposal_id: UUID) -> Sequence[AccountabilityParty | AccountabilityFact]:
    """The rows that name whom a proposal concerns and on what it rests."""
    parties = select(AccountabilityParty).where(AccountabilityParty.proposal_id == proposal_id)
    facts = select(AccountabilityFact).where(AccountabilityFact.proposal_id == proposal_id)
    return [*(await session.scalars(parties)).all(), *(await session.scalars(facts)).all()]


async def concerns_the_office(session: AsyncSession, proposal_id: UUID) -> bool:
    """Whether 督查办 itself is to be called to account."""
    statement = (
        select(Unit.id)
        .join(AccountabilityParty, AccountabilityParty.unit_id == Unit.id)
        .where(AccountabilityParty.proposal_id == proposal_id, Unit.kind == UnitKind.SUPERVISION_OFFICE)
    )
    return (await session.scalars(statement)).first() is not None
