"""The floor under the rate of escalation: the rows that the workers wrote, written again by hand.

One process, one transaction for each 500 cases, the driver's own `executemany`: no deciding, no hashing, no SQLAlchemy.
"""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

BATCH = 500
_LIKE_THE_SERVER = (  # app/core/database.py: a slower setting would make a lower floor
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-16000",
    "wal_autocheckpoint=4000",
)
_INSERTED = ("urging", "event", "case_record", "outbox")
_MARKED = {
    "deadline": (("state",), "state <> 'PENDING'"),
    "supervision_case": (("next_fire_at", "record_seq", "record_hash", "updated_at"), "record_seq > 0"),
}

_Rows = Sequence[Sequence[Any]]
_Read = Callable[[str], Awaitable[tuple[list[str], _Rows]]]  # a SELECT; its columns and rows


async def rewrite_sqlite(done: str, fresh: str) -> float:
    """Seconds that it takes to write into one file what another one has more."""
    source, target = sqlite3.connect(done), sqlite3.connect(fresh, isolation_level=None)

    async def read(statement: str) -> tuple[list[str], _Rows]:
        cursor = source.execute(statement)
        return [column[0] for column in cursor.description], cursor.fetchall()

    steps = await _steps(read, lambda _: "?")
    for pragma in _LIKE_THE_SERVER:
        target.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    for batch in _batches(steps):
        target.execute("BEGIN IMMEDIATE")
        for statement, rows in batch:
            target.executemany(statement, rows)
        target.execute("COMMIT")
    took = time.perf_counter() - began
    source.close()
    target.close()
    return took


async def rewrite_postgresql(done: str, fresh: str) -> float:
    """The same between two databases of a server."""
    source, target = await asyncpg.connect(done), await asyncpg.connect(fresh)

    async def read(statement: str) -> tuple[list[str], _Rows]:
        found = await source.fetch(statement)
        return list(found[0].keys()), [tuple(row) for row in found]

    steps = await _steps(read, lambda place: f"${place}")
    began = time.perf_counter()
    for batch in _batches(steps):
        async with target.transaction():
            for statement, rows in batch:
                await target.executemany(statement, rows)
    took = time.perf_counter() - began
    await source.close()
    await target.close()
    return took


async def _steps(read: _Read, place: Callable[[int], str]) -> list[tuple[str, _Rows]]:
    """Each statement with all its rows."""
    steps = []
    for table in _INSERTED:
        names, rows = await read(f"SELECT * FROM {table}")
        columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(map(place, range(1, len(names) + 1)))
        steps.append((f"INSERT INTO {table} ({columns}) VALUES ({places})", rows))
    for table, (marks, marked) in _MARKED.items():
        _, rows = await read(f"SELECT {', '.join(marks)}, id FROM {table} WHERE {marked}")
        values = ", ".join(f"{name} = {place(number)}" for number, name in enumerate(marks, start=1))
        steps.append((f"UPDATE {table} SET {values} WHERE id = {place(len(marks) + 1)}", rows))
    return steps


def _batches(steps: list[tuple[str, _Rows]]) -> list[list[tuple[str, _Rows]]]:
    """As many transactions as 500 cases each make; every one has its share of each table."""
    count = -(-len(steps[0][1]) // BATCH)
    return [[(statement, rows[number::count]) for statement, rows in steps] for number in range(count)]
