"""What rules may say of webhooks."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq
from app.webhooks.models import WebhookEndpoint, WebhookMessage

WEBHOOK = register(
    ObjectType(
        "webhook",
        WebhookEndpoint,
        frozenset({"view", "register", "verify", "change", "stop", "replay"}),
        {
            "own": eq(WebhookEndpoint.account_id, principal("account_id")),
            "registered_by_me": eq(WebhookEndpoint.registered_by, principal("person_id")),
        },
        mandatory=(("verify", "registered_by_me"),),
    )
)
WEBHOOK_MESSAGE = register(
    ObjectType(
        "webhook_message",
        WebhookMessage,
        frozenset({"view"}),
        {
            "own": any_of(
                WebhookEndpoint.id, WebhookMessage.endpoint_id, eq(WebhookEndpoint.account_id, principal("account_id"))
            )
        },
    )
)
