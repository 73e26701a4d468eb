"""退办 (domain A12): a unit hands back a part that is not its own, once and soon; who decides the case gives it on.

The clock runs while it waits, but nobody is urged. The unit that gets the part has the full days.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.models import Assignment
from app.assignments.queries import assignments_of, last_deadline, load_part, slots_of
from app.assignments.rules import OPEN_ASSIGNMENTS, EndedReason
from app.assignments.service import assign, end_part, issue_notice, refresh_dates
from app.cases.models import Case
from app.cases.rules import AssignmentRole, CaseStatus, Handling
from app.cases.service import HandlingUnit, let_unit_out, reckoning_of, waits_for_leader
from app.cases.service.proposing import latest_inner_date
from app.content.service import put_text
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean, clean_optional
from app.deadlines.dates import DueDate, given, resumed, working
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import cancel, next_fire_at, set_deadline
from app.documents.service import supersede
from app.escalation.models import Explanation, ExtensionRequest, ReassignmentRequest, Urging
from app.escalation.rules import ReassignmentGround, ReassignmentStatus
from app.escalation.taking_back import take_back_unanswered
from app.identity.models import Unit
from app.identity.queries import unit_names_on, valid_units
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

ACTION = "assignment.decide_reassignment"
_OUTCOMES = frozenset({Outcome.APPROVED, Outcome.DECLINED})
_HANDED_ON = "该事项已经改由其他单位承办，催办予以撤回。"


@dataclass(frozen=True, slots=True)
class RequestReassignment:
    """`basis` (职责依据) says on what it rests that the matter is not the unit's own."""

    assignment_id: UUID
    ground: ReassignmentGround
    basis: str
    suggested_unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DecideReassignment:
    """`unit_id` with APPROVED alone: who gets the part."""

    reassignment_id: UUID
    expected_version: int
    outcome: Outcome
    unit_id: UUID | None = None
    comment: str | None = None


async def request_reassignment(work: Work, command: RequestReassignment) -> ReassignmentRequest:
    """Hand a part back. Refuses TOO_LATE_TO_REASSIGN; ALREADY_DONE the second time; STATUS_CONFLICT; INVALID_INPUT."""
    case, assignment = await load_part(work, command.assignment_id)
    await work.require("assignment.request_reassignment", assignment)
    if case.status is not CaseStatus.DISPATCHED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    if assignment.status not in OPEN_ASSIGNMENTS:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=assignment.status.value, version=assignment.version)
    asked = select(ReassignmentRequest.id).where(ReassignmentRequest.assignment_id == assignment.id)
    if await work.session.scalar(asked) is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    if assignment.hand_back_until is None or work.act.occurred_at >= assignment.hand_back_until:
        raise Refusal(RefusalCode.TOO_LATE_TO_REASSIGN)
    problems = Problems()
    basis = clean(problems, command.basis, PARAGRAPH, "input", "basis")
    suggested = command.suggested_unit_id
    known = suggested is None or await work.session.get(Unit, suggested) is not None
    problems.check(known and suggested != assignment.unit_id, RefusalCode.BAD_ID, "input", "suggestedUnit")
    problems.raise_if_any()
    request = ReassignmentRequest(
        id=new_id(),
        case_id=case.id,
        assignment_id=assignment.id,
        status=ReassignmentStatus.REQUESTED,
        ground=command.ground,
        basis_id=put_text(work.session, basis, work.now),
        suggested_unit_id=suggested,
        requested_by=work.actor.person_id,
        requested_at=work.act.occurred_at,
    )
    await work.session.flush()
    work.session.add(request)
    await work.session.flush()
    await _wait_for_leader(work, case, request)
    await work.record(
        "reassignment.requested",
        ("reassignment", request.id),
        case=case,
        action="assignment.request_reassignment",
        unit_id=assignment.unit_id,
    )
    return request


async def decide_reassignment(work: Work, command: DecideReassignment) -> ReassignmentRequest:
    """Give the part to another unit, or leave it where it is. Refuses ALREADY_DONE, and as every decision does."""
    seen = await work.load(ReassignmentRequest, command.reassignment_id, lock=False)
    case, assignment = await work.reach(Case, seen.case_id), await work.reach(Assignment, seen.assignment_id)
    request = await work.reach(ReassignmentRequest, command.reassignment_id)
    await work.require(ACTION, assignment)
    work.expect_version(request, command.expected_version)
    if request.status is not ReassignmentStatus.REQUESTED:
        raise Refusal(RefusalCode.ALREADY_DONE, state=request.status.value, version=request.version)
    granted = command.outcome is Outcome.APPROVED
    if granted and (case.status is not CaseStatus.DISPATCHED or assignment.status not in OPEN_ASSIGNMENTS):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    comment = await _checked(work, case, command)
    decision = await decide(
        work,
        DecisionKind.REASSIGNMENT,
        command.outcome,
        ("assignment", assignment.id),
        case_id=case.id,
        comment=comment,
    )
    request.status = ReassignmentStatus.GRANTED if granted else ReassignmentStatus.DECLINED
    request.decision_id = decision.id
    request.version += 1
    await cancel(work.session, SubjectKind.REASSIGNMENT, request.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("reassignment", request.id))
    if command.unit_id is not None:
        await _end(work, case, assignment)
        request.new_assignment_id = (await _hand_on(work, case, assignment, command.unit_id)).id
        await let_unit_out(work, case, assignment.unit_id)
    await refresh_dates(work, case)
    await work.record(
        "reassignment.decided",
        ("reassignment", request.id),
        case=case,
        action=ACTION,
        unit_id=assignment.unit_id,
    )
    return request


