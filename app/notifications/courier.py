"""The courier: what is due on a channel goes out, one message per person and matter; each channel by a task of its own.

What goes out together is settled by one transaction, sent outside any, and marked by another. Who dies in between
leaves it in hand for a while, then it is sent again: at least once, under a key that is always the same. What its
reader may not see at that moment, has read meanwhile or no longer wishes to be told is not sent.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, Table, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Policy
from app.cases.models import Case
from app.core.ids import encode_id
from app.core.levels import Classification
from app.core.refusals import Refusal
from app.deadlines.dates import Reckoning
from app.deadlines.hours import after_quiet_hours
from app.events.outbox import oldest_unsent
from app.identity.queries import actor_of_person
from app.notifications.channels import Delivered, Outcome, Reminder, Retryable, Way
from app.notifications.handing_out import hand_out
from app.notifications.models import Notification, NotificationAddress, NotificationChannel, NotificationDelivery
from app.notifications.rules import (
    LONGEST_ANSWER,
    DeliveryState,
    ReminderChannel,
    kind_of,
    pause_after,
    planned,
    words_of,
)
from app.regulation.service import rule_set_id
from app.work.opening import Workplace
from app.workdays import current_calendar

LEASE = timedelta(seconds=60)  # longer than sending can take
AT_ONCE = 8
_CATCHING_UP = timedelta(minutes=1)  # how far behind the relay may be
_NOTIFICATION: Table = Notification.metadata.tables[Notification.__tablename__]
_NUMBERING = (Case.register_number, Case.restricted, Case.classification)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in hand, under the id of the newest delivery in it. `attempts` counts this one."""

    delivery_id: UUID
    channel: ReminderChannel
    attempts: int
    message: Reminder


