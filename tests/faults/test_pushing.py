"""The fault run of webhooks: those who push are killed with -9 while two receivers fail and take.

Nothing is lost, the messages of a case come in its order, and what comes twice does so under one id. 2 kills by
default, 30 with DUBAN_TEST_DEEP.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.clock import SystemClock
from app.core.ids import encode_id
from app.core.keys import webhook_key
from app.events.models import Event
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import MessageState
from app.webhooks.spreading import message_id
from tests.bed.world import World
from tests.webhooks.bed import account_of, dispatched, postman_of, verified
from tests.webhooks.receiving import Inbox, receiving

ROOT = Path(__file__).resolve().parents[2]
DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
KILLS = 30 if DEEP else 2
HANDLER = "chengguan.handler"
HANGS_AFTER = 60 + 10 * KILLS  # seconds


@dataclass(slots=True)
class Pushers:
    """Two processes; whoever was killed is started again."""

    orders: dict[str, object]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.processes = [self._start() for _ in range(2)]

    def kill_one(self) -> None:
        place = random.randrange(len(self.processes))
        self.processes[place].send_signal(signal.SIGKILL)
        self.processes[place].wait()
        self.processes[place] = self._start()

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.faults.pusher", json.dumps(self.orders)]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


@pytest.fixture
def inboxes() -> Iterator[list[Inbox]]:
    with ExitStack() as stack:
        yield [stack.enter_context(receiving()) for _ in range(2)]


async def test_receivers_lose_nothing_when_pushers_die(
    world: World, world_url: str, inboxes: list[Inbox], tmp_path: Path
) -> None:
    async with postman_of(world) as postman:
        account = await account_of(world)
        wishes: tuple[dict[str, Any], ...] = ({"order": "FEED"}, {"order": "CASE", "at_once": 5})
        for inbox, wish in zip(inboxes, wishes, strict=True):
            await verified(world, postman, account, inbox, **wish)
    orders = {"url": world_url, "key": webhook_key(world.settings).hex(), "parent": os.getpid()}
    pushers = Pushers(orders, tmp_path / "pushers.log")
    try:
        pushers.start()
        async with asyncio.timeout(HANGS_AFTER):
            for _ in range(KILLS):
                with inboxes[1].lock:
                    inboxes[1].answers += [500, 422]
                await asyncio.gather(*(record_case(world) for _ in range(3)))
                await asyncio.sleep(random.uniform(0.2, 0.6))
                pushers.kill_one()
            await world.feed.look(0)
            expected = await expected_messages(world)
            while any(ids_received(inbox) != expected[inbox.url].keys() for inbox in inboxes):
                await hurry(world)
                await asyncio.sleep(0.05)
    finally:
        pushers.stop()
    for inbox in inboxes:
        check_received(inbox, expected[inbox.url])
    assert "Traceback" not in pushers.log.read_text(encoding="utf-8")


def ids_received(inbox: Inbox) -> set[str]:
    with inbox.lock:
        return {request.id for request in inbox.requests}


async def record_case(world: World) -> None:
    """Two facts of which the unit is told."""
    case = await dispatched(world)
    asked = "query C($id: ID!) { case(id: $id) { assignments { id } } }"
    (part,) = (await world.as_(HANDLER).ask(asked, id=case["id"]))["case"]["assignments"]
    await world.as_(HANDLER).do(
        "acknowledgeAssignment", "assignment { id }", assignment=part["id"], handler=world.person(HANDLER)
    )


async def expected_messages(world: World) -> dict[str, dict[str, str]]:
    """For each endpoint the ids of its messages in the order of the feed, each with its case."""
    told = Event.type.in_(["case.dispatched", "assignment.acknowledged"])
    async with world.database.read() as session:
        events = (await session.execute(select(Event.id, Event.case_id).where(told).order_by(Event.position))).all()
        endpoints = (await session.execute(select(WebhookEndpoint.id, WebhookEndpoint.url))).all()
    return {
        endpoint.url: {
            encode_id("delivery", message_id(endpoint.id, event.id)): encode_id("case", event.case_id)
            for event in events
        }
        for endpoint in endpoints
    }


async def hurry(world: World) -> None:
    """What waits for minutes after a refusal is due now: pauses are tested elsewhere."""
    now = SystemClock().real_now()
    pending = WebhookMessage.state == MessageState.PENDING
    async with world.database.write() as session:
        await session.execute(update(WebhookMessage).where(pending, WebhookMessage.next_at > now).values(next_at=now))
        await session.execute(update(WebhookEndpoint).values(held_until=None))


def check_received(inbox: Inbox, expected: dict[str, str]) -> None:
    """By id each event, with one body, and for the first time in the order of its case."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    order: dict[str, list[str]] = defaultdict(list)
    for request in inbox.requests:
        if request.id not in bodies:
            order[request.said["data"]["case"]].append(request.id)
        bodies[request.id].add(request.body)
    assert {len(found) for found in bodies.values()} == {1}
    assert {one: case for case, ids in order.items() for one in ids} == expected
    assert order == {case: [one for one in expected if expected[one] == case] for case in order}
