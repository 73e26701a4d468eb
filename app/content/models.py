"""The one table that holds words and bytes, so that destroying a row destroys what was said."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice
from app.core.ids import new_id


class ContentKind(StrEnum):
    TEXT = "TEXT"
    BLOCKS = "BLOCKS"  # a document body: JSON list of blocks
    COMMAND = "COMMAND"  # the input of an act that waits for a second officer (代录)
    FILE = "FILE"


class Content(Base):
    """Immutable words or bytes. `digest` = SHA-256(salt, data) is what chains refer to and survives `expunged_at`."""

    __tablename__ = "content"
    __table_args__ = (CheckConstraint("text IS NULL OR data IS NULL", name="one_form"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ContentKind] = mapped_column(choice(ContentKind))
    text: Mapped[str | None] = mapped_column(Text)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    created_at: Mapped[datetime]
    expunged_at: Mapped[datetime | None]
