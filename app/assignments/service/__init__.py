"""The use cases of an assignment, and the dates that other features set and meet through it."""

from app.assignments.service.acknowledging import AcknowledgeAssignment, acknowledge_assignment
from app.assignments.service.dates import (
    complete_assignment,
    meet_slot,
    move_completion,
    move_slot,
    open_slot,
    refresh_dates,
)
from app.assignments.service.dispatching import DispatchCase, assign, dispatch_case
from app.assignments.service.following_up import RecordFollowUp, record_follow_up
from app.assignments.service.notices import Amended, issue_amendment, issue_notice
from app.assignments.service.recounting import import_calendar_year
from app.assignments.service.standing_still import end_part, end_parts, run_clocks, stop_clocks

__all__ = [
    "AcknowledgeAssignment",
    "Amended",
    "DispatchCase",
    "RecordFollowUp",
    "acknowledge_assignment",
    "assign",
    "complete_assignment",
    "dispatch_case",
    "end_part",
    "end_parts",
    "import_calendar_year",
    "issue_amendment",
    "issue_notice",
    "meet_slot",
    "move_completion",
    "move_slot",
    "open_slot",
    "record_follow_up",
    "refresh_dates",
    "run_clocks",
    "stop_clocks",
]
