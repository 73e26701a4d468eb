"""The table of deadlines: every date that anybody owes, as a row that fires or is overtaken."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice, unique_where
from app.core.ids import new_id
from app.deadlines.rules import DateSource, DayCount, DeadlineState, Stage, SubjectKind
from app.regulation.models import RuleSet

# Used by the partial indexes and, word for word, by the queries: a bound parameter could not be matched to them.
PENDING = text("state = 'PENDING'")
PENDING_AND_PROVISIONAL = text("state = 'PENDING' AND provisional")


class Deadline(Base):
    """One date at one stage. A replaced date is a new generation; an urging is known by slot, stage and generation.

    `case_id` has no foreign key: cases lie above. It is empty for what no case owes (a periodic circular).
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "stage", "generation"),
        unique_where("uq_deadline_pending", "subject_kind", "subject_id", "stage", where="state = 'PENDING'"),
        Index("ix_deadline_case", "case_id", "fire_at", postgresql_where=PENDING, sqlite_where=PENDING),
        Index("ix_deadline_fire", "fire_at", postgresql_where=PENDING, sqlite_where=PENDING),
        Index(
            "ix_deadline_provisional",
            "case_id",
            postgresql_where=PENDING_AND_PROVISIONAL,
            sqlite_where=PENDING_AND_PROVISIONAL,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject_kind: Mapped[SubjectKind] = mapped_column(choice(SubjectKind))
    subject_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    stage: Mapped[Stage] = mapped_column(choice(Stage))
    generation: Mapped[int]
    start_on: Mapped[date]
    days: Mapped[int | None]  # None: the date was given, not counted
    day_count: Mapped[DayCount] = mapped_column(choice(DayCount))
    due_on: Mapped[date]
    due_time: Mapped[time | None]
    due_at: Mapped[datetime]
    fire_at: Mapped[datetime]
    source: Mapped[DateSource] = mapped_column(choice(DateSource))
    rule_set_id: Mapped[UUID] = mapped_column(ForeignKey(RuleSet.id))
    calendar_version: Mapped[str] = mapped_column(String(16))
    provisional: Mapped[bool]
    state: Mapped[DeadlineState] = mapped_column(choice(DeadlineState), default=DeadlineState.PENDING)
