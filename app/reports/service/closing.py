"""办结 (第十二条): proposed by one, confirmed by another; on time where every principal was."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.models import Assignment
from app.assignments.queries import open_principals, open_slots
from app.assignments.rules import AssignmentStatus, EndedReason, SlotState
from app.assignments.service import refresh_dates
from app.authz import Role
from app.cases.models import Case, Closure
from app.cases.rules import CaseStatus, step
from app.cases.service import publish, reckoning_of
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, PARAGRAPH, clean, clean_optional
from app.deadlines.dates import working
from app.deadlines.rules import DateSource, DeadlineState, Stage, SubjectKind
from app.deadlines.service import cancel, next_fire_at, set_deadline
from app.reports.queries import (
    contributed,
    is_office,
    last_closure,
    pending_deadlines,
    principals_of,
    supporting_parts,
)
from app.reports.service.reading import check_read
from app.reports.service.reviewing import ask_to_close
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_OUTCOMES = frozenset({Outcome.APPROVED, Outcome.RETURNED})


@dataclass(frozen=True, slots=True)
class ProposeClosing:
    case_id: UUID
    summary: str


@dataclass(frozen=True, slots=True)
class ConfirmClosing:
    case_id: UUID
    expected_version: int
    outcome: Outcome
    comment: str | None = None


async def propose_closing(work: Work, command: ProposeClosing) -> Case:
    """Propose that a case is done. Refuses STILL_OWED, READING_REQUIRED, READING_PENDING, STATUS_CONFLICT."""
    case = await work.load(Case, command.case_id)
    await work.require("case.propose_closing", case)
    closing = step(case.status, CaseStatus.CLOSING)
    problems = Problems()
    summary = clean(problems, command.summary, BODY, "input", "summary")
    problems.raise_if_any()
    if await open_principals(work.session, case.id):
        raise Refusal(RefusalCode.STILL_OWED, state=case.status.value, version=case.version)
    await check_read(work, case)
    case.status = closing
    closure = await _propose(work, case, summary)
    case.version += 1
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    await _await_confirmation(work, case, closure)
    await publish(work, case)
    await work.record("case.closing_proposed", ("closure", closure.id), case=case, action="case.propose_closing")
    return case


async def _propose(work: Work, case: Case, summary: str) -> Closure:
    """The n-th closing. One that was sent back is proposed again as the same."""
    summary_id = put_text(work.session, summary, work.now)
    await work.session.flush()
    closure = await last_closure(work.session, case.id)
    if closure is None or closure.closed_at is not None:
        closure = Closure(id=new_id(), case_id=case.id, nth=closure.nth + 1 if closure else 1)
    closure.proposed_by, closure.proposed_at = work.actor.person_id, work.now
    closure.summary_id = summary_id
    work.session.add(closure)
    await work.session.flush()
    return closure


async def _await_confirmation(work: Work, case: Case, closure: Closure) -> None:
    reckoning = await reckoning_of(work, case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.CLOSING,
        subject_id=closure.id,
        case_id=case.id,
        stage=Stage.NOTICE,
        due=working(reckoning, work.today, reckoning.regulation.office.closing_workdays),
        source=DateSource.OFFICE,
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)
    # What the office itself handled, its own head may not close.
    office = await is_office(work.session, [part.unit_id for part in await principals_of(work.session, case.id)])
    open_todo(
        work.session,
        TodoAction.CONFIRM_CLOSING,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        role=(Role.OFFICE_LEADER if office else Role.SUPERVISION_HEAD).value,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
    )


async def confirm_closing(work: Work, command: ConfirmClosing) -> Case:
    """Close a case, or send the proposal back. Refuses SAME_PERSON for who proposed it, and as every decision does."""
    case = await work.load(Case, command.case_id)
    await work.require("case.confirm_closing", case)
    work.expect_version(case, command.expected_version)
    if case.status is not CaseStatus.CLOSING:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    approved = command.outcome is Outcome.APPROVED
    case.status = step(case.status, CaseStatus.CLOSED if approved else CaseStatus.DISPATCHED)
    closure = await last_closure(work.session, case.id)
    assert closure is not None  # CLOSING has one
    if closure.proposed_by == work.actor.person_id:
        raise Refusal(RefusalCode.SAME_PERSON, action="case.confirm_closing")
    comment = _checked_comment(command)
    if approved:
        await check_read(work, case)  # new words may have come since it was proposed
    decision = await decide(
        work, DecisionKind.CLOSING, command.outcome, ("closure", closure.id), case_id=case.id, comment=comment
    )
    closure.decision_id = decision.id
    case.version += 1
    if approved:
        await _close(work, case, closure)
    else:
        await _send_back(work, case, closure)
    await refresh_dates(work, case)
    event_type = "case.closed" if approved else "case.closing_returned"
    await work.record(event_type, ("closure", closure.id), case=case, action="case.confirm_closing")
    return case


def _checked_comment(command: ConfirmClosing) -> str | None:
    problems = Problems()
    problems.check(command.outcome in _OUTCOMES, RefusalCode.NOT_APPLICABLE, "input", "outcome")
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    with_reason = command.outcome is Outcome.RETURNED
    problems.check(not with_reason or comment is not None, RefusalCode.REQUIRED, "input", "comment")
    problems.raise_if_any()
    return comment


async def _close(work: Work, case: Case, closure: Closure) -> None:
    case.closed_at = closure.closed_at = work.act.occurred_at
    completed = [
        part for part in await principals_of(work.session, case.id) if part.status is AssignmentStatus.COMPLETED
    ]
    closure.on_time = all(part.completed_on_time for part in completed)
    await _end_supporting(work, case)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, case_id=case.id)
    for deadline in await pending_deadlines(work.session, case.id):
        deadline.state = DeadlineState.CANCELLED


async def _end_supporting(work: Work, case: Case) -> None:
    """Supporting units are done with the case: those that contributed have done their part."""
    parts = await supporting_parts(work.session, case.id)
    there = await contributed(work.session, [part.id for part in parts])
    for part in parts:
        _end(work, part, done=part.id in there)
    for slot in await open_slots(work.session, case.id):
        slot.state = SlotState.CANCELLED
        slot.version += 1


def _end(work: Work, part: Assignment, *, done: bool) -> None:
    part.status = AssignmentStatus.COMPLETED if done else AssignmentStatus.ENDED
    part.ended_reason = None if done else EndedReason.CASE_ENDED
    part.completed_at, part.ended_at = (work.act.occurred_at, None) if done else (None, work.act.occurred_at)
    part.updated_at = work.now
    part.version += 1


async def _send_back(work: Work, case: Case, closure: Closure) -> None:
    await cancel(work.session, SubjectKind.CLOSING, closure.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    await work.session.flush()
    await ask_to_close(work, case)
