"""The records as lines of JSON, for whoever keeps them elsewhere."""

from collections.abc import AsyncIterator
from datetime import date, time
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AccessLog, AdminRecord
from app.core.zone import end_of_day, local_instant

_RECORDS = (
    ("admin", AdminRecord, AdminRecord.recorded_at, AdminRecord.seq),
    ("access", AccessLog, AccessLog.at, AccessLog.id),
)


async def exported(session: AsyncSession, since: date | None, until: date | None) -> AsyncIterator[str]:
    """Acts of administration first, then the access log, of these days in Shanghai; all columns by their names."""
    for name, model, at, key in _RECORDS:
        statement = select(*model.__table__.c).order_by(at, key)
        if since is not None:
            statement = statement.where(at >= local_instant(since, time.min))
        if until is not None:
            statement = statement.where(at < end_of_day(until))
        async for row in (await session.stream(statement)).mappings():
            yield orjson.dumps({"record": name, **row}, default=_text).decode()


def _text(value: Any) -> str:
    return str(value)  # a driver's own UUID
