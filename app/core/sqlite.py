"""The writer's driver for SQLite: what takes microseconds runs in place, what may wait for others runs in a thread.

A transaction that holds SQLite's one lock waits for nobody until it commits, so its statements need no thread:
crossing to one and back costs several times what most of them do. Reads, which may be long, keep aiosqlite.
docs/decisions/0010 has the reasons.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from typing import Any, Self, cast

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.util.concurrency import await_


class _AtOnce:
    """Nothing to wait for."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_AT_ONCE = _AtOnce()


class Cursor(sqlite3.Cursor):
    """Says that it waits, for nothing: SQLAlchemy takes a driver that never does for one that blocks."""

    def execute(self, *given: Any) -> Self:
        await_(_AT_ONCE)
        return super().execute(*given)

    def executemany(self, *given: Any) -> Self:
        await_(_AT_ONCE)
        return super().executemany(*given)

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks for it after each statement; there is nothing left to wait for."""


class Connection(sqlite3.Connection):
    """To be used within a greenlet of SQLAlchemy's asyncio extension."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # nobody asks for another kind
        return Cursor(self)

    def begin(self) -> None:
        """Take the lock, or wait for it in a thread as long as `busy_timeout` says."""
        await_(_aside(sqlite3.Cursor(self).execute, "BEGIN IMMEDIATE"))

    def commit(self) -> None:
        if self.in_transaction:
            await_(_aside(super().commit))

    def rollback(self) -> None:
        if self.in_transaction:
            await_(_aside(super().rollback))


class WriterDialect(SQLiteDialect_pysqlite):
    """`sqlite+writer://`: every transaction begins with the lock in hand."""

    driver = "writer"
    is_async = True
    supports_statement_cache = True

    def connect(self, *arguments: Any, **options: Any) -> DBAPIConnection:
        # what SQLAlchemy gives for a file is meant for one thread at a time, and so it is
        options |= {"factory": Connection, "check_same_thread": False, "isolation_level": None}
        return cast(DBAPIConnection, sqlite3.connect(*arguments, **options))

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.begin()

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


async def _aside(work: Callable[..., Any], *arguments: Any) -> None:
    """Run it in a thread. Whoever gives up in between still waits: what has begun must not end behind his back."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


registry.register("sqlite.writer", __name__, "WriterDialect")
