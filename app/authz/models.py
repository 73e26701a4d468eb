"""The table of policy versions. Each is immutable; the files in `policies/` are the shipped baseline."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, choice, unique_where


class PolicyStatus(StrEnum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class PolicyVersion(Base):
    """A policy as rows (`PolicyText.as_json`). Without an author it was shipped with the software."""

    __tablename__ = "policy_version"
    __table_args__ = (
        CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="two_persons"),
        unique_where("uq_policy_version_active", "status", where="status = 'ACTIVE'"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[PolicyStatus] = mapped_column(choice(PolicyStatus))
    author_id: Mapped[UUID | None]  # people lie above authz: no keys
    approver_id: Mapped[UUID | None]
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
