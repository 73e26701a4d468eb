"""Tables of circulars and the units that they speak of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.circulars.rules import CircularEditionKind, CircularKind, CircularScope, CircularStatus, ReplyStatus
from app.core.database import Base, Json, LevelType, choice, unique_where
from app.core.ids import new_id
from app.core.levels import Classification


class Circular(Base):
    """通报. One that follows a talk cites it and the conclusion, and waits for the statement (第七条(三)).

    One that the machine drafted of a period (第二十六条) has its days: there is one for each period. One that was made
    known at a meeting (通报会) has its hour, its place and its minutes.
    """

    __tablename__ = "circular"
    __table_args__ = (
        Index("ix_circular_case", "case_id"),
        unique_where("uq_circular_period", "first_on", where="first_on IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[CircularKind] = mapped_column(choice(CircularKind))
    scope: Mapped[CircularScope] = mapped_column(choice(CircularScope))
    status: Mapped[CircularStatus] = mapped_column(choice(CircularStatus))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_case.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))  # whom an AFTER_TALK circular names
    talk_id: Mapped[UUID | None] = mapped_column(ForeignKey("formal_talk.id"), unique=True)
    conclusion_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection_conclusion.id"))
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    title_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # null: the machine
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(String(200))
    minutes_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    minutes_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class CircularAttendee(Base):
    """A unit or a person that was at the meeting (参会单位、人员)."""

    __tablename__ = "circular_attendee"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="a_unit_or_a_person"),
        Index("ix_circular_attendee_circular", "circular_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    circular_id: Mapped[UUID] = mapped_column(ForeignKey("circular.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class CircularEdition(Base):
    """What the ledger held of a period at its end, as tables: as the machine counted it, whoever writes the rest.

    Derived from the ledger, hence recorded in no event of its own, and its items neither.

    `restricted` and `classification` are those of the gravest case that it counts.
    """

    __tablename__ = "circular_edition"
    __table_args__ = (UniqueConstraint("circular_id", "edition"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    circular_id: Mapped[UUID] = mapped_column(ForeignKey("circular.id"))
    edition: Mapped[CircularEditionKind] = mapped_column(choice(CircularEditionKind))
    cut_off: Mapped[datetime]  # what was recorded later does not count
    tables_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class CircularItem(Base):
    """A unit's part that an edition counts, and on what grounds it is told of as a problem, if on any."""

    __tablename__ = "circular_item"
    __table_args__ = (UniqueConstraint("edition_id", "assignment_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("circular_edition.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    grounds: Mapped[list[Any]] = mapped_column(Json, default=list)


class CircularReply(Base):
    """What a unit that a circular criticises says to it: how and until when it sets things right (整改).

    One for each round: what the office does not accept is asked for again.
    """

    __tablename__ = "circular_reply"
    __table_args__ = (UniqueConstraint("circular_id", "unit_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    circular_id: Mapped[UUID] = mapped_column(ForeignKey("circular.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    round: Mapped[int]
    status: Mapped[ReplyStatus] = mapped_column(choice(ReplyStatus))
    due_on: Mapped[date]
    text_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    rectify_by: Mapped[date | None]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime | None]
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
