"""The working-day calendar as a pure value, and what a yearly notice must look like to enter it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType
from typing import Self

import orjson
from pydantic import BaseModel, ConfigDict

from app.core.refusals import Problems, RefusalCode

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LONGEST_HOLIDAY = 15
_LONGEST_TEXT = 100

# 全国年节及纪念日放假办法 (2024 revision): the statutory days that stand on a fixed date, 元旦, 劳动节 and 国庆节.
# 春节, 清明, 端午 and 中秋 follow the published almanac: until a year's notice is known they are not guessed, and
# whatever was counted without them is marked provisional.
_FIXED_STATUTORY_DAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")


class DayKind(StrEnum):
    """放假 or 上班, where that differs from what the day of the week says."""

    OFF = "OFF"
    WORK = "WORK"


class _Notice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Holiday(_Notice):
    """One line of a notice: 放假 from first to last, and the weekend days that are worked for it (调休上班)."""

    name: str
    first: date
    last: date
    workdays: tuple[date, ...] = ()

    def days_off(self) -> Iterator[date]:
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


class YearNotice(_Notice):
    """国务院办公厅关于某年部分节假日安排的通知. It may reach back into December of the year before."""

    year: int
    title: str
    number: str
    issued_on: date
    holidays: tuple[Holiday, ...]

    def days(self) -> dict[date, DayKind]:
        off = {day: DayKind.OFF for holiday in self.holidays for day in holiday.days_off()}
        return off | {day: DayKind.WORK for holiday in self.holidays for day in holiday.workdays}


def check_notice(notice: YearNotice) -> None:
    """Refuse a notice that is incomplete or impossible: one slip would move the dates of a whole year."""
    found = Problems()
    found.check(
        _FIRST_YEAR <= notice.year <= _LAST_YEAR,
        RefusalCode.OUT_OF_RANGE,
        "input",
        "year",
        low=_FIRST_YEAR,
        high=_LAST_YEAR,
    )
    for name, text in (("title", notice.title), ("number", notice.number)):
        found.check(bool(text.strip()), RefusalCode.REQUIRED, "input", name)
        found.check(len(text) <= _LONGEST_TEXT, RefusalCode.TOO_LONG, "input", name, limit=_LONGEST_TEXT)
    named = "".join(holiday.name for holiday in notice.holidays)
    found.check(all(festival in named for festival in _FESTIVALS), RefusalCode.REQUIRED, "input", "holidays")
    found.raise_if_any()
    _check_days(notice, found)
    found.raise_if_any()


def _check_days(notice: YearNotice, found: Problems) -> None:
    earliest, latest = date(notice.year - 1, _DECEMBER, 1), date(notice.year, _DECEMBER, 31)
    seen: set[date] = set()
    for index, holiday in enumerate(notice.holidays):
        path = ("input", "holidays", index)
        length = (holiday.last - holiday.first).days + 1
        if not (earliest <= holiday.first <= holiday.last <= latest and length <= _LONGEST_HOLIDAY):
            found.add(RefusalCode.BAD_DATE, *path, "first")
            continue
        days = set(holiday.days_off())
        found.check(not days & seen, RefusalCode.DUPLICATE, *path, "first")
        seen |= days
    for index, holiday in enumerate(notice.holidays):
        for place, day in enumerate(holiday.workdays):
            where = ("input", "holidays", index, "workdays", place)
            fine = earliest <= day <= latest and day.weekday() >= _SATURDAY
            found.check(fine, RefusalCode.BAD_DATE, *where)
            found.check(day not in seen, RefusalCode.DUPLICATE, *where)
            seen.add(day)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Two calendars with the same version answer alike about every day."""

    version: str
    exceptions: Mapping[date, DayKind] = field(compare=False, repr=False)
    known_years: frozenset[int] = field(compare=False)
    _worked: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, notices: Iterable[YearNotice], local_days: Mapping[date, DayKind]) -> Self:
        """A later year's notice wins in December of the year before; local days win over every notice."""
        exceptions: dict[date, DayKind] = {}
        known: set[int] = set()
        for notice in sorted(notices, key=lambda notice: notice.year):
            exceptions |= notice.days()
            known.add(notice.year)
        exceptions |= local_days
        content = [sorted(known), sorted((day.isoformat(), kind.value) for day, kind in exceptions.items())]
        version = hashlib.sha256(orjson.dumps(content)).hexdigest()[:16]
        return cls(version, MappingProxyType(exceptions), frozenset(known))

    def is_known(self, year: int) -> bool:
        return year in self.known_years

    def knows(self, first: date, last: date) -> bool:
        """Whether a count from one day to another rests on notices alone. If not, its result is provisional."""
        return all(self.is_known(year) for year in range(first.year, last.year + 1))

    def is_workday(self, day: date) -> bool:
        kind = self.exceptions.get(day)
        if kind is not None:
            return kind is DayKind.WORK
        if day.weekday() >= _SATURDAY:
            return False
        return self.is_known(day.year) or (day.month, day.day) not in _FIXED_STATUTORY_DAYS

    def next_workday(self, day: date) -> date:
        """The first working day after a day."""
        return self.add_workdays(day, 1)

    def workday_from(self, day: date) -> date:
        """The day itself if it is worked, else the next working day (顺延)."""
        return day if self.is_workday(day) else self.next_workday(day)

    def add_workdays(self, day: date, count: int) -> date:
        """The count-th working day after a day, or before it where count is negative. The day itself never counts."""
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Undoes `add_workdays`: working days after start up to end, negative where end lies before start."""
        if end >= start:
            return self._worked_before(end + _ONE_DAY, start.year) - self._worked_before(start + _ONE_DAY, start.year)
        return self._worked_before(end, end.year) - self._worked_before(start, end.year)

    def _worked_before(self, day: date, since: int) -> int:
        whole_years = sum(self._year(year)[-1] for year in range(since, day.year))
        return whole_years + self._year(day.year)[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> tuple[int, ...]:
        # Ledgers ask for days left in every row: one table a year makes the answer independent of the distance.
        if year not in self._worked:
            first = date(year, 1, 1)
            days = (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))
            self._worked[year] = tuple(accumulate((self.is_workday(day) for day in days), initial=0))
        return self._worked[year]


def year_without_notice(calendar: Calendar, today: date) -> int | None:
    """The year whose notice should be here by now: this one, and from December on the next."""
    years = (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)
    return next((year for year in years if not calendar.is_known(year)), None)
