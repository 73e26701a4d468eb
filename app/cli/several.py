"""Several API processes on one socket: started together, each replaced when it dies, ended together."""

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

import structlog

from app.cli.answers import Exit, Failure
from app.cli.surroundings import run_async
from app.core.children import die_with
from app.core.logs import configure_logs
from app.core.settings import Settings

_LOOK_EVERY = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_AFTER = 60.0

_CANNOT_START = {Exit.SETTINGS, Exit.UNREACHABLE, Exit.SCHEMA}

_log = structlog.get_logger(__name__)


ServeOne = Callable[[Settings, socket.socket], Coroutine[Any, Any, None]]


def serve_several(settings: Settings, listener: socket.socket, serve_one: ServeOne) -> None:
    """Keep `api_processes` of them until SIGTERM or Ctrl-C."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    places = [_Place(settings, listener, serve_one) for _ in range(settings.api_processes)]
    while not stopping:
        for place in places:
            place.look_after()
        time.sleep(_LOOK_EVERY)
    for place in places:
        place.end()
    for place in places:
        place.process.join()
    for number, handler in before.items():
        signal.signal(number, handler)


class _Place:
    """Where one process belongs. A process that cannot start ends them all: the next one could not either."""

    def __init__(self, settings: Settings, listener: socket.socket, serve_one: ServeOne) -> None:
        self._arguments = (settings, listener, serve_one, os.getpid())
        self._pause = _FIRST_PAUSE
        self._begin()

    def look_after(self) -> None:
        code = self.process.exitcode
        if code is None or time.monotonic() < self._not_before:
            return
        if code in _CANNOT_START:
            raise Failure(Exit(code), ["an API process cannot start; its own message says why"])
        if time.monotonic() - self._began > _STEADY_AFTER:
            self._pause = _FIRST_PAUSE
        _log.warning("api_process_ended", status=code)
        self._begin()

    def end(self) -> None:
        if self.process.pid and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGTERM)

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._not_before = self._began + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        context = multiprocessing.get_context("spawn")
        self.process: BaseProcess = context.Process(target=_serve, args=self._arguments, daemon=True)
        self.process.start()


def _serve(settings: Settings, listener: socket.socket, serve_one: ServeOne, parent: int) -> None:
    from app.cli import ending_in_order

    die_with(parent)
    configure_logs(settings)
    with ending_in_order(as_json=False):
        run_async(serve_one(settings, listener))
