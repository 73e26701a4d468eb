"""The whole fault run: facts are recorded, followed and pushed while servers, workers, pushers and Redis are killed.

Four people follow over real sockets, and are cut off as well; two outside systems are pushed to. Nobody misses a fact,
nobody hears those of a case out of their order, and what comes twice is known by its id. A hundred facts and 6 blows
on PostgreSQL by default; 20,000 and 200 on both databases with DUBAN_TEST_DEEP.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import SystemClock
from app.core.keys import webhook_key
from app.core.valkey import bundled_binary
from app.events.models import Event
from app.regulation import load_regulation
from tests.bed.opening import Ground, open_world
from tests.bed.procedure import OFFICER
from tests.bed.world import World
from tests.faults.havoc import Valkey, Workers
from tests.faults.test_following import NODE, Follower, NodeFollower, Servers, free_ports, listed, sign_in
from tests.faults.test_pushing import (
    HANDLER,
    Pushers,
    check_received,
    expected_messages,
    hurry,
    ids_received,
    record_case,
)
from tests.faults.worker import Orders
from tests.webhooks.bed import account_of, postman_of, verified
from tests.webhooks.receiving import Inbox, receiving

DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
FACTS, BLOWS = (20_000, 200) if DEEP else (100, 6)
HANGS_AFTER = 120 + FACTS / 10  # seconds
LOGINS = (OFFICER, HANDLER, OFFICER, HANDLER)
KINDS = ("sqlite", "postgresql") if DEEP else ("postgresql",)


@dataclass(slots=True)
class Crowd:
    """Those who follow; whoever is cut off comes back with his last cursor."""

    followers: list[Follower]
    tasks: list[asyncio.Task[None]]

    def cut_one(self) -> None:
        """In the middle of whatever he is being told. Those of the other language are cut by their servers alone."""
        place = random.choice([at for at, one in enumerate(self.followers) if type(one) is Follower])
        self.tasks[place].cancel()
        self.tasks[place] = asyncio.create_task(self.followers[place].follow())

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        ended = await asyncio.gather(*self.tasks, return_exceptions=True)
        assert {type(one) for one in ended} == {asyncio.CancelledError}, ended


@pytest.mark.server
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.skipif(bundled_binary() is None, reason="no Valkey binary for this machine")
async def test_nobody_misses_anything_while_everything_is_killed(
    world_url: str, ground: Ground, tmp_path: Path
) -> None:
    async with open_world(world_url, ground) as world:
        with ExitStack() as stack:
            inboxes = [stack.enter_context(receiving()) for _ in range(2)]
            await _open_endpoints(world, inboxes)
            valkey, servers, workers, pushers = _house(world, world_url, tmp_path)
            for one in (valkey, servers, workers, pushers):
                stack.callback(one.stop)
                one.start()
            async with asyncio.timeout(HANGS_AFTER), _following(servers) as crowd:
                blows = (servers.kill_one, workers.kill_one, pushers.kill_one, valkey.empty, crowd.cut_one)
                await _record(world, [*blows, lambda: _restart(valkey)])
                expected = {login: await listed(world, login) for login in set(LOGINS)}
                messages = await expected_messages(world)
                while not _all_told(crowd, expected) or any(
                    ids_received(inbox) != messages[inbox.url].keys() for inbox in inboxes
                ):
                    await hurry(world)
                    await asyncio.sleep(0.05)
        assert [one.told for one in crowd.followers] == [expected[one.login] for one in crowd.followers]
        assert len(expected[OFFICER]) >= FACTS
        for inbox in inboxes:
            check_received(inbox, messages[inbox.url])
        assert "Traceback" not in pushers.log.read_text(encoding="utf-8")
        assert "failed" not in workers.complaints()


async def _open_endpoints(world: World, inboxes: list[Inbox]) -> None:
    async with postman_of(world) as postman:
        account = await account_of(world)
        wishes: tuple[dict[str, Any], ...] = ({"order": "FEED"}, {"order": "CASE", "at_once": 5})
        for inbox, wish in zip(inboxes, wishes, strict=True):
            await verified(world, postman, account, inbox, **wish)


def _house(world: World, url: str, folder: Path) -> tuple[Valkey, Servers, Workers, Pushers]:
    valkey = Valkey(folder)
    served = {
        "DUBAN_DATABASE_URL": url,
        "DUBAN_DATA_DIR": str(world.settings.data_dir),  # the keys of the tokens and cursors
        "DUBAN_REDIS_URL": valkey.url,
    }
    orders = Orders(
        url=url,
        redis_url=valkey.url,
        business_origin=world.clock.now().isoformat(),
        real_origin=SystemClock().real_now().isoformat(),
        factor=1,
        dwell=0.02,
        regulation=load_regulation().body(),
        parent=os.getpid(),
    )
    pushed = {"url": url, "key": webhook_key(world.settings).hex(), "parent": os.getpid()}
    return (
        valkey,
        Servers(served, free_ports(2)),
        Workers(orders, folder),
        Pushers(pushed, folder / "pushers.log"),
    )


@asynccontextmanager
async def _following(servers: Servers) -> AsyncIterator[Crowd]:
    tokens = {login: await sign_in(login, servers.ports[0]) for login in set(LOGINS)}
    of_node = (NODE / "node_modules" / "graphql-ws").is_dir()
    kinds: Iterator[type[Follower]] = iter((Follower, Follower, *[NodeFollower if of_node else Follower] * 2))
    followers = [kind(login, tokens[login], servers.ports) for kind, login in zip(kinds, LOGINS, strict=True)]
    crowd = Crowd(followers, [asyncio.create_task(one.follow()) for one in followers])
    try:
        yield crowd
    finally:
        await crowd.end()


async def _record(world: World, blows: list[Callable[[], None]]) -> None:
    """Facts, and a blow each time so many more are there."""
    fallen, there = 0, 0
    while there < FACTS or fallen < BLOWS:
        await asyncio.gather(*(record_case(world) for _ in range(4)))
        async with world.database.read() as session:
            there = await session.scalar(select(func.count()).select_from(Event)) or 0
        while fallen < BLOWS and there * BLOWS >= (fallen + 1) * FACTS:
            blows[fallen % len(blows)]()
            fallen += 1
    await world.feed.look(0)


def _restart(valkey: Valkey) -> None:
    valkey.kill()
    valkey.start()


def _all_told(crowd: Crowd, expected: dict[str, list[str]]) -> bool:
    return all(len(one.told) >= len(expected[one.login]) for one in crowd.followers)
