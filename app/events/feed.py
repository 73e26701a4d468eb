"""The feed: after its commit every row gets a place in the one order of its table, and its readers are woken.

No number that a transaction takes for itself is in the order of commits: who reads up to 7 may find 6 later. So places
are given to what is committed, by any process that looks, one at a time. Facts of one case keep their order, and no
fact comes before an earlier one of its case. Being woken is a convenience: what a reader has not seen lies behind his
cursor, however long he slept. What has such places beside the facts (messages of inboxes) says so by a `Numbered`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Select, Subquery, Table, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.events.models import Event

BATCH = 1_000
EVERY = timedelta(milliseconds=250)
_EVENT: Table = Event.metadata.tables[Event.__tablename__]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A table with a `position`. `waiting`: what has none, with the columns `order` by which places are given.

    `lock`: the advisory lock of whoever gives them.
    """

    table: Table
    lock: int
    waiting: Select[Any]
    order: tuple[str, ...]

    @property
    def without_place(self) -> Any:
        return self.table.c.position.is_(None)


def _waiting_events() -> Select[Any]:
    # within a case by its own count, of which no part is cut off; between cases by time, which may run backwards in one
    moment = func.max(_EVENT.c.recorded_at).over(partition_by=_EVENT.c.case_id, order_by=_EVENT.c.case_seq)
    columns = (_EVENT.c.id, _EVENT.c.case_id, _EVENT.c.case_seq, moment.label("moment"))
    return select(*columns).order_by(_EVENT.c.case_id, _EVENT.c.case_seq, _EVENT.c.id)


EVENTS = Numbered(_EVENT, 0x66656564, _waiting_events(), ("moment", "case_id", "case_seq", "id"))  # "feed" in ASCII


async def give_places(database: Database, numbered: Numbered = EVENTS) -> int:
    """Give a place to every committed row that has none. Safe in several processes. Answers how many got one here."""
    given = 0
    while await _some_wait(database, numbered):
        async with database.write() as session:
            given += await _give(session, numbered, sqlite=database.sqlite)
    return given


async def last_place(database: Database, numbered: Numbered = EVENTS) -> int:
    """How far the order goes."""
    async with database.read() as session:
        return await place_now(session, numbered)


async def place_now(session: AsyncSession, numbered: Numbered = EVENTS) -> int:
    """How far the order goes: no row will ever get a place up to it."""
    return await session.scalar(select(func.coalesce(func.max(numbered.table.c.position), 0))) or 0


class Feed:
    """Wakes the readers of this process when there is something new, among the facts or what is `numbered` besides."""

    def __init__(self, database: Database, *numbered: Numbered) -> None:
        self._database, self._numbered = database, (EVENTS, *numbered)
        self._news = asyncio.Event()

    def news(self) -> asyncio.Event:
        """Set when something is new. To be taken before the question, lest an answer in between be slept through."""
        return self._news

    async def look(self, seen: int) -> int:
        """Give places, and wake the readers if there are more than were `seen`. Answers how many."""
        last = 0
        for numbered in self._numbered:
            await give_places(self._database, numbered)
            last += await last_place(self._database, numbered)
        if last != seen:
            self._news.set()
            self._news = asyncio.Event()
        return last

    async def watch(self) -> None:
        """Look again and again. A database that is away for a while is waited for."""
        seen = 0
        while True:
            try:
                seen = await self.look(seen)
            except Exception:  # noqa: BLE001  # whatever it is, the next look may be luckier
                _log.exception("feed_not_read")
            await asyncio.sleep(EVERY.total_seconds())


@asynccontextmanager
async def feed_watched(feed: Feed) -> AsyncIterator[None]:
    """Watch for the length of the block."""
    watching = asyncio.create_task(feed.watch(), name="feed")
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _some_wait(database: Database, numbered: Numbered) -> bool:
    async with database.read() as session:
        return bool(await session.scalar(select(exists().where(numbered.without_place))))


async def _give(session: AsyncSession, numbered: Numbered, *, sqlite: bool) -> int:
    if not sqlite:  # there the transaction itself is the lock
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": numbered.lock})
    table, waiting = numbered.table, numbered.waiting.where(numbered.without_place).limit(BATCH).subquery()
    placed = _placed(waiting, numbered.order)
    last = await place_now(session, numbered)
    await session.execute(
        update(table).where(table.c.id == placed.c.id).values(position=last + placed.c.place),
        execution_options={"synchronize_session": False},
    )
    return await place_now(session, numbered) - last


def _placed(waiting: Subquery, order: tuple[str, ...]) -> Subquery:
    place = func.row_number().over(order_by=[waiting.c[name] for name in order])
    return select(waiting.c.id, place.label("place")).subquery()
