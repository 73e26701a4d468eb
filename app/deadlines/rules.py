"""The vocabulary of dates and the arithmetic on days: counting, lights, days left. Instants: `dates`, `hours`."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.regulation.rules import DayCount, TimeLimitTier
from app.workdays.rules import Calendar

__all__ = [
    "BINDING_SOURCES",
    "DateSource",
    "DayCount",
    "DeadlineState",
    "Light",
    "Stage",
    "SubjectKind",
    "TimeLimitTier",
    "calendar_days_left",
    "count_days",
    "light",
    "working_days_left",
]


class SubjectKind(StrEnum):
    """What a date belongs to; beside each, the row that `subject_id` names."""

    # the unit's
    SLOT = "SLOT"  # 应报: report slot
    COMPLETION = "COMPLETION"  # 办结时限: assignment
    CONTRIBUTION = "CONTRIBUTION"  # 协办反馈: report slot
    URGE_RESPONSE = "URGE_RESPONSE"  # 限其当日上报: urging
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"  # 签收: assignment
    TALK = "TALK"  # 约谈: talk
    CONSULTATION = "CONSULTATION"  # 征求意见: consultation
    RECTIFICATION = "RECTIFICATION"  # 整改: rectification item
    CIRCULAR_ACKNOWLEDGEMENT = "CIRCULAR_ACKNOWLEDGEMENT"  # 通报签收: recipient
    # the office's
    REGISTRATION = "REGISTRATION"  # 登记: case
    DISPATCH = "DISPATCH"  # 交办: case
    REVIEW = "REVIEW"  # 审核上报: report
    EXPLANATION = "EXPLANATION"  # 答复说明情况: explanation
    EXTENSION = "EXTENSION"  # 答复延期: extension request
    REASSIGNMENT = "REASSIGNMENT"  # 答复退办: reassignment request
    ORAL_CONFIRMATION = "ORAL_CONFIRMATION"  # 补签: recorded act
    CLOSING = "CLOSING"  # 办结确认: closure
    ANALYSIS = "ANALYSIS"  # 综合分析: analysis report
    ARCHIVING = "ARCHIVING"  # 归档: case
    EXPUNGING_REPORT = "EXPUNGING_REPORT"  # 清除后的报告: expunging
    # the leaders'
    DECISION = "DECISION"  # 审定: case, or what else waits for a decision
    READING = "READING"  # 呈阅: reading
    CONCLUSION_REVIEW = "CONCLUSION_REVIEW"  # 复核: review request


class Stage(StrEnum):
    """What happens when a date fires. No stage is scheduled before the one below it was delivered (第七条（三）)."""

    REMIND = "REMIND"  # 提醒: the yellow light tells who owes, before the date
    URGE = "URGE"  # 催办: the day after a date with neither report nor explanation
    TALK = "TALK"  # 约谈: conclusion and notice are drafted when the urging had its whole day
    NOTICE = "NOTICE"  # 告知: whoever watches over the date learns that it has passed; nobody is urged
    LAPSE = "LAPSE"  # 期满: the silence itself has an effect (未复, 无新批示, 复核期满)


class DateSource(StrEnum):
    """Who set a date: the tier's count, a printed notice, a leader, the superior, a plan, the office itself."""

    TIER = "TIER"
    NOTICE = "NOTICE"
    LEADER = "LEADER"
    SUPERIOR = "SUPERIOR"
    PLAN = "PLAN"
    OFFICE = "OFFICE"


# What was printed or said stands as it is, whatever the calendar turns out to be; the rest is counted again.
BINDING_SOURCES = frozenset({DateSource.NOTICE, DateSource.LEADER, DateSource.SUPERIOR})


class DeadlineState(StrEnum):
    PENDING = "PENDING"
    FIRED = "FIRED"
    CANCELLED = "CANCELLED"
    SUPERSEDED = "SUPERSEDED"


class Light(StrEnum):
    """红黄绿灯. NONE: nothing is owed."""

    NONE = "NONE"
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


def count_days(calendar: Calendar, start_on: date, days: int, day_count: DayCount) -> date:
    """The last day of a term. The day on which it starts is not counted (民法典 第二百零一条)."""
    if day_count is DayCount.WORKING:
        return calendar.add_workdays(start_on, days)
    last = start_on + timedelta(days=days)
    return calendar.workday_from(last) if day_count is DayCount.CALENDAR_ROLL else last


def light(now: datetime, yellow_from: datetime | None, red_from: datetime | None, owed: bool) -> Light:
    """By comparison alone, so that the same light can be filtered by index. A report in time owes nothing more."""
    if not owed or yellow_from is None or red_from is None:
        return Light.NONE
    if now >= red_from:
        return Light.RED
    return Light.YELLOW if now >= yellow_from else Light.GREEN


def calendar_days_left(today: date, due_on: date) -> int:
    """0 on the last day, negative when late."""
    return (due_on - today).days


def working_days_left(calendar: Calendar, today: date, due_on: date) -> int:
    """0 on the last day, negative when late, if only by a weekend."""
    left = calendar.workdays_between(today, due_on)
    return left if today <= due_on else min(left, -1)
