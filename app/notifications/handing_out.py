"""From inboxes to channels: each message once for each channel by which its person wants to hear of it, in their order.

The place of a channel and the deliveries up to it are written by one transaction, which holds the channel: so nothing
is passed over and nothing written twice, whoever dies and however many look at once.
"""

import contextlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.models import Case
from app.core.bulk import insert_rows
from app.core.ids import new_id
from app.events.feed import give_places, place_now
from app.notifications.listing import PLACES
from app.notifications.models import Notification, NotificationAddress, NotificationChannel, NotificationDelivery
from app.notifications.rules import GATHER_FOR, OLDEST, DeliveryState, ReminderChannel, ReminderKind, is_urgent, kind_of
from app.work.opening import Workplace

BATCH = 500
_DELIVERY: Table = NotificationDelivery.metadata.tables[NotificationDelivery.__tablename__]


async def hand_out(workplace: Workplace, channels: Iterable[ReminderChannel]) -> int:
    """Write the deliveries of all messages that are new. A channel that is new begins with what comes from now on."""
    await give_places(workplace.database, PLACES)
    async with workplace.database.read() as session:
        last = await place_now(session, PLACES)
        places = {row.channel: row.place for row in await session.scalars(select(NotificationChannel))}
    written = 0
    for channel in channels:
        if channel not in places:
            await _begin(workplace, channel, last)
        reached = places.get(channel, last)
        while reached < last:
            reached, count = await _hand_out(workplace, channel, last)
            written += count
    return written


async def _begin(workplace: Workplace, channel: ReminderChannel, place: int) -> None:
    with contextlib.suppress(IntegrityError):  # another process was first
        async with workplace.database.write() as session:
            session.add(NotificationChannel(channel=channel, place=place))


async def _hand_out(workplace: Workplace, channel: ReminderChannel, last: int) -> tuple[int, int]:
    """A batch for one channel; how far that went, and how many it made. Whoever holds the channel goes on with it."""
    async with workplace.database.write() as session:
        held = select(NotificationChannel).where(NotificationChannel.channel == channel)
        row = await session.scalar(held.with_for_update(skip_locked=True))
        if row is None or row.place >= last:
            return last, 0
        after, row.place = row.place, min(last, row.place + BATCH)
        rows = await _deliveries(session, workplace, channel, after, row.place)
        await insert_rows(await session.connection(), _DELIVERY, rows)
        return row.place, len(rows)


async def _deliveries(
    session: AsyncSession, workplace: Workplace, channel: ReminderChannel, after: int, until: int
) -> list[dict[str, Any]]:
    wanted = (
        select(Notification, Case.tier, NotificationAddress.kinds)
        .join(NotificationAddress, NotificationAddress.person_id == Notification.person_id)
        .outerjoin(Case, Case.id == Notification.case_id)
        .where(
            NotificationAddress.channel == channel,
            Notification.position > after,
            Notification.position <= until,
            Notification.created_at > workplace.clock.now() - OLDEST,
        )
        .order_by(Notification.position)
    )
    real_now = workplace.clock.real_now()
    return [
        {
            "id": new_id(),
            "notification_id": told.id,
            "channel": channel,
            "person_id": told.person_id,
            "matter_id": told.case_id or told.subject_id,
            "place": told.position,
            "urging": kind_of(told.topic) is ReminderKind.URGING,
            "urgent": is_urgent(told.topic, tier),
            "state": DeliveryState.PENDING,
            "attempts": 0,
            "next_at": real_now + GATHER_FOR,
            "created_at": real_now,
        }
        for told, tier, kinds in await session.execute(wanted)
        if kind_of(told.topic) in kinds.split()
    ]
