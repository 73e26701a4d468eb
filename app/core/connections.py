"""Connections of the drivers themselves, for statements that were compiled before (`prepared.py`). They only read.

What runs on one is a job: a generator that yields a `Query`, gets its rows, and returns its answer. So the same job
runs on asyncpg's loop (`postgres.py`) and, in one hop, in a thread of sqlite3.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias, TypeVar

from app.core.prepared import Query

T = TypeVar("T")
Rows: TypeAlias = Sequence[Sequence[Any]]
Job: TypeAlias = Generator[Query, Rows, T]

STATEMENTS = 300  # kept ready by each connection; the least recently used go


class Connections(Protocol):
    """A number of connections; a job has one for itself while it runs."""

    async def run(self, job: Job[T]) -> T:
        """The job's answer. Raises TimeoutError where a statement took longer than it may."""
        ...

    async def close(self) -> None: ...


class SqliteConnections:
    """One for each of a few threads. A job sees one state of the database from its first statement to its last."""

    def __init__(self, path: str, size: int, prepare: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._prepare = prepare
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="reads")
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def run(self, job: Job[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._drive, job)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        while self._opened:
            self._opened.pop().close()

    def _drive(self, job: Job[T]) -> T:
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            query = next(job)
            while True:
                query = job.send(connection.execute(*query).fetchall())
        except StopIteration as end:
            answer: T = end.value
            return answer
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            # closed by another thread than its own, when no job is left
            found = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
            )
            self._prepare(found)
            self._opened.append(found)
            self._own.connection = found
        return found
