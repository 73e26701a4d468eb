"""Arithmetic of figures: months, rates, averages. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from app.workdays.rules import Calendar

_DECEMBER = 12


class Month(NamedTuple):
    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        year, month = (self.year + 1, 1) if self.month == _DECEMBER else (self.year, self.month + 1)
        return date(year, month, 1) - timedelta(days=1)


def percent(met: int, missed: int) -> float | None:
    """To a tenth; None where nothing was judged."""
    judged = met + missed
    return round(100 * met / judged, 1) if judged else None


def handling_workdays(calendar: Calendar, cases: Mapping[tuple[Any, ...], int]) -> float | None:
    """The average of working days from the day of dispatch, which does not count, to that of closing; to a tenth.

    `cases`: how many there are of each pair of these days.
    """
    total = number = 0
    for (dispatched, closed), times in cases.items():
        if dispatched is not None and closed is not None:
            total += times * calendar.workdays_between(dispatched, closed)
            number += times
    return round(total / number, 1) if number else None
