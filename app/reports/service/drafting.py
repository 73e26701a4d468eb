"""Writing a report (第七条(二)), and writing it anew before it is submitted."""

from dataclasses import dataclass
from uuid import UUID

from app.assignments.models import Assignment
from app.assignments.queries import load_part
from app.cases.models import Case
from app.cases.rules import is_principal
from app.core.ids import new_id
from app.core.refusals import RefusalCode, invalid
from app.reports.models import Report
from app.reports.queries import Part, load_report
from app.reports.rules import ReportStatus, step
from app.reports.service.composing import ReportBody, clean_body, write_body
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReport(ReportBody):
    assignment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseReport(ReportBody):
    """The whole report as it shall be now. A signature that it bore falls away."""

    report_id: UUID


async def draft_report(work: Work, command: DraftReport) -> Report:
    """Begin the report of a principal.

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT.
    """
    case, assignment = await load_part(work, command.assignment_id)
    report = new_report(work, case, assignment, command)
    await work.require("report.draft", report)
    if not is_principal(assignment.role):  # a supporting unit contributes to the lead
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "assignment")
    Part(case, assignment).must_run()
    body = await clean_body(work, assignment, command)
    work.session.add(report)
    await work.session.flush()
    await write_body(work, case, report, body)
    await work.record("report.drafted", ("report", report.id), case=case, action="report.draft", unit_id=report.unit_id)
    return report


async def revise_report(work: Work, command: ReviseReport) -> Report:
    """Write a draft anew; a signed one is a draft again. Refuses as `draft_report` does."""
    report, parts = await load_report(work, command.report_id)
    await work.require("report.draft", report)
    parts[0].must_run()
    if report.status is not ReportStatus.DRAFT:
        report.status = step(report.status, ReportStatus.DRAFT)
    body = await clean_body(work, parts[0].assignment, command)
    report.signature_id = None
    report.version += 1
    report.updated_at = work.now
    await write_body(work, parts[0].case, report, body)
    await work.record(
        "report.revised", ("report", report.id), case=parts[0].case, action="report.draft", unit_id=report.unit_id
    )
    return report


def new_report(work: Work, case: Case, assignment: Assignment, body: ReportBody) -> Report:
    return Report(
        id=new_id(),
        case_id=case.id,
        assignment_id=assignment.id,
        unit_id=assignment.unit_id,
        contribution=False,
        content=body.content,
        status=ReportStatus.DRAFT,
        drafted_by=work.actor.person_id,
        created_at=work.now,
        updated_at=work.now,
    )
