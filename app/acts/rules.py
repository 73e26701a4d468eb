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
    SUSPENSION = "SUSPENSION"  # 中止
    RESUMPTION = "RESUMPTION"  # 恢复
    CANCELLATION = "CANCELLATION"  # 撤销
    REASSIGNMENT = "REASSIGNMENT"  # 退办
    AMENDMENT = "AMENDMENT"  # 变更
    ACCOUNTABILITY = "ACCOUNTABILITY"  # 问责建议


class ChangedField(StrEnum):
    """What a leader may change, in approving or afterwards; as the rows of decisions name it, in capitals."""

    HANDLING = "HANDLING"
    TIER = "TIER"
    UNITS = "UNITS"
    REPORT_DUE_ON = "REPORT_DUE_ON"
    REPORT_DUE_TIME = "REPORT_DUE_TIME"
    COMPLETION_DUE_ON = "COMPLETION_DUE_ON"
    REQUIREMENT = "REQUIREMENT"


class RecordedActStatus(StrEnum):
    AWAITING_CHECK = "AWAITING_CHECK"
    EFFECTIVE = "EFFECTIVE"
    REJECTED = "REJECTED"
