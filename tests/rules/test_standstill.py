"""中止: after a standstill a date has as many days left as before it, counted as it was counted."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.deadlines.dates import Reckoning, counted, given, resumed
from app.deadlines.rules import DayCount
from app.regulation.service import load_regulation
from app.workdays.queries import shipped_notices
from app.workdays.rules import Calendar

CALENDAR = Calendar.of(shipped_notices(), {})
RECKONING = Reckoning(load_regulation(), UUID(int=1), CALENDAR)
starts, lengths = st.dates(date(2024, 1, 1), date(2026, 9, 30)), st.integers(1, 15)


@pytest.mark.parametrize(
    ("start_on", "due_on", "count", "stopped_on", "resumed_on", "not_after", "due_then"),
    [
        # 19 to 21 June are 端午; 4 July is a Saturday
        ("2026-06-15", "2026-06-23", DayCount.WORKING, "2026-06-17", "2026-06-29", None, "2026-07-02"),
        ("2026-06-15", "2026-06-23", DayCount.WORKING, "2026-06-23", "2026-07-04", None, "2026-07-06"),
        ("2026-06-15", "2026-06-23", DayCount.WORKING, "2026-06-24", "2026-07-06", None, "2026-06-23"),
        ("2026-06-15", "2026-06-17", DayCount.CALENDAR, "2026-06-16", "2026-07-03", None, "2026-07-04"),
        ("2026-06-15", "2026-06-17", DayCount.CALENDAR_ROLL, "2026-06-16", "2026-07-03", None, "2026-07-06"),
        ("2026-06-15", "2026-06-30", DayCount.CALENDAR, "2026-06-16", "2026-07-01", "2026-07-10", "2026-07-10"),
        ("2026-06-15", "2026-06-30", DayCount.CALENDAR, "2026-06-16", "2026-07-20", "2026-07-10", "2026-07-20"),
    ],
)
def test_after_a_standstill_as_many_days_are_left_as_before(
    start_on: str, due_on: str, count: DayCount, stopped_on: str, resumed_on: str, not_after: str | None, due_then: str
) -> None:
    stood = given(RECKONING, date.fromisoformat(start_on), date.fromisoformat(due_on), None, count)
    latest = date.fromisoformat(not_after) if not_after else None
    then = resumed(RECKONING, stood, date.fromisoformat(stopped_on), date.fromisoformat(resumed_on), latest)
    assert then.due_on.isoformat() == due_then


@for_all(
    starts, lengths, st.sampled_from([DayCount.WORKING, DayCount.CALENDAR]), st.integers(0, 15), st.integers(0, 60)
)
def test_a_standstill_of_no_length_moves_nothing_and_none_shortens(
    start_on: date, days: int, count: DayCount, after: int, still: int
) -> None:
    stood = counted(RECKONING, start_on, days, count)
    stopped_on = CALENDAR.workday_from(start_on + timedelta(days=after))
    same = resumed(RECKONING, stood, stopped_on, stopped_on, None)
    assert (same.due_on, same.yellow_from) == (stood.due_on, stood.yellow_from)
    later = resumed(RECKONING, stood, stopped_on, stopped_on + timedelta(days=still), None)
    assert later.due_on >= stood.due_on
