"""The postman: every endpoint is served by a task of its own, so that one that hangs holds up no other.

A message is taken in hand by one transaction, sent outside any, and settled by another. Who dies in between leaves it
in hand for a while, then it is sent again: at least once, under an id that is always the same. What the account may not
see at that moment is not sent.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.authz import Policy
from app.core.ids import encode_id
from app.core.posting import Answer, NotSentError, wish_of
from app.events.models import Event
from app.identity.models import Account
from app.identity.queries import actor_of_service
from app.webhooks import signing
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import (
    DeliveryOrder,
    EndpointState,
    MessageState,
    Verdict,
    hold_after,
    pause_after,
    verdict_on,
)
from app.webhooks.sending import Sender
from app.webhooks.spreading import seen_by, spread
from app.webhooks.telling import body_of, code_body
from app.work.opening import Workplace

LEASE = timedelta(seconds=60)  # longer than sending can take
_SERVED = (EndpointState.UNVERIFIED, EndpointState.ACTIVE)
_EVENT = Event.metadata.tables[Event.__tablename__]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in hand. `attempts` counts this one."""

    message_id: UUID
    endpoint_id: UUID
    url: str
    body: bytes
    attempts: int
    secrets: tuple[bytes, ...] = field(repr=False)  # a traceback in a log must not show them


class Postman:
    """Delivers for one process, under the policy of the moment. Safe in several at a time."""

    def __init__(
        self,
        workplace: Workplace,
        policy: Callable[[], Awaitable[Policy]],
        sender: Sender,
        key: bytes,
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._workplace, self._policy, self._sender, self._key, self._lease = workplace, policy, sender, key, lease
        self._serving: dict[UUID, asyncio.Task[None]] = {}

    async def round(self) -> int:
        """Write what is new, and see to it that every endpoint with something due is served. Waits for none of them."""
        written = await spread(self._workplace, await self._policy())
        for endpoint_id in await self._waiting():
            if endpoint_id not in self._serving:
                task = asyncio.create_task(self._serve(endpoint_id), name=f"webhook:{endpoint_id}")
                self._serving[endpoint_id] = task
        return written

    async def finish(self) -> None:
        """Wait until whatever is being served has nothing due."""
        await asyncio.gather(*self._serving.values())

    async def close(self) -> None:
        """What is in hand is sent again by somebody else."""
        for task in self._serving.values():
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)
        self._sender.close()

    async def _waiting(self) -> Sequence[UUID]:
        now = self._workplace.clock.real_now()
        due = exists().where(WebhookMessage.endpoint_id == WebhookEndpoint.id, _is_due(WebhookMessage, now))
        async with self._workplace.database.read() as session:
            return (await session.scalars(select(WebhookEndpoint.id).where(_may_be_served(now), due))).all()

    async def _serve(self, endpoint_id: UUID) -> None:
        try:
            while parcels := await self._take(endpoint_id):
                await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
        except Exception:  # noqa: BLE001  # the next round tries again
            _log.exception("webhook_not_served", endpoint=str(endpoint_id))
        finally:
            del self._serving[endpoint_id]

    async def _take(self, endpoint_id: UUID) -> list[Parcel]:
        """As many as may be under way at once, the oldest first; what may not be seen any more is put aside."""
        real_now, policy = self._workplace.clock.real_now(), await self._policy()
        async with self._workplace.database.write() as session:
            held = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, _may_be_served(real_now))
            endpoint = await session.scalar(held.with_for_update(skip_locked=True, of=WebhookEndpoint))
            if endpoint is None:
                return []
            messages, bodies = await self._chosen(session, policy, endpoint, real_now)
            for message in messages:
                message.in_hand_until, message.last_at = real_now + self._lease, real_now
                message.attempts += 1
        secrets = self._secrets(endpoint, real_now)
        return [Parcel(one.id, endpoint.id, endpoint.url, bodies[one.id], one.attempts, secrets) for one in messages]

    async def _chosen(
        self, session: AsyncSession, policy: Policy, endpoint: WebhookEndpoint, real_now: datetime
    ) -> tuple[list[WebhookMessage], dict[UUID, bytes]]:
        """What is next, with its bodies. What may not be told any more is put aside, and what follows it is next."""
        while True:
            free = await _free(session, endpoint, real_now)
            messages = (await session.scalars(_next(endpoint, real_now).limit(free))).all() if free > 0 else []
            bodies = await self._packed(session, policy, endpoint, messages)
            withheld = [one for one in messages if one.id not in bodies]
            for message in withheld:
                message.state, message.settled_at = MessageState.WITHHELD, real_now
            await session.flush()
            if bodies or not withheld:
                return [one for one in messages if one.id in bodies], bodies

    async def _packed(
        self, session: AsyncSession, policy: Policy, endpoint: WebhookEndpoint, messages: Sequence[WebhookMessage]
    ) -> dict[UUID, bytes]:
        """By message its body, of those whose event the account may see now."""
        now = self._workplace.clock.now()
        packed: dict[UUID, bytes] = {}
        if not messages:
            return packed
        actor = await actor_of_service(session, endpoint.account_id, now)
        if actor is None:
            return packed
        wanted = [one.event_id for one in messages if one.event_id is not None]
        seen, values = seen_by(policy, actor, now, session.get_bind().dialect.name, _EVENT)
        events = {row.id: row for row in await session.execute(seen.where(_EVENT.c.id.in_(wanted)), values)}
        for message in messages:
            if message.event_id is None and endpoint.code is not None:
                packed[message.id] = orjson.dumps(code_body(endpoint.code, message.created_at))
            elif message.event_id in events:
                packed[message.id] = orjson.dumps(body_of(events[message.event_id]))
        return packed

    def _secrets(self, endpoint: WebhookEndpoint, real_now: datetime) -> tuple[bytes, ...]:
        generations = [endpoint.secret_generation]
        if endpoint.old_secret_until is not None and endpoint.old_secret_until > real_now:
            generations.append(endpoint.secret_generation - 1)
        return tuple(signing.secret_of(self._key, endpoint.id, one) for one in generations)

    async def _deliver(self, parcel: Parcel) -> None:
        at = self._workplace.clock.real_now()
        headers = signing.headers(encode_id("delivery", parcel.message_id), at, parcel.body, parcel.secrets)
        answer, fault = None, None
        try:
            answer = await self._sender.post(parcel.url, headers, parcel.body)
        except NotSentError as error:
            fault = error.fault
        async with self._workplace.database.write() as session:
            await self._settle(session, parcel, answer, fault)

    async def _settle(self, session: AsyncSession, parcel: Parcel, answer: Answer | None, fault: str | None) -> None:
        """Write down what came of it. A no counts only while nobody else has taken the message in hand again."""
        real_now = self._workplace.clock.real_now()
        # the endpoint first, as everybody does
        endpoint = await session.get_one(WebhookEndpoint, parcel.endpoint_id, with_for_update=True)
        message = await session.get_one(WebhookMessage, parcel.message_id, with_for_update=True)
        verdict = verdict_on(answer.status) if answer is not None else Verdict.NOT_NOW
        superseded = verdict is not Verdict.TAKEN and message.attempts != parcel.attempts
        if message.state is not MessageState.PENDING or superseded:
            return
        message.in_hand_until, message.last_fault = None, fault
        message.last_status = None if answer is None else answer.status
        if verdict is Verdict.TAKEN:
            message.state, message.settled_at = MessageState.DELIVERED, real_now
            endpoint.failures, endpoint.held_until, endpoint.last_delivered_at = 0, None, real_now
            return
        said = {"attempts": parcel.attempts, "status": message.last_status, "fault": fault}
        _log.warning("webhook_not_taken", endpoint=str(parcel.endpoint_id), **said)
        wish = wish_of(answer.retry_after, real_now) if answer is not None else None
        _put_off(message, real_now, wish)
        if verdict is Verdict.GONE and endpoint.state is EndpointState.ACTIVE:
            endpoint.state = EndpointState.GONE
        elif verdict is not Verdict.NOT_THIS:
            endpoint.failures += 1
            endpoint.held_until = real_now + (wish or hold_after(endpoint.failures))


