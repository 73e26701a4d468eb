"""Three records. The chains hold ids, digests and rule ids only, so that destroyed content leaves them verifiable."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.rules import AccessOutcome
from app.core.database import Base, Json, LevelType, Position, choice
from app.core.ids import new_id
from app.core.levels import Classification


class CaseRecord(Base):
    """One link of a case's chain: `hash` = SHA-256 over the link and `previous`; `digest` is that of the event."""

    __tablename__ = "case_record"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    action: Mapped[str] = mapped_column(String(60))
    rule_id: Mapped[str | None] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_account_id: Mapped[UUID | None]
    actor_person_id: Mapped[UUID | None]
    policy_version: Mapped[int]
    recorded_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AdminRecord(Base):
    """One chain for grants, policies, accounts and sign-ins."""

    __tablename__ = "admin_record"

    seq: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(60))
    rule_id: Mapped[str | None] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_account_id: Mapped[UUID | None]
    actor_person_id: Mapped[UUID | None]
    policy_version: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    recorded_at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AdminChain(Base):
    """The head of the administration chain: one row, whose lock orders its writers."""

    __tablename__ = "admin_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AccessLog(Base):
    """Who read a restricted item, who was refused what. Kept 400 days by default.

    `classification` is the item's own, as it was then; `of_case_id` the case that it belongs to, or is.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_at", "at", "id"),
        Index("ix_access_log_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    outcome: Mapped[AccessOutcome] = mapped_column(choice(AccessOutcome))
    action: Mapped[str] = mapped_column(String(60))
    rule_id: Mapped[str | None] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    of_case_id: Mapped[UUID | None]
    classification: Mapped[Classification | None] = mapped_column(LevelType(Classification))
    correlation_id: Mapped[UUID]
