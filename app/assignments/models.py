"""Tables of assignments, report slots and follow-ups."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.assignments.rules import (
    AssignmentStatus,
    EndedReason,
    FollowUpChannel,
    ReportContent,
    SlotKind,
    SlotState,
)
from app.cases.rules import AssignmentRole
from app.core.database import Base, choice
from app.core.ids import new_id

_PRINTED = String(200)


class Assignment(Base):
    """A unit's part. Two clocks for a principal: its slots (上报) and `completion_due_on` (办结).

    `due_on` … `red_from` are those of the earliest date still owed; null while nothing is owed or all is under review.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_id", "round"),
        Index("ix_assignment_unit_due", "unit_id", "due_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    round: Mapped[int] = mapped_column(default=1)  # counts up when a unit gets the case again
    role: Mapped[AssignmentRole] = mapped_column(choice(AssignmentRole))
    via_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_group.id"))
    unit_name: Mapped[str] = mapped_column(_PRINTED)  # as printed in the notice
    status: Mapped[AssignmentStatus] = mapped_column(choice(AssignmentStatus))
    ended_reason: Mapped[EndedReason | None] = mapped_column(choice(EndedReason))
    ended_at: Mapped[datetime | None]
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    issued_at: Mapped[datetime]
    delivered_at: Mapped[datetime]
    hand_back_until: Mapped[datetime | None]  # 退办: as long as the unit may say that it is not its own
    acknowledged_at: Mapped[datetime | None]
    handler_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    department: Mapped[str | None] = mapped_column(_PRINTED)

    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    yellow_from: Mapped[datetime | None]
    red_from: Mapped[datetime | None]
    completion_due_on: Mapped[date | None]
    completion_due_at: Mapped[datetime | None]
    completion_yellow_from: Mapped[datetime | None]
    original_completion_due_on: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    completed_on_time: Mapped[bool | None]
    in_review: Mapped[bool] = mapped_column(default=False)  # a result that came in time is being reviewed
    returned_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReportSlot(Base):
    """应报: one report that an assignment owes, and the date on which it is due."""

    __tablename__ = "report_slot"
    __table_args__ = (UniqueConstraint("assignment_id", "ordinal"), Index("ix_report_slot_case", "case_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    ordinal: Mapped[int]
    slot: Mapped[SlotKind] = mapped_column(choice(SlotKind))
    content: Mapped[ReportContent] = mapped_column(choice(ReportContent))
    state: Mapped[SlotState] = mapped_column(choice(SlotState))
    due_on: Mapped[date]
    due_time: Mapped[time | None]
    due_at: Mapped[datetime]
    original_due_on: Mapped[date]
    yellow_from: Mapped[datetime]
    red_from: Mapped[datetime]
    met_at: Mapped[datetime | None]  # when the report in due form was submitted, by the act's own date
    met_on_time: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class FollowUp(Base):
    """随时督办检查 (第七条(三)): a call, a visit. One that explains a delay is also an explanation."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    channel: Mapped[FollowUpChannel] = mapped_column(choice(FollowUpChannel))
    person_reached: Mapped[str | None] = mapped_column(_PRINTED)
    words_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    promised_on: Mapped[date | None]
    explains: Mapped[bool] = mapped_column(default=False)
    occurred_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
