"""Writing the index: called in the transaction that writes, replaces or destroys the words."""

from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.search.models import SearchField, SearchToken
from app.search.tokens import tokens

_CHUNK = 500  # a list of parameters; both databases limit them


async def index(session: AsyncSession, case_id: UUID, field: SearchField, text: str, key: bytes) -> None:
    """Make the tokens of a field those of `text`, whatever they were. Several texts of a field are given as one."""
    of_field = (SearchToken.case_id == case_id, SearchToken.field == field)
    wanted = tokens(text, key)
    present = set((await session.execute(select(SearchToken.token).where(*of_field))).scalars())
    stale, missing = sorted(present - wanted), sorted(wanted - present)
    for start in range(0, len(stale), _CHUNK):
        part = stale[start : start + _CHUNK]
        await session.execute(delete(SearchToken).where(*of_field, SearchToken.token.in_(part)))
    if missing:
        rows = [{"token": token, "case_id": case_id, "field": field} for token in missing]
        await session.execute(insert(SearchToken), rows)


async def remove(session: AsyncSession, case_id: UUID, field: SearchField | None = None) -> None:
    """Forget a field of a case, or all of it."""
    condition = SearchToken.case_id == case_id
    if field is not None:
        condition &= SearchToken.field == field
    await session.execute(delete(SearchToken).where(condition))
