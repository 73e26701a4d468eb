"""Every enumeration of the domain as the schema shows it: the same members, described."""

from enum import Enum
from typing import TypeVar

import strawberry

from app.accountability import rules as accountability
from app.acts import rules as acts
from app.assignments import rules as assignments
from app.audit import rules as audit
from app.authz import Role
from app.authz.models import PolicyStatus
from app.cases import rules as cases
from app.circulars import rules as circulars
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.deadlines import rules as deadlines
from app.documents import rules as documents
from app.emergency import rules as emergency
from app.escalation import rules as escalation
from app.evaluations import rules as evaluations
from app.identity import rules as identity
from app.inspections import rules as inspections
from app.notifications import rules as notifications
from app.permissions.editing import PolicyPart
from app.permissions.models import DryRunState
from app.regulation import rules as regulation
from app.reports import rules as reports
from app.talks import rules as talks
from app.todos import rules as todos
from app.webhooks import rules as webhooks
from app.work import Medium

E = TypeVar("E", bound=type[Enum])


def _show(values: E, description: str) -> E:
    return strawberry.enum(values, description=description)


def describe_all() -> None:
    """Give every enumeration its description. Called once, before the schema is built."""
    for values, description in _DESCRIBED:
        _show(values, description)


_DESCRIBED: tuple[tuple[type[Enum], str], ...] = (
    (accountability.AccountabilityConduct, "For what somebody is to be called to account, article 25 (问责情形)."),
    (accountability.AccountabilityMeasure, "What is proposed (建议措施); the system knows of no sanction."),
    (accountability.AccountabilityStatus, "State of an accountability proposal (问责建议状态)."),
    (acts.Outcome, "How a decision ended (审定结果)."),
    (acts.DecisionKind, "What was decided (决定事项)."),
    (acts.RecordedActStatus, "Whether an act entered on behalf of somebody has taken effect (代录状态)."),
    (Medium, "How an act was done (载体)."),
    (assignments.AssignmentStatus, "State of a unit's part (承办状态)."),
    (assignments.EndedReason, "Why a part ended without being completed (终止原因)."),
    (assignments.SlotKind, "Why a report is owed (应报类别)."),
    (assignments.SlotState, "State of what is owed (应报状态)."),
    (assignments.ReportContent, "Result or progress (办理结果、工作进展情况)."),
    (assignments.FollowUpChannel, "How a unit was followed up (督办方式)."),
    (cases.MatterType, "The six kinds of matters of article 6 (督办事项类别)."),
    (cases.Procedure, "Procedure A of article 7 or B of article 8 (工作程序)."),
    (cases.CaseStatus, "State of a case (督办件状态). Overdue is never a state."),
    (cases.Handling, "One unit, jointly, or separately (独办、联合承办、分别承办)."),
    (acts.ChangedField, "What a leader changed in approving (修改项)."),
    (cases.AssignmentRole, "What a unit is in a case (承办角色)."),
    (cases.InspectionKind, "Kind of inspection (督查类别)."),
    (cases.SourceKind, "What a matter came from (来源类别)."),
    (cases.Disclosure, "What units may read of a leader's words (批示公开范围)."),
    (cases.CaseLinkKind, "How two cases are related (关联)."),
    (circulars.CircularKind, "Kind of circular (通报类别)."),
    (circulars.CircularScope, "How far a circular reaches (通报范围)."),
    (circulars.CircularEditionKind, "Which of two editions of a circular's numbers (版本)."),
    (circulars.CircularForm, "In which form a circular was made known (通报形式)."),
    (circulars.CircularGround, "Why a part is told of as a problem, article 30 (4) (通报情形)."),
    (circulars.ReplyStatus, "State of a reply to a circular (回复状态)."),
    (circulars.CircularStatus, "State of a circular (通报状态)."),
    (RefusalCode, "Why something was refused (拒绝原因). Codes never change their meaning."),
    (Classification, "Classification, in rising order (密级)."),
    (deadlines.Light, "Red, yellow or green (红黄绿灯); NONE where nothing is owed."),
    (documents.DocumentKind, "Kind of document (公文种类)."),
    (documents.DocumentStatus, "State of a document (公文状态)."),
    (documents.RecipientCapacity, "Main recipient or copy (主送、抄送)."),
    (documents.BlockKind, "Kind of block in a document body (正文块)."),
    (escalation.ReassignmentGround, "Why a unit hands a part back (退办理由)."),
    (escalation.ReassignmentStatus, "How far a request for reassignment has come (退办申请状态)."),
    (escalation.DueClock, "Which of the two dates (上报时限、办结时限)."),
    (escalation.UrgingKind, "Urged by the machine or by hand (催办方式)."),
    (escalation.ExplanationAnswer, "How an explanation was answered (说明情况答复)."),
    (escalation.ExtensionStatus, "State of a request for extension (延期申请状态)."),
    (evaluations.EvaluationStatus, "State of an evaluation (考核状态)."),
    (evaluations.SheetEdition, "What a sheet counts (考核单版别)."),
    (evaluations.SheetStanding, "Whether a unit is assessed (参评情况)."),
    (evaluations.EvaluationGrade, "Grade (等次)."),
    (evaluations.Criterion, "What is marked, article 27 (考核标准)."),
    (evaluations.EvaluationFactKind, "What takes marks off an item (扣分事实)."),
    (evaluations.ObjectionOutcome, "How an objection was answered (异议处理)."),
    (identity.UnitKind, "Kind of unit (单位类别)."),
    (identity.Subordination, "Whose unit it is (隶属关系)."),
    (identity.ContactKind, "For what a contact of a unit is there (联系人类别)."),
    (identity.PostCapacity, "How a post is held (任职方式)."),
    (identity.LeaderSystem, "Which leading body a leader belongs to (领导系统)."),
    (Role, "What somebody may be given the right to act as (职权)."),
    (identity.AccountKind, "Whose account it is (账号类别)."),
    (audit.AccessOutcome, "What the access log notes (查阅或拒绝)."),
    (identity.GrantState, "Whether a grant or a clearance holds (授权状态)."),
    (identity.RenewalState, "State of a password that takes two people (重发密码状态)."),
    (emergency.SealStanding, "What a seal of the emergency account is worth (封存状态)."),
    (PolicyStatus, "State of a version of the policy (权限规则版本状态)."),
    (DryRunState, "State of a dry run (试算状态)."),
    (PolicyPart, "Part of a policy, as the files have it (权限规则组成部分)."),
    (inspections.ConclusionStatus, "State of a conclusion (督查结论状态)."),
    (regulation.TimeLimitTier, "Tier of time limits (时限等级)."),
    (reports.ReportStatus, "State of a report (报告状态)."),
    (reports.ReturnGround, "Why a report was returned, article 10 (退回理由)."),
    (reports.Remedy, "What the unit has to do (补充说明、重新办理)."),
    (reports.SectionKind, "Part of a report, article 8(4)1 (报告内容)."),
    (talks.TalkStatus, "State of a formal talk (约谈状态)."),
    (notifications.ReminderChannel, "How reminders leave the house (渠道): 钉钉, 企业微信, 飞书, mail, SMS."),
    (
        notifications.ReminderKind,
        "What a reminder is (提醒类别): an urging (催办), something to do (待办), or news (告知).",
    ),
    (webhooks.EndpointState, "Whether an endpoint is pushed to (推送地址状态)."),
    (webhooks.DeliveryOrder, "In which order an endpoint is pushed to (推送次序)."),
    (webhooks.MessageState, "What became of a message to an endpoint (推送状态)."),
    (todos.TodoAction, "What is waited for (待办事项)."),
)
describe_all()
