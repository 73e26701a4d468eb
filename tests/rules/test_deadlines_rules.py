"""Dates by the regulation: counting by tier over 春节 and 国庆, printed dates, rework, and when each fires."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.core.refusals import Problem, Problems, Refusal, RefusalCode
from app.core.zone import SHANGHAI, end_of_day, local_date, local_instant
from app.deadlines.dates import (
    DueDate,
    Reckoning,
    allowed_dates,
    check_due_on,
    contribution,
    counted,
    given,
    latest_before_superior,
    printed,
    proposed,
    redo,
    supplement,
    working,
)
from app.deadlines.hours import (
    after_quiet_hours,
    fire_at,
    in_urging_window,
    next_stage_at,
    next_urging_window,
    reassignment_until,
    respond_by,
    urge_at,
)
from app.deadlines.rules import DayCount, Stage, TimeLimitTier
from app.regulation.rules import Regulation
from app.regulation.service import load_regulation
from app.workdays.queries import shipped_notices
from app.workdays.rules import Calendar

URGENT, GENERAL, COMPLEX, LEADER = TimeLimitTier
CALENDAR = Calendar.of(shipped_notices(), {})
REGULATION = load_regulation()
RECKONING = Reckoning(REGULATION, UUID(int=1), CALENDAR)

starts = st.dates(date(2024, 1, 1), date(2026, 11, 30))
lengths = st.integers(1, 15)
counts = st.sampled_from(DayCount)
due_times = st.none() | st.times(time(0, 1), time(23, 59))
instants = st.builds(local_instant, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.times())
ladder_stages = st.sampled_from([stage for stage in Stage if stage is not Stage.REMIND])


def at(text: str) -> datetime:
    """A Shanghai wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def closing_at(cutoff: str) -> Reckoning:
    body = REGULATION.body() | {"closing_time": {"cutoff": cutoff}}
    return Reckoning(Regulation.model_validate(body, strict=False), UUID(int=2), CALENDAR)


# -- counting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "start_on", "due_on"),
    [
        # 2026: 春节 2-15 to 2-23, worked Saturdays 2-14 and 2-28
        (URGENT, date(2026, 2, 12), date(2026, 2, 14)),
        (URGENT, date(2026, 2, 13), date(2026, 2, 15)),  # urgent counts calendar days, in the holiday too
        (GENERAL, date(2026, 2, 12), date(2026, 2, 26)),
        (GENERAL, date(2026, 2, 24), date(2026, 3, 2)),  # over the worked Saturday
        (COMPLEX, date(2026, 2, 3), date(2026, 2, 24)),  # the last day, 2-18, rolls to the first working day
        (COMPLEX, date(2026, 2, 13), date(2026, 2, 28)),  # a Saturday, but worked
        # 2026: 中秋 9-25 to 9-27, 国庆 10-1 to 10-7, worked 9-20 and 10-10
        (GENERAL, date(2026, 9, 17), date(2026, 9, 23)),  # over the worked Sunday
        (GENERAL, date(2026, 9, 28), date(2026, 10, 10)),
        (COMPLEX, date(2026, 9, 18), date(2026, 10, 8)),
        (COMPLEX, date(2026, 9, 25), date(2026, 10, 10)),
        (URGENT, date(2026, 9, 30), date(2026, 10, 2)),
        # started on a day off
        (GENERAL, date(2026, 11, 21), date(2026, 11, 27)),
        (URGENT, date(2026, 11, 22), date(2026, 11, 24)),
    ],
)
def test_what_the_tier_proposes(tier: TimeLimitTier, start_on: date, due_on: date) -> None:
    due = proposed(RECKONING, tier, start_on)
    assert due is not None
    assert (due.due_on, due.due_at, due.provisional) == (due_on, end_of_day(due_on), False)


def test_a_leaders_date_is_not_proposed() -> None:
    assert proposed(RECKONING, LEADER, date(2026, 11, 20)) is None


def test_the_counting_may_be_set_for_one_case() -> None:
    due = proposed(RECKONING, GENERAL, date(2026, 9, 28), day_count=DayCount.CALENDAR)
    assert due is not None
    assert due.due_on == date(2026, 10, 3)


@for_all(starts, lengths, counts)
def test_the_day_of_the_start_is_never_counted(start_on: date, days: int, day_count: DayCount) -> None:
    assert counted(RECKONING, start_on, days, day_count).due_on >= start_on + timedelta(days=days)


