"""Putting messages into people's inboxes, once for each matter, and marking them as read."""

from app.notifications.service.reading import ReadNotification, read_notification
from app.notifications.service.telling import tell

__all__ = ["ReadNotification", "read_notification", "tell"]
