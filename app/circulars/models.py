"""Tables of circulars and the units that they speak of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.core.database import Base, LevelType, choice
from app.core.ids import new_id
from app.core.levels import Classification


class Circular(Base):
    """通报. One that follows a talk cites it and the conclusion, and waits for the statement (第七条(三))."""

    __tablename__ = "circular"
    __table_args__ = (Index("ix_circular_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[CircularKind] = mapped_column(choice(CircularKind))
    scope: Mapped[CircularScope] = mapped_column(choice(CircularScope))
    status: Mapped[CircularStatus] = mapped_column(choice(CircularStatus))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_case.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))  # whom an AFTER_TALK circular names
    talk_id: Mapped[UUID | None] = mapped_column(ForeignKey("formal_talk.id"), unique=True)
    conclusion_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_conclusion.id"))
    title_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # null: the machine
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