@for_all(starts, lengths)
def test_calendar_days_are_calendar_days(start_on: date, days: int) -> None:
    assert counted(RECKONING, start_on, days, DayCount.CALENDAR).due_on == start_on + timedelta(days=days)
    urgent = proposed(RECKONING, URGENT, start_on)
    assert urgent is not None
    assert urgent.due_on == start_on + timedelta(days=2)


@for_all(starts, lengths, st.sampled_from([DayCount.WORKING, DayCount.CALENDAR_ROLL]))
def test_a_counted_date_is_never_a_day_off(start_on: date, days: int, day_count: DayCount) -> None:
    assert CALENDAR.is_workday(counted(RECKONING, start_on, days, day_count).due_on)


@for_all(starts, lengths)
def test_working_days_are_counted_one_by_one(start_on: date, days: int) -> None:
    due = working(RECKONING, start_on, days)
    assert CALENDAR.workdays_between(start_on, due.due_on) == days


@for_all(starts, lengths, counts)
def test_a_longer_term_never_ends_earlier(start_on: date, days: int, day_count: DayCount) -> None:
    shorter = counted(RECKONING, start_on, days, day_count)
    assert counted(RECKONING, start_on, days + 1, day_count).due_on >= shorter.due_on


# -- instants ----------------------------------------------------------------------------------------------------------


@for_all(starts, st.integers(0, 40), counts, due_times)
def test_yellow_always_comes_before_red(
    start_on: date, length: int, day_count: DayCount, due_time: time | None
) -> None:
    due = given(RECKONING, start_on, start_on + timedelta(days=length), due_time, day_count)
    assert due.yellow_from < due.red_from == due.due_at
    assert CALENDAR.is_workday(local_date(due.yellow_from))


@pytest.mark.parametrize(
    ("reckoning", "due_time", "due_at"),
    [
        (RECKONING, None, at("2026-06-21T00:00")),
        (RECKONING, time(18, 0), at("2026-06-20T18:00")),  # “6月20日18：00前”
        (closing_at("17:30"), None, at("2026-06-20T17:30")),
        (closing_at("17:30"), time(18, 0), at("2026-06-20T18:00")),
    ],
)
def test_the_hour_at_which_a_day_ends(reckoning: Reckoning, due_time: time | None, due_at: datetime) -> None:
    assert given(reckoning, date(2026, 6, 15), date(2026, 6, 20), due_time).due_at == due_at


@pytest.mark.parametrize(
    ("start_on", "due_on", "day_count", "provisional"),
    [
        (date(2026, 12, 24), date(2026, 12, 30), DayCount.WORKING, False),
        (date(2026, 12, 24), date(2026, 12, 31), DayCount.WORKING, True),  # the urging falls into 2027
        (date(2026, 12, 30), date(2027, 1, 7), DayCount.WORKING, True),
        (date(2023, 12, 20), date(2024, 1, 10), DayCount.WORKING, True),  # counted through a year not known
        (date(2023, 12, 20), date(2024, 1, 10), DayCount.CALENDAR, False),
    ],
)
def test_what_rests_on_a_year_without_notice_is_provisional(
    start_on: date, due_on: date, day_count: DayCount, provisional: bool
) -> None:
    assert given(RECKONING, start_on, due_on, None, day_count).provisional is provisional


# -- printed dates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "first", "last"),
    [
        (URGENT, date(2026, 11, 4), None),
        (GENERAL, date(2026, 11, 9), date(2026, 11, 11)),
        (COMPLEX, date(2026, 11, 11), date(2026, 11, 19)),
        (LEADER, date(2026, 11, 4), None),
    ],
)
def test_what_a_notice_may_print(tier: TimeLimitTier, first: date, last: date | None) -> None:
    assert allowed_dates(RECKONING, tier, date(2026, 11, 4)) == (first, last)


def test_only_the_last_day_of_a_range_rolls() -> None:
    assert allowed_dates(RECKONING, COMPLEX, date(2026, 9, 26)) == (date(2026, 10, 3), date(2026, 10, 12))


