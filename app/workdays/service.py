"""Changing the calendar: importing a year's notice, and ordering a local day.

Whoever calls this recomputes provisional deadlines with the new calendar and records both, in the same transaction.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.refusals import Refusal, RefusalCode
from app.workdays.models import CalendarDay, CalendarYear
from app.workdays.rules import DayKind, YearNotice, check_notice


async def import_year(session: AsyncSession, notice: YearNotice, now: datetime) -> CalendarYear:
    """Record a notice as the next version of its year. The same notice again changes nothing."""
    check_notice(notice)
    latest = await session.scalar(
        select(CalendarYear).where(CalendarYear.year == notice.year).order_by(CalendarYear.version.desc()).limit(1)
    )
    body = notice.model_dump(mode="json")
    if latest is not None and latest.body == body:
        return latest
    row = CalendarYear(year=notice.year, version=latest.version + 1 if latest else 1, body=body, imported_at=now)
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refusal(RefusalCode.VERSION_CONFLICT) from error  # two imports of one year at once
    return row


async def set_local_day(session: AsyncSession, day: date, kind: DayKind, source: str, note: str) -> CalendarDay:
    """Close or work a day by a local order. Saying the opposite later takes it back."""
    row = await session.get(CalendarDay, day) or CalendarDay(day=day)
    row.kind, row.source, row.note = kind, source, note
    session.add(row)
    await session.flush()
    return row
