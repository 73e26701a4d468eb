"""协办反馈 (第八条(四)1): a supporting unit contributes to the lead. No signature; the lead answers for it."""

from dataclasses import dataclass
from uuid import UUID

from app.assignments.models import Assignment
from app.assignments.queries import load_part, open_slots
from app.assignments.rules import ReportContent, SlotKind
from app.assignments.service import meet_slot, refresh_dates
from app.cases.models import Case
from app.cases.rules import is_principal
from app.core.ids import new_id
from app.core.refusals import Problems, RefusalCode, invalid
from app.reports.models import Report
from app.reports.queries import Part
from app.reports.rules import ReportStatus
from app.reports.service.composing import SectionInput, check_list, clean_sections, write_files, write_sections
from app.work import Work


@dataclass(frozen=True, slots=True)
class SubmitContribution:
    assignment_id: UUID
    sections: tuple[SectionInput, ...]
    file_ids: tuple[UUID, ...] = ()


async def submit_contribution(work: Work, command: SubmitContribution) -> Report:
    """Give the lead what it needs, any number of times. Meets the contribution that was owed.

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT.
    """
    case, assignment = await load_part(work, command.assignment_id)
    report = _contribution(work, case, assignment)
    await work.require("contribution.submit", report)
    if is_principal(assignment.role):
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "assignment")
    Part(case, assignment).must_run()
    problems = Problems()
    sections = clean_sections(problems, command.sections)
    check_list(problems, command.file_ids, "files")
    problems.raise_if_any()
    work.session.add(report)
    await work.session.flush()
    await write_files(work, case, report, command.file_ids)
    await write_sections(work, report, sections)
    for slot in await open_slots(work.session, case.id):
        if slot.assignment_id == assignment.id and slot.slot is SlotKind.CONTRIBUTION:
            await meet_slot(work, slot, work.act.occurred_at)
    await refresh_dates(work, case)
    await work.record(
        "contribution.submitted",
        ("report", report.id),
        case=case,
        action="contribution.submit",
        unit_id=assignment.unit_id,
    )
    return report


def _contribution(work: Work, case: Case, assignment: Assignment) -> Report:
    return Report(
        id=new_id(),
        case_id=case.id,
        assignment_id=assignment.id,
        unit_id=assignment.unit_id,
        contribution=True,
        content=ReportContent.PROGRESS,
        status=ReportStatus.SUBMITTED,
        drafted_by=work.actor.person_id,
        submitted_by=work.actor.person_id,
        submitted_at=work.act.occurred_at,
        received_at=work.now,
        created_at=work.now,
        updated_at=work.now,
    )
