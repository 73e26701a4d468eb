"""Writing the ledger: set, replace, cancel, recompute. Callers hold the case locked and record what has changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.deadlines.dates import DueDate, Reckoning, counted, given
from app.deadlines.hours import fire_at
from app.deadlines.models import Deadline
from app.deadlines.queries import last_generation, next_fire_at, pending_of, provisional_deadlines
from app.deadlines.rules import BINDING_SOURCES, DateSource, DeadlineState, Stage, SubjectKind
from app.regulation.service import rule_set_of
from app.workdays.rules import Calendar

__all__ = ["Recomputed", "cancel", "first_deadline", "next_fire_at", "recompute_provisional", "set_deadline"]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A pending date after a notice came in. `row` is the one that now stands, `replaced` the one before it, if any."""

    row: Deadline
    due: DueDate
    replaced: Deadline | None


def first_deadline(
    reckoning: Reckoning,
    *,
    subject_kind: SubjectKind,
    subject_id: UUID,
    case_id: UUID | None,
    stage: Stage,
    due: DueDate,
    source: DateSource,
) -> Deadline:
    """The row for a subject that cannot have one yet (a new slot, an urging just delivered), for adding in bulk."""
    return Deadline(
        subject_kind=subject_kind,
        subject_id=subject_id,
        case_id=case_id,
        stage=stage,
        generation=1,
        start_on=due.start_on,
        days=due.days,
        day_count=due.day_count,
        due_on=due.due_on,
        due_time=due.due_time,
        due_at=due.due_at,
        fire_at=fire_at(reckoning, stage, due),
        source=source,
        rule_set_id=reckoning.rule_set_id,
        calendar_version=reckoning.calendar.version,
        provisional=due.provisional,
        state=DeadlineState.PENDING,
    )


async def set_deadline(
    session: AsyncSession,
    reckoning: Reckoning,
    *,
    subject_kind: SubjectKind,
    subject_id: UUID,
    case_id: UUID | None,
    stage: Stage,
    due: DueDate,
    source: DateSource,
) -> Deadline:
    """Set or replace a date. A replaced date is a new generation; the same date from the same source is no change."""
    row = first_deadline(
        reckoning,
        subject_kind=subject_kind,
        subject_id=subject_id,
        case_id=case_id,
        stage=stage,
        due=due,
        source=source,
    )
    return await _replace(session, row)


async def _replace(session: AsyncSession, row: Deadline) -> Deadline:
    await session.flush()
    pending = await pending_of(session, row.subject_kind, row.subject_id, row.stage)
    for old in pending:  # one at most
        if _same_date(old, row):
            return _refreshed(old, row.calendar_version, row.provisional)
        old.state = DeadlineState.SUPERSEDED
        await session.flush()  # it must leave the index of pending dates before the new one enters it
    row.generation = await last_generation(session, row.subject_kind, row.subject_id, row.stage) + 1
    session.add(row)
    await session.flush()
    return row


def _same_date(left: Deadline, right: Deadline) -> bool:
    return (left.due_on, left.due_time, left.due_at, left.fire_at, left.source, left.rule_set_id) == (
        right.due_on,
        right.due_time,
        right.due_at,
        right.fire_at,
        right.source,
        right.rule_set_id,
    )


def _refreshed(row: Deadline, calendar_version: str, provisional: bool) -> Deadline:
    row.calendar_version, row.provisional = calendar_version, provisional
    return row


async def cancel(
    session: AsyncSession, subject_kind: SubjectKind, subject_id: UUID, stage: Stage | None = None
) -> Sequence[Deadline]:
    """Cancel what is pending for a subject; returns the rows that were."""
    await session.flush()
    rows = await pending_of(session, subject_kind, subject_id, stage)
    for row in rows:
        row.state = DeadlineState.CANCELLED
    await session.flush()
    return rows


async def recompute_provisional(session: AsyncSession, calendar: Calendar) -> list[Recomputed]:
    """Count every pending provisional date again, after a notice came in. Only what has changed is returned.

    The caller has locked `cases_with_provisional`. A date that binds stays; its lights, firing and flag may change.
    """
    await session.flush()
    rows = await provisional_deadlines(session)
    changed = [found for row in rows if (found := await _recomputed(session, row, calendar))]
    for moved in changed:
        if moved.replaced is not None:
            moved.replaced.state = DeadlineState.SUPERSEDED
    await session.flush()  # as in _replace
    session.add_all(moved.row for moved in changed if moved.replaced is not None)
    await session.flush()
    return changed


async def _recomputed(session: AsyncSession, row: Deadline, calendar: Calendar) -> Recomputed | None:
    reckoning = Reckoning(await rule_set_of(session, row.rule_set_id), row.rule_set_id, calendar)
    due = _counted_again(reckoning, row)
    if (due.due_at, fire_at(reckoning, row.stage, due)) != (row.due_at, row.fire_at):
        new = first_deadline(
            reckoning,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            case_id=row.case_id,
            stage=row.stage,
            due=due,
            source=row.source,
        )
        new.generation = row.generation + 1
        return Recomputed(new, due, row)
    if due.provisional:
        return None
    return Recomputed(_refreshed(row, calendar.version, provisional=False), due, None)


def _counted_again(reckoning: Reckoning, row: Deadline) -> DueDate:
    if row.days is not None and row.source not in BINDING_SOURCES:
        return counted(reckoning, row.start_on, row.days, row.day_count, row.due_time)
    due = given(reckoning, row.start_on, row.due_on, row.due_time, row.day_count)
    return replace(due, due_at=row.due_at, red_from=row.due_at)