def problems(tier: TimeLimitTier, due_on: date, day_count: DayCount | None = None) -> Sequence[Problem]:
    found = Problems()
    check_due_on(found, RECKONING, tier, date(2026, 11, 4), due_on, "input", "dueOn", day_count=day_count)
    try:
        found.raise_if_any()
    except Refusal as refusal:
        return refusal.problems
    return ()


def test_a_date_outside_the_tier_is_a_problem() -> None:
    path = ("input", "dueOn")
    general = (("low", date(2026, 11, 9)), ("high", date(2026, 11, 11)))
    assert problems(GENERAL, date(2026, 11, 9)) == ()
    assert problems(GENERAL, date(2026, 11, 11)) == ()
    assert problems(GENERAL, date(2026, 11, 6)) == (Problem(RefusalCode.OUT_OF_RANGE, path, general),)
    assert problems(GENERAL, date(2026, 11, 12)) == (Problem(RefusalCode.OUT_OF_RANGE, path, general),)
    assert problems(GENERAL, date(2026, 11, 7), DayCount.CALENDAR) == ()
    assert problems(URGENT, date(2026, 11, 4)) == ()
    assert problems(URGENT, date(2026, 12, 31)) == ()
    assert problems(LEADER, date(2026, 11, 3)) == (Problem(RefusalCode.BAD_DATE, path),)


@for_all(starts, st.sampled_from([URGENT, GENERAL, COMPLEX]))
def test_what_is_proposed_is_allowed(start_on: date, tier: TimeLimitTier) -> None:
    due = proposed(RECKONING, tier, start_on)
    first, last = allowed_dates(RECKONING, tier, start_on)
    assert due is not None
    assert first <= due.due_on
    assert last is None or due.due_on <= last


def test_a_printed_date_binds_on_a_day_off_too() -> None:
    due = printed(RECKONING, GENERAL, date(2026, 9, 28), date(2026, 10, 5), time(18, 0))
    assert (due.due_on, due.due_time, due.days) == (date(2026, 10, 5), time(18, 0), None)
    assert due.day_count is DayCount.WORKING


def test_inner_dates_leave_the_superior_a_margin() -> None:
    assert latest_before_superior(RECKONING, date(2026, 10, 9)) == date(2026, 9, 30)
    assert latest_before_superior(RECKONING, date(2026, 11, 22)) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("start_on", "lead_due_on", "due_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 25)),  # two days: no room
        (date(2026, 11, 23), date(2026, 11, 30), date(2026, 11, 27)),
        (date(2026, 9, 28), date(2026, 10, 8), date(2026, 9, 30)),
    ],
)
def test_supporting_units_contribute_before_the_leads_date(start_on: date, lead_due_on: date, due_on: date) -> None:
    assert contribution(RECKONING, start_on, lead_due_on).due_on == due_on


@pytest.mark.parametrize(
    ("tier", "supplemented_on", "redone_on"),
    [
        (URGENT, date(2026, 11, 22), date(2026, 11, 22)),
        (GENERAL, date(2026, 11, 24), date(2026, 11, 27)),
        (COMPLEX, date(2026, 11, 23), date(2026, 12, 7)),
        (LEADER, date(2026, 11, 22), date(2026, 11, 25)),
    ],
)
def test_rework_gets_days_by_its_tier(tier: TimeLimitTier, supplemented_on: date, redone_on: date) -> None:
    friday = date(2026, 11, 20)
    assert supplement(RECKONING, tier, friday, None).due_on == supplemented_on
    assert redo(RECKONING, tier, friday, None).due_on == redone_on


@pytest.mark.parametrize(
    ("not_after", "due_on"),
    [
        (date(2026, 12, 7), date(2026, 12, 7)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 11, 1), date(2026, 11, 20)),  # already past: today, unless the leader decides otherwise
    ],
)
def test_rework_never_reaches_beyond_a_leaders_date(not_after: date, due_on: date) -> None:
    assert redo(RECKONING, COMPLEX, date(2026, 11, 20), not_after).due_on == due_on


# -- firing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "urged_at"),
    [
        (date(2026, 11, 24), at("2026-11-25T08:30")),
        (date(2026, 11, 20), at("2026-11-23T08:30")),  # a Friday
        (date(2026, 2, 13), at("2026-02-14T08:30")),  # the Saturday after is worked
        (date(2026, 2, 15), at("2026-02-24T08:30")),
        (date(2026, 9, 30), at("2026-10-08T08:30")),
        (date(2026, 10, 10), at("2026-10-12T08:30")),
    ],
)
def test_urging_on_the_first_working_morning_after(due_on: date, urged_at: datetime) -> None:
    assert urge_at(RECKONING, due_on) == urged_at
    assert next_stage_at(RECKONING, local_instant(due_on, time(9, 0))) == urged_at


