"""恢复办理 (第十二条): what was closed is handled again, by the word of who closed it, with a new date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.assignments.models import Assignment
from app.assignments.rules import AssignmentStatus
from app.assignments.service import move_completion, refresh_dates
from app.cases.models import Case
from app.cases.rules import CaseStatus, step
from app.cases.service import reckoning_of
from app.cases.service.proposing import latest_inner_date
from app.content.service import put_text
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.deadlines.dates import given
from app.deadlines.rules import DateSource
from app.reports.queries import last_closure, principals_of
from app.reports.service.completion import resume_completion
from app.work import Work

_MOST = 100


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """`assignment_ids` None: every principal that had completed its part."""

    case_id: UUID
    reason: str
    completion_due_on: date
    assignment_ids: tuple[UUID, ...] | None = None


async def reopen_case(work: Work, command: ReopenCase) -> Case:
    """Give a closed case back to its units, until it is archived. Only who confirmed the closing may.

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED, NOT_FOUND, STATUS_CONFLICT.
    """
    case = await work.load(Case, command.case_id)
    await work.require("case.reopen", case)
    if case.status is not CaseStatus.CLOSED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    case.status = step(case.status, CaseStatus.DISPATCHED)
    closure = await last_closure(work.session, case.id)
    assert closure is not None  # CLOSED has one
    reason, parts = await _checked(work, case, command)
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    closure.reopened_at, closure.reopened_by = work.act.occurred_at, work.actor.person_id
    closure.reopen_reason_id = reason_id
    case.closed_at, case.completion_due_on = None, command.completion_due_on
    case.version += 1
    for part in parts:
        await _resume(work, case, part, command.completion_due_on)
    await refresh_dates(work, case)
    await work.record("case.reopened", ("closure", closure.id), case=case, action="case.reopen")
    return case


async def _checked(work: Work, case: Case, command: ReopenCase) -> tuple[str, Sequence[Assignment]]:
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    latest = await latest_inner_date(work, case, await reckoning_of(work, case))
    fine = command.completion_due_on >= work.today and (latest is None or command.completion_due_on <= latest)
    problems.check(fine, RefusalCode.BAD_DATE, "input", "completionDueOn")
    done = {
        part.id: part
        for part in await principals_of(work.session, case.id)
        if part.status is AssignmentStatus.COMPLETED
    }
    chosen = tuple(done) if command.assignment_ids is None else command.assignment_ids
    problems.check(bool(chosen), RefusalCode.REQUIRED, "input", "assignments")
    problems.check(len(chosen) <= _MOST, RefusalCode.TOO_MANY, "input", "assignments", limit=_MOST)
    problems.check(len(set(chosen)) == len(chosen), RefusalCode.DUPLICATE, "input", "assignments")
    for index, assignment_id in enumerate(chosen[:_MOST]):
        problems.check(assignment_id in done, RefusalCode.BAD_ID, "input", "assignments", index)
    problems.raise_if_any()
    return reason, [done[assignment_id] for assignment_id in chosen]


async def _resume(work: Work, case: Case, part: Assignment, completion_due_on: date) -> None:
    acknowledged = part.acknowledged_at is not None
    part.status = AssignmentStatus.ACKNOWLEDGED if acknowledged else AssignmentStatus.ISSUED
    part.completed_at = part.completed_on_time = None
    part.updated_at = work.now
    part.version += 1
    due = given(await reckoning_of(work, case), work.today, completion_due_on)
    await move_completion(work, case, part, due, DateSource.OFFICE)
    await resume_completion(work, part)
