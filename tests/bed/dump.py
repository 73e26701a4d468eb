"""All that a database holds, to see whether anything has changed: every table but the log of reads and denials."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import make_url, text

from app.core.database import Base, Database

Dump = Mapping[str, list[str]]
NOTED = frozenset({"access_log"})  # a denial is noted although nothing has changed


async def everything(database: Database, *, without: Collection[str] = NOTED) -> Dump:
    """The rows of all tables as text."""
    tables = [table.name for table in Base.metadata.sorted_tables if table.name not in without]
    if database.sqlite:
        return await asyncio.to_thread(_of_sqlite, make_url(database.url).database or "", tables)
    return await _of_postgres(database, tables)


def changed(before: Dump, after: Dump) -> dict[str, tuple[list[str], list[str]]]:
    """By table the rows that went and those that came. Empty: nothing has changed."""
    found = {}
    for table in before:
        if before[table] != after[table]:
            gone, come = Counter(before[table]) - Counter(after[table]), Counter(after[table]) - Counter(before[table])
            found[table] = (sorted(gone), sorted(come))
    return found


def _of_sqlite(path: str, tables: list[str]) -> Dump:
    connection = sqlite3.connect(path)
    try:
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in tables}
    finally:
        connection.close()


async def _of_postgres(database: Database, tables: list[str]) -> Dump:
    selects = (f"SELECT '{name}' AS name, row_::text AS content FROM \"{name}\" row_" for name in tables)
    found: dict[str, list[str]] = {name: [] for name in tables}
    async with database.read() as session:
        for name, content in (await session.execute(text(" UNION ALL ".join(selects)))).all():
            found[name].append(content)
    return {name: sorted(rows) for name, rows in found.items()}
