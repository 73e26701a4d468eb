"""What is known of due dates: read for a whole batch at once, then put together for each as `rules.decide` wants it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.acts.queries import awaiting_check
from app.assignments.rules import OPEN_ASSIGNMENTS, AssignmentStatus, SlotState
from app.cases.rules import AssignmentRole
from app.core.zone import local_date, local_instant
from app.deadlines.dates import Reckoning
from app.deadlines.hours import in_urging_window, next_stage_at, next_urging_window, urge_at
from app.deadlines.rules import Stage, SubjectKind
from app.escalation import queries
from app.escalation.queries import Claimed, Due, Part, SlotRow, UrgingRow
from app.escalation.rules import (
    Explained,
    ExplanationAnswer,
    Facts,
    HandedIn,
    Hours,
    answer_to_completion,
    explained,
    open_to_talk,
)
from app.reports.queries import results_under_review

_OF_SLOT = frozenset({SubjectKind.SLOT, SubjectKind.CONTRIBUTION})
_OF_ASSIGNMENT = frozenset({SubjectKind.COMPLETION, SubjectKind.ACKNOWLEDGEMENT})


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as the working day of one rule set sees it."""

    now: datetime
    reckoning: Reckoning
    hours: Hours

    @property
    def today(self) -> date:
        return local_date(self.now)


def moment(reckoning: Reckoning, now: datetime) -> Moment:
    today = local_date(now)
    hours = Hours(
        in_window=in_urging_window(reckoning, now),
        on_workday=reckoning.calendar.is_workday(today),
        window_at=next_urging_window(reckoning, now),
        again_at=urge_at(reckoning, today),
    )
    return Moment(now, reckoning, hours)


@dataclass(frozen=True, slots=True)
class Known:
    """Everything about a batch of dates, by the ids that they name."""

    parts: Mapping[UUID, Part]
    slots: Mapping[UUID, SlotRow]
    urgings: Mapping[UUID, UrgingRow]
    explanations: Mapping[tuple[UUID, date], tuple[ExplanationAnswer | None, date | None]]
    extensions: Collection[tuple[UUID, UUID | None]]
    reassignments: Collection[UUID]
    urged: Collection[tuple[UUID, date]]
    talked: Collection[tuple[UUID, date]]
    awaiting: Collection[UUID]
    under_review: Collection[UUID]
    handed_in: Mapping[UUID, list[HandedIn]]

    def place_of(self, due: Due) -> "Place":
        """Whose date it is, and which."""
        slot, urging = self.slots.get(due.subject_id), self.urgings.get(due.subject_id)
        if due.subject_kind in _OF_ASSIGNMENT:
            return Place(self.parts[due.subject_id], None, None, due.due_on)
        if slot is not None:
            return Place(self.parts[slot.assignment_id], slot, None, due.due_on)
        if urging is None:
            return Place(None, None, None, due.due_on)
        of_urging = self.slots[urging.slot_id] if urging.slot_id else None
        return Place(self.parts[urging.assignment_id], of_urging, urging, urging.for_due_on)


class Place(NamedTuple):
    """The assignment that owes a date; None for what the office or a leader owes. Of an urging: what it is for."""

    part: Part | None
    slot: SlotRow | None
    urging: UrgingRow | None
    date: date


