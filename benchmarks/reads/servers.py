"""Servers that run: on which core, and what of the processor they used."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from benchmarks.reads.databases import ROOT
from benchmarks.reads.operations import Dialect
from benchmarks.reads.variants import SECRETS, Place, Variant

_STARTS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs."""

    variant: Variant
    port: int
    process: subprocess.Popen[bytes]

    @property
    def name(self) -> str:
        return self.variant.name

    @property
    def dialect(self) -> Dialect:
        return self.variant.dialect


def make_keys(folder: Path) -> None:
    """The secrets of a production server."""
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "token_key").write_bytes(pem)
    for name in SECRETS:
        (folder / name).write_text(secrets.token_hex(32))


@contextmanager
def running(variants: Sequence[Variant], place: Place) -> Iterator[dict[str, Server]]:
    """Start them all; each answers before the block begins."""
    with ExitStack() as stack:
        servers = {}
        for port, variant in zip(_ports(len(variants)), variants, strict=True):
            servers[variant.name] = stack.enter_context(_started(variant, port, place))
        for server in servers.values():
            _wait_for(server, place)
        yield servers


def _ports(count: int) -> list[int]:
    """From BENCH_PORT on, where it is set; else any that are free."""
    first = os.environ.get("BENCH_PORT")
    if first:
        return list(range(int(first), int(first) + count))
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


@contextmanager
def _started(variant: Variant, port: int, place: Place) -> Iterator[Server]:
    command, environment = variant.command(port, place)
    log = (place.folder / f"{port}.log").open("wb")
    process = subprocess.Popen(
        [*on(own_core()), *command],
        cwd=ROOT,
        env={**_surroundings(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        yield Server(variant, port, process)
    finally:
        process.terminate()
        process.wait()
        log.close()


def _surroundings() -> dict[str, str]:
    """Without the settings of whoever measures."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}


def own_core() -> set[int]:
    """The core on which the servers run, one at a time."""
    return {min(os.sched_getaffinity(0))}


def other_cores() -> set[int]:
    """Where the load comes from and the database works: a core of their own, where there are two."""
    return os.sched_getaffinity(0) - own_core() or own_core()


def on(cores: set[int]) -> list[str]:
    """What to write before a command, so that it runs there."""
    return ["taskset", "--cpu-list", ",".join(map(str, sorted(cores)))] if shutil.which("taskset") else []


def _wait_for(server: Server, place: Place) -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and server.process.poll() is None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request("GET", "/graphql")
            connection.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    log = (place.folder / f"{server.port}.log").read_text(errors="replace")
    raise RuntimeError(f"{server.name} does not answer:\n{log[-2000:]}")


def processor_seconds(process_id: int) -> float:
    """What a process and its threads have used so far, by the kernel's own account."""
    nanoseconds = 0
    for task in Path(f"/proc/{process_id}/task").glob("*/schedstat"):
        nanoseconds += int(task.read_text().split()[0])
    return nanoseconds / 1e9
