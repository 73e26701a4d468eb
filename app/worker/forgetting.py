"""What a sweep throws away: rows that have served their time and that nothing refers to."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.models import AccessLog
from app.core.clock import Clock
from app.core.database import Database
from app.identity.models import ClientAssertion
from app.notifications.models import NotificationDelivery
from app.webhooks.models import WebhookMessage
from app.work.models import IdempotencyKey
from app.work.repeating import KEPT

FORGETTING_EVERY = timedelta(hours=1)
_DELIVERIES = timedelta(days=90)
_WEBHOOK_LOG = timedelta(days=90)  # beyond that a time can still be sent again: ids are always the same


async def forget(database: Database, clock: Clock, access_log_for: timedelta) -> int:
    """Delete keys whose answer need not be repeated, proofs that cannot come again, and what was logged long ago."""
    now = clock.real_now()
    ends = (
        (IdempotencyKey.created_at, now - KEPT),
        (ClientAssertion.forgotten_at, now),
        (NotificationDelivery.settled_at, now - _DELIVERIES),
        (WebhookMessage.settled_at, now - _WEBHOOK_LOG),
        (AccessLog.at, now - access_log_for),
    )
    return sum([await _older_than(database, column, at) for column, at in ends])


async def _older_than(database: Database, column: InstrumentedAttribute[Any], at: datetime) -> int:
    async with database.write() as session:
        result = await session.execute(delete(column.class_).where(column < at))
        return result.rowcount if isinstance(result, CursorResult) else 0
