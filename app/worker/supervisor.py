"""Keeping the worker going: the alarm and the plain loops, each begun again with growing pauses when it ends."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from app.core.redis import RedisServer
from app.worker.alarm import FINISH_WITHIN, ring
from app.worker.clockwork import is_late, must_step_in
from app.worker.sweeps import Sweep, Sweeper

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_AFTER = 60.0

_log = structlog.get_logger(__name__)


async def work(redis: RedisServer, sweeper: Sweeper, stop: asyncio.Event) -> None:
    """Do timed work until `stop`; then finish what is under way, within bounds."""
    lives = {"alarm": partial(ring, redis, sweeper, stop)} | {
        f"loop:{sweep.name}": partial(_step_in, sweeper, sweep, stop) for sweep in sweeper.sweeps
    }
    tasks = [asyncio.create_task(_supervise(name, life, stop), name=name) for name, life in lives.items()]
    try:
        await stop.wait()
        await asyncio.wait(tasks, timeout=FINISH_WITHIN)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def late_sweeps(sweeper: Sweeper) -> tuple[str, ...]:
    """The sweeps that nobody has done for so long that an operator must look."""
    ages = await sweeper.ages()
    return tuple(sweep.name for sweep in sweeper.sweeps if is_late(sweep.every, ages[sweep.name]))


async def _step_in(sweeper: Sweeper, sweep: Sweep, stop: asyncio.Event) -> None:
    """The plain loop: do the rounds that the alarm did not ring for, so that days without Redis lose nothing."""
    while not stop.is_set():
        if must_step_in(sweep.every, (await sweeper.ages())[sweep.name]):
            await sweeper.run(sweep)
        await _pause(stop, sweep.every.total_seconds() / 2)


async def _supervise(name: str, life: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    pause = _FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        try:
            await life()
        except Exception as error:  # noqa: BLE001  # arq ends when Redis goes, a loop when the database does
            if time.monotonic() - began > _STEADY_AFTER:
                pause = _FIRST_PAUSE
            _log.warning("begins_again", part=name, reason=type(error).__name__, after=pause)
            await _pause(stop, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
