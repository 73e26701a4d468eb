"""Setting a date by the regulation: the day, the instant at which it ends, and when its lights change. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from app.core.refusals import Problems, RefusalCode
from app.core.zone import end_of_day, local_instant
from app.deadlines.rules import DayCount, TimeLimitTier, count_days
from app.regulation.rules import Regulation
from app.workdays.rules import Calendar


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What dates are counted with: one version of the parameters, one version of the calendar."""

    regulation: Regulation
    rule_set_id: UUID
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class DueDate:
    """A date with everything that follows from it. `days` is None where the date was given, not counted."""

    start_on: date
    days: int | None
    day_count: DayCount
    due_on: date
    due_time: time | None
    due_at: datetime
    yellow_from: datetime
    red_from: datetime
    provisional: bool


def counted(
    reckoning: Reckoning, start_on: date, days: int, day_count: DayCount, due_time: time | None = None
) -> DueDate:
    """A date so many days after the start."""
    due_on = count_days(reckoning.calendar, start_on, days, day_count)
    return _due_date(reckoning, start_on, days, day_count, due_on, due_time)


def given(
    reckoning: Reckoning,
    start_on: date,
    due_on: date,
    due_time: time | None = None,
    day_count: DayCount = DayCount.CALENDAR,
) -> DueDate:
    """A date that somebody said or printed. It binds as it stands, on a day off too."""
    return _due_date(reckoning, start_on, None, day_count, due_on, due_time)


def printed(
    reckoning: Reckoning, tier: TimeLimitTier, start_on: date, due_on: date, due_time: time | None = None
) -> DueDate:
    """The date of a notice of this tier, as decided; `check_due_on` says whether the tier allows it."""
    return given(reckoning, start_on, due_on, due_time, reckoning.regulation.tiers.day_count(tier))


def working(reckoning: Reckoning, start_on: date, days: int) -> DueDate:
    """A date so many working days after the start: the office's own dates, answers, acknowledgements."""
    return counted(reckoning, start_on, days, DayCount.WORKING)


def proposed(
    reckoning: Reckoning,
    tier: TimeLimitTier,
    start_on: date,
    due_time: time | None = None,
    day_count: DayCount | None = None,
) -> DueDate | None:
    """What the tier proposes (第七条（二）). None where the date must be a leader's word."""
    rule = reckoning.regulation.tiers.counted(tier)
    if rule is None:
        return None
    return counted(reckoning, start_on, rule.default_days, day_count or rule.day_count, due_time)


def allowed_dates(
    reckoning: Reckoning, tier: TimeLimitTier, start_on: date, day_count: DayCount | None = None
) -> tuple[date, date | None]:
    """The first and the last date that a notice of this tier may print. None: no last one (第七条（二）)."""
    rule = reckoning.regulation.tiers.counted(tier)
    if rule is None or rule.any_printed_date:
        return start_on, None
    count = day_count or rule.day_count
    # Only the last day rolls: who prints the Saturday on which the shortest term ends stays within the range.
    lenient = DayCount.CALENDAR if count is DayCount.CALENDAR_ROLL else count
    first = count_days(reckoning.calendar, start_on, rule.minimum_days, lenient)
    return first, count_days(reckoning.calendar, start_on, rule.maximum_days, count)


def check_due_on(
    found: Problems,
    reckoning: Reckoning,
    tier: TimeLimitTier,
    start_on: date,
    due_on: date,
    *path: str | int,
    day_count: DayCount | None = None,
) -> None:
    """Add a problem where the tier does not allow the date."""
    first, last = allowed_dates(reckoning, tier, start_on, day_count)
    if last is None:
        found.check(due_on >= first, RefusalCode.BAD_DATE, *path)
    else:
        found.check(first <= due_on <= last, RefusalCode.OUT_OF_RANGE, *path, low=first, high=last)


def latest_before_superior(reckoning: Reckoning, superior_due_on: date) -> date:
    """The last inner date that leaves the superior's date its margin (第六条（一）)."""
    return reckoning.calendar.add_workdays(superior_due_on, -reckoning.regulation.superior.margin_workdays)


