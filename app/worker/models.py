"""The table of this part: how the last round of each sweep ended."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

ERROR_CODE_LENGTH = 80


class SweepState(Base):
    """One row a sweep. Its age is the alarm that no queue gives: a worker may be alive and do nothing."""

    __tablename__ = "sweep_state"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_success_at: Mapped[datetime | None]  # real time
    last_count: Mapped[int | None]
    last_error_code: Mapped[str | None] = mapped_column(String(ERROR_CODE_LENGTH))  # None after a success
