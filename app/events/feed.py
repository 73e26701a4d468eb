"""The feed: after its commit every fact gets a place in one order, without gaps, and its readers are woken.

No number that a transaction takes for itself is in the order of commits: who reads up to 7 may find 6 later. So places
are given to what is committed, by any process that looks, one at a time. Facts of one case keep their order, and no
fact comes before an earlier one of its case. Being woken is a convenience: what a reader has not seen lies behind his
cursor, however long he slept.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy import Table, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.events.models import Event

BATCH = 1_000
EVERY = timedelta(milliseconds=250)
_LOCK = 0x66656564  # "feed" in ASCII: the advisory lock of whoever gives places
_EVENT: Table = Event.metadata.tables[Event.__tablename__]
_WAITS = _EVENT.c.position.is_(None)

_log = structlog.get_logger(__name__)


async def give_places(database: Database) -> int:
    """Give a place to every committed fact that has none. Safe in several processes. Answers how many got one here."""
    given = 0
    while await _some_wait(database):
        async with database.write() as session:
            given += await _give(session, sqlite=database.sqlite)
    return given


async def last_place(database: Database) -> int:
    """How far the feed goes."""
    async with database.read() as session:
        return await _last(session)


class Feed:
    """Wakes the readers of this process when there is something new."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = asyncio.Event()

    def news(self) -> asyncio.Event:
        """Set when something is new. To be taken before the question, lest an answer in between be slept through."""
        return self._news

    async def look(self, seen: int) -> int:
        """Give places, and wake the readers if the feed goes further than was `seen`. Answers how far."""
        await give_places(self._database)
        last = await last_place(self._database)
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


async def _some_wait(database: Database) -> bool:
    async with database.read() as session:
        return bool(await session.scalar(select(exists().where(_WAITS))))


async def _last(session: AsyncSession) -> int:
    return await session.scalar(select(func.coalesce(func.max(_EVENT.c.position), 0))) or 0


async def _give(session: AsyncSession, *, sqlite: bool) -> int:
    if not sqlite:  # there the transaction itself is the lock
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # within a case by its own count, of which no part is cut off; between cases by time, which may run backwards in one
    moment = func.max(_EVENT.c.recorded_at).over(partition_by=_EVENT.c.case_id, order_by=_EVENT.c.case_seq)
    waiting = (
        select(_EVENT.c.id, _EVENT.c.case_id, _EVENT.c.case_seq, moment.label("moment"))
        .where(_WAITS)
        .order_by(_EVENT.c.case_id, _EVENT.c.case_seq, _EVENT.c.id)
        .limit(BATCH)
        .subquery()
    )
    place = func.row_number().over(order_by=(waiting.c.moment, waiting.c.case_id, waiting.c.case_seq, waiting.c.id))
    placed = select(waiting.c.id, place.label("place")).subquery()
    last = await _last(session)
    await session.execute(
        update(_EVENT).where(_EVENT.c.id == placed.c.id).values(position=last + placed.c.place),
        execution_options={"synchronize_session": False},
    )
    return await _last(session) - last
