"""States of a case and the steps between them; matter types and the procedure that follows from them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from app.core.refusals import Problems, Refusal, RefusalCode
from app.deadlines.rules import Light, light


class MatterType(StrEnum):
    """第六条(一) to (六)."""

    INSPECTION_TASK = "INSPECTION_TASK"  # (一) 专项督查组及国务院大督查交办事项
    LEADER_INSTRUCTION = "LEADER_INSTRUCTION"  # (二) 领导讲话、批示及交办事项
    MAJOR_DECISION = "MAJOR_DECISION"  # (三) 重大决策、重要工作部署
    IMPORTANT_DOCUMENT = "IMPORTANT_DOCUMENT"  # (四) 重要文件、规定事项
    MEETING_DECISION = "MEETING_DECISION"  # (五) 会议重要决定事项
    OTHER = "OTHER"  # (六)


class Procedure(StrEnum):
    A = "A"  # 第七条
    B = "B"  # 第八条


class CaseStatus(StrEnum):
    DRAFT = "DRAFT"
    REGISTERED = "REGISTERED"
    CONSULTING = "CONSULTING"
    PENDING_DECISION = "PENDING_DECISION"
    APPROVED = "APPROVED"
    DISPATCHED = "DISPATCHED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"
    SUSPENDED = "SUSPENDED"
    CANCELLED = "CANCELLED"
    MERGED = "MERGED"
    DECLINED = "DECLINED"


class Handling(StrEnum):
    SOLE = "SOLE"  # 独办
    JOINT = "JOINT"  # 联合承办
    SEPARATE = "SEPARATE"  # 分别承办


class AssignmentRole(StrEnum):
    """What a unit is in a case. LEAD and PRINCIPAL are principals: they report, are urged and graded by themselves."""

    LEAD = "LEAD"
    PRINCIPAL = "PRINCIPAL"
    SUPPORTING = "SUPPORTING"


class InspectionKind(StrEnum):
    """条例 第十四条."""

    COMPREHENSIVE = "COMPREHENSIVE"
    SPECIAL_INSPECTION = "SPECIAL_INSPECTION"
    INCIDENT_INVESTIGATION = "INCIDENT_INVESTIGATION"
    DAILY_SUPERVISION = "DAILY_SUPERVISION"
    CLUE_VERIFICATION = "CLUE_VERIFICATION"


class SourceKind(StrEnum):
    """What a matter came from."""

    INSTRUCTED_DOCUMENT = "INSTRUCTED_DOCUMENT"  # 批示件
    DOCUMENT = "DOCUMENT"
    MEETING = "MEETING"
    PETITION = "PETITION"
    SUPERIOR_LIST = "SUPERIOR_LIST"
    OTHER = "OTHER"


class Disclosure(StrEnum):
    """What units may read of a leader's words (批示)."""

    FULL = "FULL"
    EXCERPT = "EXCERPT"
    NONE = "NONE"


class CaseLinkKind(StrEnum):
    SAME_MATTER = "SAME_MATTER"
    MERGED_INTO = "MERGED_INTO"
    SPLIT_FROM = "SPLIT_FROM"
    REOPENS = "REOPENS"
    DERIVED_FROM = "DERIVED_FROM"
    DUPLICATE_OF = "DUPLICATE_OF"
    SUGGESTED_BY = "SUGGESTED_BY"


PROCEDURE_OF: dict[MatterType, Procedure] = {
    MatterType.INSPECTION_TASK: Procedure.A,
    MatterType.LEADER_INSTRUCTION: Procedure.A,
    MatterType.MAJOR_DECISION: Procedure.B,
    MatterType.IMPORTANT_DOCUMENT: Procedure.B,
    MatterType.MEETING_DECISION: Procedure.B,
}

_STEPS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.DRAFT: frozenset({CaseStatus.REGISTERED, CaseStatus.CANCELLED}),
    CaseStatus.REGISTERED: frozenset({CaseStatus.CONSULTING, CaseStatus.PENDING_DECISION, CaseStatus.CANCELLED}),
    CaseStatus.CONSULTING: frozenset({CaseStatus.PENDING_DECISION, CaseStatus.REGISTERED, CaseStatus.CANCELLED}),
    CaseStatus.PENDING_DECISION: frozenset(
        {CaseStatus.APPROVED, CaseStatus.REGISTERED, CaseStatus.DECLINED, CaseStatus.CANCELLED}
    ),
    # its date may pass before it goes out: then it is proposed and decided anew
    CaseStatus.APPROVED: frozenset({CaseStatus.DISPATCHED, CaseStatus.PENDING_DECISION, CaseStatus.CANCELLED}),
    CaseStatus.DISPATCHED: frozenset(
        {CaseStatus.CLOSING, CaseStatus.SUSPENDED, CaseStatus.CANCELLED, CaseStatus.MERGED}
    ),
    CaseStatus.SUSPENDED: frozenset({CaseStatus.DISPATCHED, CaseStatus.CANCELLED}),
    CaseStatus.CLOSING: frozenset({CaseStatus.CLOSED, CaseStatus.DISPATCHED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.DISPATCHED, CaseStatus.ARCHIVED}),
}

OPEN_STATUSES = frozenset(
    {
        CaseStatus.REGISTERED,
        CaseStatus.CONSULTING,
        CaseStatus.PENDING_DECISION,
        CaseStatus.APPROVED,
        CaseStatus.DISPATCHED,
        CaseStatus.CLOSING,
        CaseStatus.SUSPENDED,
    }
)


CLOSED_STATUSES = frozenset({CaseStatus.CLOSED, CaseStatus.ARCHIVED})


def step(current: CaseStatus, wanted: CaseStatus) -> CaseStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted


def before(wanted: CaseStatus) -> frozenset[CaseStatus]:
    """The states from which a step leads to this one."""
    return frozenset(status for status, steps in _STEPS.items() if wanted in steps)


def procedure_for(matter_type: MatterType, chosen: Procedure | None) -> Procedure:
    """第七条 and 第八条 fix the procedure of (一) to (五); for (六) the officer chooses, A by default."""
    return PROCEDURE_OF.get(matter_type) or chosen or Procedure.A


def is_principal(role: AssignmentRole) -> bool:
    return role is not AssignmentRole.SUPPORTING


def roles_fit(handling: Handling, roles: Sequence[AssignmentRole]) -> bool:
    """独办: one lead. 联合承办: one lead and who supports it (第七条(二)). 分别承办: principals only."""
    leads, principals, supporting = (roles.count(role) for role in AssignmentRole)
    fits = {
        Handling.SOLE: (leads, principals, supporting) == (1, 0, 0),
        Handling.JOINT: leads == 1 and principals == 0 and supporting >= 1,
        Handling.SEPARATE: leads == 0 and principals >= 1 and supporting == 0,
    }
    return fits[handling]


def check_roles(problems: Problems, handling: Handling, roles: Sequence[AssignmentRole]) -> None:
    problems.check(roles_fit(handling, roles), RefusalCode.NOT_APPLICABLE, "input", "handling")


def case_light(status: CaseStatus, yellow_from: datetime | None, red_from: datetime | None, now: datetime) -> Light:
    """红黄绿灯 of a case. While all that is owed is under review, in time, it is green."""
    if status is not CaseStatus.DISPATCHED:
        return Light.NONE
    return Light.GREEN if red_from is None else light(now, yellow_from, red_from, owed=True)
