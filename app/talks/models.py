"""Tables of formal talks and the commitments made in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice
from app.core.ids import new_id
from app.talks.rules import TalkStatus

_PRINTED = String(200)


class FormalTalk(Base):
    """约谈. `urging_id` names the urging that went unanswered (no key: escalation lies above talks)."""

    __tablename__ = "formal_talk"
    __table_args__ = (Index("ix_formal_talk_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    urging_id: Mapped[UUID | None] = mapped_column(unique=True)
    status: Mapped[TalkStatus] = mapped_column(choice(TalkStatus))
    ground_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    scheduled_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(_PRINTED)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    postponed_from: Mapped[datetime | None]
    postpone_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    held_at: Mapped[datetime | None]
    appeared_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    appeared_post: Mapped[str | None] = mapped_column(_PRINTED)
    statement_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    minutes_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class TalkCommitment(Base):
    __tablename__ = "talk_commitment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    talk_id: Mapped[UUID] = mapped_column(ForeignKey("formal_talk.id"), index=True)
    text_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    due_on: Mapped[date]
