"""变更: who decides a case changes what its units were told, by a numbered notice; dates, and what is asked for.

What was said before stays on record: the original dates on the parts, each earlier one as a generation in the ledger.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, or_

from app.acts.rules import DecisionKind, Outcome
from app.acts.service import decide
from app.assignments.models import Assignment, ReportSlot
from app.assignments.queries import assignments_of, open_slots
from app.assignments.rules import OPEN_ASSIGNMENTS, SlotKind
from app.assignments.service import Amended, issue_amendment, move_completion, move_slot, refresh_dates
from app.cases.models import Case
from app.cases.rules import AssignmentRole, CaseStatus
from app.cases.service import reckoning_of
from app.cases.service.proposing import latest_inner_date
from app.content.service import put_text
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, PARAGRAPH, clean, clean_optional
from app.deadlines.dates import DueDate, Reckoning, contribution, given
from app.deadlines.rules import DateSource
from app.escalation.models import Urging
from app.escalation.taking_back import take_back_unanswered
from app.events.changes import plain
from app.work import Work

ACTION = "case.amend"
_MOVED = "办理期限已经变更，催办予以撤回。"
_DATES = ("report_due_on", "report_due_time", "completion_due_on")


@dataclass(frozen=True, slots=True)
class AmendCase:
    """What is not given stays. The report date is that of the notice; a report that was sent back has its own."""

    case_id: UUID
    expected_version: int
    reason: str
    requirement: str | None = None
    report_due_on: date | None = None
    report_due_time: time | None = None
    completion_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Owed:
    """Who still has a part, and what of the notice is still to be reported."""

    parts: Sequence[Assignment]
    slots: Sequence[ReportSlot]

    @property
    def principals(self) -> list[Assignment]:
        return [part for part in self.parts if part.role is not AssignmentRole.SUPPORTING]

    def reported_by(self, completion_on: date | None) -> date | None:
        """The last report date that stays where it is when the completion moves: one on the same day moves along."""
        return max((slot.due_on for slot in self.slots if slot.due_on != completion_on), default=None)


async def amend_case(work: Work, command: AmendCase) -> Case:
    """Change what a case's units were told. Refuses STATUS_CONFLICT, INVALID_INPUT, and as every decision does."""
    case = await work.load(Case, command.case_id)
    await work.require(ACTION, case)
    work.expect_version(case, command.expected_version)
    if case.status is not CaseStatus.DISPATCHED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    owed = await _owed(work, case)
    command = await _checked(work, case, owed, command)
    amended = _amended(await reckoning_of(work, case), work.today, command)
    await decide(
        work,
        DecisionKind.AMENDMENT,
        Outcome.APPROVED,
        ("case", case.id),
        case_id=case.id,
        comment=command.reason,
        changes=_changes(case, command),
    )
    if command.requirement is not None:
        requirement_id = put_text(work.session, command.requirement, work.now)
        await work.session.flush()
        case.requirement_id = requirement_id
    document = await issue_amendment(work, case, owed.parts, amended)
    left = await _move(work, case, owed, amended)
    case.version += 1
    await refresh_dates(work, case)
    await work.record("case.amended", ("document", document.id), case=case, action=ACTION)
    await _take_urgings_back(work, case, left)
    return case


async def _owed(work: Work, case: Case) -> _Owed:
    parts = [part for part in await assignments_of(work.session, case.id) if part.status in OPEN_ASSIGNMENTS]
    slots = [slot for slot in await open_slots(work.session, case.id) if slot.slot is SlotKind.ON_NOTICE]
    return _Owed(parts, slots)


async def _checked(work: Work, case: Case, owed: _Owed, command: AmendCase) -> AmendCase:
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    requirement = clean_optional(problems, command.requirement, BODY, "input", "requirement")
    wanted = (requirement, command.report_due_on, command.completion_due_on)
    problems.check(any(one is not None for one in wanted), RefusalCode.REQUIRED, "input", "requirement")
    timeless = command.report_due_time is None or command.report_due_on is not None
    problems.check(timeless, RefusalCode.NOT_APPLICABLE, "input", "reportDueTime")
    problems.check(bool(owed.parts), RefusalCode.NOT_APPLICABLE, "input", "case")
    await _check_dates(work, case, owed, command, problems)
    problems.raise_if_any()
    return replace(command, reason=reason, requirement=requirement)