@for_all(starts, lengths, counts, due_times, ladder_stages)
def test_what_fires_fires_in_a_working_morning_after_the_date(
    start_on: date, days: int, day_count: DayCount, due_time: time | None, stage: Stage
) -> None:
    due = counted(RECKONING, start_on, days, day_count, due_time)
    fired = fire_at(RECKONING, stage, due)
    assert fired > due.due_at
    assert in_urging_window(RECKONING, fired)
    assert CALENDAR.is_workday(local_date(fired))
    assert time(8, 30) <= fired.astimezone(SHANGHAI).time() < time(12, 0)


def reminder_of(due: DueDate) -> datetime:
    return fire_at(RECKONING, Stage.REMIND, due)


@for_all(starts, lengths, counts)
def test_a_reminder_leaves_on_the_yellow_morning(start_on: date, days: int, day_count: DayCount) -> None:
    due = counted(RECKONING, start_on, days, day_count)
    assert due.yellow_from < reminder_of(due) < due.due_at
    assert in_urging_window(RECKONING, reminder_of(due))


@pytest.mark.parametrize(
    ("delivered_at", "until"),
    [
        (at("2026-11-23T08:30"), at("2026-11-24T00:00")),
        (at("2026-11-23T23:59:59"), at("2026-11-24T00:00")),
        (at("2026-11-24T00:00"), at("2026-11-25T00:00")),
    ],
)
def test_an_urging_is_answered_on_the_day_on_which_it_was_visible(delivered_at: datetime, until: datetime) -> None:
    assert respond_by(delivered_at) == until


@for_all(instants)
def test_the_next_stage_gives_the_whole_day(delivered_at: datetime) -> None:
    assert next_stage_at(RECKONING, delivered_at) >= respond_by(delivered_at) + timedelta(hours=8, minutes=30)


@pytest.mark.parametrize(
    ("now", "inside", "opening"),
    [
        (at("2026-11-23T08:29:59"), False, at("2026-11-23T08:30")),
        (at("2026-11-23T08:30"), True, at("2026-11-23T08:30")),
        (at("2026-11-23T11:59:59"), True, at("2026-11-23T11:59:59")),
        (at("2026-11-23T12:00"), False, at("2026-11-24T08:30")),
        (at("2026-11-22T09:00"), False, at("2026-11-23T08:30")),  # a Sunday
        (at("2026-10-10T09:00"), True, at("2026-10-10T09:00")),  # a worked Saturday
        (at("2026-09-30T12:30"), False, at("2026-10-08T08:30")),
    ],
)
def test_the_urging_window(now: datetime, inside: bool, opening: datetime) -> None:
    assert in_urging_window(RECKONING, now) is inside
    assert next_urging_window(RECKONING, now) == opening


@for_all(instants)
def test_the_next_window_is_a_window(now: datetime) -> None:
    opening = next_urging_window(RECKONING, now)
    assert opening >= now
    assert in_urging_window(RECKONING, opening)


@pytest.mark.parametrize(
    ("now", "sent_at"),
    [
        (at("2026-11-22T19:59:59"), at("2026-11-22T19:59:59")),
        (at("2026-11-22T20:00"), at("2026-11-23T08:30")),
        (at("2026-11-23T03:00"), at("2026-11-23T08:30")),
        (at("2026-11-23T08:30"), at("2026-11-23T08:30")),
    ],
)
def test_quiet_hours(now: datetime, sent_at: datetime) -> None:
    assert after_quiet_hours(RECKONING, now) == sent_at


@pytest.mark.parametrize(
    ("tier", "until"),
    [(URGENT, at("2026-10-01T04:00")), (GENERAL, at("2026-10-09T00:00")), (LEADER, at("2026-10-09T00:00"))],
)
def test_how_long_a_unit_may_say_that_a_matter_is_not_its_own(tier: TimeLimitTier, until: datetime) -> None:
    assert reassignment_until(RECKONING, tier, at("2026-09-30T16:00")) == until
