"""Where levels run: SQLite in a file always, PostgreSQL too when DUBAN_TEST_POSTGRES_URL names a server."""

import asyncio
import os
import secrets
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import event, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase

from app.content.models import Content
from app.core.database import Database
from tests.reads.toy import Toy

T = TypeVar("T")

POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "").replace("postgresql://", "postgresql+asyncpg://")
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
BEDS = ["sqlite", *(["postgresql"] if POSTGRES_URL else [])]
DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
EXAMPLES = 400 if DEEP else 30


class Bed:
    """A database with the toy tables and an event loop of its own, so that Hypothesis may call it."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._admin_url = None if url.startswith("sqlite") else url
        if self._admin_url is not None:
            self._name = f"duban_reads_{secrets.token_hex(6)}"
            self.run(self._administer(f"CREATE DATABASE {self._name}"))
            url = make_url(url).set(database=self._name).render_as_string(hide_password=False)
        self.database = Database(url)
        self.statements: list[str] = []
        event.listen(self.database.reader.sync_engine, "before_cursor_execute", self._note)
        self.run(self._create())

    @property
    def dialect(self) -> str:
        return "sqlite" if self.database.sqlite else "postgresql"

    def run(self, job: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(job)

    def fill(self, rows: Sequence[DeclarativeBase]) -> None:
        """Make these rows all that there is."""
        self.run(self.replace(rows))

    async def replace(self, rows: Sequence[DeclarativeBase]) -> None:
        async with self.database.write() as session:
            for table in reversed(Toy.metadata.sorted_tables):
                await session.execute(table.delete())
            await session.execute(Content.__table__.delete())  # type: ignore[attr-defined]  # a Table at run time
            for model in dict.fromkeys(type(row) for row in rows):
                values = [_values(row) for row in rows if type(row) is model]
                await session.execute(insert(model), values)

    async def add(self, rows: Sequence[DeclarativeBase]) -> None:
        async with self.database.write() as session:
            for row in rows:
                await session.execute(insert(type(row)), [_values(row)])

    def close(self) -> None:
        self.run(self.database.close())
        if self._admin_url is not None:
            self.run(self._administer(f"DROP DATABASE {self._name} WITH (FORCE)"))
        self._runner.close()

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.statements.append(statement)

    async def _create(self) -> None:
        async with self.database.writer.begin() as connection:
            await connection.run_sync(Content.__table__.create)  # type: ignore[attr-defined]  # a Table at run time
            await connection.run_sync(Toy.metadata.create_all)

    async def _administer(self, command: str) -> None:
        assert self._admin_url is not None
        engine = create_async_engine(self._admin_url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(command))
        await engine.dispose()


def _values(row: DeclarativeBase) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
