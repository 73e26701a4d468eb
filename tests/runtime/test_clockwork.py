"""The rhythm of the alarm, and the ages at which the loop steps in and the operator is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from arq.cron import next_cron
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SHANGHAI
from app.worker.clockwork import cron_fields, is_late, must_step_in

SECONDS = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 7200, 86400]


@pytest.mark.parametrize(
    ("every", "fields"),
    [
        (timedelta(seconds=30), {"second": {0, 30}}),
        (timedelta(minutes=1), {"second": {0}}),
        (timedelta(minutes=20), {"second": {0}, "minute": {0, 20, 40}}),
        (timedelta(hours=1), {"second": {0}, "minute": {0}}),
        (timedelta(hours=12), {"second": {0}, "minute": {0}, "hour": {0, 12}}),
        (timedelta(days=1), {"second": {0}, "minute": {0}, "hour": {0}}),
    ],
)
def test_every_so_often_in_cron_fields(every: timedelta, fields: dict[str, set[int]]) -> None:
    assert cron_fields(every) == fields


@pytest.mark.parametrize(
    "every",
    [timedelta(seconds=seconds) for seconds in (0, 0.5, -1, 7, 90, 5 * 3600, 2 * 86400)],
)
def test_what_divides_no_day_evenly_is_no_rhythm(every: timedelta) -> None:
    with pytest.raises(ValueError, match="does not divide"):
        cron_fields(every)


@given(st.sampled_from(SECONDS), st.integers(0, 10**8))
def test_two_ticks_lie_exactly_so_far_apart(seconds: int, offset: int) -> None:
    fields: dict[str, Any] = {**cron_fields(timedelta(seconds=seconds))}
    first = next_cron(datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=offset), **fields)
    second = next_cron(first, **fields)
    assert (second - first).total_seconds() == seconds
    midnight = first.replace(hour=0, minute=0, second=0)
    assert ((first - midnight).total_seconds()) % seconds == 0


def test_the_loop_leaves_the_alarm_its_turn_and_steps_in_when_it_is_missed() -> None:
    every = timedelta(seconds=30)
    ages = [None, timedelta(0), timedelta(seconds=45), timedelta(seconds=46)]
    assert [must_step_in(every, age) for age in ages] == [True, False, False, True]


@pytest.mark.parametrize(
    ("every", "last_in_time"),
    [(timedelta(seconds=1), timedelta(seconds=30)), (timedelta(hours=1), timedelta(hours=3))],
)
def test_late_is_three_rounds_and_at_least_half_a_minute(every: timedelta, last_in_time: timedelta) -> None:
    assert not is_late(every, last_in_time)
    assert is_late(every, last_in_time + timedelta(seconds=1))
    assert is_late(every, None)


def test_a_success_in_the_future_counts_no_more_than_one_in_the_past() -> None:
    assert must_step_in(timedelta(seconds=1), timedelta(seconds=-2))
    assert is_late(timedelta(seconds=1), timedelta(days=-1))
    assert not is_late(timedelta(seconds=1), timedelta(seconds=-2))
