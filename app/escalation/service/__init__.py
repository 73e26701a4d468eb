"""The use cases of a date that is in danger or has passed: explained, moved, urged for; all dates of a case stopped."""

from app.escalation.service.amending import AmendCase, amend_case
from app.escalation.service.answering import AnswerExplanation, answer_explanation
from app.escalation.service.deciding import DecideExtension, decide_extension
from app.escalation.service.explaining import (
    ExplainDelay,
    RecordExplanation,
    explain_delay,
    record_explanation,
)
from app.escalation.service.extending import RequestExtension, request_extension
from app.escalation.service.reassigning import (
    DecideReassignment,
    RequestReassignment,
    decide_reassignment,
    request_reassignment,
)
from app.escalation.service.suspending import (
    CancelCase,
    ResumeCase,
    SuspendCase,
    cancel_case,
    resume_case,
    suspend_case,
)
from app.escalation.service.urging import UrgeUnit, urge_unit
from app.escalation.service.withdrawing import WithdrawUrging, withdraw_urging

__all__ = [
    "AmendCase",
    "AnswerExplanation",
    "CancelCase",
    "DecideExtension",
    "DecideReassignment",
    "ExplainDelay",
    "RecordExplanation",
    "RequestExtension",
    "RequestReassignment",
    "ResumeCase",
    "SuspendCase",
    "UrgeUnit",
    "WithdrawUrging",
    "amend_case",
    "answer_explanation",
    "cancel_case",
    "decide_extension",
    "decide_reassignment",
    "explain_delay",
    "record_explanation",
    "request_extension",
    "request_reassignment",
    "resume_case",
    "suspend_case",
    "urge_unit",
    "withdraw_urging",
]
