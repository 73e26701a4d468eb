"""Killing: worker processes and the Redis server, at random, while they run."""

import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.core.valkey import bundled_binary
from tests.faults.worker import Orders

ROOT = Path(__file__).resolve().parents[2]


class Valkey:
    """A server of the test's own, so that it may be emptied and killed."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "valkey.sock"
        self.url = f"unix://{self.socket}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = bundled_binary()
        assert binary is not None
        options = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self._folder), "--save", ""]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([str(binary), *options], **quiet)  # type: ignore[call-overload]  # as spelt
        until = time.monotonic() + 5
        while time.monotonic() < until:
            with contextlib.suppress(RedisError, OSError):
                Redis(unix_socket_path=str(self.socket)).ping()
                return
            time.sleep(0.02)
        raise AssertionError("no answer from Valkey")

    def empty(self) -> None:
        Redis(unix_socket_path=str(self.socket)).flushall()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()


@dataclass(slots=True)
class Workers:
    """Two workers that are started again whenever they have died."""

    orders: Orders
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    started: int = 0
    killed: int = 0

    def start(self) -> None:
        self.processes = [self._start() for _ in range(2)]

    def kill_one(self) -> None:
        """kill -9, and another one in its place."""
        place = random.randrange(len(self.processes))
        self.processes[place].send_signal(signal.SIGKILL)
        self.processes[place].wait()
        self.processes[place] = self._start()
        self.killed += 1

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def complaints(self) -> str:
        """All that they have logged."""
        return "\n".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("worker-*.log")))

    def _start(self) -> subprocess.Popen[bytes]:
        self.started += 1
        with (self.folder / f"worker-{self.started}.log").open("wb") as log:
            command = [sys.executable, "-m", "tests.faults.worker", json.dumps(asdict(self.orders))]
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
