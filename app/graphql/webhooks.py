"""Webhooks as administrators see them, and an outside system its own."""

from datetime import datetime

import strawberry

from app.graphql.acts import TimelineEntry
from app.graphql.administration import Account
from app.graphql.declarations import column, global_id, reads, to_one
from app.graphql.made import made
from app.graphql.node import Node
from app.graphql.units import Person
from app.reads.filters import Listing, one_of, one_of_ids
from app.reads.keyset import descending
from app.webhooks import models
from app.webhooks.rules import DeliveryOrder, EndpointState, MessageState


def _types(stored: str) -> list[str]:
    return stored.split()


@strawberry.type(description="Where an outside system is pushed updates of cases (推送地址).")
@reads(models.WebhookEndpoint, object="webhook")
class WebhookEndpoint(Node):
    id: strawberry.ID = global_id("webhook")
    account: Account | None = to_one(
        models.WebhookEndpoint.account_id, description="The outside system: what it may see is pushed, nothing else."
    )
    url: str = column(models.WebhookEndpoint.url, description="Its address.")
    event_types: list[str] = made(
        _types, models.WebhookEndpoint.event_types, description="Of which types; empty: of all."
    )
    order: DeliveryOrder = column(models.WebhookEndpoint.delivery_order, description="In which order (推送次序).")
    at_once: int = column(models.WebhookEndpoint.at_once, description="How many messages may be under way at a time.")
    state: EndpointState = column(models.WebhookEndpoint.state, description="Whether it is pushed to (状态).")
    failures: int = column(models.WebhookEndpoint.failures, description="How many attempts in a row have failed.")
    held_until: datetime | None = column(
        models.WebhookEndpoint.held_until, description="Until when it is left alone after a failure."
    )
    last_delivered_at: datetime | None = column(
        models.WebhookEndpoint.last_delivered_at, description="When it last took a message."
    )
    old_secret_until: datetime | None = column(
        models.WebhookEndpoint.old_secret_until, description="Until when messages bear the old signature, too."
    )
    registered_by: Person | None = to_one(models.WebhookEndpoint.registered_by, description="Who registered it.")
    registered_at: datetime = column(models.WebhookEndpoint.registered_at, description="When.")
    verified_by: Person | None = to_one(models.WebhookEndpoint.verified_by, description="Who verified it (核验人).")
    verified_at: datetime | None = column(models.WebhookEndpoint.verified_at, description="When.")


@strawberry.type(description="A message to an endpoint, and what became of it (推送记录).")
@reads(models.WebhookMessage, object="webhook_message")
class WebhookMessage(Node):
    id: strawberry.ID = global_id("delivery")
    endpoint: WebhookEndpoint | None = to_one(models.WebhookMessage.endpoint_id, description="Where it goes.")
    event: TimelineEntry | None = to_one(
        models.WebhookMessage.event_id, description="Of what it tells, where the caller may see that."
    )
    state: MessageState = column(models.WebhookMessage.state, description="What became of it (状态).")
    attempts: int = column(models.WebhookMessage.attempts, description="How often it was sent.")
    next_at: datetime = column(models.WebhookMessage.next_at, description="When it is sent again, while it is pending.")
    last_at: datetime | None = column(models.WebhookMessage.last_at, description="When it was last sent.")
    last_status: int | None = column(
        models.WebhookMessage.last_status, description="The HTTP status of the last answer; null: there was none."
    )
    last_fault: str | None = column(
        models.WebhookMessage.last_fault,
        description="Why there was no answer: ADDRESS_REFUSED, CONNECTION, NOT_HTTP, TIMEOUT, TLS or URL.",
    )
    created_at: datetime = column(models.WebhookMessage.created_at, description="When it was written.")
    settled_at: datetime | None = column(models.WebhookMessage.settled_at, description="When it was taken or given up.")


WEBHOOKS = Listing(
    model=models.WebhookEndpoint,
    order=(descending(models.WebhookEndpoint.registered_at),),
    filters={
        "accounts": one_of_ids(models.WebhookEndpoint.account_id, "account"),
        "states": one_of(models.WebhookEndpoint.state),
    },
    orders={},
)
WEBHOOK_MESSAGES = Listing(
    model=models.WebhookMessage,
    order=(descending(models.WebhookMessage.created_at),),
    filters={
        "webhooks": one_of_ids(models.WebhookMessage.endpoint_id, "webhook"),
        "states": one_of(models.WebhookMessage.state),
    },
    orders={},
)


@strawberry.input(description="Which endpoints.")
class WebhookFilter:
    accounts: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these accounts.")
    states: list[EndpointState] | None = strawberry.field(default=None, description="States.")


@strawberry.input(description="Which messages.")
class WebhookMessageFilter:
    webhooks: list[strawberry.ID] | None = strawberry.field(default=None, description="To these endpoints.")
    states: list[MessageState] | None = strawberry.field(default=None, description="States.")