def _put_off(message: WebhookMessage, real_now: datetime, wish: timedelta | None) -> None:
    """Until the next attempt, or for good."""
    pause = pause_after(message.attempts, random.random())  # noqa: S311  # spreads attempts, hides nothing
    if pause is None:
        message.state, message.settled_at = MessageState.DEAD, real_now
    else:
        message.next_at = real_now + max(pause, wish or timedelta())


async def _free(session: AsyncSession, endpoint: WebhookEndpoint, real_now: datetime) -> int:
    """How many more may be under way. After a failure one message tries whether the receiver is back."""
    under_way = select(func.count()).where(
        WebhookMessage.endpoint_id == endpoint.id,
        WebhookMessage.state == MessageState.PENDING,
        WebhookMessage.in_hand_until > real_now,
    )
    one_by_one = endpoint.failures > 0 or endpoint.delivery_order is DeliveryOrder.FEED
    return (1 if one_by_one else endpoint.at_once) - (await session.scalar(under_way) or 0)


def _next(endpoint: WebhookEndpoint, real_now: datetime) -> Select[WebhookMessage]:
    """What is due and has nothing before it that waits: in its case, or at all."""
    earlier = aliased(WebhookMessage)
    before: list[ColumnElement[bool]] = [
        earlier.endpoint_id == endpoint.id,
        earlier.state == MessageState.PENDING,
        earlier.place < WebhookMessage.place,
    ]
    if endpoint.delivery_order is DeliveryOrder.CASE:
        before.append(earlier.case_id == WebhookMessage.case_id)
    only_code: list[Any] = [WebhookMessage.event_id.is_(None)] if endpoint.state is EndpointState.UNVERIFIED else []
    return (
        select(WebhookMessage)
        .where(
            WebhookMessage.endpoint_id == endpoint.id,
            _is_due(WebhookMessage, real_now),
            ~exists().where(*before),
            *only_code,
        )
        .order_by(WebhookMessage.place, WebhookMessage.id)
    )


def _is_due(message: type[WebhookMessage], real_now: datetime) -> ColumnElement[bool]:
    free = or_(message.in_hand_until.is_(None), message.in_hand_until <= real_now)
    return and_(message.state == MessageState.PENDING, message.next_at <= real_now, free)


def _may_be_served(real_now: datetime) -> ColumnElement[bool]:
    left_alone = WebhookEndpoint.held_until.is_not(None) & (WebhookEndpoint.held_until > real_now)
    closed = select(Account.id).where(Account.id == WebhookEndpoint.account_id, Account.disabled_at.is_not(None))
    return and_(WebhookEndpoint.state.in_(_SERVED), ~left_alone, ~closed.exists())
