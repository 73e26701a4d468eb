"""What an act of a leader or a unit can be, and how it can end."""

from enum import StrEnum


class Outcome(StrEnum):
    APPROVED = "APPROVED"
    APPROVED_WITH_CHANGES = "APPROVED_WITH_CHANGES"
    RETURNED = "RETURNED"
    DECLINED = "DECLINED"
    NOTED = "NOTED"  # 圈阅


class DecisionKind(StrEnum):
    """What was decided or done."""

    HANDLING = "HANDLING"  # 审定拟办意见
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"  # 签收
    SIGNATURE = "SIGNATURE"  # 签发
    REPORT = "REPORT"  # 报告审核: 接受 / 退回
    EXTENSION = "EXTENSION"
    READING = "READING"  # 呈阅
    CLOSING = "CLOSING"
    TALK_NOTICE = "TALK_NOTICE"
    CONCLUSION = "CONCLUSION"
    CIRCULAR = "CIRCULAR"


class RecordedActStatus(StrEnum):
    AWAITING_CHECK = "AWAITING_CHECK"
    EFFECTIVE = "EFFECTIVE"
    REJECTED = "REJECTED"
