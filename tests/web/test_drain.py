"""SIGTERM to a real process under load: not one request that was sent stays without its answer."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

BUSY = 12
SLOW = 20
DRAIN_SECONDS = 1.0


@dataclass
class Balancer:
    """What stands in front: it asks for readiness, and sends nothing more to a server that is not ready."""

    url: str
    ready: bool = True
    answered: int = 0
    answered_while_draining: int = 0
    lost: list[str] = field(default_factory=list)

    async def watch(self) -> None:
        async with httpx.AsyncClient() as client:
            while self.ready:
                self.ready = (await client.get(f"{self.url}/readyz")).status_code == 200
                await asyncio.sleep(0.2)

    async def be_busy(self, *, keep_alive: bool) -> None:
        limits = httpx.Limits(max_keepalive_connections=1 if keep_alive else 0)
        async with httpx.AsyncClient(limits=limits) as client:
            while self.ready:
                await self.ask(client, "{ hello }")

    async def ask(self, client: httpx.AsyncClient, query: str) -> None:
        try:
            response = await client.post(f"{self.url}/graphql", json={"query": query})
        except httpx.TransportError as error:
            self.lost.append(repr(error))
            return
        if response.status_code != 200 or "data" not in response.json():
            self.lost.append(f"{response.status_code} {response.text}")
        self.answered += 1
        self.answered_while_draining += response.headers.get("connection") == "close"


@asynccontextmanager
async def process(drain_seconds: float = DRAIN_SECONDS) -> AsyncIterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.web.serving", str(drain_seconds)]
    server = await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(await asyncio.to_thread(server.stdout.readline))
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/readyz")).status_code == 200
        yield server, url
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


async def test_sigterm_loses_no_request() -> None:
    async with process() as (server, url):
        balancer = Balancer(url)
        async with httpx.AsyncClient(timeout=20) as client:
            tasks = [asyncio.create_task(balancer.watch())]
            tasks += [asyncio.create_task(balancer.be_busy(keep_alive=index % 2 == 0)) for index in range(BUSY)]
            await asyncio.sleep(0.5)
            slow = [asyncio.create_task(balancer.ask(client, "{ slow(seconds: 2) }")) for _ in range(SLOW)]
            await asyncio.sleep(0.2)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            await asyncio.gather(*tasks, *slow)
        status = await asyncio.to_thread(server.wait, 10)
        took = time.monotonic() - began
    assert balancer.lost == []
    assert balancer.answered > SLOW + BUSY
    assert balancer.answered_while_draining > SLOW
    assert status == 0
    assert took > DRAIN_SECONDS


async def test_sigterm_closes_websockets_with_1012() -> None:
    async with process() as (server, url):
        address = url.replace("http", "ws") + "/graphql"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            await socket.send('{"type": "connection_init", "payload": {"authorization": "Bearer good"}}')
            await socket.recv()
            await socket.send('{"id": "1", "type": "subscribe", "payload": {"query": "subscription { silent }"}}')
            server.send_signal(signal.SIGTERM)
            await asyncio.wait_for(socket.wait_closed(), 10)
            assert socket.close_code == 1012
        assert await asyncio.to_thread(server.wait, 10) == 0


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_skips_the_rest_of_the_drain(second: signal.Signals) -> None:
    async with process(drain_seconds=600) as (server, _):
        server.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        server.send_signal(second)
        assert await asyncio.to_thread(server.wait, 60) == 0
