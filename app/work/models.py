"""Idempotency keys: the same key and input give the same answer for 24 hours."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class IdempotencyKey(Base):
    """One successful mutation of one account. Refusals leave none: they roll back with their transaction."""

    __tablename__ = "idempotency_key"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    mutation: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    input_digest: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[UUID | None]
    recorded_act_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
