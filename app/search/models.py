"""The one table of the index. It holds no text: a token tells nothing to whoever lacks the key."""

from enum import IntEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, LevelType


class SearchField(IntEnum):
    """Which words of a case a token comes from. Stored: a member keeps its number for ever."""

    TITLE = 1
    REQUIREMENT = 2  # 办理要求, the original words of an imported task with it
    INSTRUCTION = 3  # 批示: searched only where the caller may read it


class SearchToken(Base):
    """A pair of characters occurs in a field of a case. `case_id` has no foreign key: cases stand above the index."""

    __tablename__ = "search_token"
    __table_args__ = (
        Index("ix_search_token_case", "case_id", "field"),
        {"sqlite_with_rowid": False},  # the key is the row: a third smaller
    )

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[SearchField] = mapped_column(LevelType(SearchField), primary_key=True)
