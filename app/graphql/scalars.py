"""Days, times of day and instants as the schema reads and writes them: ISO 8601 in one form each."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from operator import methodcaller
from typing import Any

import strawberry
from strawberry.types.scalar import ScalarDefinition

_FIRST, _LAST = 1900, 2199  # what lies beyond is a slip of the pen, and calendars could not reckon with it


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _within(found: date, value: object) -> None:
    if not _FIRST <= found.year <= _LAST:
        raise ValueError(value)


def read_date(value: object) -> date:
    """2026-06-15. Raises ValueError or TypeError."""
    text = _text(value)
    found = date.fromisoformat(text)
    if found.isoformat() != text:  # 20260615, 2026-W25-1
        raise ValueError(text)
    _within(found, value)
    return found


def read_time(value: object) -> time:
    """18:00 or 18:00:00, in Shanghai. Raises ValueError or TypeError."""
    text = _text(value)
    found = time.fromisoformat(text)
    if found.tzinfo is not None or text not in (found.isoformat(), found.isoformat("minutes")):
        raise ValueError(text)
    return found


def read_datetime(value: object) -> datetime:
    """2026-06-15T09:00:00+08:00, the offset included. Raises ValueError or TypeError."""
    text = _text(value)
    found = datetime.fromisoformat(text)
    if found.utcoffset() is None or text[:11] != f"{found.date().isoformat()}T":  # 20260615T090000Z, 2026-W25-1T…
        raise ValueError(value)
    _within(found, value)
    return found


EXAMPLES: Mapping[str, str] = {"Date": "2026-06-15", "Time": "18:00", "DateTime": "2026-06-15T09:00:00+08:00"}


def _scalar(name: str, description: str, read: Callable[[object], Any]) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=f"{description}: {EXAMPLES[name]}.",
        serialize=methodcaller("isoformat"),
        parse_value=read,
    )


SCALARS: Mapping[object, ScalarDefinition] = {
    date: _scalar("Date", "A day in Shanghai (日期)", read_date),
    time: _scalar("Time", "A time of day in Shanghai (时间)", read_time),
    datetime: _scalar("DateTime", "An instant with its offset (时刻)", read_datetime),
}
