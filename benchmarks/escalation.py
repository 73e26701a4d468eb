"""How many dates a second two worker processes escalate: urging, record, event, outbox row and mark for each.

Beside it the floor: the same rows written by hand. README.md of this folder says how to read the figures.
"""

import asyncio
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from datetime import time as wall_time
from functools import partial
from pathlib import Path

import asyncpg
from sqlalchemy import func, make_url, select

from app.core.clock import FixedClock, local_instant
from app.core.database import Database
from app.core.memory import keep_what_is_loaded
from app.escalation.models import Urging
from app.escalation.sweep import escalate
from app.regulation import load_regulation
from app.work.opening import Workplace, load_policy
from benchmarks.crowd import Crowd, gather, settle
from benchmarks.floor import rewrite_postgresql, rewrite_sqlite

CASES, ROUNDS, WORKERS = 10_000, 3, 2
CROWD = Crowd(cases=CASES, units=1, dispatched_on=date(2026, 6, 8), due_on=date(2026, 6, 12))
MORNING = local_instant(date(2026, 6, 15), wall_time(9))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of database. `copy` gives the URL of a copy of the database of a URL, or of a new one, for a while."""

    name: str
    copy: Callable[[str | None], AbstractContextManager[str]]
    rewrite: Callable[[str, str], Coroutine[None, None, float]]  # by the addresses that the driver understands
    address: Callable[[str], str]


def main() -> None:
    """Print the medians of a few rounds on each database that is there."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(_Kind("SQLite", partial(_file, folder), rewrite_sqlite, lambda url: make_url(url).database or ""))
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
    if server:
        _measure(_Kind("PostgreSQL", partial(_database, server), rewrite_postgresql, _plain))


def _measure(kind: _Kind) -> None:
    rates, works, floors = [], [], []
    with kind.copy(None) as prepared:
        asyncio.run(_prepare(prepared))
        for _ in range(ROUNDS):
            with kind.copy(prepared) as url, kind.copy(prepared) as fresh:
                took, work = _round(url)
                by_hand = kind.rewrite(kind.address(url), kind.address(fresh))
                rates.append(CASES / took)
                works.append(1000 * work / CASES)
                floors.append(CASES / asyncio.run(by_hand))
    rate, floor = statistics.median(rates), statistics.median(floors)
    print(f"{kind.name}, escalations/s by {WORKERS} processes: {rate:,.0f} ({min(rates):,.0f} to {max(rates):,.0f})")
    print(f"  CPU of the processes for each: {statistics.median(works):.2f} ms")
    print(f"  the same rows by hand, one process: {floor:,.0f}/s ({min(floors):,.0f} to {max(floors):,.0f})")
    print(f"  ratio {rate / floor:.2f}; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _round(url: str) -> tuple[float, float]:
    """Seconds until the workers had done everything, and the CPU seconds that they took for it."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.escalation", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        for _ in range(WORKERS)
    ]
    _hear(workers)
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    work = sum(float(line) for line in _hear(workers))
    took = time.perf_counter() - began
    for worker in workers:
        worker.communicate()
    assert asyncio.run(_count(url)) == CASES
    return took, work


def _hear(workers: list[subprocess.Popen[str]]) -> list[str]:
    """Wait for a line from each."""
    lines = []
    for worker in workers:
        assert worker.stdout is not None
        lines.append(worker.stdout.readline())
    return lines


async def _prepare(url: str) -> None:
    database, regulation = Database(url), load_regulation()
    units = await settle(database, regulation, load_policy(), MORNING)
    await gather(database, regulation, units, [CROWD])
    await database.close()


async def _count(url: str) -> int:
    database = Database(url)
    async with database.read() as session:
        count = await session.scalar(select(func.count()).select_from(Urging))
    await database.close()
    return count or 0


async def _work(url: str) -> None:
    database, policy = Database(url), load_policy()
    workplace = Workplace(database, FixedClock(MORNING), load_regulation(), b"k" * 32)
    async with database.read() as session:
        await session.execute(select(1))
    keep_what_is_loaded()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    await escalate(workplace, policy)
    print(time.process_time() - began, flush=True)
    await database.close()


@contextmanager
def _file(folder: str, of: str | None) -> Iterator[str]:
    path = Path(folder) / f"{secrets.token_hex(6)}.sqlite3"
    if of is not None:
        shutil.copyfile(make_url(of).database or "", path)
    yield f"sqlite+aiosqlite:///{path}"
    path.unlink()


@contextmanager
def _database(server: str, of: str | None) -> Iterator[str]:
    name = f"duban_bench_{secrets.token_hex(6)}"
    template = "" if of is None else f" TEMPLATE {make_url(of).database}"
    asyncio.run(_on_server(server, f"CREATE DATABASE {name}{template}"))
    yield make_url(server).set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
    asyncio.run(_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def _on_server(server: str, statement: str) -> None:
    connection = await asyncpg.connect(_plain(server))
    await connection.execute(statement)
    await connection.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(_work(sys.argv[1]))
    else:
        main()
