"""The database: one metadata, portable column types, and the two doors in (`read`, `write`).

SQLite and PostgreSQL are equals. What differs between them is said here, in `bulk` and in `app/reads`, nowhere else.
"""

import json
import sqlite3
import unicodedata
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Uuid,
    any_,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import JSON, TypeDecorator

from app.core.connections import Connections, SqliteConnections
from app.core.sqlite import WriterDialect

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; SQLite, which drops offsets, stores UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Level = TypeVar("_Level", bound=IntEnum)


class LevelType(TypeDecorator[_Level]):
    """An ordered enumeration, stored as its small integer so that SQL can compare levels."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, levels: type[_Level]) -> None:
        super().__init__()
        self.levels = levels

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> _Level | None:
        return None if value is None else self.levels(value)


def choice(values: type[StrEnum], name: str | None = None) -> Enum:
    """A closed enumeration as text with a CHECK on both databases (never a native PostgreSQL enum).

    A table that has two columns of one enumeration names the second one's CHECK.
    """
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or values.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


Json = JSON().with_variant(JSONB(), "postgresql")
RECORDED = {"recorded": True}  # `info` of a text column that goes into the record of changes, as plain columns do
Position = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts rows up in INTEGER keys only


class Base(DeclarativeBase):
    """Every table. Relationships are not used: what is read is said in a SELECT."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {datetime: UTCDateTime(), UUID: Uuid()}


def unique_where(name: str, *columns: str, where: ColumnElement[bool] | str) -> Index:
    """A partial unique index on both databases."""
    condition = text(where) if isinstance(where, str) else where
    return Index(name, *columns, unique=True, postgresql_where=condition, sqlite_where=condition)


def among(column: ColumnElement[Any], keys: Collection[UUID], dialect: str) -> ColumnElement[bool]:
    """`column IN (keys)` as one parameter: hundreds of them take longer to write down than to look up."""
    if dialect == "postgresql":
        return column == any_(literal(list(keys), ARRAY(Uuid())))
    listed = func.json_each(orjson.dumps([key.hex for key in keys]).decode()).table_valued("value")
    return column.in_(select(listed.c.value))


_TAKEN = ("23505", "23P01")  # unique_violation, exclusion_violation (PostgreSQL, appendix A)


def is_taken(error: IntegrityError) -> bool:
    """Did another one, committed in the meantime, take what must be there once?"""
    if getattr(error.orig, "sqlstate", None) in _TAKEN:
        return True
    cause: Any = getattr(error.orig, "sqlite_errorname", "")
    return cause in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()  # unescaped Chinese: SQLite finds a key only as it was written


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


class Database:
    """The engines of one process. SQLite has a writer (one connection, BEGIN IMMEDIATE) and a pool of readers.

    `direct` are the driver's own connections, for statements that were compiled before.
    """

    direct: Connections

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout_ms: int | None = None) -> None:
        self.url = url
        self.sqlite = is_sqlite(url)
        common: dict[str, Any] = {"hide_parameters": True, "json_serializer": _dumps, "json_deserializer": json.loads}
        if self.sqlite:
            self.writer = create_async_engine(
                make_url(url).set(drivername=f"sqlite+{WriterDialect.driver}"),
                poolclass=AsyncAdaptedQueuePool,
                pool_size=1,
                max_overflow=0,
                **common,
            )
            readers = min(pool_size, _READERS)
            self.reader = create_async_engine(
                url, poolclass=AsyncAdaptedQueuePool, pool_size=readers, max_overflow=0, **common
            )
            _prepare_sqlite(self.writer, _FOR_BULK)
            _prepare_sqlite(self.reader, _FOR_READING)
            _begin_reading(self.reader)
            self.direct = SqliteConnections(make_url(url).database or "", readers, _prepare_reading)
        else:
            from app.core.postgres import PostgresConnections

            # a row rule looks costly to the planner and is not: compiling such a statement takes longer than running it
            server_settings = {"jit": "off"}
            if statement_timeout_ms is not None:
                server_settings["statement_timeout"] = str(statement_timeout_ms)
            parsed = make_url(url)
            ssl = {"ssl": parsed.query["sslmode"]} if "sslmode" in parsed.query else {}  # as the driver names it
            self.writer = self.reader = create_async_engine(
                parsed.difference_update_query(["sslmode"]),
                pool_size=pool_size,
                max_overflow=0,
                pool_pre_ping=True,
                connect_args={"server_settings": server_settings, **ssl},
                **common,
            )
            dsn = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            # planning such a statement takes several times as long as running it: once must do for all requests
            self.direct = PostgresConnections(
                dsn,
                pool_size,
                {
                    **server_settings,
                    "plan_cache_mode": "force_generic_plan",
                    "default_transaction_read_only": "on",
                },
            )

    @property
    def dialect(self) -> Dialect:
        """What statements are compiled for."""
        return self.reader.dialect

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; nothing that is changed in it is kept."""
        async with AsyncSession(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with (
            AsyncSession(self.writer, expire_on_commit=False, autoflush=False) as session,
            session.begin(),
        ):
            yield session

    async def close(self) -> None:
        await self.direct.close()
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def _nfkc(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFKC", text)


# A sweep touches thousands of pages in one transaction: by default it would write many of them twice, once when 2 MB of
# cache overflow and again when the log is copied into the file, which follows every commit of more than 4 MB.
_FOR_BULK = ("cache_size=-16000", "wal_autocheckpoint=4000")  # 16 MB each; memory is taken only as it is needed


# Each keeps the schema and a cache of its own, beside that of the system: a megabyte. More of them would not answer
# faster, since Python works for one at a time.
_READERS = 5
_FOR_READING = ("cache_size=-500",)


def _prepare_connection(connection: Any, pragmas: Collection[str] = ()) -> None:
    connection.isolation_level = None
    connection.create_function("nfkc", 1, _nfkc, deterministic=True)  # PostgreSQL: normalize(…, NFKC)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=20000",
        "secure_delete=ON",
        *pragmas,
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_reading(connection: sqlite3.Connection) -> None:
    _prepare_connection(connection, ("query_only=ON", *_FOR_READING))


def _prepare_sqlite(engine: AsyncEngine, pragmas: Collection[str] = ()) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        _prepare_connection(connection, pragmas)


def _begin_reading(engine: AsyncEngine) -> None:
    # the driver's own BEGIN comes with the first change only: two reads of one session would see two states
    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")
