"""Reports as the schema shows them."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from app.assignments.models import ReportSlot as SlotRow
from app.assignments.rules import ReportContent
from app.authz.conditions import eq, parent
from app.cases.models import Case as CaseRow
from app.cases.rules import CaseStatus
from app.core.refusals import RefusalCode
from app.files.models import StoredFile as FileRow
from app.graphql.acts import Decision
from app.graphql.allowed import AllowedAction, Possible, allowed
from app.graphql.assignments import Assignment, ReportSlot
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.declarations import column, from_graphql_core, global_id, reads, text, to_many, to_one
from app.graphql.documents import StoredFile
from app.graphql.made import made
from app.graphql.node import Node
from app.graphql.roots import visible
from app.graphql.units import Person, Unit
from app.reads.execution import Row
from app.reads.keyset import ascending
from app.reads.kinds import Meets
from app.reports import models
from app.reports.rules import WITHDRAWABLE, Remedy, ReportStatus, ReturnGround, SectionKind

_CASE_RUNS = Meets("case_runs", parent(models.Report.case_id, CaseRow.id, eq(CaseRow.status, CaseStatus.DISPATCHED)))


def _against_handing_in(contribution: bool, case_runs: bool, _now: datetime) -> RefusalCode | None:
    if contribution:
        return RefusalCode.NOT_APPLICABLE
    return None if case_runs else RefusalCode.STATUS_CONFLICT


def _against_a_contribution(contribution: bool, _now: datetime) -> RefusalCode | None:
    return RefusalCode.NOT_APPLICABLE if contribution else None


_OF_A_PRINCIPAL = (models.Report.contribution,)
REPORT_ACTIONS = (
    Possible("report.sign", "signReport", frozenset({ReportStatus.DRAFT}), _against_a_contribution, _OF_A_PRINCIPAL),
    Possible(
        "report.submit",
        "submitReport",
        frozenset({ReportStatus.SIGNED}),
        _against_handing_in,
        (*_OF_A_PRINCIPAL, _CASE_RUNS),
    ),
    Possible("report.withdraw", "withdrawReport", WITHDRAWABLE, _against_a_contribution, _OF_A_PRINCIPAL),
    Possible(
        "report.accept", "acceptReport", frozenset({ReportStatus.SUBMITTED}), _against_a_contribution, _OF_A_PRINCIPAL
    ),
    Possible(
        "report.return", "returnReport", frozenset({ReportStatus.SUBMITTED}), _against_a_contribution, _OF_A_PRINCIPAL
    ),
)


@strawberry.type(description="One part of a report, article 8(4)1 (报告内容).")
@reads(models.ReportSection)
class ReportSection:
    row: strawberry.Private[Row]
    kind: SectionKind = column(models.ReportSection.kind, description="Which part.")
    text: str | None = text(models.ReportSection.text_id, description="Its words.")


@strawberry.type(description="A report of a principal, or the contribution of a supporting unit (上报、协办反馈).")
@reads(models.Report, object="report")
class Report(Node):
    id: strawberry.ID = global_id("report")
    contribution: bool = column(models.Report.contribution, description="Whether it is a contribution to the lead.")
    content: ReportContent = column(models.Report.content, description="Result or progress.")
    status: ReportStatus = column(models.Report.status, description="State.")
    contact_name: str | None = column(models.Report.contact_name, description="Contact (联系人).")
    contact_phone: str | None = column(models.Report.contact_phone, description="Phone (联系电话).")
    submitted_at: datetime | None = column(
        models.Report.submitted_at, description="When it was submitted, by its own date (上报时间)."
    )
    received_at: datetime | None = column(models.Report.received_at, description="When the system had it.")
    remedy: Remedy | None = column(models.Report.remedy, description="What a return asks for.")
    rework_due_on: date | None = column(models.Report.rework_due_on, description="Until when.")
    version: int = column(models.Report.version, description="Counts up with each change; for `expectedVersion`.")
    created_at: datetime = column(models.Report.created_at, description="When it was begun.")
    case: Case | None = to_one(models.Report.case_id, description="The case.")
    assignment: Assignment | None = to_one(models.Report.assignment_id, description="The assignment.")
    unit: Unit | None = to_one(models.Report.unit_id, description="The unit.")
    drafted_by: Person | None = to_one(models.Report.drafted_by, description="Who wrote it.")
    signature: Decision | None = to_one(models.Report.signature_id, description="Who signed it (签发).")
    review: Decision | None = to_one(models.Report.review_id, description="How it was reviewed (审核).")
    seal: StoredFile | None = to_one(models.Report.seal_file_id, description="Evidence of the seal (公章).")
    sections: list[ReportSection] = to_many(
        models.ReportSection.report_id, order=[ascending(models.ReportSection.kind)], description="Its parts."
    )
    slots: list[ReportSlot] = to_many(
        models.ReportCoverage.report_id,
        through=models.ReportCoverage.slot_id,
        order=[ascending(SlotRow.due_at)],
        description="What it meets (应报).",
    )
    files: list[StoredFile] = to_many(
        models.ReportFile.report_id,
        through=models.ReportFile.file_id,
        order=[ascending(FileRow.uploaded_at)],
        description="Its attachments (附件).",
    )

    allowed_actions: list[AllowedAction] = allowed(REPORT_ACTIONS, models.Report.status)

    return_grounds: list[ReturnGround] = made(
        lambda grounds: [ReturnGround(ground) for ground in grounds],
        models.Report.return_grounds,
        description="On which grounds it was returned, article 10 (退回理由).",
    )

    @strawberry.field(description="The supporting units that gave nothing, as the lead states (未反馈).")
    @from_graphql_core("kept as one list")
    async def missing_contributions(self, info: Info) -> list[Assignment]:
        stated = [UUID(key) for key in self.row["missing_contributions"]]
        found = [await visible(info.context, Assignment, key) for key in stated]
        return [part for part in found if part is not None]
