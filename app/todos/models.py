"""The table of 待办."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, LevelType, choice, unique_where
from app.core.ids import new_id
from app.core.levels import Classification
from app.todos.rules import TodoAction

_OPEN = text("closed_at IS NULL")


class Todo(Base):
    """Waits for a unit, a person, or whoever holds a role (for all units, or in one). Cases lie above: no key.

    `in_place_of` is the leader who is recused, and for whom it waits again when he no longer is.

    `classification` is that of a subject without a case; what belongs to a case is seen by who sees the case, and what
    belongs to an accountability proposal by who sees that.
    """

    __tablename__ = "todo"
    __table_args__ = (
        CheckConstraint("unit_id IS NOT NULL OR person_id IS NOT NULL OR role IS NOT NULL", name="somebody"),
        unique_where("uq_todo_open", "subject_kind", "subject_id", "action", where="closed_at IS NULL"),
        Index("ix_todo_case", "case_id"),
        Index("ix_todo_unit", "unit_id", "due_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_todo_person", "person_id", "due_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_todo_role", "role", "due_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID | None]
    accountability_id: Mapped[UUID | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    action: Mapped[TodoAction] = mapped_column(choice(TodoAction))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None] = mapped_column(String(40))
    in_place_of: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification), default=Classification.PUBLIC)
    since: Mapped[datetime]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
