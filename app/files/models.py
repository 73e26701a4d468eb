"""The table of stored files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, LevelType
from app.core.ids import new_id
from app.core.levels import Classification


class StoredFile(Base):
    """A file. Until it is attached only its uploader sees it; then it inherits what its case allows."""

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_case", "case_id"),
        Index(
            "ix_stored_file_accountability",
            "accountability_id",
            postgresql_where=text("accountability_id IS NOT NULL"),
            sqlite_where=text("accountability_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    content_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    name_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))  # whose evidence it is
    case_id: Mapped[UUID | None]
    accountability_id: Mapped[UUID | None]
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
