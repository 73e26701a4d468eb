"""The date that an act of this part is about: that of a slot, or the completion date of an assignment."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.assignments.models import Assignment, ReportSlot
from app.assignments.queries import load_part, load_slot
from app.assignments.rules import OPEN_ASSIGNMENTS, SlotState
from app.cases.models import Case
from app.cases.rules import CaseStatus
from app.core.refusals import Refusal, RefusalCode, invalid
from app.escalation.rules import DueClock
from app.work import Work


@dataclass(frozen=True, slots=True)
class OwedDate:
    """A date with the rows that it belongs to, locked. No slot: 办结时限."""

    case: Case
    assignment: Assignment
    slot: ReportSlot | None
    due_on: date
    due_at: datetime

    @property
    def clock(self) -> DueClock:
        return DueClock.REPORT if self.slot else DueClock.COMPLETION

    @property
    def slot_id(self) -> UUID | None:
        return self.slot.id if self.slot else None

    @property
    def subject_id(self) -> UUID:
        return self.slot.id if self.slot else self.assignment.id

    async def require(self, work: Work, verb: str) -> str:
        """Refuse NOT_ALLOWED unless the actor may do this to the slot, or to the assignment. Answers the action."""
        action = f"slot.{verb}" if self.slot else f"assignment.{verb}"
        await work.require(action, self.slot or self.assignment)
        return action

    @property
    def is_owed(self) -> bool:
        running = self.case.status is CaseStatus.DISPATCHED and self.assignment.status in OPEN_ASSIGNMENTS
        return running and (self.slot is None or self.slot.state is SlotState.OPEN)

    def must_be_owed(self) -> None:
        """Refuse STATUS_CONFLICT for what is not owed any more."""
        if self.case.status is not CaseStatus.DISPATCHED:
            raise Refusal(RefusalCode.STATUS_CONFLICT, state=self.case.status.value, version=self.case.version)
        if not self.is_owed:
            row = self.slot or self.assignment
            state = self.slot.state if self.slot else self.assignment.status
            raise Refusal(RefusalCode.STATUS_CONFLICT, state=state.value, version=row.version)


async def load_owed(work: Work, assignment_id: UUID, slot_id: UUID | None) -> OwedDate:
    """A date that the actor may see. Refuses NOT_FOUND; BAD_ID for a slot of another assignment."""
    if slot_id is None:
        case, assignment = await load_part(work, assignment_id)
        return _owed_date(case, assignment, None)
    case, assignment, slot = await load_slot(work, slot_id)
    if assignment.id != assignment_id:
        raise invalid(RefusalCode.BAD_ID, "input", "slot")
    return _owed_date(case, assignment, slot)


async def reach_owed(work: Work, case_id: UUID, assignment_id: UUID, slot_id: UUID | None) -> OwedDate:
    """The date of a row already seen, locked in the order case, assignment, slot."""
    case, assignment = await work.reach(Case, case_id), await work.reach(Assignment, assignment_id)
    slot = await work.reach(ReportSlot, slot_id) if slot_id else None
    return _owed_date(case, assignment, slot)


def _owed_date(case: Case, assignment: Assignment, slot: ReportSlot | None) -> OwedDate:
    if slot is not None:
        return OwedDate(case, assignment, slot, slot.due_on, slot.due_at)
    if assignment.completion_due_on is None or assignment.completion_due_at is None:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "slot")  # who supports owes no completion
    return OwedDate(case, assignment, None, assignment.completion_due_on, assignment.completion_due_at)
