"""Cases as the schema shows them: the matter, its sources, its people, its dates."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import strawberry

from app.acts.models import Decision as DecisionRow
from app.assignments.models import Assignment as AssignmentRow
from app.cases import models
from app.cases.rules import (
    AssignmentRole,
    CaseStatus,
    Disclosure,
    Handling,
    MatterType,
    Procedure,
    SourceKind,
    case_light,
)
from app.circulars.models import Circular as CircularRow
from app.core.levels import Classification
from app.core.zone import local_date
from app.deadlines.rules import Light, calendar_days_left, working_days_left
from app.documents.models import Document as DocumentRow
from app.documents.models import DocumentSubject
from app.escalation.models import Urging as UrgingRow
from app.events.models import Event as EventRow
from app.graphql.allowed import AllowedAction, allowed
from app.graphql.case_actions import CASE_ACTIONS
from app.graphql.confidential import ConfidentialText, confidential
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
from app.graphql.made import made
from app.graphql.node import Connection, Node
from app.graphql.units import Person, Unit, UnitGroup
from app.inspections.models import InspectionConclusion as ConclusionRow
from app.reads.execution import Row
from app.reads.keyset import ascending, descending
from app.reads.kinds import Judged, Need, Text
from app.regulation.rules import TimeLimitTier
from app.reports.models import Report as ReportRow
from app.talks.models import FormalTalk as TalkRow
from app.todos.models import Todo as TodoRow
from app.workdays import Calendar

if TYPE_CHECKING:
    from app.graphql.acts import Decision, TimelineEntry
    from app.graphql.assignments import Assignment
    from app.graphql.documents import Document
    from app.graphql.escalation import Circular, FormalTalk, InspectionConclusion, Urging
    from app.graphql.reports import Report
    from app.graphql.todos import Waiting


def _working_days_left(due_on: date | None, now: datetime, calendar: Calendar) -> int | None:
    return None if due_on is None else working_days_left(calendar, local_date(now), due_on)


def _calendar_days_left(due_on: date | None, now: datetime) -> int | None:
    return None if due_on is None else calendar_days_left(local_date(now), due_on)


@strawberry.type(description="What a matter came from (来源).")
@reads(models.Source, object="source")
class Source(Node):
    id: strawberry.ID = global_id("source")
    kind: SourceKind = column(models.Source.kind, description="Kind of source.")
    title: str | None = text(models.Source.title_id, description="Title (标题).")
    number: str | None = column(models.Source.number, description="Document number (文号).")
    issuing_body: str | None = column(models.Source.issuing_body, description="Issuing body (发文机关).")
    dated_on: date | None = column(models.Source.dated_on, description="Its date.")
    superior_number: str | None = column(models.Source.superior_number, description="Number at the superior body.")
    superior_due_on: date | None = column(models.Source.superior_due_on, description="The superior's date.")


@strawberry.type(description="A leader's words on a matter (批示).")
@reads(models.Instruction, object="instruction")
class Instruction(Node):
    id: strawberry.ID = global_id("instruction")
    given_on: date = column(models.Instruction.given_on, description="The day on which they were given.")
    disclosure: Disclosure = column(models.Instruction.disclosure, description="What units may read of them.")
    leader: Person | None = to_one(models.Instruction.leader_id, description="Whose words they are.")

    words: ConfidentialText = made(
        confidential,
        Judged("instruction.read"),
        Judged("instruction.read_excerpt"),
        Text(models.Instruction.words_id),
        Text(models.Instruction.excerpt_id),
        description="The words, as far as the caller may read them.",
    )


@strawberry.type(description="A unit as named in a proposal or an imported document (拟承办单位).")
@reads(models.ProposedUnit, object="proposed_unit")
class ProposedUnit:
    row: strawberry.Private[Row]
    role: AssignmentRole | None = column(
        models.ProposedUnit.role, description="Its role; null where the document leaves it open."
    )
    printed_name: str = column(models.ProposedUnit.printed_name, description="The name as written.")
    unit: Unit | None = to_one(
        models.ProposedUnit.unit_id, description="The unit; null for a group, and where it is not known yet."
    )
    group: UnitGroup | None = to_one(
        models.ProposedUnit.group_id,
        description="The group, where it is one; who is in it on the day of dispatch gets a part.",
    )


@strawberry.type(description="A proposal of who shall handle a case, how and until when (拟办意见).")
@reads(models.HandlingProposal, object="proposal")
class HandlingProposal(Node):
    id: strawberry.ID = global_id("proposal")
    round: int = column(models.HandlingProposal.round, description="Counted from 1; a leader's changes are a new one.")
    handling: Handling = column(models.HandlingProposal.handling, description="Manner (承办方式).")
    tier: TimeLimitTier = column(models.HandlingProposal.tier, description="Tier (时限等级).")
    report_due_on: date | None = column(
        models.HandlingProposal.report_due_on, description="Report date; null: counted by the tier from the issue."
    )
    completion_due_on: date | None = column(
        models.HandlingProposal.completion_due_on, description="Completion date; null: the report date."
    )
    opinion: str | None = text(models.HandlingProposal.opinion_id, description="The opinion.")
    leader: Person | None = to_one(models.HandlingProposal.leader_id, description="Who decides.")
    proposed_by: Person | None = to_one(models.HandlingProposal.proposed_by, description="Who proposed it.")
    proposed_at: datetime = column(models.HandlingProposal.proposed_at, description="When.")
    units: list[ProposedUnit] = to_many(
        models.ProposedUnit.proposal_id,
        order=[ascending(models.ProposedUnit.position)],
        description="The units, in the order given.",
    )


@strawberry.type(description="A person or a unit that may know of a restricted case (知悉范围).")
@reads(models.CaseAccess, object="case_access")
class CaseAccess:
    row: strawberry.Private[Row]
    person: Person | None = to_one(models.CaseAccess.person_id, description="The person; null for a unit.")
    unit: Unit | None = to_one(
        models.CaseAccess.unit_id, description="The unit: all who hold a post in it. Null for a person."
    )
    granted_by: Person | None = to_one(models.CaseAccess.granted_by, description="Who let them in.")
    granted_at: datetime = column(models.CaseAccess.granted_at, description="When.")


@strawberry.type(description="Somebody who shall not touch a case (回避).")
@reads(models.Recusal, object="recusal")
class Recusal:
    row: strawberry.Private[Row]
    person: Person | None = to_one(models.Recusal.person_id, description="Who is recused.")
    reason: str | None = text(models.Recusal.reason_id, description="Why.")
    declared_by: Person | None = to_one(
        models.Recusal.declared_by, description="Who said so: himself (自行回避), or who ordered it (责令回避)."
    )
    declared_at: datetime = column(models.Recusal.declared_at, description="When.")


@strawberry.type(description="A result laid before the leader who instructed (呈阅).")
@reads(models.Reading, object="reading")
class Reading(Node):
    id: strawberry.ID = global_id("reading")
    submitted_at: datetime = column(models.Reading.submitted_at, description="When it was laid before him.")
    read_on: date | None = column(models.Reading.read_on, description="When he read it (圈阅); null while it waits.")
    leader: Person | None = to_one(models.Reading.leader_id, description="The leader.")


@strawberry.type(description="A closing of a case (办结).")
@reads(models.Closure, object="closure")
class Closure(Node):
    id: strawberry.ID = global_id("closure")
    nth: int = column(models.Closure.nth, description="Counted from 1.")
    on_time: bool | None = column(
        models.Closure.on_time, description="Whether it was on time; null before it is confirmed."
    )
    summary: str | None = text(models.Closure.summary_id, description="What came of it.")
    proposed_at: datetime = column(models.Closure.proposed_at, description="When it was proposed.")
    closed_at: datetime | None = column(models.Closure.closed_at, description="When it was confirmed.")
    reopened_at: datetime | None = column(
        models.Closure.reopened_at, description="When the case was reopened (恢复办理)."
    )


@strawberry.type(description="A supervised case (督办件): one number, one matter, one requirement.")
@reads(models.Case, object="case")
class Case(Node):
    id: strawberry.ID = global_id("case")
    number: str | None = column(
        models.Case.register_number, description="Register number (督办编号); null before registration."
    )
    title: str | None = text(models.Case.title_id, description="Title (标题).")
    requirement: str | None = text(models.Case.requirement_id, description="What is asked for (办理要求).")
    status: CaseStatus = column(models.Case.status, description="State (状态).")
    matter_type: MatterType = column(models.Case.matter_type, description="Kind of matter, article 6 (事项类别).")
    procedure: Procedure = column(models.Case.procedure, description="Procedure (工作程序).")
    classification: Classification = column(models.Case.classification, description="Classification (密级).")
    restricted: bool = column(models.Case.restricted, description="Whether few may know of it (控制知悉范围).")
    major: bool = column(models.Case.major, description="Whether it is a major matter, article 20 (重大事项).")
    handling: Handling | None = column(models.Case.handling, description="Manner of handling (承办方式).")
    tier: TimeLimitTier | None = column(models.Case.tier, description="Tier of time limits (时限等级).")
    light: Light = computed(
        case_light,
        models.Case.status,
        models.Case.yellow_from,
        models.Case.red_from,
        description="Red, yellow or green (红黄绿灯).",
    )
    due_on: date | None = column(models.Case.due_on, description="The earliest date still owed (时限).")
    due_at: datetime | None = column(models.Case.due_at, description="The instant at which that date ends.")
    report_due_on: date | None = column(models.Case.report_due_on, description="Report date in the notice (上报时限).")
    report_due_time: time | None = column(models.Case.report_due_time, description="Its hour, where one was set.")
    completion_due_on: date | None = column(
        models.Case.completion_due_on, description="Completion date in the notice (办结时限)."
    )
    registered_on: date | None = column(models.Case.registered_on, description="Day of registration (登记日期).")
    dispatched_at: datetime | None = column(models.Case.dispatched_at, description="When it went out (交办时间).")
    closed_at: datetime | None = column(models.Case.closed_at, description="When it was closed (办结时间).")
    item_no: str | None = column(models.Case.item_no, description="Item number in an imported plan (任务序号).")
    original_words: str | None = text(
        models.Case.original_words_id, description="The words of the imported document (原文)."
    )
    version: int = column(models.Case.version, description="Counts up with each change; for `expectedVersion`.")
    created_at: datetime = column(models.Case.created_at, description="When it was entered.")
    updated_at: datetime = column(
        models.Case.updated_at, description="When the case itself last changed; its parts have dates of their own."
    )
    leader: Person | None = to_one(models.Case.leader_id, description="The deciding leader (主管领导).")
    registered_by: Person | None = to_one(models.Case.registered_by, description="Who registered it (登记人).")
    sources: list[Source] = to_many(
        models.CaseSource.case_id,
        through=models.CaseSource.source_id,
        order=[ascending(models.Source.created_at)],
        description="What it rests on (来源).",
    )
    instructions: list[Instruction] = to_many(
        models.Instruction.case_id,
        order=[ascending(models.Instruction.given_on)],
        description="Leaders' words on it (批示).",
    )
    proposals: list[HandlingProposal] = to_many(
        models.HandlingProposal.case_id,
        order=[ascending(models.HandlingProposal.round)],
        description="What was proposed, round by round (拟办意见).",
    )
    named_units: list[ProposedUnit] = to_many(
        models.ProposedUnit.case_id,
        where=lambda row: row.c.proposal_id.is_(None),
        order=[ascending(models.ProposedUnit.position)],
        description="Units named by an imported document (原文承办单位).",
    )
    assignments: list[Annotated["Assignment", strawberry.lazy("app.graphql.assignments")]] = to_many(
        AssignmentRow.case_id, order=[ascending(AssignmentRow.issued_at)], description="Its units' parts (承办)."
    )
    readings: list[Reading] = to_many(
        models.Reading.case_id, order=[ascending(models.Reading.submitted_at)], description="Readings (呈阅)."
    )
    access_scope: list[CaseAccess] = to_many(
        models.CaseAccess.case_id,
        where=lambda row: row.c.revoked_at.is_(None),
        order=[ascending(models.CaseAccess.granted_at)],
        description="Who is named in its scope (知悉范围), for those who may know that. Whoever instructs, decides or "
        "registered it knows of it besides.",
    )
    recusals: list[Recusal] = to_many(
        models.Recusal.case_id,
        where=lambda row: row.c.lifted_at.is_(None),
        order=[ascending(models.Recusal.declared_at)],
        description="Who is kept away from it now (回避), for those who may know that.",
    )
    closures: list[Closure] = to_many(
        models.Closure.case_id, order=[ascending(models.Closure.nth)], description="Its closings (办结)."
    )
    documents: list[Annotated["Document", strawberry.lazy("app.graphql.documents")]] = to_many(
        DocumentSubject.case_id,
        through=DocumentSubject.document_id,
        order=[ascending(DocumentRow.created_at)],
        description="Documents about it (公文).",
    )
    decisions: list[Annotated["Decision", strawberry.lazy("app.graphql.acts")]] = to_many(
        DecisionRow.case_id, order=[ascending(DecisionRow.occurred_at)], description="What was decided (审定、审核)."
    )
    waiting_for: list[Annotated["Waiting", strawberry.lazy("app.graphql.todos")]] = to_many(
        TodoRow.case_id,
        where=lambda row: row.c.closed_at.is_(None),
        order=[ascending(TodoRow.due_at), ascending(TodoRow.since), ascending(TodoRow.action)],
        description="Who must act next, since when (待办).",
    )
    urgings: list[Annotated["Urging", strawberry.lazy("app.graphql.escalation")]] = to_many(
        UrgingRow.case_id, order=[ascending(UrgingRow.issued_at)], description="How often it was urged (催办)."
    )
    talks: list[Annotated["FormalTalk", strawberry.lazy("app.graphql.escalation")]] = to_many(
        TalkRow.case_id, order=[ascending(TalkRow.created_at)], description="Formal talks (约谈)."
    )
    conclusions: list[Annotated["InspectionConclusion", strawberry.lazy("app.graphql.escalation")]] = to_many(
        ConclusionRow.case_id, order=[ascending(ConclusionRow.created_at)], description="Conclusions (督查结论)."
    )
    circulars: list[Annotated["Circular", strawberry.lazy("app.graphql.escalation")]] = to_many(
        CircularRow.case_id, order=[ascending(CircularRow.created_at)], description="Circulars about it (通报)."
    )
    reports: Connection[Annotated["Report", strawberry.lazy("app.graphql.reports")]] = to_page(
        ReportRow.case_id, order=[descending(ReportRow.created_at)], description="Reports, newest first (上报)."
    )
    timeline: Connection[Annotated["TimelineEntry", strawberry.lazy("app.graphql.acts")]] = to_page(
        EventRow.case_id,
        order=[descending(EventRow.case_seq, unsaid=True)],
        description="What happened, newest first (办理过程).",
    )

    allowed_actions: list[AllowedAction] = allowed(CASE_ACTIONS, models.Case.status)

    working_days_left: int | None = made(
        _working_days_left,
        models.Case.due_on,
        needs=(Need.NOW, Need.CALENDAR),
        description="Working days until `dueOn`: 0 on the day, negative when late (剩余工作日).",
    )
    calendar_days_left: int | None = computed(
        _calendar_days_left,
        models.Case.due_on,
        description="Calendar days until `dueOn`: 0 on the day, negative when late (剩余日).",
    )
