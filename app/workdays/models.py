"""The tables of the calendar: imported years and local days. The shipped years are files in `policies/calendar`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, choice
from app.workdays.rules import DayKind


class CalendarYear(Base):
    """An imported notice. A correction is the next version; none is ever deleted. The shipped file is version 0."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    imported_at: Mapped[datetime]


class CalendarDay(Base):
    """A day on which this place differs from the notice, by an order of its own (a closure after snow)."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column("date", primary_key=True)
    kind: Mapped[DayKind] = mapped_column(choice(DayKind))
    source: Mapped[str] = mapped_column(String(100))  # the number of the order
    note: Mapped[str] = mapped_column(String(100))
