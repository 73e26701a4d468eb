"""Migrations, up and down, run from code: there is no alembic.ini, what runs is what was shipped with this code.

A run is one transaction: all of it or nothing. Only one process migrates at a time; the others wait, then find it done.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.core.database import Database
from app.core.paths import shipped
from app.core.revisions import Status, status_of

_LOCK = 0x647562616E  # "duban" in ASCII: the advisory lock that a migrating process holds


async def upgrade(url: str, revision: str = "head") -> Status:
    """Bring the database up to `revision`, the newest by default."""
    async with _alone(url) as connection:
        await connection.run_sync(lambda inner: command.upgrade(configuration(inner), revision))
        return await connection.run_sync(status_of)


async def downgrade(url: str, revision: str) -> Status:
    """Take the database back to `revision`; `base` is the empty database, `-1` one step."""
    async with _alone(url) as connection:
        await connection.run_sync(lambda inner: command.downgrade(configuration(inner), revision))
        return await connection.run_sync(status_of)


def configuration(connection: Connection | None = None) -> Config:
    """What alembic needs to know. `migrations/env.py` takes the connection from it."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[AsyncConnection]:
    database = Database(url, pool_size=1)
    try:
        if database.sqlite:
            _let_tables_be_rebuilt(database)
        async with database.writer.begin() as connection:  # SQLite: BEGIN IMMEDIATE, which is the lock
            if not database.sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
            if database.sqlite:
                await _refuse_broken_references(connection)
    finally:
        await database.close()


def _let_tables_be_rebuilt(database: Database) -> None:
    # SQLite alters a table by copying and dropping it. With foreign keys on, the drop would delete the children of
    # ON DELETE CASCADE; the switch has no effect inside a transaction, so it is set when the connection is made.
    @event.listens_for(database.writer.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")


async def _refuse_broken_references(connection: AsyncConnection) -> None:
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise RuntimeError(f"the migration left references without their rows in: {tables}")
