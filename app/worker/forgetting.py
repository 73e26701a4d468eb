"""What a sweep throws away: rows that have served their time and that nothing refers to."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.models import AccessLog
from app.core.clock import Clock
from app.core.database import Database
from app.work.models import IdempotencyKey
from app.work.repeating import KEPT

FORGETTING_EVERY = timedelta(hours=1)


async def forget(database: Database, clock: Clock, access_log_for: timedelta) -> int:
    """Delete the keys whose answer need not be repeated any more, and what the access log has kept long enough."""
    now = clock.real_now()
    return await _older_than(database, IdempotencyKey.created_at, now - KEPT) + await _older_than(
        database, AccessLog.at, now - access_log_for
    )


async def _older_than(database: Database, column: InstrumentedAttribute[Any], at: datetime) -> int:
    async with database.write() as session:
        result = await session.execute(delete(column.class_).where(column < at))
        return result.rowcount if isinstance(result, CursorResult) else 0
