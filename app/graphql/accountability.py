"""Accountability proposals (问责建议), as the schema shows them to the few who may know of them."""

from datetime import date, datetime

import strawberry

from app.accountability.models import AccountabilityFact, AccountabilityParty
from app.accountability.models import AccountabilityProposal as Row
from app.accountability.rules import AccountabilityConduct, AccountabilityMeasure, AccountabilityStatus
from app.assignments.models import Assignment as AssignmentRow
from app.cases.models import Case as CaseRow
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.escalation.models import Urging as UrgingRow
from app.files.models import StoredFile as FileRow
from app.graphql.acts import Decision
from app.graphql.allowed import AllowedAction, Possible, allowed
from app.graphql.assignments import Assignment
from app.graphql.cases import Case
from app.graphql.declarations import column, from_graphql_core, global_id, reads, text, to_many, to_one
from app.graphql.documents import StoredFile
from app.graphql.escalation import Circular, Urging
from app.graphql.node import Node
from app.graphql.reports import Report
from app.graphql.units import Person, Unit
from app.identity.models import Person as PersonRow
from app.identity.models import Unit as UnitRow
from app.reads.filters import Listing, one_of
from app.reads.keyset import ascending, descending
from app.reports.models import Report as ReportRow

_DRAFT, _APPROVED = frozenset({AccountabilityStatus.DRAFT}), frozenset({AccountabilityStatus.APPROVED})


def _other_than(measure: AccountabilityMeasure, proposed: AccountabilityMeasure) -> RefusalCode | None:
    return None if proposed is measure else RefusalCode.NOT_APPLICABLE


ACTIONS = (
    Possible("accountability.draft", "reviseAccountabilityProposal", _DRAFT),
    Possible("accountability.approve", "decideAccountabilityProposal", _DRAFT),
    Possible(
        "accountability.carry_out",
        "citeAccountabilityCriticism",
        _APPROVED,
        lambda proposed, _now: _other_than(AccountabilityMeasure.CRITICISM, proposed),
        (Row.measure,),
    ),
    Possible(
        "accountability.carry_out",
        "transferAccountabilityProposal",
        _APPROVED,
        lambda proposed, _now: _other_than(AccountabilityMeasure.TRANSFER, proposed),
        (Row.measure,),
    ),
    Possible("accountability.carry_out", "recordAccountabilityAnswer", frozenset({AccountabilityStatus.TRANSFERRED})),
    Possible("accountability.withdraw", "withdrawAccountabilityProposal", _DRAFT | _APPROVED),
)


@strawberry.type(
    description="A proposal to call somebody to account (问责建议). Whom it concerns learns nothing of it, nor does "
    "anybody who may not; what becomes of it is for the competent body to decide."
)
@reads(Row, object="accountability")
class AccountabilityProposal(Node):
    id: strawberry.ID = global_id("accountability")
    status: AccountabilityStatus = column(Row.status, description="State.")
    measure: AccountabilityMeasure = column(Row.measure, description="What is proposed (建议措施).")
    statement: str | None = text(Row.statement_id, description="What was found and why (事实和理由).")
    classification: Classification = column(Row.classification, description="Classification (密级).")
    approved_at: datetime | None = column(Row.approved_at, description="When it was approved.")
    competent_body: str | None = text(Row.body_id, description="To whom it was handed over (有权机关).")
    document_number: str | None = text(Row.document_number_id, description="With which letter (移送文号).")
    transferred_on: date | None = column(Row.transferred_on, description="When it was handed over (移送日期).")
    answer: str | None = text(Row.answer_id, description="What the body answered, in its own words (处理结果).")
    answered_on: date | None = column(Row.answered_on, description="When it answered.")
    created_at: datetime = column(Row.created_at, description="When it was drafted.")
    version: int = column(Row.version, description="Counts up with each change; for `expectedVersion`.")
    people: list[Person] = to_many(
        AccountabilityParty.proposal_id,
        through=AccountabilityParty.person_id,
        order=[ascending(PersonRow.name)],
        description="The people whom it concerns (涉及人员).",
    )
    units: list[Unit] = to_many(
        AccountabilityParty.proposal_id,
        through=AccountabilityParty.unit_id,
        order=[ascending(UnitRow.name)],
        description="The units that it concerns (涉及单位).",
    )
    cases: list[Case] = to_many(
        AccountabilityFact.proposal_id,
        through=AccountabilityFact.case_id,
        order=[ascending(CaseRow.created_at)],
        description="The cases on which it rests (依据).",
    )
    assignments: list[Assignment] = to_many(
        AccountabilityFact.proposal_id,
        through=AccountabilityFact.assignment_id,
        order=[ascending(AssignmentRow.id)],
        description="Units' parts in them.",
    )
    urgings: list[Urging] = to_many(
        AccountabilityFact.proposal_id,
        through=AccountabilityFact.urging_id,
        order=[ascending(UrgingRow.issued_at)],
        description="Urgings in them.",
    )
    reports: list[Report] = to_many(
        AccountabilityFact.proposal_id,
        through=AccountabilityFact.report_id,
        order=[ascending(ReportRow.created_at)],
        description="Reports in them.",
    )
    files: list[StoredFile] = to_many(
        FileRow.accountability_id,
        order=[ascending(FileRow.uploaded_at)],
        where=lambda row: row.c.subject_kind == "accountability",
        description="Stored files that prove it (证据材料).",
    )
    drafted_by: Person | None = to_one(Row.drafted_by, description="Who wrote it.")
    approval: Decision | None = to_one(Row.approval_id, description="How it was approved (批准).")
    circular: Circular | None = to_one(Row.circular_id, description="The circular that criticised what it proposes.")

    @strawberry.field(description="For what (问责情形).")
    @from_graphql_core("a list kept as one column")
    def conducts(self) -> list[AccountabilityConduct]:
        return [AccountabilityConduct(one) for one in self.row["conducts"]]

    allowed_actions: list[AllowedAction] = allowed(ACTIONS, Row.status)


PROPOSALS = Listing(model=Row, order=(descending(Row.created_at),), filters={"statuses": one_of(Row.status)}, orders={})


@strawberry.input(description="Which accountability proposals.")
class AccountabilityProposalFilter:
    statuses: list[AccountabilityStatus] | None = strawberry.field(default=None, description="States.")
