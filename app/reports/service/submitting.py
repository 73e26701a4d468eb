"""上报 (第七条(二)): a report in due form meets what it covers, as of the day of the act; else the clock runs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.assignments.rules import ReportContent, SlotState
from app.assignments.service import meet_slot, refresh_dates
from app.authz import Role
from app.cases.rules import Handling
from app.cases.service import reckoning_of
from app.core.refusals import Problems, Refusal, RefusalCode
from app.deadlines.dates import working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import set_deadline
from app.reports.models import Report
from app.reports.queries import Part, contributed, is_office, load_report, sections_of, supporting_parts
from app.reports.rules import Form, ReportStatus, check_form
from app.reports.service.completion import rest_completion
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work

_BEFORE_SUBMISSION = frozenset({ReportStatus.DRAFT, ReportStatus.SIGNED})


@dataclass(frozen=True, slots=True)
class SubmitReport:
    report_id: UUID
    expected_version: int


async def submit_report(work: Work, command: SubmitReport) -> Report:
    """Hand a report in. Timeliness counts the act's own date; the office has its review date.

    Refuses INVALID_INPUT with everything that the form lacks; NOT_ALLOWED, NOT_FOUND, VERSION_ and STATUS_CONFLICT,
    the latter also where something that it covers is no longer owed.
    """
    report, parts = await load_report(work, command.report_id)
    await work.require("report.submit", report)
    work.expect_version(report, command.expected_version)
    _check_state(report, parts)
    await _check_form(work, report, parts)
    report.status = ReportStatus.SUBMITTED
    report.submitted_by, report.submitted_at = work.actor.person_id, work.act.occurred_at
    report.received_at = report.updated_at = work.now
    report.version += 1
    await _await_review(work, report, parts[0])
    for part in parts:
        await _take_in(work, report, part)
        await refresh_dates(work, part.case)
        await work.record(
            "report.submitted", ("report", report.id), case=part.case, action="report.submit", unit_id=report.unit_id
        )
    return report


def _check_state(report: Report, parts: Sequence[Part]) -> None:
    if report.status not in _BEFORE_SUBMISSION:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=report.status.value, version=report.version)
    for part in parts:
        part.must_run()
        for slot in part.slots:
            if slot.state is not SlotState.OPEN:
                raise Refusal(RefusalCode.STATUS_CONFLICT, state=slot.state.value, version=slot.version)


async def _check_form(work: Work, report: Report, parts: Sequence[Part]) -> None:
    problems = Problems()
    sections = await sections_of(work.session, report.id)
    form = Form(
        signed=report.status is ReportStatus.SIGNED and report.signature_id is not None,
        contact_name=report.contact_name,
        contact_phone=report.contact_phone,
        sealed=report.seal_file_id is not None,
        sections=frozenset(sections),
        procedures=frozenset(part.case.procedure for part in parts),
        unanswered=await _unanswered(work, report, parts),
    )
    check_form(problems, form)
    problems.raise_if_any()


async def _unanswered(work: Work, report: Report, parts: Sequence[Part]) -> tuple[str, ...]:
    """联合承办: the lead takes in what each supporting unit contributed, or says that nothing came (第八条(四)1).

    What came after all is no longer reported as missing.
    """
    joint = [part for part in parts if part.case.handling is Handling.JOINT]
    supporting = [unit for part in joint for unit in await supporting_parts(work.session, part.case.id)]
    there = await contributed(work.session, [unit.id for unit in supporting])
    said = [UUID(assignment_id) for assignment_id in report.missing_contributions]
    report.missing_contributions = [str(assignment_id) for assignment_id in said if assignment_id not in there]
    return tuple(unit.unit_name for unit in supporting if unit.id not in there and unit.id not in said)


async def _await_review(work: Work, report: Report, part: Part) -> None:
    reckoning = await reckoning_of(work, part.case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.REVIEW,
        subject_id=report.id,
        case_id=part.case.id,
        stage=Stage.NOTICE,
        due=working(reckoning, work.today, reckoning.regulation.office.review_workdays),
        source=DateSource.OFFICE,
    )
    # What the office itself reports, its leader reviews.
    office = await is_office(work.session, [report.unit_id])
    open_todo(
        work.session,
        TodoAction.REVIEW_REPORT,
        ("report", report.id),
        case_id=part.case.id,
        since=work.now,
        role=(Role.OFFICE_LEADER if office else Role.SUPERVISION_OFFICER).value,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
    )


async def _take_in(work: Work, report: Report, part: Part) -> None:
    at = work.act.occurred_at
    for slot in part.slots:
        await meet_slot(work, slot, at)
    assignment = part.assignment
    assignment.updated_at = work.now
    assignment.version += 1
    if report.content is ReportContent.RESULT:
        assignment.in_review = assignment.completion_due_at is None or at < assignment.completion_due_at
        await rest_completion(work, assignment)