class Courier:
    """Sends for one process, under the policy of the moment. Safe in several at a time."""

    def __init__(
        self,
        workplace: Workplace,
        policy: Callable[[], Awaitable[Policy]],
        ways: Mapping[ReminderChannel, Way],
        front_end: str,
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._workplace, self._policy, self._ways = workplace, policy, ways
        self._front_end, self._lease = front_end, lease
        self._serving: dict[ReminderChannel, asyncio.Task[None]] = {}

    async def round(self) -> int:
        """Write what is new, and see to it that every channel is served. Waits for none of them."""
        written = await hand_out(self._workplace, self._ways)
        if not await self._catching_up():
            for channel in await self._waiting():
                if channel not in self._serving:
                    self._serving[channel] = asyncio.create_task(self._serve(channel), name=f"channel:{channel}")
        return written

    async def finish(self) -> None:
        """Wait until whatever is being served has nothing due."""
        await asyncio.gather(*self._serving.values())

    async def close(self) -> None:
        """What is in hand is sent again by somebody else."""
        for task in self._serving.values():
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)

    async def _catching_up(self) -> bool:
        """Whether the relay still brings what is old: it may belong to what would go out now."""
        real_now = self._workplace.clock.real_now()
        async with self._workplace.database.read() as session:
            oldest = await oldest_unsent(session, real_now)
        return oldest is not None and real_now - oldest > _CATCHING_UP

    async def _waiting(self) -> Sequence[ReminderChannel]:
        real_now = self._workplace.clock.real_now()
        due = select(NotificationDelivery.channel).where(
            NotificationDelivery.channel.in_(self._ways), *_free(real_now), NotificationDelivery.next_at <= real_now
        )
        async with self._workplace.database.read() as session:
            return (await session.scalars(due.distinct())).all()

    async def _serve(self, channel: ReminderChannel) -> None:
        try:
            while parcels := await self._take(channel):
                await asyncio.gather(*(self._send(parcel) for parcel in parcels))
        except Exception:  # noqa: BLE001  # the next round tries again
            _log.exception("channel_not_served", channel=channel)
        finally:
            del self._serving[channel]

    async def _take(self, channel: ReminderChannel) -> list[Parcel]:
        """What goes out next. Whoever holds the channel decides it alone."""
        clock, policy = self._workplace.clock, await self._policy()
        real_now = clock.real_now()
        async with self._workplace.database.write() as session:
            held = select(NotificationChannel).where(
                NotificationChannel.channel == channel,
                or_(NotificationChannel.held_until.is_(None), NotificationChannel.held_until <= real_now),
            )
            if await session.scalar(held.with_for_update(skip_locked=True)) is None:
                return []
            waiting = await _waiting(session, channel, real_now)
            plan = planned(
                waiting,
                real_now,
                quiet_until=await self._quiet_until(session),
                urged=await _urged(session, channel, {one.person_id for one in waiting}, real_now),
                interval=timedelta(minutes=self._workplace.regulation.ladder.reminder_interval_minutes),
            )
            for one, until in plan.put_off:
                one.next_at = until
            parcels = [await self._packed(session, policy, together) for together in plan.parcels]
        return [parcel for parcel in parcels if parcel is not None]

    async def _quiet_until(self, session: AsyncSession) -> datetime | None:
        """In quiet hours their end; None by day."""
        clock, regulation = self._workplace.clock, self._workplace.regulation
        reckoning, now = Reckoning(regulation, rule_set_id(regulation), await current_calendar(session)), clock.now()
        until = after_quiet_hours(reckoning, now)
        return clock.real_at(until) if until > now else None

    async def _packed(
        self, session: AsyncSession, policy: Policy, together: Sequence[NotificationDelivery]
    ) -> Parcel | None:
        """One message of all these, in hand; None where none of them is to be told."""
        real_now, newest = self._workplace.clock.real_now(), together[-1]
        await _gather(session, newest, [one.id for one in together[:-1]], real_now)
        address = await session.scalar(
            select(NotificationAddress).where(
                NotificationAddress.person_id == newest.person_id, NotificationAddress.channel == newest.channel
            )
        )
        wished = address.kinds.split() if address is not None else []
        told = [one for one in await self._seen(session, policy, newest) if kind_of(one.topic) in wished]
        if not told or address is None:
            newest.state, newest.settled_at = DeliveryState.WITHHELD, real_now
            return None
        newest.in_hand_until, newest.last_at = real_now + self._lease, real_now
        newest.attempts += 1
        newest.urging = any(one.urging for one in together)
        link = f"{self._front_end}/notifications/{encode_id('notification', told[0].id)}"
        message = Reminder(address.address, words_of([(one.topic, _number(one)) for one in told]), link)
        return Parcel(newest.id, newest.channel, newest.attempts, message)

    async def _seen(self, session: AsyncSession, policy: Policy, newest: NotificationDelivery) -> Sequence[Row[Any]]:
        """The messages that go out with the newest, as far as their reader may see them now and has not read them."""
        now, dialect = self._workplace.clock.now(), session.get_bind().dialect.name
        try:
            actor = await actor_of_person(session, newest.person_id, now)
        except Refusal:  # he is here no more
            return []
        plan = policy.plan(actor.roles, "notification", "view")
        columns = (_NOTIFICATION.c.id, _NOTIFICATION.c.topic, *_NUMBERING)
        seen = (
            select(*columns)
            .join(NotificationDelivery, NotificationDelivery.notification_id == _NOTIFICATION.c.id)
            .outerjoin(Case, Case.id == _NOTIFICATION.c.case_id)
            .where(
                or_(NotificationDelivery.id == newest.id, NotificationDelivery.carried_by == newest.id),
                _NOTIFICATION.c.read_at.is_(None),
                plan.where(_NOTIFICATION, dialect),
            )
            .order_by(NotificationDelivery.place.desc())
        )
        return (await session.execute(seen, plan.parameters(actor, now, dialect))).all()

    async def _send(self, parcel: Parcel) -> None:
        try:
            outcome = await self._ways[parcel.channel].send(parcel.message, parcel.delivery_id.hex)
        except Exception as error:  # noqa: BLE001  # what nobody thought of must not stop what goes with it
            _log.exception("reminder_not_sent", channel=parcel.channel)
            outcome = Retryable(type(error).__name__)
        async with self._workplace.database.write() as session:
            await self._settle(session, parcel, outcome)

    async def _settle(self, session: AsyncSession, parcel: Parcel, outcome: Outcome) -> None:
        """Write down what came of it. A no counts only while nobody else has taken it in hand again."""
        real_now = self._workplace.clock.real_now()
        # the channel first, as everybody does
        channel = await session.get_one(NotificationChannel, parcel.channel, with_for_update=True)
        row = await session.get_one(NotificationDelivery, parcel.delivery_id, with_for_update=True)
        superseded = not isinstance(outcome, Delivered) and row.attempts != parcel.attempts
        if row.state is not DeliveryState.PENDING or superseded:
            return
        row.in_hand_until = None
        if isinstance(outcome, Delivered):
            row.state, row.settled_at, row.last_answer = DeliveryState.SENT, real_now, _kept(outcome.provider_id)
            return
        row.last_answer = _kept(outcome.reason)
        _log.warning("reminder_not_taken", channel=parcel.channel, attempts=parcel.attempts, reason=row.last_answer)
        if isinstance(outcome, Retryable) and outcome.after is not None:  # the fault of nobody
            row.attempts -= 1
            row.next_at = channel.held_until = real_now + outcome.after
            return
        chance = random.random()  # noqa: S311  # spreads attempts, hides nothing
        pause = pause_after(parcel.attempts, chance) if isinstance(outcome, Retryable) else None
        if pause is None:
            row.state, row.settled_at = DeliveryState.DEAD, real_now
        else:
            row.next_at = real_now + pause


