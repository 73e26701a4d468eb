"""审定 (第七条(一)): the leader's decision on a proposal, in its five outcomes."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.authz import Role
from app.cases.models import Case, HandlingProposal, ProposedUnit
from app.cases.rules import AssignmentRole, CaseStatus, Handling, step
from app.cases.service.handling_units import ProposedUnitChoice
from app.cases.service.participants import publish
from app.cases.service.proposing import (
    ProposeHandling,
    add_proposal,
    check_dates,
    check_units,
    reckoning_of,
)
from app.cases.service.standing_in import WaitsFor, waits_for
from app.content.service import text_of
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean_optional
from app.deadlines.dates import working
from app.events.changes import plain
from app.regulation.rules import TimeLimitTier
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work

_CHANGEABLE = ("handling", "tier", "units", "report_due_on", "report_due_time", "completion_due_on")


@dataclass(frozen=True, slots=True)
class HandlingChanges:
    """What a leader changes in approving. None: as proposed."""

    handling: Handling | None = None
    tier: TimeLimitTier | None = None
    units: tuple[ProposedUnitChoice, ...] | None = None
    report_due_on: date | None = None
    report_due_time: time | None = None
    completion_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecideHandling:
    case_id: UUID
    expected_version: int
    outcome: Outcome
    comment: str | None = None
    changes: HandlingChanges | None = None


@dataclass(frozen=True, slots=True)
class _Next:
    """Where an outcome leads, and what then waits for the office."""

    status: CaseStatus | None
    todo: TodoAction | None


_NEXT: dict[Outcome, _Next] = {
    Outcome.APPROVED: _Next(CaseStatus.APPROVED, TodoAction.DISPATCH),
    Outcome.APPROVED_WITH_CHANGES: _Next(CaseStatus.APPROVED, TodoAction.DISPATCH),
    Outcome.RETURNED: _Next(CaseStatus.REGISTERED, TodoAction.PROPOSE),
    Outcome.DECLINED: _Next(CaseStatus.DECLINED, None),
    Outcome.NOTED: _Next(None, TodoAction.DECIDE),  # 圈阅 approves nothing: the matter still waits
}


async def decide_handling(work: Work, command: DecideHandling) -> Case:
    """Decide on the current proposal. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, VERSION_ and STATUS_CONFLICT."""
    case = await work.load(Case, command.case_id)
    await work.require("case.decide", case)
    work.expect_version(case, command.expected_version)
    leads_to = _NEXT[command.outcome]
    if case.status is not CaseStatus.PENDING_DECISION:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    comment = _checked_comment(command)
    proposal = await current_proposal(work, case)
    changed = await _apply_changes(work, case, proposal, command)
    decision = await decide(
        work,
        DecisionKind.HANDLING,
        command.outcome,
        ("case", case.id),
        case_id=case.id,
        comment=comment,
        changes=changed,
    )
    if leads_to.status is not None:
        case.status = step(case.status, leads_to.status)
    case.version += 1
    await _hand_on(work, case, leads_to.todo, proposal.leader_id)
    await publish(work, case)
    await work.record("case.decided", ("decision", decision.id), case=case, action="case.decide")
    return case


async def current_proposal(work: Work, case: Case) -> HandlingProposal:
    statement = (
        select(HandlingProposal)
        .where(HandlingProposal.case_id == case.id)
        .order_by(HandlingProposal.round.desc())
        .limit(1)
    )
    return (await work.session.execute(statement)).scalar_one()


async def proposed_units(work: Work, proposal: HandlingProposal) -> tuple[ProposedUnitChoice, ...]:
    """Units and groups as proposed, in the order given."""
    statement = select(ProposedUnit).where(ProposedUnit.proposal_id == proposal.id).order_by(ProposedUnit.position)
    return tuple(
        ProposedUnitChoice(unit.role or AssignmentRole.PRINCIPAL, unit.unit_id, unit.group_id)
        for unit in await work.session.scalars(statement)
    )


def _checked_comment(command: DecideHandling) -> str | None:
    problems = Problems()
    comment = clean_optional(problems, command.comment, PARAGRAPH, "input", "comment")
    with_reason = command.outcome in {Outcome.RETURNED, Outcome.DECLINED}
    problems.check(not with_reason or comment is not None, RefusalCode.REQUIRED, "input", "comment")
    wants_changes = command.outcome is Outcome.APPROVED_WITH_CHANGES
    has_changes = command.changes is not None and command.changes != HandlingChanges()
    problems.check(not wants_changes or has_changes, RefusalCode.REQUIRED, "input", "changes")
    problems.check(wants_changes or command.changes is None, RefusalCode.NOT_APPLICABLE, "input", "changes")
    problems.raise_if_any()
    return comment


async def _apply_changes(
    work: Work, case: Case, proposal: HandlingProposal, command: DecideHandling
) -> list[dict[str, Any]]:
    """What was proposed stays as it was; the changed version becomes the next round, in the leader's name."""
    if command.changes is None:
        return []
    before = await _as_command(work, case, proposal)
    given = {
        name: value for name in _CHANGEABLE if (value := getattr(command.changes, name)) is not None
    }  # fmt: skip
    after = replace(before, **given)
    problems = Problems()
    await check_units(work, after, problems)
    await check_dates(work, case, after, problems)
    problems.place_within("changes")
    problems.raise_if_any()
    await add_proposal(work, case, after)
    return [{"field": name, "before": _shown(getattr(before, name)), "after": _shown(given[name])} for name in given]


async def _as_command(work: Work, case: Case, proposal: HandlingProposal) -> ProposeHandling:
    return ProposeHandling(
        case_id=case.id,
        handling=proposal.handling,
        tier=proposal.tier,
        units=await proposed_units(work, proposal),
        opinion=await text_of(work.session, proposal.opinion_id) or "",
        leader_id=proposal.leader_id,
        report_due_on=proposal.report_due_on,
        report_due_time=proposal.report_due_time,
        completion_due_on=proposal.completion_due_on,
        instruction_id=proposal.instruction_id,
    )


def _shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return [
            {"role": choice.role.value, "unit": plain(choice.unit_id), "group": plain(choice.group_id)}
            for choice in value
        ]
    return plain(value)


async def _hand_on(work: Work, case: Case, action: TodoAction | None, leader_id: UUID) -> None:
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("case", case.id))
    await work.session.flush()
    if action is None:
        return
    reckoning = await reckoning_of(work, case)
    due = working(reckoning, work.today, reckoning.regulation.office.dispatch_workdays)
    waiting: WaitsFor = {"person_id": None, "role": Role.SUPERVISION_OFFICER.value, "in_place_of": None}
    if action is TodoAction.DECIDE:
        waiting = await waits_for(work, case.id, leader_id, action)
    open_todo(
        work.session,
        action,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        due_on=due.due_on,
        due_at=due.due_at,
        **waiting,
    )
