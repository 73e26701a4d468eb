"""How the emergency account stands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.emergency.models import EmergencySeal
from app.emergency.rules import SealStanding, SealState, standing_of
from app.identity.models import Account
from app.identity.queries import holders_of_role
from app.identity.rules import RESTORABLE_ROLES, AccountKind


async def emergency_account(session: AsyncSession) -> UUID | None:
    """The account; None before it was first sealed."""
    return await session.scalar(select(Account.id).where(Account.kind == AccountKind.EMERGENCY))


async def sealed_now(session: AsyncSession) -> EmergencySeal | None:
    """The seal that can be opened."""
    statement = select(EmergencySeal).where(EmergencySeal.state == SealState.SEALED)
    return (await session.execute(statement)).scalar_one_or_none()


async def opened_last(session: AsyncSession) -> UUID:
    """The seal under which the account acts."""
    statement = select(EmergencySeal.id).where(EmergencySeal.state == SealState.OPENED)
    return (await session.execute(statement.order_by(EmergencySeal.opened_at.desc()).limit(1))).scalar_one()


async def restorable_accounts(session: AsyncSession, now: datetime) -> dict[str, UUID]:
    """By login, the accounts that can be restored: those of administrators other than the auditor."""
    people = {person for role in RESTORABLE_ROLES for person in await holders_of_role(session, role, now)}
    statement = select(Account.login, Account.id).where(Account.person_id.in_(people), Account.disabled_at.is_(None))
    return {row.login: row.id for row in await session.execute(statement)}


async def standings(session: AsyncSession, now: datetime) -> frozenset[SealStanding]:
    """What there is at all: a seal that can be opened, one that is open."""
    columns = (EmergencySeal.state, EmergencySeal.open_until, EmergencySeal.closed_at)
    return frozenset(standing_of(*row, now) for row in await session.execute(select(*columns)))
