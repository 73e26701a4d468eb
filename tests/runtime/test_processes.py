"""The processes that stay, for real: they answer in time, keep within their memory, and leave nothing behind."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.database import Database
from app.worker.models import SweepState
from tests.runtime.conftest import REDIS_URL, needs
from tests.runtime.processes import alive, line_of, wait_until

Start = Callable[..., subprocess.Popen[str]]
MEMORY_IN_MB = 150
SWEEPS = 3
FIRST_ANSWER, LATER_ANSWER = 10.0, 3.0
# A loaded machine is slower than the one that the promise is made for
PATIENCE = 3.0


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


def family(process_id: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process_id
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def memory_in_mb(process_id: int) -> float:
    """What a process and its children hold, shared pages divided among those who share them."""
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def seconds_to_answer(port: int, began: float) -> float:
    wait_until(lambda: get(port, "/healthz")[0] == 200, within=60)
    return time.monotonic() - began


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    process.send_signal(number)
    return process.wait(timeout=30)


def test_one_command_on_a_bare_machine(start: Start, tmp_path: Path, free_port: int) -> None:
    variables = {"DUBAN_DATA_DIR": str(tmp_path / "var"), "DUBAN_PORT": str(free_port), "DUBAN_DRAIN_SECONDS": "0.2"}
    began = time.monotonic()
    process = start("-m", "app.cli", "run", "--json", **variables)
    assert seconds_to_answer(free_port, began) < FIRST_ANSWER * PATIENCE
    assert json.loads(line_of(process))["graphql"] == f"http://127.0.0.1:{free_port}/graphql"
    members = list(family(process.pid))
    assert len(members) == 2, "the server and its Valkey"
    for _ in range(100):
        assert get(free_port, "/readyz") == (200, b'{"status":"ready"}')
    assert sum(map(memory_in_mb, members)) < MEMORY_IN_MB
    assert b'duban_oldest_due_seconds{what="deadline"}' in get(free_port, "/metrics")[1]
    assert end(process) == 0
    assert not any(map(alive, members))

    began = time.monotonic()
    process = start("-m", "app.cli", "run", **variables)
    assert seconds_to_answer(free_port, began) < LATER_ANSWER * PATIENCE
    assert end(process, signal.SIGINT) == 130
    assert oct((tmp_path / "var").stat().st_mode)[-3:] == "700"


@pytest.mark.server
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_api_and_worker_over_servers(start: Start, url: str, tmp_path: Path, free_port: int) -> None:
    variables = {
        "DUBAN_DATA_DIR": str(tmp_path / "var"),
        "DUBAN_DATABASE_URL": url,
        "DUBAN_REDIS_URL": needs(REDIS_URL, "DUBAN_TEST_REDIS_URL"),
        "DUBAN_PORT": str(free_port),
        "DUBAN_API_PROCESSES": "2",
        "DUBAN_DRAIN_SECONDS": "0.2",
    }

    def outcomes(*commands: list[str]) -> list[int]:
        running = [start("-m", "app.cli", *command, **variables) for command in commands]
        return [process.wait(timeout=60) for process in running]

    assert outcomes(["migrate", "up"]) == [0]
    assert outcomes(["serve", "--check"], ["worker", "--check"]) == [1, 1]
    api = start("-m", "app.cli", "serve", **variables)
    worker = start("-m", "app.cli", "worker", **variables)
    wait_until(lambda: get(free_port, "/readyz")[0] == 200, within=60)
    wait_until(lambda: asyncio.run(_succeeded(url)) >= SWEEPS, within=60)
    assert outcomes(["serve", "--check"], ["worker", "--check"]) == [0, 0]

    first, second = _api_processes(api)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not alive(first) and len(_api_processes(api)) == 2, within=60)
    assert second in _api_processes(api)
    assert get(free_port, "/healthz")[0] == 200

    assert (end(worker), end(api)) == (0, 0)
    assert not alive(second)

    api = start("-m", "app.cli", "serve", **variables)
    wait_until(lambda: len(_api_processes(api)) == 2, within=60)
    members = list(family(api.pid))
    api.kill()
    api.wait()
    wait_until(lambda: not any(map(alive, members[1:])), within=60)


async def _succeeded(url: str) -> int:
    """How many sweeps have done a round."""
    database = Database(url)
    try:
        async with database.read() as session:
            rounds = select(func.count()).where(SweepState.last_success_at.is_not(None))
            return await session.scalar(rounds) or 0
    finally:
        await database.close()


def _api_processes(api: subprocess.Popen[str]) -> list[int]:
    """The members that serve; multiprocessing has a helper of its own beside them."""
    serving = []
    for member in list(family(api.pid))[1:]:
        command = Path(f"/proc/{member}/cmdline")
        if command.exists() and b"spawn_main" in command.read_bytes():
            serving.append(member)
    return serving
