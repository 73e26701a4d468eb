"""The writer of SQLite: it waits for the lock without keeping others waiting, and leaves nothing open behind."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.database import Database


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the same file."""
    found = sqlite3.connect(tmp_path / "one.sqlite3", isolation_level=None, timeout=0)
    found.execute("PRAGMA journal_mode=WAL")
    found.execute("CREATE TABLE word (said TEXT PRIMARY KEY)")
    yield found
    found.close()


@pytest.fixture
async def database(tmp_path: Path, other: sqlite3.Connection) -> AsyncIterator[Database]:
    found = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.sqlite3'}")
    yield found
    await found.close()


async def say(database: Database, *words: str) -> None:
    async with database.write() as session:
        for word in words:
            await session.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})


def said(other: sqlite3.Connection) -> list[str]:
    return [word for (word,) in other.execute("SELECT said FROM word ORDER BY said")]


async def waiting_for_the_lock(writing: "asyncio.Task[None]") -> None:
    """Returns at all only because the loop goes on while the writer waits."""
    for _ in range(200):
        await asyncio.sleep(0.001)
    assert not writing.done()


async def test_the_loop_goes_on_while_the_writer_waits(database: Database, other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(say(database, "甲"))
    await waiting_for_the_lock(writing)
    other.execute("INSERT INTO word VALUES ('乙')")
    other.execute("COMMIT")
    await writing
    assert said(other) == ["乙", "甲"]


async def test_who_gives_up_waiting_writes_nothing_and_holds_nothing(
    database: Database, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(say(database, "甲"))
    await waiting_for_the_lock(writing)
    writing.cancel()
    await asyncio.sleep(0)
    other.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await writing
    other.execute("BEGIN IMMEDIATE")  # fails at once when somebody has the lock
    other.execute("COMMIT")
    await say(database, "乙")
    assert said(other) == ["乙"]


async def test_what_fails_is_undone_and_the_next_one_goes_on(database: Database, other: sqlite3.Connection) -> None:
    await say(database, "甲")
    with pytest.raises(IntegrityError):
        await say(database, "乙", "甲")
    await say(database, "丙")
    assert said(other) == ["丙", "甲"]


async def test_a_savepoint_undoes_its_own_part_alone(database: Database, other: sqlite3.Connection) -> None:
    async with database.write() as session:
        await session.execute(text("INSERT INTO word VALUES ('甲')"))
        nested = await session.begin_nested()
        await session.execute(text("INSERT INTO word VALUES ('乙')"))
        await nested.rollback()
    assert said(other) == ["甲"]
