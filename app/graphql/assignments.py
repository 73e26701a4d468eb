"""Assignments, what they owe, and how they were followed up, as the schema shows them."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import strawberry

from app.assignments import models
from app.assignments.rules import (
    OPEN_ASSIGNMENTS,
    AssignmentStatus,
    EndedReason,
    FollowUpChannel,
    ReportContent,
    SlotKind,
    SlotState,
    assignment_light,
    slot_light,
)
from app.authz.conditions import any_of, eq, known, parent
from app.cases.models import Case as CaseRow
from app.cases.rules import AssignmentRole, CaseStatus
from app.core.refusals import RefusalCode
from app.deadlines.rules import Light
from app.escalation.models import Explanation as ExplanationRow
from app.escalation.models import ExtensionRequest as ExtensionRow
from app.escalation.models import ReassignmentRequest as ReassignmentRow
from app.escalation.rules import DueClock, ExtensionStatus
from app.graphql.allowed import AllowedAction, Possible, allowed
from app.graphql.cases import Case
from app.graphql.declarations import (
    column,
    computed,
    global_id,
    reads,
    text,
    to_many,
    to_one,
    to_page,
)
from app.graphql.node import Connection, Node
from app.graphql.units import Person, Unit
from app.reads.keyset import ascending, descending
from app.reads.kinds import Meets
from app.reports.models import Report as ReportRow

if TYPE_CHECKING:
    from app.graphql.escalation import Explanation, ExtensionRequest, ReassignmentRequest
    from app.graphql.reports import Report


_CASE_RUNS = Meets(
    "case_runs", parent(models.Assignment.case_id, CaseRow.id, eq(CaseRow.status, CaseStatus.DISPATCHED))
)
_ASKS_FOR_TIME = Meets(
    "asks_for_time",
    any_of(
        ExtensionRow.assignment_id,
        models.Assignment.id,
        eq(ExtensionRow.status, ExtensionStatus.REQUESTED) & eq(ExtensionRow.clock, DueClock.COMPLETION),
    ),
)
_HANDED_BACK = Meets("handed_back", any_of(ReassignmentRow.assignment_id, models.Assignment.id))
_EXPLAINS = Meets("explains", any_of(ExplanationRow.assignment_id, models.Assignment.id, ~known(ExplanationRow.answer)))


def _against_explaining(due_at: datetime | None, case_runs: bool, explains: bool, _now: datetime) -> RefusalCode | None:
    """What is said of the completion date, which mutations mean that name no slot (应报)."""
    if due_at is None:
        return RefusalCode.NOT_APPLICABLE
    if not case_runs:
        return RefusalCode.STATUS_CONFLICT
    return RefusalCode.ALREADY_DONE if explains else None


def _against_extending(due_at: datetime | None, case_runs: bool, asks: bool, now: datetime) -> RefusalCode | None:
    if due_at is None:
        return RefusalCode.NOT_APPLICABLE
    if not case_runs:
        return RefusalCode.STATUS_CONFLICT
    if now >= due_at:
        return RefusalCode.TOO_LATE_TO_EXTEND
    return RefusalCode.ALREADY_DONE if asks else None


def _against_handing_back(
    until: datetime | None, case_runs: bool, handed_back: bool, now: datetime
) -> RefusalCode | None:
    if not case_runs:
        return RefusalCode.STATUS_CONFLICT
    if handed_back:
        return RefusalCode.ALREADY_DONE
    return RefusalCode.TOO_LATE_TO_REASSIGN if until is None or now >= until else None


def _against_urging(due_at: datetime | None, case_runs: bool, now: datetime) -> RefusalCode | None:
    if due_at is None:
        return RefusalCode.NOT_APPLICABLE
    if not case_runs:
        return RefusalCode.STATUS_CONFLICT
    return RefusalCode.DATE_NOT_PASSED if due_at > now else None


_DUE = models.Assignment.completion_due_at
ASSIGNMENT_ACTIONS = (
    Possible(
        "assignment.acknowledge",
        "acknowledgeAssignment",
        frozenset({AssignmentStatus.ISSUED}),
        otherwise=RefusalCode.ALREADY_DONE,
    ),
    Possible(
        "assignment.explain", "explainDelay", OPEN_ASSIGNMENTS, _against_explaining, (_DUE, _CASE_RUNS, _EXPLAINS)
    ),
    Possible(
        "assignment.request_extension",
        "requestExtension",
        OPEN_ASSIGNMENTS,
        _against_extending,
        (_DUE, _CASE_RUNS, _ASKS_FOR_TIME),
    ),
    Possible(
        "assignment.request_reassignment",
        "requestReassignment",
        OPEN_ASSIGNMENTS,
        _against_handing_back,
        (models.Assignment.hand_back_until, _CASE_RUNS, _HANDED_BACK),
    ),
    Possible("assignment.record_follow_up", "recordFollowUp", OPEN_ASSIGNMENTS),
    Possible("assignment.urge", "urgeUnit", OPEN_ASSIGNMENTS, _against_urging, (_DUE, _CASE_RUNS)),
)


@strawberry.type(description="One report that an assignment owes, and until when (应报).")
@reads(models.ReportSlot, object="slot")
class ReportSlot(Node):
    id: strawberry.ID = global_id("slot")
    slot: SlotKind = column(models.ReportSlot.slot, description="Why it is owed (应报类别).")
    content: ReportContent = column(models.ReportSlot.content, description="Result or progress.")
    state: SlotState = column(models.ReportSlot.state, description="State.")
    due_on: date = column(models.ReportSlot.due_on, description="Due date (上报时限).")
    due_time: time | None = column(models.ReportSlot.due_time, description="Its hour, where one was set.")
    due_at: datetime = column(models.ReportSlot.due_at, description="The instant at which it ends.")
    original_due_on: date = column(models.ReportSlot.original_due_on, description="The date before any extension.")
    met_at: datetime | None = column(models.ReportSlot.met_at, description="When the report came, by its own date.")
    met_on_time: bool | None = column(models.ReportSlot.met_on_time, description="Whether that was in time.")
    light: Light = computed(
        slot_light,
        models.ReportSlot.state,
        models.ReportSlot.yellow_from,
        models.ReportSlot.red_from,
        description="Red, yellow or green.",
    )
    version: int = column(models.ReportSlot.version, description="Counts up with each change.")


@strawberry.type(description="A call or a visit (随时督办检查).")
@reads(models.FollowUp, object="follow_up")
class FollowUp(Node):
    id: strawberry.ID = global_id("followup")
    channel: FollowUpChannel = column(models.FollowUp.channel, description="How.")
    person_reached: str | None = column(models.FollowUp.person_reached, description="Who was reached.")
    words: str | None = text(models.FollowUp.words_id, description="What was said.")
    promised_on: date | None = column(models.FollowUp.promised_on, description="The date that was promised.")
    explains: bool = column(models.FollowUp.explains, description="Whether it counts as 说明情况.")
    occurred_at: datetime = column(models.FollowUp.occurred_at, description="When.")
    recorded_by: Person | None = to_one(models.FollowUp.recorded_by, description="Who wrote it down.")


@strawberry.type(description="One unit's part in a case (承办).")
@reads(models.Assignment, object="assignment")
class Assignment(Node):
    id: strawberry.ID = global_id("assignment")
    role: AssignmentRole = column(models.Assignment.role, description="Lead, principal or supporting (承办角色).")
    status: AssignmentStatus = column(models.Assignment.status, description="State.")
    ended_reason: EndedReason | None = column(models.Assignment.ended_reason, description="Why it ended.")
    unit_name: str = column(models.Assignment.unit_name, description="The unit's name as printed in the notice.")
    department: str | None = column(models.Assignment.department, description="The department in charge (职能部门).")
    delivered_at: datetime = column(models.Assignment.delivered_at, description="When the notice was delivered.")
    acknowledged_at: datetime | None = column(
        models.Assignment.acknowledged_at, description="When it was acknowledged (签收)."
    )
    due_on: date | None = column(models.Assignment.due_on, description="The earliest date still owed.")
    completion_due_on: date | None = column(
        models.Assignment.completion_due_on, description="Completion date (办结时限)."
    )
    original_completion_due_on: date | None = column(
        models.Assignment.original_completion_due_on, description="The completion date before any extension."
    )
    completed_at: datetime | None = column(models.Assignment.completed_at, description="When its accepted result came.")
    completed_on_time: bool | None = column(
        models.Assignment.completed_on_time, description="Whether its result first came in time, article 10."
    )
    returned_count: int = column(models.Assignment.returned_count, description="How often a report was returned.")
    light: Light = computed(
        assignment_light,
        models.Assignment.status,
        models.Assignment.yellow_from,
        models.Assignment.red_from,
        description="Red, yellow or green (红黄绿灯).",
    )
    version: int = column(models.Assignment.version, description="Counts up with each change.")
    case: Case | None = to_one(models.Assignment.case_id, description="The case.")
    unit: Unit | None = to_one(models.Assignment.unit_id, description="The unit.")
    handler: Person | None = to_one(models.Assignment.handler_id, description="Who handles it (承办人).")
    responsible: Person | None = to_one(models.Assignment.responsible_id, description="Who is responsible (责任人).")
    slots: list[ReportSlot] = to_many(
        models.ReportSlot.assignment_id,
        order=[ascending(models.ReportSlot.ordinal)],
        description="What it owes and owed (应报).",
    )
    follow_ups: list[FollowUp] = to_many(
        models.FollowUp.assignment_id,
        order=[ascending(models.FollowUp.occurred_at)],
        description="Calls and visits.",
    )
    explanations: list[Annotated["Explanation", strawberry.lazy("app.graphql.escalation")]] = to_many(
        ExplanationRow.assignment_id, order=[ascending(ExplanationRow.filed_at)], description="Explanations (说明情况)."
    )
    extension_requests: list[Annotated["ExtensionRequest", strawberry.lazy("app.graphql.escalation")]] = to_many(
        ExtensionRow.assignment_id, order=[ascending(ExtensionRow.requested_at)], description="Extensions (延期申请)."
    )
    reassignment_requests: list[Annotated["ReassignmentRequest", strawberry.lazy("app.graphql.escalation")]] = to_many(
        ReassignmentRow.assignment_id,
        order=[ascending(ReassignmentRow.requested_at)],
        description="Whether its unit handed it back; once at most (退办申请).",
    )
    reports: Connection[Annotated["Report", strawberry.lazy("app.graphql.reports")]] = to_page(
        ReportRow.assignment_id, order=[descending(ReportRow.created_at)], description="Its reports, newest first."
    )

    allowed_actions: list[AllowedAction] = allowed(ASSIGNMENT_ACTIONS, models.Assignment.status)