async def _check_dates(work: Work, case: Case, owed: _Owed, command: AmendCase, problems: Problems) -> None:
    """In the future, a report not after the completion, both before the superior's date (第六条(一))."""
    reckoning = await reckoning_of(work, case)
    latest = await latest_inner_date(work, case, reckoning) or date.max
    amended = _amended(reckoning, work.today, command)
    if (report := amended.report_due) is not None:
        problems.check(bool(owed.slots), RefusalCode.NOT_APPLICABLE, "input", "reportDueOn")
        ends = [part.completion_due_on for part in owed.principals if part.completion_due_on]
        last = min(latest, command.completion_due_on or min(ends, default=date.max))
        fine = report.due_at > work.now and report.due_on <= last
        problems.check(fine, RefusalCode.BAD_DATE, "input", "reportDueOn")
    if (completion := amended.completion_due) is not None:
        problems.check(bool(owed.principals), RefusalCode.NOT_APPLICABLE, "input", "completionDueOn")
        stays = None if command.report_due_on else owed.reported_by(case.completion_due_on)
        fine = completion.due_at > work.now and (stays or date.min) <= completion.due_on <= latest
        problems.check(fine, RefusalCode.BAD_DATE, "input", "completionDueOn")


def _amended(reckoning: Reckoning, today: date, command: AmendCase) -> Amended:
    def due(day: date | None, hour: time | None = None) -> DueDate | None:
        return None if day is None else given(reckoning, today, day, hour)

    report = due(command.report_due_on, command.report_due_time)
    return Amended(command.requirement, report, due(command.completion_due_on))


def _changes(case: Case, command: AmendCase) -> list[dict[str, Any]]:
    """Days and hours before and after; of words only that they are others."""
    given_dates = {name: value for name in _DATES if (value := getattr(command, name)) is not None}
    found = [
        {"field": name, "before": plain(getattr(case, name)), "after": plain(value)}
        for name, value in given_dates.items()
    ]
    words = {"field": "requirement", "before": None, "after": None}
    return found + ([words] if command.requirement is not None else [])


async def _move(work: Work, case: Case, owed: _Owed, amended: Amended) -> dict[UUID, set[date]]:
    """New generations of the dates. By part the days that are owed no more."""
    left: dict[UUID, set[date]] = defaultdict(set)
    ends = {part.id: part.completion_due_on for part in owed.parts}
    report, completion = amended.report_due, amended.completion_due
    for slot in owed.slots:
        due = report or (completion if slot.due_on == ends[slot.assignment_id] else None)
        if due is not None:
            left[slot.assignment_id].add(slot.due_on)
            await move_slot(work, case, slot, due, DateSource.LEADER)
    if report is not None:
        case.report_due_on, case.report_due_time = report.due_on, report.due_time
        await _move_contributions(work, case, report)
    if completion is not None:
        case.completion_due_on = completion.due_on
        for part in owed.principals:
            if part.completion_due_on is not None:
                left[part.id].add(part.completion_due_on)
                await move_completion(work, case, part, completion, DateSource.LEADER)
    return left


async def _move_contributions(work: Work, case: Case, report: DueDate) -> None:
    """Supporting units answer before the lead's date, wherever it lies now (第八条(四)1)."""
    due = contribution(await reckoning_of(work, case), work.today, report.due_on)
    for slot in await open_slots(work.session, case.id):
        if slot.slot is SlotKind.CONTRIBUTION:
            await move_slot(work, case, slot, due, DateSource.OFFICE)


async def _take_urgings_back(work: Work, case: Case, left: dict[UUID, set[date]]) -> None:
    """What was urged for a date that is owed no more."""
    of_dates = (and_(Urging.assignment_id == part, Urging.for_due_on.in_(days)) for part, days in left.items())
    await take_back_unanswered(work, case, _MOVED, ACTION, or_(false(), *of_dates))
