"""Figures for `/metrics` that only the database knows: asked every few seconds, so that a scrape waits for nothing.

They are the alarm for "the worker is dead". Readiness is not: it would take away the API, which still works.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from prometheus_client import Gauge
from sqlalchemy import func, select

from app.core.clock import Clock
from app.core.database import Database
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from app.emergency.queries import standings
from app.emergency.rules import SealStanding
from app.events.models import OutboxMessage
from app.notifications.models import NotificationDelivery
from app.notifications.rules import DeliveryState, ReminderChannel
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import EndpointState, MessageState
from app.worker.sweeps import Sweeper

SWEEP_AGE = Gauge("duban_sweep_age_seconds", "Since a sweep last succeeded, in whichever process", ("sweep",))
EMERGENCY = Gauge("duban_emergency_account", "1 where a seal of the emergency account stands so", ("standing",))
OLDEST_DUE = Gauge("duban_oldest_due_seconds", "Age of the oldest that is due and not done", ("what",))
REMINDERS = Gauge("duban_reminders", "Reminders by channel: those that wait, and those given up", ("channel", "state"))
_EVERY = 10.0
_PENDING = Deadline.state == DeadlineState.PENDING
_WAITING = NotificationDelivery.state == DeliveryState.PENDING
_WATCHED = (DeliveryState.PENDING, DeliveryState.DEAD)

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def gauges_kept(sweeper: Sweeper, database: Database, clock: Clock) -> AsyncIterator[None]:
    """Keep the gauges fresh for the length of the block."""
    keeping = asyncio.create_task(_keep(sweeper, database, clock), name="gauges")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def refresh(sweeper: Sweeper, database: Database, clock: Clock) -> None:
    """Ask once. A sweep that never succeeded is infinitely old."""
    for name, age in (await sweeper.ages()).items():
        SWEEP_AGE.labels(name).set(math.inf if age is None else age.total_seconds())
    unsent = (OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None))
    async with database.read() as session:
        fire_at = await session.scalar(select(func.min(Deadline.fire_at)).where(_PENDING))
        created_at = await session.scalar(select(func.min(OutboxMessage.created_at)).where(*unsent))
        pushed = select(func.min(WebhookMessage.created_at)).join(WebhookEndpoint)
        written_at = await session.scalar(
            pushed.where(WebhookMessage.state == MessageState.PENDING, WebhookEndpoint.state == EndpointState.ACTIVE)
        )
        reminded_at = await session.scalar(select(func.min(NotificationDelivery.created_at)).where(_WAITING))
        counted = select(NotificationDelivery.channel, NotificationDelivery.state, func.count()).where(
            NotificationDelivery.state.in_(_WATCHED)
        )
        by_state = counted.group_by(NotificationDelivery.channel, NotificationDelivery.state)
        reminders = {(channel, state): count for channel, state, count in await session.execute(by_state)}
        sealed = await standings(session, clock.now())
    for standing in (SealStanding.SEALED, SealStanding.OPEN):
        EMERGENCY.labels(standing.value).set(standing in sealed)
    for channel in ReminderChannel:
        for state in _WATCHED:
            REMINDERS.labels(channel, state).set(reminders.get((channel, state), 0))
    OLDEST_DUE.labels("reminder").set(_seconds(reminded_at, clock.real_now()))
    OLDEST_DUE.labels("webhook").set(_seconds(written_at, clock.real_now()))
    OLDEST_DUE.labels("deadline").set(_seconds(fire_at, clock.now()))
    OLDEST_DUE.labels("outbox").set(_seconds(created_at, clock.now()))


def _seconds(since: datetime | None, now: datetime) -> float:
    """How long ago; zero where nothing is there or its time has not come."""
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


async def _keep(sweeper: Sweeper, database: Database, clock: Clock) -> None:
    while True:
        try:
            await refresh(sweeper, database, clock)
        except Exception as error:  # noqa: BLE001  # a database that is away: the figures stand still, the log says why
            _log.warning("gauges_not_read", reason=type(error).__name__)
        await asyncio.sleep(_EVERY)
