"""Rounds in which every server has its turn, in one order and then in the other."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.reads.databases import ROOT
from benchmarks.reads.load import packed
from benchmarks.reads.operations import SUBMIT, body
from benchmarks.reads.people import People, http_request
from benchmarks.reads.servers import Server, on, other_cores, processor_seconds

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Sample:
    """One turn. Processor time in microseconds a request, latencies in milliseconds."""

    rate: float
    server: float
    database: float
    p50: float
    p99: float
    load: float  # of the machine: the average of the last minute


@dataclass(frozen=True, slots=True)
class Plan:
    """Which servers answer which operations, how often, for how long, or how many reports each submits in a turn."""

    operations: dict[str, list[str]]
    rounds: int
    seconds: float
    submissions: int


Samples = dict[tuple[str, str], list[Sample]]  # by operation and server
Backends = Callable[[], Iterable[int]]


def measure(plan: Plan, servers: dict[str, Server], people: People, door: int, backends: Backends) -> Samples:
    samples: Samples = {}
    for turn in range(-1, plan.rounds):  # the first one warms up and is not counted
        for operation, names in plan.operations.items():
            for name in names if turn % 2 else reversed(names):
                sample = _turn(plan, operation, servers[name], people, door, backends, warming=turn < 0)
                if turn >= 0:
                    samples.setdefault((operation, name), []).append(sample)
        print(f"round {turn + 1} of {plan.rounds}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    return samples


def median(samples: list[Sample], what: Callable[[Sample], float]) -> float:
    return statistics.median(map(what, samples))


def _turn(
    plan: Plan, operation: str, server: Server, people: People, door: int, backends: Backends, *, warming: bool
) -> Sample:
    wishes = people.wishes(operation, plan.submissions)
    people.sign_in((wish.login for wish in wishes), door)
    requests = [
        http_request(server.port, people.token(wish.login), body(operation, server.dialect, wish)) for wish in wishes
    ]
    seconds = 0.0 if operation == SUBMIT else plan.seconds / 2 if warming else plan.seconds
    return sample(server, requests, seconds, backends)


def sample(
    server: Server, requests: Sequence[bytes], seconds: float, backends: Backends, connections: int = CONNECTIONS
) -> Sample:
    """Send the requests over and over for so long, or with 0 seconds each of them once. Errors are not measured."""
    before, used = _each(backends()), processor_seconds(server.process.pid)
    command = [sys.executable, "-m", "benchmarks.reads.load", str(server.port), str(connections), str(seconds)]
    done = subprocess.run(
        [*on(other_cores()), *command], cwd=ROOT, input=packed(requests), capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{server.name}: {done.stderr.decode(errors='replace')[-2000:]}")
    used, after = processor_seconds(server.process.pid) - used, _each(backends())
    outcome = json.loads(done.stdout)
    assert not outcome["bad"], f"{server.name}: {outcome['bad']} answers were errors"
    count = outcome["requests"]
    return Sample(
        rate=count / outcome["seconds"],
        server=used / count * 1e6,
        database=sum(spent - before.get(backend, 0.0) for backend, spent in after.items()) / count * 1e6,
        p50=outcome["p50"],
        p99=outcome["p99"],
        load=os.getloadavg()[0],
    )


def _each(backends: Iterable[int]) -> dict[int, float]:
    return {backend: processor_seconds(backend) for backend in backends}
