"""When a date fires, and at what hours things leave the house (第七条（三）): urging window, quiet hours. Pure."""

from datetime import date, datetime, time, timedelta

from app.core.zone import SHANGHAI, end_of_day, local_date, local_instant
from app.deadlines.dates import DueDate, Reckoning
from app.deadlines.rules import Stage, TimeLimitTier


def fire_at(reckoning: Reckoning, stage: Stage, due: DueDate) -> datetime:
    """A reminder leaves on the morning of the yellow day; all else on the first working morning after the date."""
    if stage is Stage.REMIND:
        return local_instant(local_date(due.yellow_from), reckoning.regulation.ladder.window_from)
    return urge_at(reckoning, due.due_on)


def urge_at(reckoning: Reckoning, due_on: date) -> datetime:
    """“超过时限次日”: the opening of the urging window on the first working day after a date."""
    return local_instant(reckoning.calendar.next_workday(due_on), reckoning.regulation.ladder.window_from)


def respond_by(delivered_at: datetime) -> datetime:
    """“限其当日上报”: the end of the day on which the unit could see the urging."""
    return end_of_day(local_date(delivered_at))


def next_stage_at(reckoning: Reckoning, delivered_at: datetime) -> datetime:
    """When the stage after a delivered one may begin: the first working morning after its whole day."""
    return urge_at(reckoning, local_date(delivered_at))


def in_urging_window(reckoning: Reckoning, at: datetime) -> bool:
    ladder = reckoning.regulation.ladder
    opens, closes = ladder.window_from, ladder.window_until
    return reckoning.calendar.is_workday(local_date(at)) and opens <= _local_time(at) < closes


def next_urging_window(reckoning: Reckoning, at: datetime) -> datetime:
    """The instant itself inside the window; else the next opening, so that 当日 is a real day."""
    if in_urging_window(reckoning, at):
        return at
    opens = reckoning.regulation.ladder.window_from
    day = local_date(at) if _local_time(at) < opens else local_date(at) + timedelta(days=1)
    return local_instant(reckoning.calendar.workday_from(day), opens)


def after_quiet_hours(reckoning: Reckoning, at: datetime) -> datetime:
    """The instant itself by day; else the end of the quiet hours."""
    ladder = reckoning.regulation.ladder
    if _local_time(at) < ladder.quiet_until:
        return local_instant(local_date(at), ladder.quiet_until)
    if _local_time(at) >= ladder.quiet_from:
        return local_instant(local_date(at) + timedelta(days=1), ladder.quiet_until)
    return at


def reassignment_until(reckoning: Reckoning, tier: TimeLimitTier, delivered_at: datetime) -> datetime:
    """How long a unit may say that a matter is not its own (退办)."""
    rule = reckoning.regulation.unit
    if tier is TimeLimitTier.URGENT:
        return delivered_at + timedelta(hours=rule.reassignment_hours_urgent)
    return end_of_day(reckoning.calendar.add_workdays(local_date(delivered_at), rule.reassignment_workdays))


def _local_time(at: datetime) -> time:
    return at.astimezone(SHANGHAI).time()