async def _wait_for_leader(work: Work, case: Case, request: ReassignmentRequest) -> None:
    reckoning = await reckoning_of(work, case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.REASSIGNMENT,
        subject_id=request.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=working(reckoning, work.today, reckoning.regulation.office.reassignment_workdays),
        source=DateSource.OFFICE,
    )
    open_todo(
        work.session,
        TodoAction.DECIDE_REASSIGNMENT,
        ("reassignment", request.id),
        case_id=case.id,
        since=work.now,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        **await waits_for_leader(work, case, TodoAction.DECIDE_REASSIGNMENT),
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)


async def _checked(work: Work, case: Case, command: DecideReassignment) -> str | None:
    problems = Problems()
    problems.check(command.outcome in _OUTCOMES, RefusalCode.NOT_APPLICABLE, "input", "outcome")
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    granted = command.outcome is Outcome.APPROVED
    problems.check(granted or comment is not None, RefusalCode.REQUIRED, "input", "comment")
    code = RefusalCode.REQUIRED if granted else RefusalCode.NOT_APPLICABLE
    problems.check((command.unit_id is not None) is granted, code, "input", "unit")
    if granted and command.unit_id is not None:
        there = {
            part.unit_id for part in await assignments_of(work.session, case.id) if part.status in OPEN_ASSIGNMENTS
        }
        valid = await valid_units(work.session, [command.unit_id], work.today)
        problems.check(command.unit_id in valid, RefusalCode.BAD_ID, "input", "unit")
        problems.check(command.unit_id not in there, RefusalCode.DUPLICATE, "input", "unit")
    problems.raise_if_any()
    return comment


async def _end(work: Work, case: Case, assignment: Assignment) -> None:
    """It is neither late nor graded, and what was asked, explained or urged for it waits for nobody any more."""
    await end_part(work, case, assignment, EndedReason.REASSIGNED)
    for kind, model in (("explanation", Explanation), ("extension", ExtensionRequest)):
        for key in await work.session.scalars(select(model.id).where(model.assignment_id == assignment.id)):
            subject_kind = SubjectKind.EXPLANATION if kind == "explanation" else SubjectKind.EXTENSION
            await cancel(work.session, subject_kind, key)
            await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=(kind, key))
    await take_back_unanswered(work, case, _HANDED_ON, ACTION, Urging.assignment_id == assignment.id)


async def _hand_on(work: Work, case: Case, ended: Assignment, unit_id: UUID) -> Assignment:
    """The other unit gets the same part by a notice of its own, with as many days as the first one had."""
    latest = await latest_inner_date(work, case, await reckoning_of(work, case))
    first = (await slots_of(work.session, ended.id))[0]
    slot = await last_deadline(work.session, first.id, SubjectKind.SLOT, SubjectKind.CONTRIBUTION)
    report = await _anew(work, case, ended, slot, latest)
    completion = report
    if ended.completion_due_on is not None:
        completion = await _anew(
            work, case, ended, await last_deadline(work.session, ended.id, SubjectKind.COMPLETION), latest
        )
    names = await unit_names_on(work.session, [unit_id], work.today)
    unit = HandlingUnit(unit_id, ended.role, ended.via_group_id, names[unit_id])
    document = await issue_notice(work, case, [unit], report, completion)
    if case.handling is Handling.SOLE:
        await supersede(work.session, ended.document_id, document)
        case.report_due_on, case.completion_due_on = report.due_on, completion.due_on
    return await assign(work, case, unit, document, report, completion, slot.source)


async def _anew(work: Work, case: Case, ended: Assignment, stood: Deadline, latest: date | None) -> DueDate:
    """A leader's own date stands; any other one leaves as many days from today as from the first delivery."""
    reckoning = await reckoning_of(work, case)
    due = given(reckoning, stood.start_on, stood.due_on, stood.due_time, stood.day_count)
    if ended.role is AssignmentRole.SUPPORTING and case.report_due_on is not None:  # it answers to the lead's date
        return given(reckoning, work.today, case.report_due_on)
    if stood.source is DateSource.LEADER and due.due_at > work.now:
        return due
    return resumed(reckoning, due, local_date(ended.delivered_at), work.today, latest)
