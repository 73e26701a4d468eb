"""Marking a message as read. Nobody's business but the reader's: no event, no record."""

from dataclasses import dataclass
from uuid import UUID

from app.notifications.models import Notification
from app.work import Work


@dataclass(frozen=True, slots=True)
class ReadNotification:
    notification_id: UUID


async def read_notification(work: Work, command: ReadNotification) -> Notification:
    """Mark a message of one's own. The first time counts. Refuses NOT_FOUND for all others."""
    row = await work.load(Notification, command.notification_id)
    row.read_at = row.read_at or work.now
    return row
