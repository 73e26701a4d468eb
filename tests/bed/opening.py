"""Databases for the test bed: settled once, copied for each test; and the world that opens on one."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import strawberry
from sqlalchemy import make_url
from sqlalchemy.orm import make_transient

from app.authz import Policies, Policy
from app.authz.versions import ensure_baseline
from app.core.clock import FixedClock
from app.core.database import Database
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.demo.district import District
from app.events.feed import Feed
from app.identity.passwords import Passwords
from app.identity.tokens import Tokens
from app.main import Parts, build_application
from app.notifications.listing import PLACES
from app.regulation import current_rule_set, load_regulation
from app.work.opening import Workplace
from tests.bed.world import MONDAY, World

POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")


@dataclass(frozen=True, slots=True)
class Ground:
    """What all worlds of a run share."""

    settings: Settings
    district: District
    policy: Policy
    schema: strawberry.Schema


@asynccontextmanager
async def open_world(url: str, ground: Ground) -> AsyncIterator[World]:
    """Monday, 15 June 2026, 09:00 in Shanghai."""
    database, clock = Database(url), FixedClock(MONDAY)
    workplace = Workplace(database, clock, load_regulation(), b"k" * 32)
    tokens, passwords = Tokens.from_settings(ground.settings), Passwords(memory_kib=8, iterations=1)
    feed = Feed(database, PLACES)
    policies = Policies(database, ground.policy)
    parts = Parts(ground.settings, clock, database, policies, workplace, tokens, passwords, feed)
    application = build_application(parts, {})
    transport = httpx.ASGITransport(app=application)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
            yield World(
                database,
                clock,
                ground.district,
                ground.settings,
                ground.policy,
                policies,
                workplace,
                client,
                tokens,
                application,
                feed,
            )
    finally:
        await database.close()


async def settle(url: str, ground: Ground) -> None:
    """Migrate a database and let the district move in."""
    await upgrade(url)
    database = Database(url)
    async with database.write() as session:
        await current_rule_set(session, load_regulation(), MONDAY)
        await ensure_baseline(session, ground.policy, MONDAY)
        for row in ground.district.rows:
            make_transient(row)  # another database may hold it already
            session.add(row)
            await session.flush()
        session.expunge_all()
    await database.close()


class Sqlite:
    """Databases are files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a new database, empty or a copy."""
        path = self._folder / f"{secrets.token_hex(6)}.sqlite3"
        if template is not None:
            shutil.copyfile(make_url(template).database or "", path)
        yield f"sqlite+aiosqlite:///{path}"
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()


class Postgres:
    """Databases of the server that DUBAN_TEST_POSTGRES_URL names.

    Each drop waits for a checkpoint, and no test need wait for that: `close` waits for them all.
    """

    def __init__(self) -> None:
        self._dropping = ThreadPoolExecutor(1, thread_name_prefix="dropping")

    def close(self) -> None:
        self._dropping.shutdown()

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a new database, empty or a copy."""
        name = f"duban_world_{secrets.token_hex(6)}"
        source = make_url(template).database if template else "template0"
        _on_server(
            f"CREATE DATABASE {name} TEMPLATE {source}",
            f"ALTER DATABASE {name} SET synchronous_commit = off",  # the server is killed by no test
        )
        yield make_url(POSTGRES_URL).set(drivername="postgresql+asyncpg", database=name).render_as_string(False)
        self._dropping.submit(_on_server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(*statements: str) -> None:
    async def run() -> None:
        server = make_url(POSTGRES_URL).set(drivername="postgresql").render_as_string(False)
        connection = await asyncpg.connect(server)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())
