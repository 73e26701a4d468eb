"""The ladder at work: the demo's district, the shipped policy, and the sweeps as a worker runs them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from app.core.clock import FixedClock
from app.core.database import Database
from app.regulation import load_regulation
from app.work.opening import Workplace
from tests.bed.opening import Ground, Postgres, Sqlite
from tests.bed.world import MONDAY
from tests.escalation.works import Works

Prepared = tuple[str, UUID]


@pytest.fixture(scope="session")
def sqlite_case(sqlite_server: Sqlite, sqlite_template: str, ground: Ground) -> Iterator[Prepared]:
    """A district with one case at its unit, prepared once; each test gets a copy."""
    yield from _prepared(sqlite_server, sqlite_template, ground)


@pytest.fixture(scope="session")
def postgresql_case(postgresql_server: Postgres, postgresql_template: str, ground: Ground) -> Iterator[Prepared]:
    yield from _prepared(postgresql_server, postgresql_template, ground)


@pytest.fixture
def with_case() -> bool:
    """False by `from_scratch`."""
    return True


@pytest.fixture
def copied(request: pytest.FixtureRequest, kind: str, *, with_case: bool) -> Iterator[tuple[str, list[UUID]]]:
    if with_case:
        url, case_id = request.getfixturevalue(f"{kind}_case")
    else:
        url, case_id = request.getfixturevalue(f"{kind}_template"), None
    with request.getfixturevalue(f"{kind}_server").database(url) as copy:
        yield copy, [case_id] if case_id else []


@pytest.fixture
async def desk(copied: tuple[str, list[UUID]], ground: Ground) -> AsyncIterator[Works]:
    """Monday, 15 June 2026, 09:00 in Shanghai. What `desk.dispatched()` does first of all is done already."""
    url, ready = copied
    async with _opened(url, ground) as desk:
        desk.ready.extend(ready)
        yield desk


@asynccontextmanager
async def _opened(url: str, ground: Ground) -> AsyncIterator[Works]:
    database, clock = Database(url), FixedClock(MONDAY)
    workplace = Workplace(database, clock, load_regulation(), b"k" * 32)
    yield Works(workplace, clock, ground.policy, ground.district)
    await database.close()


def _prepared(server: Sqlite | Postgres, template: str, ground: Ground) -> Iterator[Prepared]:
    async def dispatch(url: str) -> UUID:
        async with _opened(url, ground) as desk:
            return (await desk.dispatched()).id

    with server.database(template) as url:
        yield url, asyncio.run(dispatch(url))
