"""审核 (第十条): a report is accepted, or returned for 补充说明 or 重新办理; as often as it takes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.queries import open_principals
from app.assignments.rules import OPEN_ASSIGNMENTS, ReportContent, SlotKind, SlotState
from app.assignments.service import complete_assignment, open_slot, refresh_dates
from app.authz import Role
from app.cases.models import Case
from app.cases.rules import OPEN_STATUSES
from app.cases.service import reckoning_of
from app.cases.service.proposing import latest_inner_date
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean, clean_optional
from app.deadlines.dates import DueDate, Reckoning, given, redo, supplement, working
from app.deadlines.rules import DateSource, SubjectKind
from app.deadlines.service import cancel
from app.reports.models import Report
from app.reports.queries import Part, first_result_at, load_report
from app.reports.rules import Remedy, ReportStatus, ReturnGround, rework_limit, step
from app.reports.service.completion import resume_completion
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class AcceptReport:
    report_id: UUID
    expected_version: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """`due_on` None: the days that the regulation gives for the remedy."""

    report_id: UUID
    expected_version: int
    grounds: tuple[ReturnGround, ...]
    remedy: Remedy
    comment: str
    due_on: date | None = None


async def accept_report(work: Work, command: AcceptReport) -> Report:
    """An accepted result completes its assignments; accepted progress leaves the completion clock running.

    Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, VERSION_ and STATUS_CONFLICT.
    """
    report, parts = await load_report(work, command.report_id)
    await work.require("report.accept", report)
    work.expect_version(report, command.expected_version)
    report.status = step(report.status, ReportStatus.ACCEPTED)
    case = parts[0].case
    if case.status not in OPEN_STATUSES:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.raise_if_any()
    await _review(work, report, Outcome.APPROVED, comment)
    for part in parts:
        if report.content is ReportContent.RESULT and part.assignment.status in OPEN_ASSIGNMENTS:
            await _complete(work, report, part)
        await refresh_dates(work, part.case)
        await work.record(
            "report.accepted", ("report", report.id), case=part.case, action="report.accept", unit_id=report.unit_id
        )
    return report


async def return_report(work: Work, command: ReturnReport) -> Report:
    """Send a report back with a new date. That it first came in time stays so (第十条).

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED, NOT_FOUND, VERSION_ and STATUS_CONFLICT.
    """
    report, parts = await load_report(work, command.report_id)
    await work.require("report.return", report)
    work.expect_version(report, command.expected_version)
    report.status = step(report.status, ReportStatus.RETURNED)
    comment, dates = await _checked_return(work, parts, command)
    report.return_grounds = [ground.value for ground in command.grounds]
    report.remedy, report.rework_due_on = command.remedy, dates[0].due_on
    await _review(work, report, Outcome.RETURNED, comment)
    for part, due in zip(parts, dates, strict=True):
        await _send_back(work, report, part, due)
        await refresh_dates(work, part.case)
        await work.record(
            "report.returned", ("report", report.id), case=part.case, action="report.return", unit_id=report.unit_id
        )
    return report


async def _review(work: Work, report: Report, outcome: Outcome, comment: str | None) -> None:
    subject = ("report", report.id)
    decision = await decide(
        work, DecisionKind.REPORT, outcome, subject, case_id=report.case_id, comment=comment
    )  # fmt: skip
    report.review_id = decision.id
    report.version += 1
    report.updated_at = work.now
    await cancel(work.session, SubjectKind.REVIEW, report.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)


async def _complete(work: Work, report: Report, part: Part) -> None:
    assignment = part.assignment
    await work.session.flush()
    assert report.submitted_at is not None
    await complete_assignment(work, assignment, report.submitted_at)
    first = await first_result_at(work.session, assignment) or report.submitted_at
    assignment.completed_on_time = assignment.completion_due_at is None or first < assignment.completion_due_at
    assignment.updated_at = work.now
    await work.session.flush()
    if not await open_principals(work.session, part.case.id):
        await ask_to_close(work, part.case)


async def ask_to_close(work: Work, case: Case) -> None:
    """Nothing is owed any more: the office may propose 办结."""
    reckoning = await reckoning_of(work, case)
    due = working(reckoning, work.today, reckoning.regulation.office.closing_workdays)
    open_todo(
        work.session,
        TodoAction.CLOSE,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        role=Role.SUPERVISION_OFFICER.value,
        due_on=due.due_on,
        due_at=due.due_at,
    )


async def _checked_return(work: Work, parts: list[Part], command: ReturnReport) -> tuple[str, list[DueDate]]:
    problems = Problems()
    comment = clean(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.check(bool(command.grounds), RefusalCode.REQUIRED, "input", "grounds")
    problems.check(len(set(command.grounds)) == len(command.grounds), RefusalCode.DUPLICATE, "input", "grounds")
    dates = []
    for part in parts:
        part.must_run()
        dates.append(await _rework_date(work, problems, part, command))
    problems.raise_if_any()
    return comment, dates


async def _rework_date(work: Work, problems: Problems, part: Part, command: ReturnReport) -> DueDate:
    reckoning = await reckoning_of(work, part.case)
    assert part.case.tier is not None  # dispatched
    limit = rework_limit(
        part.case.tier, part.assignment.completion_due_on, await latest_inner_date(work, part.case, reckoning)
    )
    if command.due_on is None:
        count = supplement if command.remedy is Remedy.SUPPLEMENT else redo
        return count(reckoning, part.case.tier, work.today, limit)
    return _given_date(work, reckoning, problems, command.due_on, limit)


def _given_date(work: Work, reckoning: Reckoning, problems: Problems, due_on: date, limit: date | None) -> DueDate:
    path = ("input", "dueOn")
    if limit is None:
        problems.check(due_on >= work.today, RefusalCode.BAD_DATE, *path)
    else:
        latest = max(limit, work.today)
        fine = work.today <= due_on <= latest
        problems.check(fine, RefusalCode.OUT_OF_RANGE, *path, low=work.today, high=latest)
    return given(reckoning, work.today, due_on)


async def _send_back(work: Work, report: Report, part: Part, due: DueDate) -> None:
    assignment = part.assignment
    for slot in part.slots:
        slot.state = SlotState.RETURNED  # when and whether in time it was met stays on it
        slot.version += 1
    assignment.returned_count += 1
    assignment.in_review = False
    assignment.updated_at = work.now
    assignment.version += 1
    await open_slot(work, part.case, assignment, SlotKind.REWORK, report.content, due, DateSource.OFFICE)
    if report.content is ReportContent.RESULT:
        await resume_completion(work, assignment)
