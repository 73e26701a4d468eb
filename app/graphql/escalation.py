"""What happens when a date passes, as the schema shows it: explanations, extensions, urgings, talks, circulars."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from app.authz.conditions import eq, in_, parent
from app.circulars import models as circulars
from app.circulars.rules import (
    CircularEditionKind,
    CircularForm,
    CircularGround,
    CircularKind,
    CircularScope,
    CircularStatus,
    ReplyStatus,
    form_of,
)
from app.core.refusals import RefusalCode
from app.escalation import models
from app.escalation.rules import (
    DueClock,
    ExplanationAnswer,
    ExtensionStatus,
    ReassignmentGround,
    ReassignmentStatus,
    UrgingKind,
)
from app.graphql.acts import Decision
from app.graphql.allowed import AllowedAction, Possible, allowed
from app.graphql.assignments import Assignment
from app.graphql.cases import Case
from app.graphql.declarations import (
    column,
    computed,
    from_graphql_core,
    global_id,
    reads,
    text,
    to_many,
    to_one,
    to_page,
)
from app.graphql.documents import Document, DocumentBlock, StoredFile, blocks_of
from app.graphql.made import made
from app.graphql.node import Connection, Node
from app.graphql.units import Person, Unit
from app.identity.models import Person as PersonRow
from app.identity.models import Unit as UnitRow
from app.inspections import models as inspections
from app.inspections.rules import ConclusionStatus
from app.reads.execution import Row
from app.reads.keyset import ascending
from app.reads.kinds import Meets, Text
from app.talks import models as talks
from app.talks.rules import CONCLUDED, TalkStatus

TALK_ACTIONS = (
    Possible("talk.issue", "issueFormalTalkNotice", frozenset({TalkStatus.DRAFT})),
    Possible("talk.postpone", "postponeFormalTalk", frozenset({TalkStatus.ISSUED})),
    Possible("talk.hold", "holdFormalTalk", frozenset({TalkStatus.ISSUED})),
    Possible("talk.cancel", "cancelFormalTalk", frozenset({TalkStatus.DRAFT, TalkStatus.ISSUED})),
)
CONCLUSION_ACTIONS = (
    Possible("conclusion.issue", "issueConclusion", frozenset({ConclusionStatus.DRAFT})),
    Possible("conclusion.withdraw", "withdrawConclusion", frozenset({ConclusionStatus.DRAFT, ConclusionStatus.ISSUED})),
)
_STATED = Meets(
    "stated", parent(circulars.Circular.talk_id, talks.FormalTalk.id, in_(talks.FormalTalk.status, CONCLUDED))
)
_CONCLUDED = Meets(
    "concluded",
    parent(
        circulars.Circular.conclusion_id,
        inspections.InspectionConclusion.id,
        eq(inspections.InspectionConclusion.status, ConclusionStatus.ISSUED),
    ),
)
_BASIS = (circulars.Circular.kind, _STATED, _CONCLUDED)


def _without_basis(kind: CircularKind, stated: bool, concluded: bool, _now: datetime) -> RefusalCode | None:
    """第七条(三): what follows a talk cites its statement and the conclusion."""
    if kind is not CircularKind.AFTER_TALK:
        return None
    if not stated:
        return RefusalCode.STATEMENT_PENDING
    return None if concluded else RefusalCode.CONCLUSION_PENDING


CIRCULAR_ACTIONS = (
    Possible("circular.draft", "reviseCircular", frozenset({CircularStatus.DRAFT})),
    Possible("circular.approve", "approveCircular", frozenset({CircularStatus.DRAFT})),
    Possible("circular.publish", "publishCircular", frozenset({CircularStatus.APPROVED}), _without_basis, _BASIS),
    Possible("circular.acknowledge", "acknowledgeCircular", frozenset({CircularStatus.PUBLISHED})),
    Possible(
        "circular.withdraw",
        "withdrawCircular",
        frozenset({CircularStatus.DRAFT, CircularStatus.APPROVED, CircularStatus.PUBLISHED}),
    ),
)

REPLY_ACTIONS = (
    Possible("circular_reply.file", "replyToCircular", frozenset({ReplyStatus.OWED})),
    Possible("circular_reply.review", "reviewCircularReply", frozenset({ReplyStatus.FILED})),
)


@strawberry.type(description="An explanation of why a date was not kept (说明情况).")
@reads(models.Explanation, object="explanation")
class Explanation(Node):
    id: strawberry.ID = global_id("explanation")
    clock: DueClock = column(models.Explanation.clock, description="Which date.")
    for_due_on: date = column(models.Explanation.for_due_on, description="The date that it explains.")
    text: str | None = text(models.Explanation.text_id, description="The words.")
    filed_at: datetime = column(models.Explanation.filed_at, description="When it was filed.")
    answer: ExplanationAnswer | None = column(models.Explanation.answer, description="The office's answer.")
    answered_at: datetime | None = column(models.Explanation.answered_at, description="When it was answered.")
    check_on: date | None = column(models.Explanation.check_on, description="Until when urging rests.")
    version: int = column(models.Explanation.version, description="Counts up with each change.")
    assignment: Assignment | None = to_one(models.Explanation.assignment_id, description="The assignment.")


@strawberry.type(description="A request to move a date (延期申请).")
@reads(models.ExtensionRequest, object="extension")
class ExtensionRequest(Node):
    id: strawberry.ID = global_id("extension")
    clock: DueClock = column(models.ExtensionRequest.clock, description="Which date.")
    status: ExtensionStatus = column(models.ExtensionRequest.status, description="State.")
    current_due_on: date = column(models.ExtensionRequest.current_due_on, description="The date that stands.")
    requested_due_on: date = column(models.ExtensionRequest.requested_due_on, description="The date asked for.")
    granted_due_on: date | None = column(models.ExtensionRequest.granted_due_on, description="The date granted.")
    reason: str | None = text(models.ExtensionRequest.reason_id, description="Why.")
    progress: str | None = text(models.ExtensionRequest.progress_id, description="What has been done so far.")
    requested_at: datetime = column(models.ExtensionRequest.requested_at, description="When it was asked for.")
    version: int = column(models.ExtensionRequest.version, description="Counts up with each change.")
    decision: Decision | None = to_one(models.ExtensionRequest.decision_id, description="How it was decided.")
    assignment: Assignment | None = to_one(models.ExtensionRequest.assignment_id, description="The assignment.")


@strawberry.type(description="A part that a unit hands back as not its own (退办申请).")
@reads(models.ReassignmentRequest, object="reassignment")
class ReassignmentRequest(Node):
    id: strawberry.ID = global_id("reassignment")
    status: ReassignmentStatus = column(models.ReassignmentRequest.status, description="State.")
    ground: ReassignmentGround = column(models.ReassignmentRequest.ground, description="Why (退办理由).")
    basis: str | None = text(models.ReassignmentRequest.basis_id, description="On what that rests (职责依据).")
    requested_at: datetime = column(models.ReassignmentRequest.requested_at, description="When it was asked for.")
    version: int = column(models.ReassignmentRequest.version, description="Counts up with each change.")
    suggested_unit: Unit | None = to_one(
        models.ReassignmentRequest.suggested_unit_id, description="Whose it is, as the unit suggests."
    )
    decision: Decision | None = to_one(models.ReassignmentRequest.decision_id, description="How it was decided.")
    assignment: Assignment | None = to_one(models.ReassignmentRequest.assignment_id, description="The part.")
    new_assignment: Assignment | None = to_one(
        models.ReassignmentRequest.new_assignment_id, description="The part of the unit that got it."
    )


@strawberry.type(description="An urging (催办).")
@reads(models.Urging, object="urging")
class Urging(Node):
    id: strawberry.ID = global_id("urging")
    clock: DueClock = column(models.Urging.clock, description="Which date had passed.")
    for_due_on: date = column(models.Urging.for_due_on, description="That date.")
    kind: UrgingKind = column(models.Urging.kind, description="By the machine or by hand.")
    issued_at: datetime = column(models.Urging.issued_at, description="When it was issued.")
    delivered_at: datetime | None = column(models.Urging.delivered_at, description="When the unit could see it.")
    respond_by: datetime | None = column(models.Urging.respond_by, description="Until when to report: that same day.")
    answered_at: datetime | None = column(models.Urging.answered_at, description="When the unit reported.")
    withdrawn_at: datetime | None = column(models.Urging.withdrawn_at, description="When it was withdrawn.")
    unit: Unit | None = to_one(models.Urging.unit_id, description="The unit.")
    assignment: Assignment | None = to_one(models.Urging.assignment_id, description="The assignment.")
    document: Document | None = to_one(models.Urging.document_id, description="The notice (催办通知).")


@strawberry.type(description="What a unit committed itself to in a talk (承诺).")
@reads(talks.TalkCommitment)
class TalkCommitment:
    row: strawberry.Private[Row]
    text: str | None = text(talks.TalkCommitment.text_id, description="The words.")
    due_on: date = column(talks.TalkCommitment.due_on, description="Until when.")


@strawberry.type(description="A formal talk (约谈).")
@reads(talks.FormalTalk, object="talk")
class FormalTalk(Node):
    id: strawberry.ID = global_id("talk")
    status: TalkStatus = column(talks.FormalTalk.status, description="State.")
    ground: str | None = text(talks.FormalTalk.ground_id, description="Why.")
    scheduled_at: datetime | None = column(talks.FormalTalk.scheduled_at, description="When it is to be held.")
    place: str | None = column(talks.FormalTalk.place, description="Where.")
    issued_at: datetime | None = column(talks.FormalTalk.issued_at, description="When the notice was issued.")
    postponed_from: datetime | None = column(
        talks.FormalTalk.postponed_from, description="The date that was put off (改期); null where it never was."
    )
    postpone_reason: str | None = text(talks.FormalTalk.postpone_reason_id, description="Why it was put off.")
    held_at: datetime | None = column(talks.FormalTalk.held_at, description="When it was held.")
    appeared_post: str | None = column(talks.FormalTalk.appeared_post, description="In which post he appeared.")
    statement: str | None = text(talks.FormalTalk.statement_id, description="What the unit stated (说明情况).")
    minutes: str | None = text(talks.FormalTalk.minutes_id, description="Minutes (纪要).")
    version: int = column(talks.FormalTalk.version, description="Counts up with each change; for `expectedVersion`.")
    case: Case | None = to_one(talks.FormalTalk.case_id, description="The case.")
    unit: Unit | None = to_one(talks.FormalTalk.unit_id, description="The unit.")
    holder: Person | None = to_one(talks.FormalTalk.holder_id, description="Who holds it.")
    second_officer: Person | None = to_one(talks.FormalTalk.second_officer_id, description="Who sits in with him.")
    appeared: Person | None = to_one(talks.FormalTalk.appeared_id, description="Who appeared.")
    document: Document | None = to_one(talks.FormalTalk.document_id, description="The notice (约谈通知).")
    commitments: list[TalkCommitment] = to_many(
        talks.TalkCommitment.talk_id,
        order=[ascending(talks.TalkCommitment.due_on)],
        description="What the unit committed itself to.",
    )

    allowed_actions: list[AllowedAction] = allowed(TALK_ACTIONS, talks.FormalTalk.status)


@strawberry.type(description="What was found about a unit's part, with its facts (督查结论).")
@reads(inspections.InspectionConclusion, object="conclusion")
class InspectionConclusion(Node):
    id: strawberry.ID = global_id("conclusion")
    status: ConclusionStatus = column(inspections.InspectionConclusion.status, description="State.")
    issued_at: datetime | None = column(inspections.InspectionConclusion.issued_at, description="When it was issued.")
    delivered_at: datetime | None = column(
        inspections.InspectionConclusion.delivered_at, description="When the unit had it."
    )
    review_until: date | None = column(
        inspections.InspectionConclusion.review_until, description="Until when a review may be asked for (复核)."
    )
    version: int = column(inspections.InspectionConclusion.version, description="Counts up with each change.")
    case: Case | None = to_one(inspections.InspectionConclusion.case_id, description="The case.")
    unit: Unit | None = to_one(inspections.InspectionConclusion.unit_id, description="The unit.")
    decision: Decision | None = to_one(
        inspections.InspectionConclusion.decision_id, description="Who signed it (签发)."
    )
    document: Document | None = to_one(inspections.InspectionConclusion.document_id, description="As issued.")

    facts: list[DocumentBlock] = made(
        blocks_of, Text(inspections.InspectionConclusion.facts_id), description="The facts, block by block."
    )

    allowed_actions: list[AllowedAction] = allowed(CONCLUSION_ACTIONS, inspections.InspectionConclusion.status)


@strawberry.type(description="A unit's part that a circular counts (通报计入的件).")
@reads(circulars.CircularItem, object="circular_item")
class CircularItem(Node):
    id: strawberry.ID = global_id("circularitem")
    case: Case | None = to_one(circulars.CircularItem.case_id, description="The case.")
    assignment: Assignment | None = to_one(circulars.CircularItem.assignment_id, description="The unit's part.")
    unit: Unit | None = to_one(circulars.CircularItem.unit_id, description="The unit.")
    edition: Annotated["CircularEdition", strawberry.lazy("app.graphql.escalation")] | None = to_one(
        circulars.CircularItem.edition_id, description="The numbers in which it counts."
    )

    @strawberry.field(description="On what grounds it is told of as a problem; none where it is not (通报情形).")
    @from_graphql_core("a list kept as one column")
    def grounds(self) -> list[CircularGround]:
        return [CircularGround(one) for one in self.row["grounds"]]


@strawberry.type(
    description="What the ledger held of a period at its end: as it was counted, whoever writes the rest (通报数字)."
)
@reads(circulars.CircularEdition, object="circular_edition")
class CircularEdition(Node):
    id: strawberry.ID = global_id("circularedition")
    edition: CircularEditionKind = column(
        circulars.CircularEdition.edition, description="What it counts: what is ordinary, or everything."
    )
    cut_off: datetime = column(circulars.CircularEdition.cut_off, description="What was recorded later does not count.")
    circular: Annotated["Circular", strawberry.lazy("app.graphql.escalation")] | None = to_one(
        circulars.CircularEdition.circular_id, description="The circular."
    )
    items: Connection[CircularItem] = to_page(
        circulars.CircularItem.edition_id,
        order=[ascending(circulars.CircularItem.case_id)],
        description="What it counts, as far as the caller may see the cases.",
    )
    tables: list[DocumentBlock] = made(
        blocks_of, Text(circulars.CircularEdition.tables_id), description="The numbers, table by table."
    )


@strawberry.type(description="What a unit that a circular criticises says to it (回复整改情况).")
@reads(circulars.CircularReply, object="circular_reply")
class CircularReply(Node):
    id: strawberry.ID = global_id("reply")
    round: int = column(circulars.CircularReply.round, description="1, and more where another one was asked for.")
    status: ReplyStatus = column(circulars.CircularReply.status, description="State.")
    due_on: date = column(circulars.CircularReply.due_on, description="Until when it is owed.")
    rectify_by: date | None = column(
        circulars.CircularReply.rectify_by, description="Until when things will be set right; null where they are."
    )
    filed_at: datetime | None = column(circulars.CircularReply.filed_at, description="When it was filed.")
    answer: str | None = text(circulars.CircularReply.answer_id, description="What the office says to it (核查意见).")
    text: str | None = text(circulars.CircularReply.text_id, description="The words.")
    answered_at: datetime | None = column(circulars.CircularReply.answered_at, description="When it was reviewed.")
    version: int = column(circulars.CircularReply.version, description="Counts up with each change.")
    unit: Unit | None = to_one(circulars.CircularReply.unit_id, description="The unit.")
    filed_by: Person | None = to_one(circulars.CircularReply.filed_by, description="Who filed it.")
    answered_by: Person | None = to_one(circulars.CircularReply.answered_by, description="Who reviewed it.")
    circular: Annotated["Circular", strawberry.lazy("app.graphql.escalation")] | None = to_one(
        circulars.CircularReply.circular_id, description="The circular."
    )

    allowed_actions: list[AllowedAction] = allowed(REPLY_ACTIONS, circulars.CircularReply.status)


@strawberry.type(description="A circular (通报).")
@reads(circulars.Circular, object="circular")
class Circular(Node):
    id: strawberry.ID = global_id("circular")
    kind: CircularKind = column(circulars.Circular.kind, description="Kind.")
    scope: CircularScope = column(circulars.Circular.scope, description="How far it reaches.")
    status: CircularStatus = column(circulars.Circular.status, description="State.")
    title: str | None = text(circulars.Circular.title_id, description="Title (标题).")
    first_on: date | None = column(
        circulars.Circular.first_on, description="The first day of the period of which the machine drafted it."
    )
    last_on: date | None = column(circulars.Circular.last_on, description="The last day of that period.")
    approved_at: datetime | None = column(circulars.Circular.approved_at, description="When it was approved.")
    published_at: datetime | None = column(circulars.Circular.published_at, description="When it was published.")
    form: CircularForm = computed(
        form_of, circulars.Circular.held_at, description="As a document alone, or at a meeting (通报会)."
    )
    held_at: datetime | None = column(circulars.Circular.held_at, description="When the meeting was held.")
    place: str | None = column(circulars.Circular.place, description="Where.")
    minutes: str | None = text(circulars.Circular.minutes_id, description="Its minutes (会议纪要).")
    minutes_file: StoredFile | None = to_one(circulars.Circular.minutes_file_id, description="The minutes as a file.")
    attending_units: list[Unit] = to_many(
        circulars.CircularAttendee.circular_id,
        through=circulars.CircularAttendee.unit_id,
        order=[ascending(UnitRow.name)],
        description="The units that were there (参会单位): told thereby.",
    )
    attendees: list[Person] = to_many(
        circulars.CircularAttendee.circular_id,
        through=circulars.CircularAttendee.person_id,
        order=[ascending(PersonRow.name)],
        description="The people who were there (参会人员).",
    )
    version: int = column(circulars.Circular.version, description="Counts up with each change; for `expectedVersion`.")
    case: Case | None = to_one(circulars.Circular.case_id, description="The case that it follows from.")
    unit: Unit | None = to_one(circulars.Circular.unit_id, description="The unit of which it speaks.")
    talk: FormalTalk | None = to_one(circulars.Circular.talk_id, description="The talk that it follows.")
    conclusion: InspectionConclusion | None = to_one(
        circulars.Circular.conclusion_id, description="The conclusion that it cites."
    )
    drafted_by: Person | None = to_one(circulars.Circular.drafted_by, description="Who wrote it; null for the machine.")
    approval: Decision | None = to_one(circulars.Circular.approval_id, description="How it was approved (批准).")
    document: Document | None = to_one(circulars.Circular.document_id, description="As issued.")

    body: list[DocumentBlock] = made(
        blocks_of, Text(circulars.Circular.body_id), description="The body, block by block (正文)."
    )

    editions: list[CircularEdition] = to_many(
        circulars.CircularEdition.circular_id,
        order=[ascending(circulars.CircularEdition.edition)],
        description="The numbers of its period; those that count everything for who may know of all (通报数字).",
    )
    replies: Connection[CircularReply] = to_page(
        circulars.CircularReply.circular_id,
        order=[ascending(circulars.CircularReply.due_on), ascending(circulars.CircularReply.round)],
        description="What units owe and say to it (回复整改情况).",
    )

    allowed_actions: list[AllowedAction] = allowed(CIRCULAR_ACTIONS, circulars.Circular.status)
