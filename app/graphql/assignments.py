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
from app.cases.rules import AssignmentRole
from app.deadlines.rules import Light
from app.escalation.models import Explanation as ExplanationRow
from app.escalation.models import ExtensionRequest as ExtensionRow
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
from app.reports.models import Report as ReportRow

if TYPE_CHECKING:
    from app.graphql.escalation import Explanation, ExtensionRequest
    from app.graphql.reports import Report


ASSIGNMENT_ACTIONS = (
    Possible("assignment.acknowledge", "acknowledgeAssignment", frozenset({AssignmentStatus.ISSUED})),
    Possible("assignment.explain", "explainDelay", OPEN_ASSIGNMENTS),
    Possible("assignment.request_extension", "requestExtension", OPEN_ASSIGNMENTS),
    Possible("assignment.record_follow_up", "recordFollowUp", OPEN_ASSIGNMENTS),
    Possible("assignment.urge", "urgeUnit", OPEN_ASSIGNMENTS),
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
    reports: Connection[Annotated["Report", strawberry.lazy("app.graphql.reports")]] = to_page(
        ReportRow.assignment_id, order=[descending(ReportRow.created_at)], description="Its reports, newest first."
    )

    allowed_actions: list[AllowedAction] = allowed(ASSIGNMENT_ACTIONS, models.Assignment.status)
