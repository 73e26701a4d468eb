"""Databases of this folder's own, and real processes: a child says on standard output what the test needs to know."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_URL = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
REDIS_URL = os.environ.get("DUBAN_TEST_REDIS_URL", "")


def needs(url: str, name: str) -> str:
    """Skip without the server, unless it was promised."""
    if not url and os.environ.get("DUBAN_TEST_REQUIRE_SERVERS"):
        pytest.fail(f"{name} is not set")
    if not url:
        pytest.skip(f"{name} is not set")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database on each of the two systems."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'duban.sqlite3'}"
        return
    server = needs(POSTGRES_URL, "DUBAN_TEST_POSTGRES_URL").replace("+asyncpg", "")
    name = f"duban_runtime_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql+asyncpg{server[server.index('://') : server.rindex('/')]}/{name}"
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python process in the project; whatever still runs at the end of the test is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
        process = subprocess.Popen(
            [sys.executable, "-W", "error", *arguments],
            cwd=ROOT,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
