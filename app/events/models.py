"""The event is the history: `changes` holds before and after of plain fields; texts are referred to, never quoted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, Position
from app.core.ids import new_id


class Event(Base):
    """A fact: `case.dispatched`. `changes` = [{"table", "key", "version", "fields": {name: [before, after]}}, …].

    A row that went is told with `"deleted": true`.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_case", "case_id", "case_seq"),
        Index("ix_event_recorded", "recorded_at"),
        Index(
            "ix_event_without_place",
            "case_id",
            "case_seq",
            postgresql_where=text("position IS NULL"),
            sqlite_where=text("position IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    type: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[UUID | None]
    case_seq: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]  # whose part it concerns, for the timeline of a unit
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_person_id: Mapped[UUID | None]
    act_id: Mapped[UUID | None]  # the recorded act (代录) through which it came about
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    rule_set_id: Mapped[UUID | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # in the feed; given after the commit


class OutboxMessage(Base):
    """What must leave after the commit: claimed with a lease in real time, sent outside any transaction, marked."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "next_at",
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(60))
    event_id: Mapped[UUID]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
