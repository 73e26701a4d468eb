"""Putting messages into people's inboxes, once for each matter, marking them as read, and where else they go."""

from app.notifications.service.addressing import SetNotificationAddress, set_notification_address
from app.notifications.service.reading import ReadNotification, read_notification
from app.notifications.service.telling import tell

__all__ = ["ReadNotification", "SetNotificationAddress", "read_notification", "set_notification_address", "tell"]
