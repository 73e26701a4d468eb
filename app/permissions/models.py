"""The table of this part: dry runs of policy versions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, choice
from app.core.ids import new_id


class DryRunState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class PolicyDryRun(Base):
    """Who would gain and lose what by a version, counted in what who asked for it may know of."""

    __tablename__ = "policy_dry_run"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("policy_version.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))  # of the version: a draft may be edited afterwards
    against_number: Mapped[int]  # the version that was in force
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    state: Mapped[DryRunState] = mapped_column(choice(DryRunState))
    counted: Mapped[int] = mapped_column(default=0)
    to_count: Mapped[int | None]  # known once it has begun
    results: Mapped[list[Any]] = mapped_column(Json, default=list)  # of `app.permissions.counting.Found`
    taken_until: Mapped[datetime | None]  # by a worker, in real time
    finished_at: Mapped[datetime | None]
