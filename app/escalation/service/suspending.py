"""中止、恢复、撤销: who decides a case stops its clocks, lets them run on, or gives it up before it is done.

What was urged for and not answered is taken back: after a standstill every unit gets its first urging anew.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.acts.models import Decision
from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.service import end_parts, refresh_dates, run_clocks, stop_clocks
from app.cases.models import Case
from app.cases.rules import CaseStatus, step
from app.cases.service import waits_for_leader
from app.core.clock import local_date
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean, clean_optional
from app.deadlines.rules import DeadlineState
from app.escalation.taking_back import take_back_unanswered
from app.reports.queries import pending_deadlines
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_SUSPENDED = "该事项已经中止办理，催办予以撤回。"
_CANCELLED = "该事项已经撤销，催办予以撤回。"
# What was said and done about a unit's conduct is brought to its end by people, whatever becomes of the matter.
_OF_CONDUCT = frozenset(
    {
        TodoAction.HOLD_TALK,
        TodoAction.ISSUE_CONCLUSION,
        TodoAction.APPROVE_CIRCULAR,
        TodoAction.REVISE_CIRCULAR,
        TodoAction.PUBLISH_CIRCULAR,
        TodoAction.ACKNOWLEDGE_CIRCULAR,
        TodoAction.CHECK_RECORDED_ACT,
        TodoAction.CONFIRM_IN_WRITING,
    }
)


@dataclass(frozen=True, slots=True)
class SuspendCase:
    case_id: UUID
    expected_version: int
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeCase:
    case_id: UUID
    expected_version: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class CancelCase:
    case_id: UUID
    expected_version: int
    reason: str


async def suspend_case(work: Work, command: SuspendCase) -> Case:
    """Stop the clocks of a case that is with its units. Refuses INVALID_INPUT, and as every decision does."""
    case = await _load(work, command.case_id, "case.suspend", command.expected_version)
    case.status = step(case.status, CaseStatus.SUSPENDED)
    decision = await _decide(work, case, DecisionKind.SUSPENSION, _reason(command.reason))
    await stop_clocks(work, case)
    await take_back_unanswered(work, case, _SUSPENDED, "case.suspend")
    await work.session.flush()
    open_todo(
        work.session,
        TodoAction.RESUME,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        **await waits_for_leader(work, case, TodoAction.RESUME),
    )
    await refresh_dates(work, case)
    await work.record("case.suspended", ("decision", decision.id), case=case, action="case.suspend")
    return case


async def resume_case(work: Work, command: ResumeCase) -> Case:
    """Let the clocks run on with the days that were left. Refuses INVALID_INPUT, and as every decision does."""
    case = await _load(work, command.case_id, "case.resume", command.expected_version)
    if case.status is not CaseStatus.SUSPENDED:  # other states lead to DISPATCHED too
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    case.status = step(case.status, CaseStatus.DISPATCHED)
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    problems.raise_if_any()
    stopped = await _last_suspension(work, case)
    decision = await _decide(work, case, DecisionKind.RESUMPTION, comment)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    await run_clocks(work, case, stopped.recorded_at, local_date(stopped.occurred_at))
    await refresh_dates(work, case)
    await work.record("case.resumed", ("decision", decision.id), case=case, action="case.resume")
    return case


async def cancel_case(work: Work, command: CancelCase) -> Case:
    """Give a case up, at any time before its closing is proposed. Refuses INVALID_INPUT, and as every decision does."""
    case = await _load(work, command.case_id, "case.cancel", command.expected_version)
    case.status = step(case.status, CaseStatus.CANCELLED)
    decision = await _decide(work, case, DecisionKind.CANCELLATION, _reason(command.reason))
    await end_parts(work, case)
    await take_back_unanswered(work, case, _CANCELLED, "case.cancel")
    others = frozenset(TodoAction) - _OF_CONDUCT
    await close_todos(work.session, at=work.now, by=work.actor.person_id, case_id=case.id, actions=others)
    for deadline in await pending_deadlines(work.session, case.id):
        deadline.state = DeadlineState.CANCELLED
    await refresh_dates(work, case)
    await work.record("case.cancelled", ("decision", decision.id), case=case, action="case.cancel")
    return case


async def _load(work: Work, case_id: UUID, action: str, expected_version: int) -> Case:
    case = await work.load(Case, case_id)
    await work.require(action, case)
    work.expect_version(case, expected_version)
    return case


def _reason(text: str) -> str:
    problems = Problems()
    reason = clean(problems, text, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    return reason


async def _decide(work: Work, case: Case, kind: DecisionKind, comment: str | None) -> Decision:
    case.version += 1
    return await decide(work, kind, Outcome.APPROVED, ("case", case.id), case_id=case.id, comment=comment)


async def _last_suspension(work: Work, case: Case) -> Decision:
    statement = select(Decision).where(Decision.case_id == case.id, Decision.kind == DecisionKind.SUSPENSION)
    return (await work.session.scalars(statement.order_by(Decision.recorded_at.desc()).limit(1))).one()
