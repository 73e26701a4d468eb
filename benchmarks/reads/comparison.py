"""Comparing servers: a database for them all, everybody signed in, the same answers, then the rounds."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from app.core.database import Database
from benchmarks.reads import agreement
from benchmarks.reads.databases import ROOT, scratch_copy
from benchmarks.reads.measuring import Backends, Plan, Samples, measure
from benchmarks.reads.operations import SUBMIT
from benchmarks.reads.people import people_of
from benchmarks.reads.servers import make_keys, other_cores, running
from benchmarks.reads.variants import OURS, Place, Variant


async def compare(plan: Plan, variants: Sequence[Variant], postgres: str, url: str) -> Samples:
    """Measure the servers on a kept database. Ours must be the first: it signs in, the others answer as it does."""
    async with _prepared(postgres, url, plan, variants) as prepared:
        return await _measure(plan, variants, prepared)


@asynccontextmanager
async def _prepared(postgres: str, url: str, plan: Plan, variants: Sequence[Variant]) -> AsyncIterator[str]:
    """A copy, where anything is written: a kept database stays as it was built, but for sessions."""
    statements = dict.fromkeys(file for variant in variants for file in variant.statements)
    if SUBMIT not in plan.operations and len(statements) < 2:
        yield url
    elif url.startswith("sqlite"):
        with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
            yield f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), folder)}"
    else:
        async with scratch_copy(postgres, url) as scratch:
            for file in statements:
                await _execute(scratch, file.read_text(encoding="utf-8"))
            yield scratch


async def _measure(plan: Plan, variants: Sequence[Variant], url: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        place = Place(url, Path(folder))
        make_keys(place.folder)
        database = Database(place.driven())
        people = await people_of(database)
        with running(variants, place) as servers:
            door = servers[OURS.name].port
            people.sign_in(people.cases, door)
            agreement.same_answers(servers, plan.operations, people, OURS.name)
            if SUBMIT in plan.operations:
                await agreement.same_traces(servers, plan.operations[SUBMIT], people, door, database)
            await database.close()
            return await asyncio.to_thread(measure, plan, servers, people, door, backends_of(place))


def backends_of(place: Place) -> Backends:
    """The processes that answer our connections, kept away from the core of the servers where that is possible."""

    def backends() -> list[int]:
        found = [] if place.sqlite else asyncio.run(_process_ids(place.url))
        for process_id in found:
            with suppress(OSError):
                os.sched_setaffinity(process_id, other_cores())
        return found

    return backends


async def _execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _process_ids(url: str) -> list[int]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row["pid"] for row in rows]
    finally:
        await connection.close()
