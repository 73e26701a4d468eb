"""Tables of decisions and of acts recorded on behalf of somebody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.acts.rules import DecisionKind, Outcome, RecordedActStatus
from app.core.database import Base, Json, choice
from app.core.ids import new_id
from app.work import Medium

_PRINTED = String(200)


class Decision(Base):
    """An act of a leader or a unit on a subject. Name, title and unit are those of the day."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_case", "case_id"),
        Index("ix_decision_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # plain fields that the decider changed
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("post_holding.id"))
    printed_name: Mapped[str] = mapped_column(_PRINTED)
    printed_post: Mapped[str | None] = mapped_column(_PRINTED)
    printed_unit: Mapped[str | None] = mapped_column(_PRINTED)
    acted_for: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    medium: Mapped[Medium] = mapped_column(choice(Medium))
    recorded_act_id: Mapped[UUID | None] = mapped_column(ForeignKey("recorded_act.id"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class RecordedAct(Base):
    """代录: the input of an act that was done outside the system. A second officer checks it."""

    __tablename__ = "recorded_act"
    __table_args__ = (
        CheckConstraint("recorded_by <> decided_by", name="recorder_is_not_decider"),
        CheckConstraint("checked_by IS NULL OR checked_by <> recorded_by", name="second_officer"),
        Index("ix_recorded_act_case", "case_id"),
        Index("ix_recorded_act_assignment", "assignment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mutation: Mapped[str] = mapped_column(String(60))
    command_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    entered_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))  # the same as it was typed, for the checker
    case_id: Mapped[UUID | None]
    circular_id: Mapped[UUID | None]  # the circular that it is about, where that belongs to no case
    accountability_id: Mapped[UUID | None]  # the accountability proposal that it is about
    assignment_id: Mapped[UUID | None]  # while it waits, nobody is urged for this assignment
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    medium: Mapped[Medium] = mapped_column(choice(Medium))
    evidence_file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    occurred_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    status: Mapped[RecordedActStatus] = mapped_column(choice(RecordedActStatus))
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))  # why it was rejected
    confirmation_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))  # 补签
    confirmed_at: Mapped[datetime | None]
    result_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
