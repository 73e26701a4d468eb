"""The table of policy versions. Each is immutable once proposed; the files in `policies/` are the shipped baseline."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import RECORDED, Base, Json, choice, unique_where
from app.core.ids import new_id


class PolicyStatus(StrEnum):
    DRAFT = "DRAFT"  # 草拟: its author changes it as he likes
    DISCARDED = "DISCARDED"  # 作废: of a draft
    PROPOSED = "PROPOSED"  # 待批准
    REFUSED = "REFUSED"  # 未获批准
    ACTIVE = "ACTIVE"  # 现行
    RETIRED = "RETIRED"  # 已停用
    OFFERED = "OFFERED"  # 随新版软件提供: shipped while a version of the office's own was in force


class PolicyVersion(Base):
    """A policy as rows (`PolicyText.as_json`). Without an author it was shipped with the software."""

    __tablename__ = "policy_version"
    __table_args__ = (
        CheckConstraint(
            "approver_id IS NULL OR (author_id IS NOT NULL AND approver_id <> author_id "
            "AND (proposer_id IS NULL OR approver_id <> proposer_id))",
            name="two_persons",
        ),
        unique_where("uq_policy_version_active", "status", where="status = 'ACTIVE'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    base_number: Mapped[int | None]  # the version that it was made from
    replaces_number: Mapped[int | None]  # the version that was in force when this one was proposed
    rows: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64), info=RECORDED)
    status: Mapped[PolicyStatus] = mapped_column(choice(PolicyStatus))
    author_id: Mapped[UUID | None]  # people lie above authz: no keys
    proposer_id: Mapped[UUID | None]
    approver_id: Mapped[UUID | None]
    refused_by: Mapped[UUID | None]
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    refusal_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
