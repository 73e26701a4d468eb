"""Sending again: single messages, or all of a time, under the ids that they always have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select, update

from app.core.database import among
from app.core.paging import MAX_PAGE
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.events.models import Event
from app.identity.queries import actor_of_service
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import MOST_REPLAYED, EndpointState, MessageState
from app.webhooks.spreading import message_id, of_types, put, seen_by
from app.work import Work

_EVENT: Table = Event.metadata.tables[Event.__tablename__]
_MESSAGE: Table = WebhookMessage.metadata.tables[WebhookMessage.__tablename__]


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    """Either messages, or what was recorded from `since` on, up to and without `until`."""

    endpoint_id: UUID
    message_ids: tuple[UUID, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


async def replay_webhook(work: Work, command: ReplayWebhook) -> WebhookEndpoint:
    """Send again, whatever became of it before: what the account may see now, in the usual order."""
    endpoint = await work.load(WebhookEndpoint, command.endpoint_id)
    await work.require("webhook.replay", endpoint)
    _check(command)
    if endpoint.verified_at is None or endpoint.state is EndpointState.REMOVED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    keys = await (_named(work, command) if command.since is None else _of_time(work, endpoint, command))
    again = {"state": MessageState.PENDING, "attempts": 0, "next_at": work.real_now, "settled_at": None}
    settled = WebhookMessage.state != MessageState.PENDING
    await work.session.execute(
        update(WebhookMessage)
        .where(WebhookMessage.endpoint_id == endpoint.id, among(_MESSAGE.c.id, keys, work.dialect), settled)
        .values(again),
        execution_options={"synchronize_session": False},
    )
    await work.record_admin("webhook.replayed", ("webhook", endpoint.id), action="webhook.replay")
    return endpoint


def _check(command: ReplayWebhook) -> None:
    problems = Problems()
    few = len(command.message_ids) <= MAX_PAGE
    problems.check(few, RefusalCode.TOO_MANY, "input", "messages", limit=MAX_PAGE)
    if command.since is None:
        problems.check(bool(command.message_ids), RefusalCode.REQUIRED, "input", "messages")
        problems.check(command.until is None, RefusalCode.NOT_APPLICABLE, "input", "until")
    else:
        problems.check(not command.message_ids, RefusalCode.NOT_APPLICABLE, "input", "messages")
        in_order = command.until is None or command.since < command.until
        problems.check(in_order, RefusalCode.BAD_DATE, "input", "until")
    problems.raise_if_any()


async def _named(work: Work, command: ReplayWebhook) -> list[UUID]:
    statement = select(WebhookMessage.id).where(
        WebhookMessage.id.in_(command.message_ids), WebhookMessage.endpoint_id == command.endpoint_id
    )
    found = set((await work.session.scalars(statement)).all())
    problems = Problems()
    for position, one in enumerate(command.message_ids):
        problems.check(one in found, RefusalCode.BAD_ID, "input", "messages", position)
    problems.raise_if_any()
    return sorted(found, key=str)


async def _of_time(work: Work, endpoint: WebhookEndpoint, command: ReplayWebhook) -> list[UUID]:
    """The messages of that time; those that are not there any more are written anew."""
    events = await _events(work, endpoint, command)
    keys = {message_id(endpoint.id, event.id): event for event in events}
    there = select(WebhookMessage.id).where(among(_MESSAGE.c.id, list(keys), work.dialect))
    known = set((await work.session.scalars(there)).all())
    missing = [event for key, event in keys.items() if key not in known]
    await put(work.session, endpoint.id, missing, work.real_now)
    return sorted(known, key=str)


async def _events(work: Work, endpoint: WebhookEndpoint, command: ReplayWebhook) -> Sequence[Row[Any]]:
    actor = await actor_of_service(work.session, endpoint.account_id, work.now)
    if actor is None:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    columns = (_EVENT.c.id, _EVENT.c.case_id, _EVENT.c.position)
    seen, values = seen_by(work.policy, actor, work.now, work.dialect, *columns)
    wanted = seen.where(
        _EVENT.c.recorded_at >= command.since, _EVENT.c.position <= endpoint.place, *of_types(endpoint.event_types)
    )
    if command.until is not None:
        wanted = wanted.where(_EVENT.c.recorded_at < command.until)
    events: Sequence[Row[Any]] = (
        await work.session.execute(wanted.order_by(_EVENT.c.position).limit(MOST_REPLAYED + 1), values)
    ).all()
    if len(events) > MOST_REPLAYED:
        raise invalid(RefusalCode.TOO_MANY, "input", "since", limit=MOST_REPLAYED)
    return events
