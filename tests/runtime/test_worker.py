"""Sweeps are run by arq's alarm while there is Redis, by the plain loop when there is none; nothing is lost between."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, time, timedelta
from typing import cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Table, select

from app.core.clock import FixedClock, SystemClock, local_instant
from app.core.database import Database
from app.core.redis import EmbeddedRedis, ExternalRedis, InProcessRedis, RedisServer, open_redis
from app.worker.alarm import ring
from app.worker.models import SweepState
from app.worker.supervisor import late_sweeps, work
from app.worker.sweeps import Sweep, Sweeper
from tests.runtime.conftest import REDIS_URL, needs
from tests.runtime.processes import until

SECOND = timedelta(seconds=1)
NOON = local_instant(date(2026, 11, 23), time(12))
NO_REDIS = ExternalRedis("redis://127.0.0.1:1/0")


class Counter:
    """A sweep that counts its rounds, may fail, and may take its time."""

    def __init__(self) -> None:
        self.rounds = self.at_once = self.most_at_once = 0
        self.fails = False
        self.takes = 0.0

    async def __call__(self) -> int:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.takes)
        self.at_once -= 1
        if self.fails:
            raise RuntimeError("words that no log and no table may hold")
        self.rounds += 1
        return self.rounds


# The alarm knows no SQL: its tests need one database only
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    table = cast("Table", SweepState.__table__)
    async with database.writer.begin() as connection:
        await connection.run_sync(table.create)
    yield database
    await database.close()


@contextlib.asynccontextmanager
async def _running(part: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.ensure_future(part(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(10):
            await task


async def _states(database: Database) -> dict[str, SweepState]:
    async with database.read() as session:
        return {state.name: state for state in await session.scalars(select(SweepState))}


@contextlib.asynccontextmanager
async def _server(kind: str) -> AsyncIterator[RedisServer]:
    if kind == "in_process":
        yield InProcessRedis()
    elif kind == "external":
        yield ExternalRedis(needs(REDIS_URL, "DUBAN_TEST_REDIS_URL"))
    else:
        async with open_redis("") as server:
            yield server


@on_sqlite
@pytest.mark.parametrize("kind", ["in_process", "embedded", pytest.param("external", marks=pytest.mark.server)])
async def test_the_alarm_rings_every_second_on_each_kind_of_server(kind: str, database: Database) -> None:
    counter = Counter()
    sweeper = Sweeper(database, SystemClock(), (Sweep("count", counter, SECOND),))
    async with _server(kind) as server, _running(lambda stop: ring(server, sweeper, stop)):
        await until(lambda: counter.rounds >= 2)
        async with Redis.from_pool(server.pool()) as client:
            assert await client.exists("duban:clock:health-check")
    state = (await _states(database))["count"]
    assert (state.last_count, state.last_error_code) == (counter.rounds, None)


@on_sqlite
async def test_a_tick_rings_once_for_two_workers_and_its_job_is_json(database: Database) -> None:
    counter = Counter()
    sweeps = (Sweep("count", counter, SECOND),)
    one, two = (Sweeper(database, SystemClock(), sweeps) for _ in range(2))
    jobs: list[bytes] = []
    async with (
        _server("embedded") as server,
        Redis.from_pool(server.pool()) as client,
        _running(lambda stop: ring(server, one, stop)),
        _running(lambda stop: ring(server, two, stop)),
    ):
        for _ in range(60):
            jobs += [await client.get(key) or b"{}" for key in await client.keys("arq:job:*")]
            await asyncio.sleep(0.05)
    assert 2 <= counter.rounds <= 4
    assert jobs
    assert all(isinstance(json.loads(job), dict) for job in jobs)


@on_sqlite
async def test_without_redis_the_loop_does_it(database: Database) -> None:
    counter = Counter()
    sweeper = Sweeper(database, SystemClock(), (Sweep("count", counter, SECOND),))
    async with _running(lambda stop: work(NO_REDIS, sweeper, stop)):
        await until(lambda: counter.rounds >= 2)


@on_sqlite
async def test_the_alarm_rings_again_after_its_server_was_killed(database: Database) -> None:
    counter = Counter()
    sweeper = Sweeper(database, SystemClock(), (Sweep("count", counter, SECOND),))
    async with _server("embedded") as server, _running(lambda stop: work(server, sweeper, stop)):
        assert isinstance(server, EmbeddedRedis)
        await until(lambda: counter.rounds >= 1)
        assert server.valkey.process_id
        os.kill(server.valkey.process_id, signal.SIGKILL)
        async with asyncio.timeout(8):
            while not await _ticks(server):
                await asyncio.sleep(0.05)


async def _ticks(server: RedisServer) -> int:
    """How many ticks the server knows of; a fresh one knows of none."""
    with contextlib.suppress(RedisError, OSError):
        async with Redis.from_pool(server.pool()) as client:
            return len(await client.keys("arq:in-progress:duban:clock:*"))
    return 0


async def test_a_failing_sweep_stops_no_other_and_its_state_says_so(database: Database) -> None:
    broken, sound = Counter(), Counter()
    broken.fails = True
    clock = FixedClock(NOON)
    sweeps = (Sweep("broken", broken, SECOND), Sweep("sound", sound, SECOND))
    sweeper = Sweeper(database, clock, sweeps)
    for sweep in sweeps:
        await sweeper.run(sweep)
    states = await _states(database)
    assert (states["broken"].last_success_at, states["broken"].last_error_code) == (None, "RuntimeError")
    assert (states["sound"].last_success_at, states["sound"].last_count) == (clock.at, 1)
    clock.move(timedelta(minutes=1))
    broken.fails = False
    await sweeper.run(sweeps[0])
    assert await sweeper.ages() == {"broken": timedelta(0), "sound": timedelta(minutes=1)}
    assert (await _states(database))["broken"].last_error_code is None
    assert await late_sweeps(sweeper) == ("sound",)


@on_sqlite
async def test_a_sweep_runs_once_at_a_time_in_one_process(database: Database) -> None:
    counter = Counter()
    counter.takes = 0.05
    sweep = Sweep("count", counter, SECOND)
    sweeper = Sweeper(database, SystemClock(), (sweep,))
    await asyncio.gather(*(sweeper.run(sweep) for _ in range(5)))
    assert (counter.rounds, counter.most_at_once) == (1, 1)


async def test_four_processes_write_the_first_state_at_once(database: Database) -> None:
    counter = Counter()
    sweep = Sweep("count", counter, SECOND)
    sweepers = [Sweeper(database, SystemClock(), (sweep,)) for _ in range(4)]
    await asyncio.gather(*(sweeper.run(sweep) for sweeper in sweepers))
    assert counter.rounds == 4
    assert list(await _states(database)) == ["count"]


@on_sqlite
async def test_stopping_lets_the_round_under_way_end(database: Database) -> None:
    counter = Counter()
    counter.takes = 0.7
    sweeper = Sweeper(database, SystemClock(), (Sweep("count", counter, SECOND),))
    async with _running(lambda stop: work(InProcessRedis(), sweeper, stop)):
        await until(lambda: counter.at_once == 1)
    assert counter.at_once == 0
    assert counter.rounds >= 1
    assert (await _states(database))["count"].last_count == counter.rounds
