"""The ways out: 钉钉, 企业微信, 飞书, mail and SMS, each speaking as its provider does and judged by its own codes."""

from app.notifications.channels.opening import open_channels
from app.notifications.channels.outcomes import Delivered, Outcome, Permanent, Reminder, Retryable, Way

__all__ = ["Delivered", "Outcome", "Permanent", "Reminder", "Retryable", "Way", "open_channels"]