def contribution(reckoning: Reckoning, start_on: date, lead_due_on: date) -> DueDate:
    """When supporting units answer the lead: earlier than its own date, except in short terms (第八条（四）1)."""
    rule = reckoning.regulation.contribution
    if (lead_due_on - start_on).days <= rule.short_term_days:
        return given(reckoning, start_on, lead_due_on)
    return given(reckoning, start_on, reckoning.calendar.add_workdays(lead_due_on, -rule.lead_workdays))


def supplement(reckoning: Reckoning, tier: TimeLimitTier, start_on: date, not_after: date | None) -> DueDate:
    """补充说明 (第十条). `not_after`: a leader's or the superior's date, which rework does not move."""
    return _rework(reckoning, tier, start_on, reckoning.regulation.rework.supplement_days, not_after)


def redo(reckoning: Reckoning, tier: TimeLimitTier, start_on: date, not_after: date | None) -> DueDate:
    """重新办理 (第十条): the days of the tier once more."""
    return _rework(reckoning, tier, start_on, reckoning.regulation.tiers.redo_days(tier), not_after)


def resumed(
    reckoning: Reckoning, stood: DueDate, stopped_on: date, resumed_on: date, not_after: date | None
) -> DueDate:
    """A date after a standstill (中止): as many days from its end as were left at its beginning.

    What had passed by then stays as it was. The term does not grow by the standstill, so its start moves too, and the
    lights with it. `not_after`: the superior's date, which no standstill moves.
    """
    if stood.due_on < stopped_on:
        return stood
    calendar = reckoning.calendar
    if stood.day_count is DayCount.WORKING:
        left = calendar.workdays_between(stopped_on, stood.due_on)
        due_on = calendar.workday_from(calendar.add_workdays(resumed_on, left))
        start_on = calendar.add_workdays(due_on, -calendar.workdays_between(stood.start_on, stood.due_on))
    else:
        due_on = count_days(calendar, resumed_on, (stood.due_on - stopped_on).days, stood.day_count)
        start_on = due_on - (stood.due_on - stood.start_on)
    if not_after is not None and due_on > not_after:
        due_on = max(resumed_on, not_after)
    return given(reckoning, start_on, due_on, stood.due_time, stood.day_count)


def _rework(reckoning: Reckoning, tier: TimeLimitTier, start_on: date, days: int, not_after: date | None) -> DueDate:
    due = counted(reckoning, start_on, days, reckoning.regulation.tiers.day_count(tier))
    if not_after is None or due.due_on <= not_after:
        return due
    return given(reckoning, start_on, max(start_on, not_after))


def _due_date(
    reckoning: Reckoning,
    start_on: date,
    days: int | None,
    day_count: DayCount,
    due_on: date,
    due_time: time | None,
) -> DueDate:
    closing = due_time or reckoning.regulation.closing_time.time
    due_at = local_instant(due_on, closing) if closing else end_of_day(due_on)
    yellow_on = _yellow_on(reckoning, start_on, due_on, day_count)
    return DueDate(
        start_on=start_on,
        days=days,
        day_count=day_count,
        due_on=due_on,
        due_time=due_time,
        due_at=due_at,
        yellow_from=local_instant(yellow_on, time.min),
        red_from=due_at,
        provisional=_rests_on_guess(reckoning.calendar, start_on, due_on, yellow_on, day_count),
    )


def _yellow_on(reckoning: Reckoning, start_on: date, due_on: date, day_count: DayCount) -> date:
    rule, calendar = reckoning.regulation.light, reckoning.calendar
    length = calendar.workdays_between(start_on, due_on) if day_count is DayCount.WORKING else (due_on - start_on).days
    ahead = rule.yellow_workdays_long if length >= rule.long_term_days else rule.yellow_workdays
    return calendar.add_workdays(due_on, -ahead)


def _rests_on_guess(calendar: Calendar, start_on: date, due_on: date, yellow_on: date, day_count: DayCount) -> bool:
    # The calendar is asked from the yellow day to the working day after the date, and from the start where
    # working days are counted.
    first = min(start_on, yellow_on) if day_count is DayCount.WORKING else yellow_on
    return not calendar.knows(first, calendar.next_workday(due_on))
