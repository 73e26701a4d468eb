"""Where conditions are read as SQL: an in-memory SQLite always, PostgreSQL when DUBAN_TEST_POSTGRES_URL names one."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import pytest
from sqlalchemy import MetaData, StaticPool, create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

_T = TypeVar("_T")

POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "").replace("postgresql://", "postgresql+asyncpg://")
DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))


def examples(quick: int, deep: int) -> int:
    return deep if DEEP else quick


class Bed(Protocol):
    dialect: str

    def within(self, job: Callable[[Session], _T]) -> _T:
        """Run a job in a transaction that is rolled back."""
        ...


class SqliteBed:
    dialect = "sqlite"

    def __init__(self, metadata: MetaData) -> None:
        self._engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        metadata.create_all(self._engine)

    def within(self, job: Callable[[Session], _T]) -> _T:
        with Session(self._engine) as session:
            return job(session)

    def close(self) -> None:
        self._engine.dispose()


class PostgresBed:
    """An event loop of its own, so that Hypothesis can call it as if it blocked. Foreign keys are not checked."""

    dialect = "postgresql"

    def __init__(self, metadata: MetaData, url: str, schema: str) -> None:
        self._runner = asyncio.Runner()
        self._schema = schema
        self._engine = create_async_engine(url, connect_args={"server_settings": {"search_path": schema, "jit": "off"}})
        self._run_ddl(metadata)

    def within(self, job: Callable[[Session], _T]) -> _T:
        async def work() -> _T:
            async with AsyncSession(self._engine) as session:
                await session.execute(text("SET LOCAL session_replication_role = replica"))
                return await session.run_sync(job)

        return self._runner.run(work())

    def _run_ddl(self, metadata: MetaData) -> None:
        async def create() -> None:
            async with self._engine.begin() as connection:
                await connection.execute(text(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE"))
                await connection.execute(text(f"CREATE SCHEMA {self._schema}"))
                await connection.run_sync(metadata.create_all)

        self._runner.run(create())

    def close(self) -> None:
        async def drop() -> None:
            async with self._engine.begin() as connection:
                await connection.execute(text(f"DROP SCHEMA {self._schema} CASCADE"))
            await self._engine.dispose()

        self._runner.run(drop())
        self._runner.close()


DIALECTS: list[Any] = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


def need_postgres() -> None:
    if not POSTGRES_URL:
        why = "DUBAN_TEST_POSTGRES_URL is not set"
        pytest.fail(why) if os.environ.get("DUBAN_TEST_REQUIRE_SERVERS") else pytest.skip(why)


@contextmanager
def open_bed(dialect: str, metadata: MetaData, schema: str) -> Iterator[Bed]:
    if dialect != "sqlite":
        need_postgres()
    bed = SqliteBed(metadata) if dialect == "sqlite" else PostgresBed(metadata, POSTGRES_URL, schema)
    try:
        yield bed
    finally:
        bed.close()
