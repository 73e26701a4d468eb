"""Redis: the server named by DUBAN_REDIS_URL, else a Valkey child of this process, else one in its memory.

Redis wakes; it does not remember. What must happen stands in the database, so losing Redis costs time, nothing else.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog
from redis.asyncio import ConnectionPool

from app.core.valkey import Valkey, ValkeyDidNotStartError, bundled_binary

_log = structlog.get_logger(__name__)


class RedisKind(StrEnum):
    """Where the server lives: elsewhere, in a child process, in our own memory."""

    EXTERNAL = "external"
    EMBEDDED = "embedded"
    IN_PROCESS = "in_process"


class RedisServer(Protocol):
    """A server that is there. Every caller takes a pool of its own and closes it."""

    kind: RedisKind

    def pool(self) -> ConnectionPool: ...


class ExternalRedis:
    """A server that somebody else runs. It may be down: whoever connects copes with that."""

    kind = RedisKind.EXTERNAL

    def __init__(self, url: str) -> None:
        self.url = url

    def pool(self) -> ConnectionPool:
        return ConnectionPool.from_url(self.url)


class EmbeddedRedis:
    """The Valkey child."""

    kind = RedisKind.EMBEDDED

    def __init__(self, valkey: Valkey) -> None:
        self.valkey = valkey

    def pool(self) -> ConnectionPool:
        return ConnectionPool.from_url(f"unix://{self.valkey.socket}")


class InProcessRedis:
    """fakeredis: the commands that we use, in this process, for machines that no Valkey binary is made for."""

    kind = RedisKind.IN_PROCESS

    def __init__(self) -> None:
        from fakeredis import FakeServer  # most installations never need it

        self._server = FakeServer()

    def pool(self) -> ConnectionPool:
        from fakeredis.aioredis import FakeAsyncRedisConnection

        return ConnectionPool(connection_class=FakeAsyncRedisConnection, server=self._server)


@asynccontextmanager
async def open_redis(url: str, *, binary: Path | None = None) -> AsyncIterator[RedisServer]:
    """The server for this process, ended with the block when it is ours."""
    if url:
        yield ExternalRedis(url)
        return
    valkey = await _started(binary or bundled_binary())
    if valkey is None:
        yield InProcessRedis()
        return
    try:
        yield EmbeddedRedis(valkey)
    finally:
        await valkey.close()


async def _started(binary: Path | None) -> Valkey | None:
    if binary is None:
        return None
    valkey = Valkey(binary)
    try:
        await valkey.start()
    except ValkeyDidNotStartError as error:
        _log.warning("valkey_not_started", reason=str(error), instead="in_process")
        return None
    return valkey
