"""What the migrations build is what the models say, on both databases: tables, columns, keys, checks and indexes."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from app.core.database import Base, Database
from app.core.migrate import downgrade, upgrade
from app.core.parts import import_parts

SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
POSTGRESQL = """
SELECT table_name || '.' || column_name,
       concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT c.relname || ' ' || k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = 'public'::regnamespace
UNION ALL
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def _parts(statement: str) -> list[str]:
    """A CREATE statement as the sorted list of what stands between its commas: a rebuilt table has another order."""
    body = re.sub(r"^CREATE TABLE \S+ \((.*)\)\s*$", r"\1", statement.replace('"', ""), flags=re.DOTALL)
    return sorted(" ".join(part.split()) for part in re.split(r",(?![^(]*\))", body))


def _described(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[str]]:
    return {name: _parts(str(what)) for name, what in rows if "alembic" not in name}


def _schema(connection: Connection) -> dict[str, list[str]]:
    query = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    return _described(tuple(row) for row in connection.execute(text(query)))


async def test_the_migrations_build_what_the_models_say(url: str) -> None:
    import_parts("models")
    await upgrade(url)
    database = Database(url)
    async with database.writer.begin() as connection:
        migrated = await connection.run_sync(_schema)
    await database.close()
    await downgrade(url, "base")
    database = Database(url)
    async with database.writer.begin() as connection:
        left = await connection.run_sync(_schema)
        await connection.run_sync(Base.metadata.create_all)
        modelled = await connection.run_sync(_schema)
    await database.close()
    assert left == {}
    assert migrated == modelled
