"""From the feed to messages: each fact once for each endpoint whose account may see it, in the order of the feed.

The place of an endpoint and the messages up to it are written by one transaction, which holds the endpoint: so nothing
is passed over and nothing written twice, whoever dies and however many look at once.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Actor, Policy
from app.core.bulk import insert_rows
from app.events.feed import give_places, place_now
from app.events.models import Event
from app.identity.models import Account
from app.identity.queries import actor_of_service
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import EndpointState, MessageState
from app.work.opening import Workplace

BATCH = 500
_EVENT: Table = Event.metadata.tables[Event.__tablename__]
_MESSAGE: Table = WebhookMessage.metadata.tables[WebhookMessage.__tablename__]


async def spread(workplace: Workplace, policy: Policy) -> int:
    """Write the messages of all that is new. Answers how many there are."""
    await give_places(workplace.database)
    async with workplace.database.read() as session:
        last = await place_now(session)
        behind = select(WebhookEndpoint.id).where(_pushes(), WebhookEndpoint.place < last)
        endpoints = (await session.scalars(behind)).all()
    written = 0
    for endpoint_id in endpoints:
        reached = 0
        while reached < last:
            reached, count = await _spread(workplace, policy, endpoint_id, last)
            written += count
    return written


def seen_by(policy: Policy, actor: Actor, now: datetime, dialect: str, *columns: Any) -> tuple[Select[Any], Any]:
    """The events of cases that an account may see, with the values that the statement wants."""
    plan = policy.plan(actor.roles, "event", "view")
    found = select(*columns).where(plan.where(_EVENT, dialect), _EVENT.c.case_id.is_not(None))
    return found, plan.parameters(actor, now, dialect)


def of_types(event_types: str) -> list[ColumnElement[bool]]:
    return [_EVENT.c.type.in_(event_types.split())] if event_types else []


def message_id(endpoint_id: UUID, event_id: UUID) -> UUID:
    """The same for ever: by it a receiver knows what it has seen, however it came again."""
    return UUID(bytes=hashlib.sha256(endpoint_id.bytes + event_id.bytes).digest()[:16], version=4)


async def put(session: AsyncSession, endpoint_id: UUID, events: Sequence[Row[Any]], real_now: datetime) -> None:
    """A message for each of these events (id, case, place)."""
    rows = [
        {
            "id": message_id(endpoint_id, event.id),
            "endpoint_id": endpoint_id,
            "event_id": event.id,
            "case_id": event.case_id,
            "place": event.position,
            "state": MessageState.PENDING,
            "attempts": 0,
            "next_at": real_now,
            "created_at": real_now,
        }
        for event in events
    ]
    await insert_rows(await session.connection(), _MESSAGE, rows)


async def _spread(workplace: Workplace, policy: Policy, endpoint_id: UUID, last: int) -> tuple[int, int]:
    """A batch for one endpoint; how far that went, and how many messages it made. Whoever holds it goes on with it."""
    now, real_now = workplace.clock.now(), workplace.clock.real_now()
    async with workplace.database.write() as session:
        held = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, _pushes())
        endpoint = await session.scalar(held.with_for_update(skip_locked=True, of=WebhookEndpoint))
        actor = await actor_of_service(session, endpoint.account_id, now) if endpoint is not None else None
        if endpoint is None or actor is None or endpoint.place >= last:
            return last, 0
        until = min(last, endpoint.place + BATCH)
        columns = (_EVENT.c.id, _EVENT.c.case_id, _EVENT.c.position)
        seen, values = seen_by(policy, actor, now, session.get_bind().dialect.name, *columns)
        new = seen.where(
            _EVENT.c.position > endpoint.place, _EVENT.c.position <= until, *of_types(endpoint.event_types)
        )
        events = (await session.execute(new.order_by(_EVENT.c.position), values)).all()
        await put(session, endpoint.id, events, real_now)
        await session.execute(
            update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id).values(place=until),
            execution_options={"synchronize_session": False},
        )
    return until, len(events)


def _pushes() -> ColumnElement[bool]:
    closed = select(Account.id).where(Account.id == WebhookEndpoint.account_id, Account.disabled_at.is_not(None))
    return (WebhookEndpoint.state == EndpointState.ACTIVE) & ~closed.exists()
