"""The business time zone: days and instants of Asia/Shanghai. Pure, so that rules may use it (`clock` tells time)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local_date(at: datetime) -> date:
    """The day on which an instant falls in Asia/Shanghai, the business time zone."""
    return at.astimezone(SHANGHAI).date()


def local_instant(day: date, at: time) -> datetime:
    """The UTC instant of a Shanghai wall-clock time."""
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """0:00 of a day in Shanghai as a UTC instant."""
    return local_instant(day, time.min)


def end_of_day(day: date) -> datetime:
    """24:00 of a day in Shanghai as a UTC instant (民法典 第二百零三条)."""
    return start_of_day(day + timedelta(days=1))
