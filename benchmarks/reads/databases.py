"""Databases full of cases, built once for each size and kept; another schema or another builder makes another one."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from app.core.database import Base
from app.core.migrate import upgrade
from app.demo.district import SUBDISTRICTS, TOWNS, UNITS, District
from benchmarks.reads.copies import Cells, Local, Stencil, Table, stencil
from benchmarks.reads.seeding import draw

ROOT = Path(__file__).parents[2]
MATTERS = 60  # cases of one copy
_PIECES = 50  # copies of a table's rows that are sent at once


def fingerprint() -> str:
    """Changes with the schema, the demo, and these modules."""
    sources = [*(ROOT / "migrations/versions").glob("*.py"), *(ROOT / "app/demo").glob("*.py")]
    sources += [Path(__file__).with_name(name) for name in ("copies.py", "databases.py", "seeding.py")]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:10]


async def on_postgres(server: str, cases: int) -> str:
    """The URL of a database with so many cases on a server, where the role must be a superuser."""
    name = f"duban_bench_{cases}_{fingerprint()}"
    async with _connected(server) as connection:
        if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", name):
            return _at(server, name)
        print(f"building {name}", flush=True)
        seed, building = f"{name}_seed", f"{name}_building"
        for scratch in (seed, building):
            await connection.execute(f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")
            await connection.execute(
                f"CREATE DATABASE {scratch} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            )
        district = await draw(_driven(_at(server, seed)))
        drawn = stencil(await _postgres_tables(_at(server, seed)), _local(district), _copy_line)
        await upgrade(_driven(_at(server, building)))
        await _fill_postgres(_at(server, building), drawn, -(-cases // MATTERS))
        await connection.execute(f"DROP DATABASE {seed} WITH (FORCE)")
        await connection.execute(f"ALTER DATABASE {building} RENAME TO {name}")
    return _at(server, name)


async def on_sqlite(cases: int) -> str:
    """The URL of a file with so many cases."""
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{cases}_{fingerprint()}.sqlite3"
    if not kept.exists():
        print(f"building {kept.name}", flush=True)
        seed, building = kept.with_suffix(".seed"), kept.with_suffix(".building")
        for scratch in (seed, building):
            scratch.unlink(missing_ok=True)
        district = await draw(f"sqlite+aiosqlite:///{seed}")
        drawn = stencil(_sqlite_tables(seed), _local(district), _values)
        await upgrade(f"sqlite+aiosqlite:///{building}")
        _fill_sqlite(building, drawn, -(-cases // MATTERS))
        seed.unlink()
        building.rename(kept)
    return f"sqlite:///{kept}"


@asynccontextmanager
async def scratch_copy(server: str, url: str) -> AsyncIterator[str]:
    """A copy of a kept database to write into, gone afterwards."""
    name = f"{make_url(url).database}_scratch"
    async with _connected(server) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        try:
            yield _at(server, name)
        finally:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _local(district: District) -> Local:
    names = [*(seed.name for seed in UNITS), SUBDISTRICTS, TOWNS]
    keys = tuple(f"{seed.key}." for seed in UNITS)
    logins = [login for login in district.accounts if login.startswith(keys)]
    ids = [district.units[seed.name] for seed in UNITS] + list(district.groups.values())
    ids += [people[login] for people in (district.people, district.accounts) for login in logins]
    return Local(frozenset(key.hex for key in ids), (*names, *logins))


# ── PostgreSQL: lines as COPY writes them ──


async def _postgres_tables(url: str) -> list[Table]:
    async with _connected(url) as connection:
        return [await _postgres_table(connection, table.name) for table in Base.metadata.sorted_tables]


async def _postgres_table(connection: Any, name: str) -> Table:
    lines = bytearray()
    columns = tuple(column.name for column in Base.metadata.tables[name].columns)
    await connection.copy_from_table(name, columns=columns, output=_into(lines))
    return Table(name, columns, [line.split("\t") for line in lines.decode().split("\n")[:-1]])


def _into(lines: bytearray) -> Any:
    async def take(data: bytes) -> None:
        lines.extend(data)

    return take


def _copy_line(cells: Cells) -> str:
    return "\t".join(cells) + "\n"


async def _fill_postgres(url: str, drawn: Stencil, copies: int) -> None:
    """Without triggers, which is how foreign keys are checked, and without indexes until the rows are there."""
    async with _connected(url, session_replication_role="replica") as connection:
        indexes = await connection.fetch(
            "SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index "
            "JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace "
            "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        )
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        for name, rows in _gathered(drawn, copies):
            columns = [column.name for column in Base.metadata.tables[name].columns]
            await connection.copy_to_table(name, source=_once(rows.encode()), columns=columns)
        for index in indexes:
            await connection.execute(index["definition"])
        await connection.execute("VACUUM ANALYZE")


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


@asynccontextmanager
async def _connected(url: str, **settings: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC", **settings})
    try:
        yield connection
    finally:
        await connection.close()


def _at(server: str, database: str) -> str:
    return make_url(server).set(drivername="postgresql", database=database).render_as_string(hide_password=False)


def _driven(url: str) -> str:
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


# ── SQLite: rows as literals ──


def _sqlite_tables(file: Path) -> list[Table]:
    with closing(sqlite3.connect(file)) as connection:
        return [_sqlite_table(connection, table.name) for table in Base.metadata.sorted_tables]


def _sqlite_table(connection: sqlite3.Connection, name: str) -> Table:
    columns = tuple(column.name for column in Base.metadata.tables[name].columns)
    quoted = ", ".join(f'quote("{column}")' for column in columns)
    return Table(name, columns, [list(row) for row in connection.execute(f'SELECT {quoted} FROM "{name}"')])


def _values(cells: Cells) -> str:
    return f"({','.join(cells)})\n,"


def _fill_sqlite(file: Path, drawn: Stencil, copies: int) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for name, rows in drawn.rows(copies):
            columns = ", ".join(f'"{column.name}"' for column in Base.metadata.tables[name].columns)
            connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES {rows[:-1]}')
        connection.execute("COMMIT")
        connection.execute("ANALYZE")


def _gathered(drawn: Stencil, copies: int) -> Any:
    """Large pieces, so that a table is not spoken to for a few rows."""
    waiting: dict[str, list[str]] = {}
    for name, rows in drawn.rows(copies):
        waiting.setdefault(name, []).append(rows)
        if len(waiting[name]) == _PIECES:
            yield name, "".join(waiting.pop(name))
    for name, pieces in waiting.items():
        yield name, "".join(pieces)
