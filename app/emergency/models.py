"""The table of seals of the emergency account (应急账号)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice, unique_where
from app.core.ids import new_id
from app.emergency.rules import MOST_RESTORATIONS, SealState


class EmergencySeal(Base):
    """One sealing of the account, by two administrators, each of whom was told one half of the secret.

    Both hashes are gone once it was opened, or dropped.
    """

    __tablename__ = "emergency_seal"
    __table_args__ = (
        CheckConstraint("completed_by IS NULL OR completed_by <> begun_by", name="two_persons"),
        CheckConstraint(
            "(state IN ('HALF_SEALED', 'SEALED')) = (first_hash IS NOT NULL) AND "
            "(state = 'SEALED') = (second_hash IS NOT NULL)",
            name="kept_while_sealed",
        ),
        CheckConstraint(
            "(state = 'OPENED') = (opened_at IS NOT NULL) AND (opened_at IS NULL) = (open_until IS NULL)",
            name="opened_until_a_day",
        ),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_after_opened"),
        CheckConstraint(f"restorations BETWEEN 0 AND {MOST_RESTORATIONS}", name="few_restorations"),
        unique_where("uq_emergency_seal_half", "state", where="state = 'HALF_SEALED'"),
        unique_where("uq_emergency_seal_sealed", "state", where="state = 'SEALED'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    state: Mapped[SealState] = mapped_column(choice(SealState), default=SealState.HALF_SEALED)
    first_hash: Mapped[str | None] = mapped_column(String(255))
    second_hash: Mapped[str | None] = mapped_column(String(255))
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    completed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    open_until: Mapped[datetime | None]
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    restorations: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
