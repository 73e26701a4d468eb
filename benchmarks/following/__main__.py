"""`python -m benchmarks.following`: 2,000 sockets, and a minute of 200 events a second to 200. README.md says more."""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.following.ground import Ground, prepared
from benchmarks.following.operations import OPERATIONS
from benchmarks.reads.databases import ROOT
from benchmarks.reads.servers import Server, make_keys, on, other_cores, processor_seconds, running
from benchmarks.reads.variants import OURS, Command, Place, Variant

_PATIENCE = 120.0  # seconds for which an update may be under way
_BEAT = 0.25  # seconds between two transactions of the steady stream
_KIB = 1024
_WARM = 20  # sockets that are opened first


def _stock(rights: str) -> Any:
    def command(port: int, place: Place) -> Command:
        module = "benchmarks.following.stock:app"
        options = ["--port", str(port), "--no-access-log", "--log-level", "warning", "--ws", "websockets-sansio"]
        environment = {"BENCH_DATABASE_URL": place.driven(), "BENCH_TOKEN_KEY": str(place.key), "BENCH_RIGHTS": rights}
        return [sys.executable, "-m", "uvicorn", module, *options], environment

    return command


ALONE = Variant("stock, from memory", _stock(""))
CAREFUL = Variant("stock, rights read", _stock("1"))  # to a few, twice: a round takes it seconds
VARIANTS = (OURS, ALONE, CAREFUL)


@dataclass(frozen=True, slots=True)
class Fan:
    """One event to many: medians of the rounds. Milliseconds, microseconds of the server's processor, KiB."""

    idle: float
    spread: float
    delivery: float


@dataclass(frozen=True, slots=True)
class Stream:
    """Many events to some: how late they came, what the server took, and how much it grew."""

    p50: float
    p99: float
    delivery: float
    growth: float
    share: float  # of a core