def _free(real_now: datetime) -> tuple[ColumnElement[bool], ...]:
    in_hand = NotificationDelivery.in_hand_until
    return NotificationDelivery.state == DeliveryState.PENDING, or_(in_hand.is_(None), in_hand <= real_now)


async def _waiting(
    session: AsyncSession, channel: ReminderChannel, real_now: datetime
) -> Sequence[NotificationDelivery]:
    """All that waits for some of the people for whom something is due, those first who have waited longest."""
    here = (NotificationDelivery.channel == channel, *_free(real_now))
    people = (
        select(NotificationDelivery.person_id)
        .where(*here, NotificationDelivery.next_at <= real_now)
        .group_by(NotificationDelivery.person_id)
        .order_by(func.min(NotificationDelivery.next_at), NotificationDelivery.person_id)
        .limit(AT_ONCE)
    )
    found = (await session.scalars(people)).all()
    waiting = select(NotificationDelivery).where(*here, NotificationDelivery.person_id.in_(found))
    return (await session.scalars(waiting)).all()


async def _urged(
    session: AsyncSession, channel: ReminderChannel, people: Collection[UUID], real_now: datetime
) -> Mapping[UUID, datetime]:
    """When each of these people was last reminded of an urging, or is being."""
    sent = NotificationDelivery.state == DeliveryState.SENT
    in_hand = and_(NotificationDelivery.state == DeliveryState.PENDING, NotificationDelivery.in_hand_until > real_now)
    statement = (
        select(NotificationDelivery.person_id, func.max(NotificationDelivery.last_at))
        .where(
            NotificationDelivery.channel == channel,
            NotificationDelivery.person_id.in_(people),
            NotificationDelivery.urging,
            or_(sent, in_hand),
        )
        .group_by(NotificationDelivery.person_id)
    )
    return {person_id: at for person_id, at in await session.execute(statement) if at is not None}


async def _gather(session: AsyncSession, newest: NotificationDelivery, older: Collection[UUID], now: datetime) -> None:
    """`newest` carries these, and what they carried."""
    if not older:
        return
    values: dict[str, Any] = {"carried_by": newest.id}
    carried = update(NotificationDelivery).where(NotificationDelivery.carried_by.in_(older))
    await session.execute(carried.values(values), execution_options={"synchronize_session": False})
    values |= {"state": DeliveryState.GATHERED, "settled_at": now}
    gathered = update(NotificationDelivery).where(NotificationDelivery.id.in_(older))
    await session.execute(gathered.values(values), execution_options={"synchronize_session": False})


def _number(row: Any) -> str | None:
    """The number of a case that no more than its units need to be careful with (第二十三条)."""
    hidden = row.restricted is not False or row.classification > Classification.INTERNAL
    return None if hidden else row.register_number


def _kept(answer: str | None) -> str | None:
    return None if answer is None else answer[:LONGEST_ANSWER]
