"""The use cases of an accountability proposal (问责建议)."""

from app.accountability.service.carrying_out import (
    CiteCriticism,
    RecordAccountabilityAnswer,
    TransferAccountability,
    cite_criticism,
    record_accountability_answer,
    transfer_accountability,
)
from app.accountability.service.charging import Charge
from app.accountability.service.deciding import (
    DecideAccountability,
    WithdrawAccountability,
    decide_accountability,
    withdraw_accountability,
)
from app.accountability.service.drafting import (
    DraftAccountability,
    ReviseAccountability,
    draft_accountability,
    revise_accountability,
)

__all__ = [
    "Charge",
    "CiteCriticism",
    "DecideAccountability",
    "DraftAccountability",
    "RecordAccountabilityAnswer",
    "ReviseAccountability",
    "TransferAccountability",
    "WithdrawAccountability",
    "cite_criticism",
    "decide_accountability",
    "draft_accountability",
    "record_accountability_answer",
    "revise_accountability",
    "transfer_accountability",
    "withdraw_accountability",
]
