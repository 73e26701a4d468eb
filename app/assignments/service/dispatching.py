"""交办 (第七条(一), 第八条(二)): the approved case goes out as a numbered document; each unit's clocks start."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.assignments.models import Assignment
from app.assignments.queries import next_round
from app.assignments.rules import AssignmentStatus, ReportContent, SlotKind
from app.assignments.service.dates import move_completion, open_slot, refresh_dates
from app.assignments.service.notices import issue_notice
from app.cases.models import Case, HandlingProposal
from app.cases.rules import AssignmentRole, CaseStatus, roles_fit, step
from app.cases.service import (
    HandlingUnit,
    add_participant,
    current_proposal,
    handling_units,
    let_unit_in,
    proposed_units,
    reckoning_of,
)
from app.cases.service.proposing import latest_inner_date
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode, invalid
from app.deadlines.dates import DueDate, Reckoning, contribution, given, proposed, working
from app.deadlines.hours import reassignment_until
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import set_deadline
from app.documents.models import Document
from app.regulation.rules import TimeLimitTier
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class DispatchCase:
    case_id: UUID
    expected_version: int


async def dispatch_case(work: Work, command: DispatchCase) -> Case:
    """Issue the notice and start the clocks. Refuses as every decision does; DATE_PASSED; NOT_APPLICABLE."""
    case = await work.load(Case, command.case_id)
    await work.require("case.dispatch", case)
    work.expect_version(case, command.expected_version)
    if case.status is not CaseStatus.APPROVED:  # a closing that is sent back, too, is DISPATCHED again
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    case.status = step(case.status, CaseStatus.DISPATCHED)
    proposal = await current_proposal(work, case)
    units = await _units_today(work, proposal)
    reckoning = await reckoning_of(work, case)
    report_due, completion_due = _dates(work, reckoning, proposal, await latest_inner_date(work, case, reckoning))
    _take_over(case, proposal, report_due, completion_due, work)
    document = await issue_notice(work, case, units, report_due, completion_due)
    for unit in units:
        await assign(work, case, unit, document, report_due, completion_due, _source(proposal))
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    await refresh_dates(work, case)
    await work.record("case.dispatched", ("document", document.id), case=case, action="case.dispatch")
    return case


async def _units_today(work: Work, proposal: HandlingProposal) -> list[HandlingUnit]:
    """Who is in a group today gets a part.

    Refuses NOT_APPLICABLE where a unit that was named is no more, or the units no longer fit the manner decided.
    """
    choices = await proposed_units(work, proposal)
    units = await handling_units(work, choices)
    gone = {choice.unit_id for choice in choices if choice.unit_id} - {unit.unit_id for unit in units}
    if gone or not roles_fit(proposal.handling, [unit.role for unit in units]):
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "case")
    return units


def _dates(
    work: Work, reckoning: Reckoning, proposal: HandlingProposal, latest: date | None
) -> tuple[DueDate, DueDate]:
    """The report date as decided, else as the tier counts it from today; the completion date, else the same.

    Refuses DATE_PASSED for what lies behind, or since then beyond the superior's date.
    """
    if proposal.report_due_on is not None:
        report = given(reckoning, work.today, proposal.report_due_on, proposal.report_due_time)
    else:
        counted = proposed(reckoning, proposal.tier, work.today)
        assert counted is not None  # LEADER_SPECIFIED carries its date
        report = counted
    if proposal.completion_due_on is None:
        completion = report
    else:
        completion = given(reckoning, work.today, proposal.completion_due_on)
    beyond = latest is not None and max(report.due_on, completion.due_on) > latest
    if report.due_at <= work.now or completion.due_at < report.due_at or beyond:
        raise Refusal(RefusalCode.DATE_PASSED)
    return report, completion


def _source(proposal: HandlingProposal) -> DateSource:
    if proposal.tier is TimeLimitTier.LEADER_SPECIFIED:
        return DateSource.LEADER
    return DateSource.NOTICE if proposal.report_due_on else DateSource.TIER


def _take_over(case: Case, proposal: HandlingProposal, report: DueDate, completion: DueDate, work: Work) -> None:
    case.handling, case.tier = proposal.handling, proposal.tier
    case.report_due_on, case.report_due_time = report.due_on, report.due_time
    case.completion_due_on = completion.due_on
    case.dispatched_at = work.now
    case.version += 1


async def assign(
    work: Work,
    case: Case,
    unit: HandlingUnit,
    document: Document,
    report_due: DueDate,
    completion_due: DueDate,
    source: DateSource,
) -> Assignment:
    """A unit's part of a case: from now on it owes a report and the completion, or its contribution."""
    assignment = Assignment(
        id=new_id(),
        case_id=case.id,
        unit_id=unit.unit_id,
        round=await next_round(work.session, case.id, unit.unit_id),
        role=unit.role,
        via_group_id=unit.group_id,
        unit_name=unit.name,
        status=AssignmentStatus.ISSUED,
        document_id=document.id,
        issued_at=work.now,
        delivered_at=work.now,  # issued and placed in the inbox by the same commit
        hand_back_until=reassignment_until(await reckoning_of(work, case), case.tier, work.now) if case.tier else None,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(assignment)
    await work.session.flush()
    principal = unit.role is not AssignmentRole.SUPPORTING
    await add_participant(work, case, unit_id=unit.unit_id, principal=principal, supporting=not principal)
    await let_unit_in(work, case, unit.unit_id)
    await _expect_acknowledgement(work, case, assignment)
    if principal:
        await open_slot(work, case, assignment, SlotKind.ON_NOTICE, ReportContent.PROGRESS, report_due, source)
        await move_completion(work, case, assignment, completion_due, source)
    else:
        due = contribution(await reckoning_of(work, case), work.today, report_due.due_on)
        await open_slot(work, case, assignment, SlotKind.CONTRIBUTION, ReportContent.PROGRESS, due, DateSource.OFFICE)
    return assignment


async def _expect_acknowledgement(work: Work, case: Case, assignment: Assignment) -> None:
    """签收 does not start the clock; that it is missing is told after a working day (第四条)."""
    reckoning = await reckoning_of(work, case)
    due = working(reckoning, work.today, reckoning.regulation.unit.acknowledge_workdays)
    await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.ACKNOWLEDGEMENT,
        subject_id=assignment.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=due,
        source=DateSource.OFFICE,
    )
    open_todo(
        work.session,
        TodoAction.ACKNOWLEDGE,
        ("assignment", assignment.id),
        case_id=case.id,
        since=work.now,
        unit_id=assignment.unit_id,
        due_on=due.due_on,
        due_at=due.due_at,
    )
