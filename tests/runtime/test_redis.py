"""The embedded server: there in a moment, back after a kill, gone with its parent, and replaced where it cannot run."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.redis import EmbeddedRedis, RedisKind, RedisServer, open_redis
from app.core.valkey import bundled_binary
from tests.runtime.processes import alive, line_of, wait_until

pytestmark = pytest.mark.skipif(bundled_binary() is None, reason="no Valkey binary is made for this machine")

HOLDS_A_SERVER = """
import asyncio
from app.core.redis import open_redis

async def main():
    async with open_redis("") as server:
        print(server.valkey.process_id, server.valkey.socket, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def _value(server: RedisServer, key: str) -> object:
    async with Redis.from_pool(server.pool()) as client:
        return await client.get(key)


async def _write(server: RedisServer, key: str, value: str) -> None:
    async with Redis.from_pool(server.pool()) as client:
        await client.set(key, value)


async def test_a_given_url_is_taken_and_not_asked_at_the_start() -> None:
    async with open_redis("redis://127.0.0.1:1/0") as server:
        assert server.kind is RedisKind.EXTERNAL
        with pytest.raises(RedisError):
            await _value(server, "a")


async def test_it_is_private_keeps_nothing_on_disk_and_evicts_nothing() -> None:
    async with open_redis("") as server:
        assert isinstance(server, EmbeddedRedis)
        folder = server.valkey.socket.parent
        await _write(server, "a", "1")
        async with Redis.from_pool(server.pool()) as client:
            configuration = await client.config_get()
        expected = {"maxmemory-policy": "noeviction", "save": "", "appendonly": "no", "port": "0"}
        assert {name: configuration[name] for name in expected} == expected
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [file.name for file in folder.iterdir()] == ["valkey.sock"]
    assert not folder.exists()


async def test_a_killed_server_comes_back() -> None:
    async with open_redis("") as server:
        assert isinstance(server, EmbeddedRedis)
        killed = server.valkey.process_id
        assert killed
        for _ in range(2):
            before = server.valkey.process_id
            assert before
            os.kill(before, signal.SIGKILL)
            async with asyncio.timeout(5):
                while server.valkey.process_id == before:
                    await asyncio.sleep(0.02)
                while True:
                    with contextlib.suppress(RedisError, OSError):
                        await _write(server, "after", "1")
                        break
                    await asyncio.sleep(0.02)
        last = server.valkey.process_id
        assert await _value(server, "after") == b"1"
    assert last
    assert not alive(last)


def test_no_server_outlives_a_killed_parent(start: Callable[..., subprocess.Popen[str]]) -> None:
    parent = start("-c", HOLDS_A_SERVER)
    child = int(line_of(parent).split()[0])
    assert alive(child)
    parent.kill()
    wait_until(lambda: not alive(child))


def test_ctrl_c_is_for_the_parent_alone(start: Callable[..., subprocess.Popen[str]]) -> None:
    parent = start("-c", HOLDS_A_SERVER)
    child = int(line_of(parent).split()[0])
    assert os.getpgid(child) == child


@pytest.mark.parametrize("binary", ["/bin/false", "/does/not/exist"])
async def test_a_binary_that_does_not_run_is_replaced_by_memory(binary: str) -> None:
    async with open_redis("", binary=Path(binary)) as server:
        assert server.kind is RedisKind.IN_PROCESS
        await _write(server, "a", "1")
        assert await _value(server, "a") == b"1"  # two pools, one server
