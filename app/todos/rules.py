"""What can be waited for. Each action names the mutation that answers it."""

from datetime import datetime
from enum import StrEnum


class TodoAction(StrEnum):
    """第四条: 事事有交待. The unit's, the office's and the leader's sides of a case."""

    PROPOSE = "PROPOSE"  # 提出拟办意见
    DECIDE = "DECIDE"  # 审定
    DISPATCH = "DISPATCH"  # 交办
    ACKNOWLEDGE = "ACKNOWLEDGE"  # 签收
    REPORT = "REPORT"  # 上报
    COMPLETION = "COMPLETION"  # 办结
    REWORK = "REWORK"  # 补充说明 / 重新办理
    CONTRIBUTE = "CONTRIBUTE"  # 协办反馈
    REVIEW_REPORT = "REVIEW_REPORT"  # 审核报告
    ANSWER_EXPLANATION = "ANSWER_EXPLANATION"
    DECIDE_EXTENSION = "DECIDE_EXTENSION"
    RESPOND_TO_URGING = "RESPOND_TO_URGING"  # 催办当日上报
    ISSUE_TALK_NOTICE = "ISSUE_TALK_NOTICE"
    HOLD_TALK = "HOLD_TALK"
    ISSUE_CONCLUSION = "ISSUE_CONCLUSION"
    APPROVE_CIRCULAR = "APPROVE_CIRCULAR"
    REVISE_CIRCULAR = "REVISE_CIRCULAR"  # 退回修改
    PUBLISH_CIRCULAR = "PUBLISH_CIRCULAR"
    ACKNOWLEDGE_CIRCULAR = "ACKNOWLEDGE_CIRCULAR"
    READ_RESULT = "READ_RESULT"  # 呈阅
    CLOSE = "CLOSE"  # 提出办结
    CONFIRM_CLOSING = "CONFIRM_CLOSING"
    DECIDE_REASSIGNMENT = "DECIDE_REASSIGNMENT"  # 审定退办
    RESUME = "RESUME"  # 中止之后恢复办理或者撤销
    CHECK_RECORDED_ACT = "CHECK_RECORDED_ACT"  # 代录复核
    CONFIRM_IN_WRITING = "CONFIRM_IN_WRITING"  # 补签
    SHOW_EVALUATION = "SHOW_EVALUATION"  # 考核单给单位看
    SUBMIT_EVALUATION = "SUBMIT_EVALUATION"  # 考核报批
    ANSWER_OBJECTION = "ANSWER_OBJECTION"  # 答复异议
    REPLY_TO_CIRCULAR = "REPLY_TO_CIRCULAR"  # 就通报回复整改
    REVIEW_CIRCULAR_REPLY = "REVIEW_CIRCULAR_REPLY"  # 核查回复
    APPROVE_ACCOUNTABILITY = "APPROVE_ACCOUNTABILITY"  # 批准问责建议
    REVISE_ACCOUNTABILITY = "REVISE_ACCOUNTABILITY"  # 退回修改
    CITE_CRITICISM = "CITE_CRITICISM"  # 按问责建议通报批评
    TRANSFER_ACCOUNTABILITY = "TRANSFER_ACCOUNTABILITY"  # 移送有权机关
    RECORD_ACCOUNTABILITY_ANSWER = "RECORD_ACCOUNTABILITY_ANSWER"  # 记录有权机关的答复


_ANSWERED_BY: dict[TodoAction, str] = {
    TodoAction.PROPOSE: "proposeHandling",
    TodoAction.DECIDE: "decideHandling",
    TodoAction.DISPATCH: "dispatchCase",
    TodoAction.ACKNOWLEDGE: "acknowledgeAssignment",
    TodoAction.REPORT: "submitReport",
    TodoAction.COMPLETION: "submitReport",
    TodoAction.REWORK: "submitReport",
    TodoAction.CONTRIBUTE: "submitContribution",
    TodoAction.REVIEW_REPORT: "acceptReport",
    TodoAction.ANSWER_EXPLANATION: "answerExplanation",
    TodoAction.DECIDE_EXTENSION: "decideExtension",
    TodoAction.RESPOND_TO_URGING: "submitReport",
    TodoAction.ISSUE_TALK_NOTICE: "issueFormalTalkNotice",
    TodoAction.HOLD_TALK: "holdFormalTalk",
    TodoAction.ISSUE_CONCLUSION: "issueConclusion",
    TodoAction.APPROVE_CIRCULAR: "approveCircular",
    TodoAction.REVISE_CIRCULAR: "reviseCircular",
    TodoAction.PUBLISH_CIRCULAR: "publishCircular",
    TodoAction.ACKNOWLEDGE_CIRCULAR: "acknowledgeCircular",
    TodoAction.READ_RESULT: "recordReading",
    TodoAction.CLOSE: "proposeClosing",
    TodoAction.CONFIRM_CLOSING: "confirmClosing",
    TodoAction.DECIDE_REASSIGNMENT: "decideReassignment",
    TodoAction.RESUME: "resumeCase",
    TodoAction.CHECK_RECORDED_ACT: "checkRecordedAct",
    TodoAction.CONFIRM_IN_WRITING: "confirmInWriting",
    TodoAction.SHOW_EVALUATION: "showEvaluation",
    TodoAction.SUBMIT_EVALUATION: "submitEvaluation",
    TodoAction.ANSWER_OBJECTION: "answerEvaluationObjection",
    TodoAction.REPLY_TO_CIRCULAR: "replyToCircular",
    TodoAction.REVIEW_CIRCULAR_REPLY: "reviewCircularReply",
    TodoAction.APPROVE_ACCOUNTABILITY: "decideAccountabilityProposal",
    TodoAction.REVISE_ACCOUNTABILITY: "reviseAccountabilityProposal",
    TodoAction.CITE_CRITICISM: "citeAccountabilityCriticism",
    TodoAction.TRANSFER_ACCOUNTABILITY: "transferAccountabilityProposal",
    TodoAction.RECORD_ACCOUNTABILITY_ANSWER: "recordAccountabilityAnswer",
}


def answered_by(action: TodoAction, _now: datetime) -> str:
    """The mutation that answers a todo."""
    return _ANSWERED_BY[action]
