"""Building the calendar: shipped years, then imported ones, then local days; the later wins."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.paths import shipped
from app.workdays.models import CalendarDay, CalendarYear
from app.workdays.rules import Calendar, DayKind, YearNotice, check_notice


def read_notice(path: Path) -> YearNotice:
    """One file of `policies/calendar`, read strictly."""
    notice = YearNotice.model_validate_json(path.read_bytes())
    check_notice(notice)
    return notice


@lru_cache(maxsize=1)
def shipped_notices() -> tuple[YearNotice, ...]:
    return tuple(read_notice(path) for path in sorted((shipped("policies") / "calendar").glob("*.json")))


async def current_calendar(session: AsyncSession) -> Calendar:
    """The calendar as the database knows it now: two short reads."""
    imported = select(CalendarYear.year, CalendarYear.body).order_by(CalendarYear.year, CalendarYear.version)
    bodies = {year: orjson.dumps(body) for year, body in await session.execute(imported)}
    local_days = await session.execute(select(CalendarDay.day, CalendarDay.kind).order_by(CalendarDay.day))
    return _calendar(tuple(bodies.values()), tuple((row.day, row.kind) for row in local_days))


@lru_cache(maxsize=4)
def _calendar(bodies: tuple[bytes, ...], local_days: tuple[tuple[date, DayKind], ...]) -> Calendar:
    """Counted up once for as long as nothing changes."""
    notices = {notice.year: notice for notice in shipped_notices()}
    for body in bodies:
        notice = YearNotice.model_validate_json(body)  # strict, yet dates are text
        notices[notice.year] = notice
    return Calendar.of(notices.values(), dict(local_days))
