"""arq as an alarm clock: it says when, the database says what. Losing Redis, a job or a tick loses nothing."""

import asyncio
import contextlib
import json
from typing import Any, cast

from arq.connections import ArqRedis
from arq.cron import CronJob, cron
from arq.utils import poll
from arq.worker import Worker
from redis.exceptions import RedisError

from app.core.clock import SHANGHAI
from app.core.redis import RedisServer
from app.worker.clockwork import cron_fields
from app.worker.sweeps import Sweep, Sweeper

FINISH_WITHIN = 20.0
_QUEUE = "duban:clock"
_SETTINGS: dict[str, Any] = {
    "queue_name": _QUEUE,
    "health_check_interval": 10,  # arq's default of an hour calls a dead worker healthy for an hour
    "job_timeout": 60,  # plus 10 s: how long a killed worker's job stays taken
    "max_tries": 1000,  # of a tick that was killed: 1 would lose it
    "keep_result": 0,  # a kept result blocks the same job id
    "poll_delay": 0.2,
    "timezone": SHANGHAI,
    "handle_signals": False,
    "log_results": False,
    # JSON: with arq's default (pickle), whoever can write to Redis runs code here
    "job_serializer": lambda job: json.dumps(job).encode(),
    "job_deserializer": json.loads,
}


async def ring(redis: RedisServer, sweeper: Sweeper, stop: asyncio.Event) -> None:
    """Ring until `stop`, then let the running jobs end. Raises when Redis goes: the caller begins again."""
    alarm = _Alarm(
        cron_jobs=[_tick(sweeper, sweep) for sweep in sweeper.sweeps], redis_pool=_client(redis), **_SETTINGS
    )
    ringing = asyncio.create_task(alarm.main(), name="alarm")
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({ringing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if ringing.done():
            ringing.result()
    finally:
        stopping.cancel()
        await alarm.put_away(ringing)


class _Alarm(Worker):
    async def main(self) -> None:
        # arq's own, without its INFO: fakeredis does not know that command, and no tick needs it
        async for _ in poll(self.poll_delay_s):
            await self._poll_iteration()

    async def put_away(self, ringing: asyncio.Task[None]) -> None:
        """Take no more jobs, wait for those under way, leave no health mark behind."""
        self.allow_pick_jobs = False
        if self.tasks:
            await asyncio.wait(self.tasks.values(), timeout=FINISH_WITHIN)
        unfinished = [ringing, *self.tasks.values()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self.pool.delete(self.health_check_key)
        await self.pool.aclose(close_connection_pool=True)


def _tick(sweeper: Sweeper, sweep: Sweep) -> CronJob:
    async def run(ctx: dict[Any, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ARG001  # arq's signature
        await sweeper.run(sweep)

    # each tick carries its own time, so one rings once, whatever the number of workers; `max_tries` as above
    fields = cast("dict[str, Any]", cron_fields(sweep.every))
    return cron(run, name=f"{_QUEUE}:{sweep.name}", max_tries=None, **fields)


def _client(redis: RedisServer) -> ArqRedis:
    given = ("job_serializer", "job_deserializer")
    return ArqRedis(redis.pool(), default_queue_name=_QUEUE, **{name: _SETTINGS[name] for name in given})
