"""An empty database for each test, on SQLite and, where a server is named, on PostgreSQL; a clock that stands still."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import URL, create_engine, make_url, text

import app.content.models  # noqa: F401  # policy versions and reasons refer to it
from app.authz import Role
from app.core.clock import FixedClock
from app.core.database import Base, Database
from app.core.settings import Settings, load_settings
from app.identity.passwords import Passwords
from app.identity.service import Entrance
from app.identity.token_keys import KEY_FILE
from app.identity.tokens import Tokens
from app.regulation.service import load_regulation
from app.work.opening import Workplace
from tests.identity.bed import NOW, POSTGRES_URL, Office, Town, administration_policy, cheap_passwords

_TABLES = """
refresh_token client_assertion client_key session password_renewal role_grant person_clearance post_holding unit_contact
unit_group_member
unit_group unit_name account person unit policy_version content admin_record admin_chain access_log
"""


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables are made once; each test gets a copy of the file."""
    path = tmp_path_factory.mktemp("identity") / "empty.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "duban.sqlite3"
    shutil.copyfile(empty_sqlite, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this run's own; what a test leaves in it is cleared after the test."""
    if not POSTGRES_URL and os.environ.get("DUBAN_TEST_REQUIRE_SERVERS"):
        pytest.fail("DUBAN_TEST_POSTGRES_URL is not set")
    if not POSTGRES_URL:
        pytest.skip("DUBAN_TEST_POSTGRES_URL is not set")
    server = make_url(POSTGRES_URL).set(drivername="postgresql")
    name = f"duban_identity_{secrets.token_hex(6)}"
    url = server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    asyncio.run(_run(server, f"CREATE DATABASE {name}"))
    asyncio.run(_make_tables(url))
    yield url
    asyncio.run(_run(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _run(server: URL, statement: str) -> None:
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    await connection.execute(statement)
    await connection.close()


async def _make_tables(url: str) -> None:
    made = Database(url)
    async with made.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await made.close()


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    made = Database(sqlite_url)
    yield made
    await made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def either_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def either_database(either_url: str) -> AsyncIterator[Database]:
    """For what depends on the database: statements, locks."""
    made = Database(either_url)
    yield made
    if not made.sqlite:
        async with made.writer.begin() as connection:
            deletes = "".join(f"DELETE FROM {table}; " for table in _TABLES.split())
            await connection.execute(text(f"DO $$ BEGIN {deletes} END $$"))
    await made.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = cheap_passwords()
    yield made
    made.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("keys")
    assert not (folder / KEY_FILE).exists()
    return load_settings(data_dir=folder)


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens.from_settings(settings)


@pytest.fixture
def entrance(database: Database, clock: FixedClock, tokens: Tokens, passwords: Passwords) -> Entrance:
    return Entrance(database, clock, tokens, passwords, timedelta(hours=12))


@pytest.fixture
def town(database: Database, passwords: Passwords) -> Town:
    return Town(database, passwords)


@pytest.fixture
def office(database: Database, clock: FixedClock) -> Office:
    return Office(Workplace(database, clock, load_regulation(), b"k" * 32), administration_policy())


@pytest.fixture
async def admin(town: Town) -> UUID:
    return await town.person("李权限", Role.PERMISSION_ADMIN)


@pytest.fixture
async def second_admin(town: Town) -> UUID:
    return await town.person("周权限", Role.PERMISSION_ADMIN)


@pytest.fixture
async def security(town: Town) -> UUID:
    return await town.person("钱安全", Role.SECURITY_ADMIN)


@pytest.fixture
async def person(town: Town) -> UUID:
    return await town.person("王建国")


@pytest.fixture
async def unit(town: Town) -> UUID:
    return await town.unit("住建局")
