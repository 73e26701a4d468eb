"""Connections to PostgreSQL by asyncpg itself (`connections.py`). Not loaded where SQLite is all: it takes 3 MB."""

import asyncio
from contextlib import suppress
from typing import TypeVar

import asyncpg

from app.core.connections import STATEMENTS, Job

T = TypeVar("T")

_CLOSING = 5.0  # seconds


class PostgresConnections:
    """Opened when first needed. The one used last is used next: it is warm. Nothing is reset between two jobs."""

    def __init__(self, dsn: str, size: int, settings: dict[str, str]) -> None:
        self._dsn = dsn
        self._settings = settings
        self._places = asyncio.Semaphore(size)
        self._idle: list[asyncpg.Connection] = []

    async def run(self, job: Job[T]) -> T:
        async with self._places:
            connection = await self._take()
            try:
                return await _drive(connection, job)
            except asyncpg.QueryCanceledError:
                raise TimeoutError from None
            except asyncio.CancelledError:
                await asyncio.shield(_given_up(connection))
                raise
            except (OSError, asyncpg.InterfaceError):
                connection.terminate()  # nobody knows what it is in the middle of
                raise
            finally:
                if not connection.is_closed():
                    self._idle.append(connection)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close(timeout=_CLOSING)

    async def _take(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(
            self._dsn,
            server_settings=self._settings,
            statement_cache_size=STATEMENTS,
            max_cacheable_statement_size=0,  # of any length
        )


async def _given_up(connection: asyncpg.Connection) -> None:
    """Close a connection in the middle of a statement. To terminate it would leave the server working on that."""
    with suppress(TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=_CLOSING)


async def _drive(connection: asyncpg.Connection, job: Job[T]) -> T:
    try:
        query = next(job)
        while True:
            query = job.send(await connection.fetch(query.text, *query.arguments))
    except StopIteration as end:
        answer: T = end.value
        return answer
