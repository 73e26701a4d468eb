"""What a sweep throws away: rows that have served their time and that nothing refers to."""

from datetime import timedelta

from sqlalchemy import CursorResult, delete

from app.core.clock import Clock
from app.core.database import Database
from app.work.models import IdempotencyKey
from app.work.repeating import KEPT


async def forget_idempotency_keys(database: Database, clock: Clock) -> int:
    """Delete the keys whose answer need not be repeated any more."""
    async with database.write() as session:
        expired = delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.real_now() - KEPT)
        result = await session.execute(expired)
        return result.rowcount if isinstance(result, CursorResult) else 0


FORGETTING_EVERY = timedelta(hours=1)
