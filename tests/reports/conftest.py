"""A district at work: the demo's people in an SQLite file of each test's own, under the shipped policy."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from app.authz import Policy
from app.core.clock import FixedClock
from app.core.database import Base, Database
from app.core.parts import import_parts
from app.core.paths import shipped
from app.demo.district import District, build_district
from app.regulation import load_regulation
from app.work.opening import Workplace
from tests.reports.desk import MONDAY, Desk

import_parts("models")
import_parts("policy")


@pytest.fixture(scope="session")
def shipped_policy() -> Policy:
    return Policy.load(shipped("policies"))


@pytest.fixture(scope="session")
def settled() -> District:
    return build_district("no password")


@pytest.fixture(scope="session")
def settled_file(
    tmp_path_factory: pytest.TempPathFactory, settled: District, shipped_policy: Policy
) -> tuple[Path, UUID]:
    """The tables, the people and a case with its unit, made once; each test gets a copy of the file."""
    path = tmp_path_factory.mktemp("reports") / "district.sqlite3"
    return path, asyncio.run(_settle(path, settled, shipped_policy))


@pytest.fixture
async def desk(
    settled_file: tuple[Path, UUID], settled: District, shipped_policy: Policy, tmp_path: Path
) -> AsyncIterator[Desk]:
    """Monday, 15 June 2026, 09:00 in Shanghai."""
    template, case_id = settled_file
    path = tmp_path / "district.sqlite3"
    shutil.copyfile(template, path)
    desk = _desk(path, settled, shipped_policy)
    desk.ready.append(case_id)
    yield desk
    await desk.workplace.database.close()


def _desk(path: Path, district: District, policy: Policy) -> Desk:
    database, clock = Database(f"sqlite+aiosqlite:///{path}"), FixedClock(MONDAY)
    return Desk(Workplace(database, clock, load_regulation(), b"k" * 32), clock, policy, district)


async def _settle(path: Path, district: District, policy: Policy) -> UUID:
    desk = _desk(path, district, policy)
    database = desk.workplace.database
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        for row in district.rows:
            session.add(row)
            await session.flush()
        session.expunge_all()
    case = await desk.dispatched()
    await database.close()  # the last connection: what it wrote is in the one file
    return case.id
