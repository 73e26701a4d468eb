"""The outbox: messages put in beside what they tell of, claimed with a lease, sent outside any transaction, marked."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.models import OutboxMessage

_OUTBOX = cast("Table", OutboxMessage.__table__)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=6)
_MOST_ATTEMPTS = 25  # more than three days


class Message(NamedTuple):
    """A claimed message. `attempts` counts this one."""

    position: int
    topic: str
    event_id: UUID
    dedupe_key: str
    payload: dict[str, Any]
    attempts: int


def message_row(
    topic: str, event_id: UUID, key: str, payload: dict[str, Any], now: datetime, real_now: datetime
) -> dict[str, Any]:
    """The columns of a new message. `key` names the thing; the payload holds references only, never text."""
    return {
        "topic": topic,
        "event_id": event_id,
        "dedupe_key": key,
        "payload": payload,
        "created_at": now,
        "next_at": real_now,
        "attempts": 0,
    }


def retry_at(attempts: int, real_now: datetime) -> datetime | None:
    """When to try again after so many failures, each pause twice the last one. None: never, somebody must look."""
    if attempts >= _MOST_ATTEMPTS:
        return None
    pause: timedelta = _FIRST_PAUSE * 2 ** (attempts - 1)
    return real_now + min(pause, _LONGEST_PAUSE)


async def claim(session: AsyncSession, real_now: datetime, limit: int, lease: timedelta) -> list[Message]:
    """Take what is due, oldest first; nobody else takes it before the lease ends. A transaction of its own.

    By age, not by `next_at`: what somebody had in hand when he died does not go behind all that came since.
    """
    due = (
        select(_OUTBOX.c.position)
        .where(_OUTBOX.c.sent_at.is_(None), _OUTBOX.c.failed_at.is_(None), _OUTBOX.c.next_at <= real_now)
        .order_by(_OUTBOX.c.created_at, _OUTBOX.c.position)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.position.in_(due.scalar_subquery()))
        .values(next_at=real_now + lease, attempts=_OUTBOX.c.attempts + 1)
        .returning(*(_OUTBOX.c[name] for name in Message._fields))
    )
    return sorted(Message(*row) for row in await session.execute(statement))


async def mark_sent(session: AsyncSession, positions: Collection[int], real_now: datetime) -> None:
    await session.execute(update(_OUTBOX).where(_OUTBOX.c.position.in_(positions)).values(sent_at=real_now))


async def put_off(session: AsyncSession, position: int, next_at: datetime) -> None:
    """Not now, for a reason that is no failure."""
    values = {"next_at": next_at, "attempts": _OUTBOX.c.attempts - 1}
    await session.execute(update(_OUTBOX).where(_OUTBOX.c.position == position).values(values))


async def mark_failed(session: AsyncSession, message: Message, real_now: datetime) -> None:
    """Try again later, or give up for good."""
    again = retry_at(message.attempts, real_now)
    values = {"failed_at": real_now} if again is None else {"next_at": again}
    await session.execute(update(_OUTBOX).where(_OUTBOX.c.position == message.position).values(values))


async def oldest_unsent(session: AsyncSession, real_now: datetime) -> datetime | None:
    """The alarm: since when a message should have been sent."""
    waiting = (OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None))
    return await session.scalar(
        select(func.min(OutboxMessage.next_at)).where(*waiting, OutboxMessage.next_at <= real_now)
    )


async def given_up(session: AsyncSession) -> int:
    """How many messages failed for good and were not looked at."""
    return await session.scalar(select(func.count()).where(_OUTBOX.c.failed_at.is_not(None))) or 0
