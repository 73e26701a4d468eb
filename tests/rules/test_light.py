"""Lights and days left: by comparison alone, at every instant around a date."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.core.zone import local_instant
from app.deadlines.dates import Reckoning, given, proposed
from app.deadlines.rules import DayCount, Light, TimeLimitTier, calendar_days_left, light, working_days_left
from app.regulation.service import load_regulation
from app.workdays.queries import shipped_notices
from app.workdays.rules import Calendar

CALENDAR = Calendar.of(shipped_notices(), {})
RECKONING = Reckoning(load_regulation(), UUID(int=1), CALENDAR)

YELLOW = datetime(2026, 10, 8, 16, 0, tzinfo=UTC)
RED = datetime(2026, 10, 10, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (YELLOW - TICK, Light.GREEN),
        (YELLOW, Light.YELLOW),
        (RED - TICK, Light.YELLOW),
        (RED, Light.RED),
        (RED + timedelta(days=400), Light.RED),
    ],
)
def test_the_light_changes_at_its_instants(now: datetime, shown: Light) -> None:
    assert light(now, YELLOW, RED, owed=True) is shown


@pytest.mark.parametrize(
    ("yellow_from", "red_from", "owed"), [(YELLOW, RED, False), (None, None, True), (YELLOW, None, True)]
)
def test_nothing_owed_shows_no_light(yellow_from: datetime | None, red_from: datetime | None, owed: bool) -> None:
    assert light(RED, yellow_from, red_from, owed) is Light.NONE


@pytest.mark.parametrize(
    ("tier", "start_on", "due_on", "yellow_on"),
    [
        (TimeLimitTier.URGENT, date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 24)),
        (TimeLimitTier.URGENT, date(2026, 2, 13), date(2026, 2, 15), date(2026, 2, 14)),  # a worked Saturday
        (TimeLimitTier.GENERAL, date(2026, 9, 28), date(2026, 10, 10), date(2026, 10, 9)),
        (TimeLimitTier.GENERAL, date(2026, 9, 23), date(2026, 10, 8), date(2026, 9, 30)),  # over 中秋 and 国庆
        (TimeLimitTier.COMPLEX, date(2026, 9, 18), date(2026, 10, 8), date(2026, 9, 28)),
        (TimeLimitTier.COMPLEX, date(2026, 11, 2), date(2026, 11, 17), date(2026, 11, 12)),
    ],
)
def test_yellow_begins_one_workday_before_and_three_in_long_terms(
    tier: TimeLimitTier, start_on: date, due_on: date, yellow_on: date
) -> None:
    due = proposed(RECKONING, tier, start_on)
    assert due is not None
    assert due.due_on == due_on
    assert due.yellow_from == local_instant(yellow_on, time.min)
    assert due.red_from == due.due_at


@pytest.mark.parametrize(
    ("day_count", "due_on", "yellow_on"),
    [
        (DayCount.CALENDAR, date(2026, 11, 9), date(2026, 11, 4)),  # seven days: long
        (DayCount.CALENDAR, date(2026, 11, 8), date(2026, 11, 6)),  # six, ending on a Sunday
        (DayCount.WORKING, date(2026, 11, 10), date(2026, 11, 9)),  # six working days
        (DayCount.WORKING, date(2026, 11, 11), date(2026, 11, 6)),  # seven
    ],
)
def test_the_length_of_a_given_term_is_measured_as_its_days_are_counted(
    day_count: DayCount, due_on: date, yellow_on: date
) -> None:
    due = given(RECKONING, date(2026, 11, 2), due_on, None, day_count)
    assert due.yellow_from == local_instant(yellow_on, time.min)


@pytest.mark.parametrize(
    ("today", "due_on", "calendar_days", "working_days"),
    [
        (date(2026, 9, 28), date(2026, 10, 10), 12, 5),
        (date(2026, 10, 10), date(2026, 10, 10), 0, 0),
        (date(2026, 10, 12), date(2026, 10, 10), -2, -1),
        (date(2026, 10, 11), date(2026, 10, 10), -1, -1),
        (date(2026, 10, 5), date(2026, 10, 4), -1, -1),  # late within the holiday: late all the same
        (date(2026, 10, 3), date(2026, 10, 4), 1, 0),
        (date(2026, 10, 9), date(2026, 9, 28), -11, -4),
    ],
)
def test_days_left(today: date, due_on: date, calendar_days: int, working_days: int) -> None:
    assert calendar_days_left(today, due_on) == calendar_days
    assert working_days_left(CALENDAR, today, due_on) == working_days


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@for_all(days, days)
def test_days_left_are_negative_exactly_when_late(today: date, due_on: date) -> None:
    late = today > due_on
    assert (calendar_days_left(today, due_on) < 0) is late
    assert (working_days_left(CALENDAR, today, due_on) < 0) is late
    assert abs(working_days_left(CALENDAR, today, due_on)) <= abs(calendar_days_left(today, due_on))
