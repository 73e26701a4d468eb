"""The fault run of updates: servers are killed with -9 while people follow cases over real sockets.

Everybody is told each fact that he may see, once and in order, however often he was cut off. 2 kills by default, 30
with DUBAN_TEST_DEEP. Where `npm ci` was run in benchmarks/peers, a client of another language is among them.
"""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.bed.opening import Ground, open_world
from tests.bed.procedure import OFFICER, approve, dispatch, propose, register
from tests.bed.world import World
from tests.conftest import PASSWORD
from tests.runtime.conftest import REDIS_URL, needs

ROOT = Path(__file__).resolve().parents[2]
DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
KILLS = 30 if DEEP else 2
HANGS_AFTER = 60 + 10 * KILLS  # seconds
PROTOCOL = Subprotocol("graphql-transport-ws")
HANDLER = "chengguan.handler"
LOGINS = (OFFICER, HANDLER)
NODE = ROOT / "benchmarks" / "peers"
FOLLOW = "subscription S($after: String) { caseUpdates(after: $after) { cursor node { id } } }"
LIST = """query Q($after: String) {
  caseUpdates(first: 100, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } }
}"""


@dataclass(slots=True)
class Servers:
    """Two that serve one database, each on its port; whoever was killed is started again."""

    variables: dict[str, str]
    ports: list[int]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.processes = [self._start(port) for port in self.ports]

    def kill_one(self) -> None:
        place = random.randrange(len(self.processes))
        self.processes[place].send_signal(signal.SIGKILL)
        self.processes[place].wait()
        self.processes[place] = self._start(self.ports[place])

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=ROOT,
            env={**others, **self.variables, "DUBAN_PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@dataclass(slots=True)
class Follower:
    """A client that keeps its last cursor and comes back with it."""

    login: str
    token: str
    ports: list[int]
    cursor: str | None = None
    told: list[str] = field(default_factory=list)

    async def follow(self) -> None:
        while True:
            try:
                await self._listen(random.choice(self.ports))  # any of them
            except (OSError, WebSocketException, EOFError):
                await asyncio.sleep(0.05)

    async def _listen(self, port: int) -> None:
        async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=[PROTOCOL], proxy=None) as wire:
            payload = {"authorization": f"Bearer {self.token}"}
            await wire.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await wire.recv())["type"] == "connection_ack"
            request = {"query": FOLLOW, "variables": {"after": self.cursor}}
            await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": request}))
            async for frame in wire:
                message = json.loads(frame)
                assert message["type"] == "next", message
                update = message["payload"]["data"]["caseUpdates"]
                self.told.append(update["node"]["id"])
                self.cursor = update["cursor"]


class NodeFollower(Follower):
    """The npm package graphql-ws."""

    async def follow(self) -> None:
        given = {"TOKEN": self.token, "PORTS": ",".join(map(str, self.ports)), "FOLLOW": FOLLOW}
        process = await asyncio.create_subprocess_exec(
            "node", str(NODE / "follower.js"), env={**os.environ, **given}, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                self.told.append(json.loads(line))
            raise AssertionError("it ended")
        finally:
            process.kill()
            await process.wait()


@pytest.fixture
def servers(world_url: str, tmp_path: Path, ground: Ground) -> Iterator[Servers]:
    variables = {
        "DUBAN_DATABASE_URL": world_url,
        "DUBAN_DATA_DIR": str(ground.settings.data_dir),  # the keys of the tokens and cursors that the test makes
        "DUBAN_REDIS_URL": needs(REDIS_URL, "DUBAN_TEST_REDIS_URL"),
    }
    started = Servers(variables, free_ports(2))
    started.start()
    yield started
    started.stop()


@pytest.mark.server
async def test_followers_lose_nothing_when_servers_die(world_url: str, ground: Ground, servers: Servers) -> None:
    async with open_world(world_url, ground) as world:
        kinds = [(Follower, OFFICER), (Follower, OFFICER), (Follower, HANDLER)]
        if (NODE / "node_modules" / "graphql-ws").is_dir():
            kinds += [(NodeFollower, login) for login in LOGINS] * 2
        tokens = {login: await sign_in(login, servers.ports[0]) for login in LOGINS}
        followers = [make(login, tokens[login], servers.ports) for make, login in kinds]
        following = [asyncio.create_task(follower.follow()) for follower in followers]
        try:
            async with asyncio.timeout(HANGS_AFTER):
                for _ in range(KILLS):
                    await _write(world)
                    await _caught_up(world, followers)
                    await _write(world)  # some of it is told already, some is not
                    servers.kill_one()
                    await _write(world)
                expected = await _caught_up(world, followers)
        finally:
            for task in following:
                task.cancel()
            ended = await asyncio.gather(*following, return_exceptions=True)
    assert [follower.told for follower in followers] == [expected[follower.login] for follower in followers]
    assert [type(end) for end in ended] == [asyncio.CancelledError] * len(followers)
    assert 0 < len(expected[HANDLER]) < len(expected[OFFICER])


async def _write(world: World) -> None:
    """Facts of several cases at once, of which a unit may see a part."""

    async def one() -> None:
        await dispatch(world, await approve(world, await propose(world, await register(world))))

    await asyncio.gather(one(), one(), register(world))


async def _caught_up(world: World, followers: list[Follower]) -> dict[str, list[str]]:
    """Wait until everybody has been told at least as much as there is. Answers what that is."""
    await world.feed.look(0)
    expected = {login: await listed(world, login) for login in LOGINS}
    while any(len(follower.told) < len(expected[follower.login]) for follower in followers):
        await asyncio.sleep(0.02)
    return expected


async def listed(world: World, login: str) -> list[str]:
    ids: list[str] = []
    page = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        found = (await world.as_(login).ask(LIST, after=page["endCursor"]))["caseUpdates"]
        ids += [edge["node"]["id"] for edge in found["edges"]]
        page = found["pageInfo"]
    return ids


async def sign_in(login: str, port: int) -> str:
    """A token of the servers' own, which live in real time."""
    mutation = "mutation S($i: SignInInput!) { signIn(input: $i) { ... on SessionPayload { accessToken } } }"
    body = {"query": mutation, "variables": {"i": {"login": login, "password": PASSWORD}}}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client, asyncio.timeout(60):
        while True:
            try:
                answer = await client.post(f"http://127.0.0.1:{port}/graphql", json=body)
            except httpx.TransportError:
                await asyncio.sleep(0.1)  # it is starting
            else:
                token: str = answer.json()["data"]["signIn"]["accessToken"]
                return token


def free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports
