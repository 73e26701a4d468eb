"""The use cases of a date that is in danger or has passed: explained, moved, urged for."""

from app.escalation.service.answering import AnswerExplanation, answer_explanation
from app.escalation.service.deciding import DecideExtension, decide_extension
from app.escalation.service.explaining import (
    ExplainDelay,
    RecordExplanation,
    explain_delay,
    record_explanation,
)
from app.escalation.service.extending import RequestExtension, request_extension
from app.escalation.service.urging import UrgeUnit, urge_unit
from app.escalation.service.withdrawing import WithdrawUrging, withdraw_urging

__all__ = [
    "AnswerExplanation",
    "DecideExtension",
    "ExplainDelay",
    "RecordExplanation",
    "RequestExtension",
    "UrgeUnit",
    "WithdrawUrging",
    "answer_explanation",
    "decide_extension",
    "explain_delay",
    "record_explanation",
    "request_extension",
    "urge_unit",
    "withdraw_urging",
]
