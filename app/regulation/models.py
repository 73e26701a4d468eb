"""The table of rule sets: every version of the parameters that anything was ever decided under."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json


class RuleSet(Base):
    """Never changed, never deleted: cases, deadlines and evaluations refer to it."""

    __tablename__ = "rule_set"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    effective_from: Mapped[date]
    recorded_at: Mapped[datetime]