async def read_known(session: AsyncSession, dues: Iterable[Due]) -> Known:
    """A fixed number of statements, whatever the number of dates. The caller holds the cases."""
    dues = list(dues)
    urgings = await queries.urgings_by_id(session, _subjects(dues, frozenset({SubjectKind.URGE_RESPONSE})))
    of_urgings = {urging.slot_id for urging in urgings.values() if urging.slot_id}
    slots = await queries.slots_by_id(session, _subjects(dues, _OF_SLOT) | of_urgings)
    owners = {slot.assignment_id for slot in slots.values()} | {one.assignment_id for one in urgings.values()}
    parts = await queries.parts_by_id(session, _subjects(dues, _OF_ASSIGNMENT) | owners)
    climbing = _climbing(dues, slots, urgings)
    completing = {
        *(due.subject_id for due in dues if due.subject_kind is SubjectKind.COMPLETION),
        *(urging.assignment_id for urging in urgings.values() if urging.slot_id is None),
    }
    responding = {urging.assignment_id for urging in urgings.values()}
    return Known(
        parts,
        slots,
        urgings,
        explanations=await queries.explanations_of(session, climbing),
        extensions=await queries.extensions_asked(session, climbing),
        reassignments=await queries.reassignments_asked(session, climbing),
        urged=await queries.urged_dates(session, climbing),
        talked=await queries.talked_dates(session, responding),
        awaiting=await awaiting_check(session, climbing) if climbing else frozenset(),
        under_review=await results_under_review(session, completing) if completing else frozenset(),
        handed_in=await queries.handed_in(session, completing & responding) if completing & responding else {},
    )


def _subjects(dues: Iterable[Due], kinds: Collection[SubjectKind]) -> set[UUID]:
    return {due.subject_id for due in dues if due.subject_kind in kinds}


def _climbing(dues: Iterable[Due], slots: Mapping[UUID, SlotRow], urgings: Mapping[UUID, UrgingRow]) -> set[UUID]:
    """The assignments with a date at a stage of the ladder, whose whole story is asked for."""
    found: set[UUID] = set()
    for due in dues:
        if due.stage in {Stage.URGE, Stage.TALK}:
            owner = slots.get(due.subject_id) or urgings.get(due.subject_id)
            found.add(owner.assignment_id if owner else due.subject_id)
    return found


def facts_of(due: Due, place: Place, case: Claimed, known: Known, at: Moment) -> Facts:
    """One date, as the rules see it."""
    part, slot, urging, day = place
    if part is None:
        return Facts(hours=at.hours, case_status=case.status)
    key = (part.id, day)
    state, check_at = _explained(known, key, at)
    return Facts(
        hours=at.hours,
        case_status=case.status,
        owed=_owed(due, part, slot),
        in_review=slot is None and (part.in_review or part.id in known.under_review),
        act_awaits_check=part.id in known.awaiting,
        explained=state,
        check_at=check_at,
        extension_asked=(part.id, slot.id if slot else None) in known.extensions,
        reassignment_asked=part.id in known.reassignments,
        urged=key in known.urged,
        answered=urging is not None and _answered(urging, known),
        whole_day_given=urging is None or _whole_day_given(urging, at),
        talk_exists=key in known.talked,
        principal=part.role is not AssignmentRole.SUPPORTING,
        open_to_talk=open_to_talk(part.kind, part.subordination),
        ladder_applies=case.procedure.value in at.reckoning.regulation.ladder.procedures,
    )


def _owed(due: Due, part: Part, slot: SlotRow | None) -> bool:
    if due.subject_kind is SubjectKind.ACKNOWLEDGEMENT:
        return part.status is AssignmentStatus.ISSUED
    return part.status in OPEN_ASSIGNMENTS and (slot is None or slot.state is SlotState.OPEN)


def _explained(known: Known, key: tuple[UUID, date], at: Moment) -> tuple[Explained, datetime | None]:
    if key not in known.explanations:
        return Explained.NO, None
    answer, check_on = known.explanations[key]
    state = explained(answer, check_on, at.today)
    if state is not Explained.NOTED or check_on is None:
        return state, None
    return state, local_instant(check_on, at.reckoning.regulation.ladder.window_from)


def _answered(urging: UrgingRow, known: Known) -> bool:
    if urging.answered_at is not None or urging.withdrawn_at is not None:
        return True
    reports = known.handed_in.get(urging.assignment_id, ())
    return urging.slot_id is None and answer_to_completion(urging.issued_at, reports) is not None


def _whole_day_given(urging: UrgingRow, at: Moment) -> bool:
    return urging.delivered_at is not None and at.now >= next_stage_at(at.reckoning, urging.delivered_at)
