"""A world for each test, on SQLite and, where DUBAN_TEST_POSTGRES_URL names a server, on PostgreSQL too."""

import tests.parallel  # noqa: F401, I001  # before anything that reads the environment

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest

import app.main
from app.authz import Policy
from app.core.memory import keep_what_is_loaded
from app.core.settings import Settings
from app.demo.district import District, build_district
from app.graphql.schema import build_schema
from app.identity.passwords import Passwords
from app.work.opening import load_policy
from app.reads.execution import kept_statement
from tests.bed.opening import POSTGRES_URL, Ground, Postgres, Sqlite, open_world, settle
from tests.bed.stages import Prepared, prepare
from tests.bed.world import World, add_outsider

REQUIRED = bool(os.environ.get("DUBAN_TEST_REQUIRE_SERVERS"))
PASSWORD = "correct horse 督办"


LONG = ("compiled", "faults", "runtime", "twin", "usecases")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes are begun first: of two processes none waits long for the other at the end."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: the collector need not look at them again."""
    keep_what_is_loaded()


@pytest.fixture(autouse=True)
def built_anew() -> Iterator[None]:
    """A statement that a test built, perhaps by a rule that it broke on purpose, serves no other test."""
    yield
    kept_statement.cache_clear()


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="session")
def district() -> District:
    hashed = asyncio.run(Passwords(memory_kib=8, iterations=1).hash(PASSWORD))
    district = build_district(hashed)
    add_outsider(district, hashed)
    return district


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory, district: District, policy: Policy) -> Iterator[Ground]:
    """The schema is built once: to build it takes longer than most tests."""
    schema = build_schema()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.main, "build_schema", lambda: schema)
        yield Ground(Settings(data_dir=tmp_path_factory.mktemp("keys")), district, policy, schema)


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Postgres]:
    if not POSTGRES_URL:
        if REQUIRED:
            pytest.fail("DUBAN_TEST_POSTGRES_URL is not set, and this run must not skip it")
        pytest.skip("DUBAN_TEST_POSTGRES_URL is not set")
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_template(sqlite_server: Sqlite, ground: Ground) -> Iterator[str]:
    """Migrated and settled once; each test gets a copy."""
    yield from _settled(sqlite_server, ground)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Postgres, ground: Ground) -> Iterator[str]:
    yield from _settled(postgresql_server, ground)


@pytest.fixture(scope="session")
def sqlite_stages(sqlite_server: Sqlite, sqlite_template: str, ground: Ground) -> Iterator[Prepared]:
    """A district with a case at every stage, prepared once; each test gets a copy."""
    yield from _prepared(sqlite_server, sqlite_template, ground)


@pytest.fixture(scope="session")
def postgresql_stages(postgresql_server: Postgres, postgresql_template: str, ground: Ground) -> Iterator[Prepared]:
    yield from _prepared(postgresql_server, postgresql_template, ground)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def world_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    with request.getfixturevalue(f"{kind}_server").database(request.getfixturevalue(f"{kind}_template")) as url:
        yield url


@pytest.fixture
async def world(world_url: str, ground: Ground) -> AsyncIterator[World]:
    """Monday, 15 June 2026, 09:00 in Shanghai."""
    async with open_world(world_url, ground) as world:
        yield world


@pytest.fixture
def prepared(request: pytest.FixtureRequest, kind: str) -> Iterator[Prepared]:
    found: Prepared = request.getfixturevalue(f"{kind}_stages")
    with request.getfixturevalue(f"{kind}_server").database(found.url) as url:
        yield Prepared(url, found.now, found.stages)


@pytest.fixture
async def staged(prepared: Prepared, ground: Ground) -> AsyncIterator[World]:
    """A world that has come so far that every mutation can be tried: `world.stages` names what stands where."""
    async with open_world(prepared.url, ground) as world:
        world.clock.move_to(prepared.now)
        world.stages = prepared.stages
        yield world


def _settled(server: Sqlite | Postgres, ground: Ground) -> Iterator[str]:
    with server.database() as url:
        asyncio.run(settle(url, ground))
        yield url


def _prepared(server: Sqlite | Postgres, template: str, ground: Ground) -> Iterator[Prepared]:
    with server.database(template) as url:
        yield asyncio.run(prepare(url, ground))
