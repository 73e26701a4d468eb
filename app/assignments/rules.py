"""States of an assignment and of a report slot; what a principal owes under each procedure."""

from datetime import datetime
from enum import StrEnum

from app.deadlines.rules import Light, light


class AssignmentStatus(StrEnum):
    ISSUED = "ISSUED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    COMPLETED = "COMPLETED"
    ENDED = "ENDED"


class EndedReason(StrEnum):
    REASSIGNED = "REASSIGNED"
    WITHDRAWN = "WITHDRAWN"
    CASE_ENDED = "CASE_ENDED"


class SlotKind(StrEnum):
    """应报: why a report is owed (第七条(二), 第八条(四))."""

    ON_NOTICE = "ON_NOTICE"
    MONTHLY = "MONTHLY"
    STAGE = "STAGE"
    YEAR_END = "YEAR_END"
    COMPREHENSIVE = "COMPREHENSIVE"
    ON_REQUEST = "ON_REQUEST"
    REWORK = "REWORK"
    CONTRIBUTION = "CONTRIBUTION"


class SlotState(StrEnum):
    OPEN = "OPEN"
    MET = "MET"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    SUPERSEDED = "SUPERSEDED"
    SUSPENDED = "SUSPENDED"  # 中止: its clock stands still


class ReportContent(StrEnum):
    RESULT = "RESULT"  # 办理结果
    PROGRESS = "PROGRESS"  # 工作进展情况


class FollowUpChannel(StrEnum):
    DOCUMENT = "DOCUMENT"
    PHONE = "PHONE"
    NETWORK = "NETWORK"
    VISIT = "VISIT"
    OTHER = "OTHER"


OPEN_ASSIGNMENTS = frozenset({AssignmentStatus.ISSUED, AssignmentStatus.ACKNOWLEDGED})


def assignment_light(
    status: AssignmentStatus, yellow_from: datetime | None, red_from: datetime | None, now: datetime
) -> Light:
    """红黄绿灯 of one unit's part. While all that it owes is under review, in time, it is green."""
    if status not in OPEN_ASSIGNMENTS:
        return Light.NONE
    return Light.GREEN if red_from is None else light(now, yellow_from, red_from, owed=True)


def slot_light(state: SlotState, yellow_from: datetime, red_from: datetime, now: datetime) -> Light:
    return light(now, yellow_from, red_from, owed=state is SlotState.OPEN)
