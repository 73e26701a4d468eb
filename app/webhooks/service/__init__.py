"""Use cases of webhooks."""

from app.webhooks.service.registering import (
    RegisterWebhook,
    VerifyWebhook,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_webhook_secret,
    verify_webhook,
)
from app.webhooks.service.replaying import ReplayWebhook, replay_webhook

__all__ = [
    "RegisterWebhook",
    "ReplayWebhook",
    "VerifyWebhook",
    "pause_webhook",
    "register_webhook",
    "remove_webhook",
    "replay_webhook",
    "resume_webhook",
    "rotate_webhook_secret",
    "verify_webhook",
]
