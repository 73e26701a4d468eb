"""A worker that is killed with -9 between sending and marking leaves the reminder to the next, under the same key."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.bed.procedure import dispatched
from tests.bed.world import World
from tests.escalation.works import on_sqlite
from tests.notifications.bed import HANDLER, Mailbag, courier_of, ledger, reachable
from tests.notifications.providing import SLOW, providing

ROOT = Path(__file__).resolve().parents[2]
HANGS_AFTER = 60  # seconds


@on_sqlite
async def test_killed_between_sending_and_marking(world: World, world_url: str, tmp_path: Path) -> None:
    courier = courier_of(world, FEISHU=Mailbag())
    await courier.round()
    await reachable(world, HANDLER, channel="FEISHU", address="ou_1")
    await dispatched(world)
    await world.tick()
    await courier.round()
    origin = world.clock.now() + timedelta(minutes=10)
    async with providing() as provider, asyncio.timeout(HANGS_AFTER):
        provider.answers = [SLOW]  # it has it, and has not said so yet
        orders = {"url": world_url, "port": provider.port, "origin": origin.isoformat(), "parent": os.getpid()}
        log = (tmp_path / "courier.log").open("wb")
        command = [sys.executable, "-m", "tests.faults.courier", json.dumps(orders)]
        first = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            while not provider.sent:
                await asyncio.sleep(0.02)
            assert [(one.state, one.attempts) for one in await ledger(world)] == [("PENDING", 1)]
        finally:
            first.kill()
            first.wait()
        second = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            while [one.state for one in await ledger(world)] == ["PENDING"]:
                await asyncio.sleep(0.05)
        finally:
            second.kill()
            second.wait()
            log.close()
    assert [(one.state, one.attempts, one.last_answer) for one in await ledger(world)] == [("SENT", 2, "om_1")]
    assert len({request.said["uuid"] for request in provider.sent}) == 1
    assert len(provider.sent) == 2
    assert "Traceback" not in (tmp_path / "courier.log").read_text(encoding="utf-8")
