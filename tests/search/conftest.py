"""Where the index is asked: SQLite in a file always, PostgreSQL too when DUBAN_TEST_POSTGRES_URL names a server."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, delete, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.core.database import Base, Database
from app.search.models import SearchField, SearchToken

T = TypeVar("T")

POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "").replace("postgresql://", "postgresql+asyncpg://")
KEY = b"a key of thirty-two bytes or so.."

WORDS = Table("words", MetaData(), Column("case_id", Uuid, primary_key=True), Column("text", Text, nullable=False))
TOKENS = Base.metadata.tables[SearchToken.__tablename__]


class Bed:
    """A database with the index and one text for each case, and an event loop of its own for Hypothesis to call."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._server = None if url.startswith("sqlite") else url
        self._name = f"duban_search_{os.getpid()}"
        if self._server:
            self.run(self._administer(f"CREATE DATABASE {self._name}"))
            url = make_url(url).set(database=self._name).render_as_string(hide_password=False)
        self.database = Database(url)
        self.run(self._create())

    def run(self, job: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(job)

    def write(self, job: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def work() -> T:
            async with self.database.write() as session:
                return await job(session)

        return self.run(work())

    def fill(self, texts: dict[UUID, str]) -> None:
        """Make these texts, not indexed, all that there is."""

        async def work(session: AsyncSession) -> None:
            await session.execute(delete(WORDS))
            await session.execute(delete(TOKENS))
            if texts:
                await session.execute(insert(WORDS), [{"case_id": key, "text": words} for key, words in texts.items()])

        self.write(work)

    def rows(self) -> set[tuple[int, UUID, SearchField]]:
        async def work(session: AsyncSession) -> set[tuple[int, UUID, SearchField]]:
            return {(token, case_id, field) for token, case_id, field in await session.execute(TOKENS.select())}

        return self.write(work)

    def close(self) -> None:
        self.run(self.database.close())
        if self._server:
            self.run(self._administer(f"DROP DATABASE {self._name}"))
        self._runner.close()

    async def _create(self) -> None:
        async with self.database.writer.begin() as connection:
            await connection.run_sync(TOKENS.create)
            await connection.run_sync(WORDS.create)

    async def _administer(self, command: str) -> None:
        assert self._server
        engine = create_async_engine(self._server, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(command))
        await engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def bed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('search') / 'search.sqlite3'}"
    elif POSTGRES_URL or os.environ.get("DUBAN_TEST_REQUIRE_SERVERS"):
        url = POSTGRES_URL
    else:
        pytest.skip("DUBAN_TEST_POSTGRES_URL is not set")
    made = Bed(url)
    yield made
    made.close()
