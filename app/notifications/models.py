"""The table of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base
from app.core.ids import new_id


class Notification(Base):
    """A message to one person. It names its subject; the words are read from there under the reader's own rights."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_person", "person_id", "created_at"),
        Index("ix_notification_inbox", "person_id", "position"),
        Index(
            "ix_notification_without_place",
            "created_at",
            postgresql_where=text("position IS NULL"),
            sqlite_where=text("position IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_case.id"))
    accountability_id: Mapped[UUID | None] = mapped_column(ForeignKey("accountability_proposal.id"))
    topic: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # in the order of inboxes; after the commit
