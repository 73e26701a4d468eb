"""A unit takes a report back before it is reviewed: what it had met is owed again, by its own date."""

from dataclasses import dataclass
from uuid import UUID

from app.assignments.models import ReportSlot
from app.assignments.queries import last_deadline
from app.assignments.rules import ReportContent, SlotKind, SlotState
from app.assignments.service import move_slot, refresh_dates
from app.deadlines.dates import DueDate
from app.deadlines.rules import SubjectKind
from app.deadlines.service import cancel
from app.reports.models import Report
from app.reports.queries import Part, load_report
from app.reports.rules import ReportStatus, step
from app.reports.service.completion import resume_completion
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawReport:
    report_id: UUID
    expected_version: int


async def withdraw_report(work: Work, command: WithdrawReport) -> Report:
    """Take back a draft, or what was submitted and not yet reviewed. Refuses as every decision does."""
    report, parts = await load_report(work, command.report_id)
    await work.require("report.withdraw", report)
    work.expect_version(report, command.expected_version)
    submitted = report.status is ReportStatus.SUBMITTED
    report.status = step(report.status, ReportStatus.WITHDRAWN)
    report.version += 1
    report.updated_at = work.now
    await cancel(work.session, SubjectKind.REVIEW, report.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("report", report.id))
    for part in parts if submitted else parts[:1]:
        if submitted:
            part.must_run()
            await _owe_again(work, report, part)
            await refresh_dates(work, part.case)
        await work.record(
            "report.withdrawn", ("report", report.id), case=part.case, action="report.withdraw", unit_id=report.unit_id
        )
    return report


async def _owe_again(work: Work, report: Report, part: Part) -> None:
    for slot in part.slots:
        await _reopen(work, part, slot)
    assignment = part.assignment
    assignment.updated_at = work.now
    assignment.version += 1
    if report.content is ReportContent.RESULT:
        assignment.in_review = False
        await resume_completion(work, assignment)


async def _reopen(work: Work, part: Part, slot: ReportSlot) -> None:
    slot.state, slot.met_at, slot.met_on_time = SlotState.OPEN, None, None
    last = await last_deadline(work.session, slot.id, SubjectKind.SLOT)
    due = DueDate(
        start_on=last.start_on,
        days=last.days,
        day_count=last.day_count,
        due_on=slot.due_on,
        due_time=slot.due_time,
        due_at=slot.due_at,
        yellow_from=slot.yellow_from,
        red_from=slot.red_from,
        provisional=last.provisional,
    )
    await move_slot(work, part.case, slot, due, last.source)
    open_todo(
        work.session,
        TodoAction.REWORK if slot.slot is SlotKind.REWORK else TodoAction.REPORT,
        ("report_slot", slot.id),
        case_id=part.case.id,
        since=work.now,
        unit_id=part.assignment.unit_id,
        due_on=slot.due_on,
        due_at=slot.due_at,
    )
