"""The SELECTs of periodic circulars: the last period that has a draft, the parameters of a day."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.circulars.models import Circular
from app.core.zone import end_of_day
from app.evaluations.queries import rule_set_at
from app.regulation.models import RuleSet
from app.regulation.rules import Regulation
from app.regulation.service import rule_set_of
from app.statistics.periods import Period


async def last_period(session: AsyncSession) -> Period | None:
    statement = select(Circular).where(Circular.first_on.is_not(None)).order_by(Circular.first_on.desc())
    found = await session.scalar(statement.limit(1))
    if found is None or found.first_on is None or found.last_on is None:
        return None
    return Period(found.first_on, found.last_on)


async def regulation_on(session: AsyncSession, day: date) -> Regulation:
    """The parameters that were known and in force on a day; the first ones where none were recorded yet."""
    key = await rule_set_at(session, day, end_of_day(day))
    if key is None:
        key = await session.scalar(select(RuleSet.id).order_by(RuleSet.recorded_at, RuleSet.id).limit(1))
    assert key is not None  # whatever was issued rests on some
    return await rule_set_of(session, key)
