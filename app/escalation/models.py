"""Tables of urgings, explanations, and requests for extension or reassignment."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice, unique_where
from app.core.ids import new_id
from app.escalation.rules import (
    DueClock,
    ExplanationAnswer,
    ExtensionStatus,
    ReassignmentGround,
    ReassignmentStatus,
    UrgingKind,
)


class Urging(Base):
    """催办. `key` names the thing (clock, slot or assignment, generation): whatever runs twice, it exists once."""

    __tablename__ = "urging"
    __table_args__ = (
        Index("ix_urging_case", "case_id"),
        Index("ix_urging_assignment", "assignment_id"),
        Index("ix_urging_slot", "slot_id"),
        Index("ix_urging_issued", "issued_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_slot.id"))
    clock: Mapped[DueClock] = mapped_column(choice(DueClock))
    for_due_on: Mapped[date]
    kind: Mapped[UrgingKind] = mapped_column(choice(UrgingKind))
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # null: the machine
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    delivered_at: Mapped[datetime | None]  # visible to the unit
    respond_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))


class Explanation(Base):
    """说明情况 for one date: rests the urging, never the light (domain A7)."""

    __tablename__ = "explanation"
    __table_args__ = (Index("ix_explanation_case", "case_id"), Index("ix_explanation_assignment", "assignment_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_slot.id"))
    clock: Mapped[DueClock] = mapped_column(choice(DueClock))
    for_due_on: Mapped[date]
    text_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    follow_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up.id"))
    blocking_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]
    answer: Mapped[ExplanationAnswer | None] = mapped_column(choice(ExplanationAnswer))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    check_on: Mapped[date | None]  # NOTED: urging rests until this day
    version: Mapped[int] = mapped_column(default=1)


class ExtensionRequest(Base):
    """延期 (domain A10): asked for before the date, decided by who decided the date. The original date is kept."""

    __tablename__ = "extension_request"
    __table_args__ = (
        unique_where("uq_extension_request_open", "assignment_id", "clock", where="status = 'REQUESTED'"),
        Index("ix_extension_request_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_slot.id"))
    clock: Mapped[DueClock] = mapped_column(choice(DueClock))
    status: Mapped[ExtensionStatus] = mapped_column(choice(ExtensionStatus))
    current_due_on: Mapped[date]
    requested_due_on: Mapped[date]
    granted_due_on: Mapped[date | None]
    reason_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    progress_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    version: Mapped[int] = mapped_column(default=1)


class ReassignmentRequest(Base):
    """退办 (domain A12): a unit says, once, that its part is not its own; who decided the case decides who gets it."""

    __tablename__ = "reassignment_request"
    __table_args__ = (Index("ix_reassignment_request_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), unique=True)
    status: Mapped[ReassignmentStatus] = mapped_column(choice(ReassignmentStatus))
    ground: Mapped[ReassignmentGround] = mapped_column(choice(ReassignmentGround))
    basis_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))  # 职责依据
    suggested_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    new_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    version: Mapped[int] = mapped_column(default=1)
