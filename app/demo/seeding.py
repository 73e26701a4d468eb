"""Filling an empty database with the demo district and its sixty matters."""

from sqlalchemy import func, select

from app.authz import Policy
from app.authz.versions import ensure_baseline
from app.core.clock import FixedClock
from app.core.database import Database
from app.demo.district import OFFICE, District, build_district
from app.demo.journeys import ALL_JOURNEYS
from app.demo.travelling import Traveller
from app.identity.models import Account, Unit
from app.identity.passwords import Passwords
from app.work.opening import Workplace
from app.workdays import current_calendar

PASSWORD = "linjiang-duban-2026"  # noqa: S105  # printed at every start of a demo; production refuses demo data


async def is_empty(database: Database) -> bool:
    """Whether nobody has begun to use this database."""
    async with database.read() as session:
        begun = [await session.scalar(select(func.count()).select_from(model)) for model in (Unit, Account)]
    return not any(begun)


async def is_demo(database: Database) -> bool:
    """Whether the demo district lives here."""
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Unit).where(Unit.name == OFFICE)) == 1


async def seed(workplace: Workplace, policy: Policy, passwords: Passwords) -> District:
    """The district and its matters, each driven by the real use cases up to where it stands now."""
    district = build_district(await passwords.hash(PASSWORD))
    now = workplace.clock.now()
    async with workplace.database.write() as session:
        await ensure_baseline(session, policy, now)
        for row in district.rows:
            session.add(row)
            await session.flush()
        session.expunge_all()
        calendar = await current_calendar(session)
    clock = FixedClock(now)
    past = Workplace(workplace.database, clock, workplace.regulation, workplace.search_key)
    traveller = Traveller(past, policy, district, calendar, clock, now)
    for journey in ALL_JOURNEYS:
        await traveller.travel(journey)
    return district