class Listeners:
    """Processes full of subscribers."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def ask(self, word: str) -> list[dict[str, Any]]:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
        return [json.loads(_line(process)) for process in self._processes]

    async def have(self, total: int) -> None:
        """Wait until so many updates have come."""
        ends = time.monotonic() + _PATIENCE
        while True:
            counts = self.ask("counts")
            if any(one["lost"] for one in counts):
                raise RuntimeError(f"{sum(one['lost'] for one in counts)} sockets were closed")
            if sum(one["total"] for one in counts) >= total:
                return
            if time.monotonic() > ends:
                raise RuntimeError(f"{counts} of {total} updates have come")
            await asyncio.sleep(0.1)

    def report(self) -> tuple[dict[str, tuple[float, float, int]], list[tuple[int, str]]]:
        """By update the first and the last arrival and how many; and what each socket was told."""
        updates: dict[str, tuple[float, float, int]] = {}
        reports = self.ask("report")
        for report in reports:
            for name, (first, last, count) in report["updates"].items():
                known = updates.get(name, (first, last, 0))
                updates[name] = min(known[0], first), max(known[1], last), known[2] + count
        return updates, [(count, digest) for report in reports for count, digest in report["sockets"]]


@contextmanager
def listening(server: Server, tokens: Sequence[str], processes: int) -> Iterator[Listeners]:
    """A socket for each token; all are open and have subscribed when the block begins."""
    wishes = [
        {"token": token, "query": OPERATIONS[number % len(OPERATIONS)], "id": str(number)}
        for number, token in enumerate(tokens)
    ]
    started = []
    try:
        for nth in range(processes):
            own = wishes[nth::processes]
            command = [sys.executable, "-m", "benchmarks.following.listeners", str(server.port), str(len(own))]
            process = subprocess.Popen(
                [*on(other_cores()), *command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            started.append(process)
            assert process.stdin is not None
            process.stdin.write("".join(json.dumps(wish) + "\n" for wish in own))
            process.stdin.flush()
        for process in started:
            assert _line(process) == "open\n", "the sockets could not be opened"
        yield Listeners(started)
    finally:
        for process in started:
            process.kill()
            process.wait()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


async def fan(server: Server, ground: Ground, tokens: Sequence[str], rounds: int, chosen: argparse.Namespace) -> Fan:
    """One event to all of them, again and again."""
    pid, connection = server.process.pid, await asyncpg.connect(ground.url)
    spreads, deliveries = [], []
    with listening(server, tokens[:_WARM], 1) as listeners:  # what the first ones cost is not for each
        await listeners.have(_before(server, ground, _WARM))
    await asyncio.sleep(1)
    empty = _memory(pid)
    with listening(server, tokens, chosen.processes) as listeners:
        total = _before(server, ground, len(tokens))
        await listeners.have(total)
        await asyncio.sleep(chosen.settle)
        idle = (_memory(pid) - empty) / len(tokens) / _KIB
        for turn in range(-1, rounds):  # the first one warms up
            listeners.report()
            used = processor_seconds(pid)
            await ground.write(connection, 1)
            total += len(tokens)
            await listeners.have(total)
            used = processor_seconds(pid) - used
            (told,) = listeners.report()[0].values()
            assert told[2] == len(tokens), told
            if turn >= 0:
                spreads.append((told[1] - told[0]) * 1e3)
                deliveries.append(used / len(tokens) * 1e6)
            await asyncio.sleep(0.3)
    await connection.close()
    return Fan(idle, statistics.median(spreads), statistics.median(deliveries))


async def stream(server: Server, ground: Ground, tokens: Sequence[str], chosen: argparse.Namespace) -> Stream:
    """A steady stream of events. Each socket must have been told all of them in the same order, once."""
    pid = server.process.pid
    connection = await asyncpg.connect(ground.url)
    each, beats = round(chosen.rate * _BEAT), round(chosen.seconds / _BEAT)
    written: list[float] = []
    with listening(server, tokens, chosen.processes) as listeners:
        total = _before(server, ground, len(tokens))
        await listeners.have(total)
        _, before = listeners.report()
        began, used, first = time.monotonic(), processor_seconds(pid), None
        for beat in range(beats):
            await asyncio.sleep(max(0.0, began + beat * _BEAT - time.monotonic()))
            await ground.write(connection, each)
            written += [time.monotonic()] * each
            if beat == beats // 4:
                first = _memory(pid)
        await listeners.have(total + each * beats * len(tokens))
        took, used = time.monotonic() - began, processor_seconds(pid) - used
        growth = (_memory(pid) - (first or 0)) / _KIB
        updates, after = listeners.report()
    await connection.close()
    told = {(now[0] - then[0], now[1]) for then, now in zip(before, after, strict=True)}
    assert len(told) == 1, f"they were told {len(told)} different things"
    assert {count for _, _, count in updates.values()} == {len(tokens)}
    late = sorted((last - at) * 1e3 for at, (_, last, _) in zip(written, updates.values(), strict=True))
    count = each * beats * len(tokens)
    return Stream(late[len(late) // 2], late[len(late) * 99 // 100], used / count * 1e6, growth, used / took)


def _some(tokens: list[str], count: int) -> list[str]:
    """So many, of all accounts."""
    return tokens[:: max(1, len(tokens) // count)][:count]


def _before(server: Server, ground: Ground, sockets: int) -> int:
    """Ours tells what was written before, too; the other begins with what comes."""
    return ground.written * sockets if server.variant is OURS else 0


def _memory(process_id: int) -> int:
    """What a process alone keeps, in bytes."""
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) * _KIB


async def measure(chosen: argparse.Namespace, server_url: str) -> None:
    async with prepared(server_url, chosen.sockets) as ground:
        with tempfile.TemporaryDirectory() as folder:
            place = Place(ground.url, Path(folder))
            make_keys(place.folder)
            print(
                f"{chosen.sockets} sockets, {len(OPERATIONS)} operations; load of the machine {os.getloadavg()[0]:.1f}"
            )
            print(f"{'':22}{'sockets':>8}{'idle KiB':>10}{'spread ms':>11}{'CPU µs':>9}{'times ours':>12}")
            ours: Fan | None = None
            for variant in VARIANTS[: chosen.servers]:
                rounds, tokens = chosen.rounds, ground.tokens(place.folder)
                if variant is CAREFUL:
                    rounds, tokens = 2, _some(tokens, chosen.few)
                with running([variant], place) as servers:
                    found = await fan(servers[variant.name], ground, tokens, rounds, chosen)
                ours = ours or found
                told = f"{variant.name:22}{len(tokens):8}{found.idle:10.1f}{found.spread:11.1f}{found.delivery:9.1f}"
                print(f"{told}{found.delivery / ours.delivery:12.1f}", flush=True)
            some = _some(ground.tokens(place.folder), chosen.few)
            with running([OURS], place) as servers:
                steady = await stream(servers[OURS.name], ground, some, chosen)
    print(
        f"{chosen.rate} events a second to {len(some)} sockets for {chosen.seconds:.0f} s: p50 {steady.p50:.0f} ms, ",
        end="",
    )
    print(f"p99 {steady.p99:.0f} ms, {steady.delivery:.1f} µs a delivery, {steady.share:.0%} of a core, ", end="")
    print(f"{steady.growth:+.0f} KiB since the first quarter")


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.following")
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=9, help="events that are told to all, one at a time")
    parser.add_argument("--rate", type=int, default=200, help="events a second in the steady stream")
    parser.add_argument("--few", type=int, default=200, help="sockets that it is told to")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=2, help="in which the subscribers live")
    parser.add_argument("--settle", type=float, default=3.0, help="seconds before the memory of the idle is taken")
    parser.add_argument("--servers", type=int, default=3, help="ours alone, and stock from memory, and under rights")
    chosen = parser.parse_args(arguments)
    url = os.environ.get("DUBAN_TEST_POSTGRES_URL")
    if not url:
        print("needs DUBAN_TEST_POSTGRES_URL")
        return
    asyncio.run(measure(chosen, url))


if __name__ == "__main__":
    main(sys.argv[1:])
