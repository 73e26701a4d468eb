"""One process that reminds people, as a worker does, by a provider on this machine; in a working day's time."""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

from app.authz import Policies
from app.core.children import die_with
from app.core.clock import AcceleratedClock, SystemClock
from app.core.database import Database
from app.notifications.channels import open_channels
from app.notifications.courier import Courier
from app.notifications.rules import ReminderChannel
from app.regulation import load_regulation
from app.work.opening import Workplace
from tests.faults.worker import shipped_policy
from tests.notifications.providing import Provider

LEASE = timedelta(seconds=2)  # what the dead had in hand is soon taken up


async def main(url: str, port: int, origin: str, parent: int) -> None:
    die_with(parent)
    database = Database(url)
    clock = AcceleratedClock(datetime.fromisoformat(origin), 1.0, SystemClock().real_now())
    workplace = Workplace(database, clock, load_regulation(), b"k" * 32)
    settings = Provider(port=port).settings()
    ways: dict[ReminderChannel, Any] = {ReminderChannel.FEISHU: open_channels(settings, clock)[ReminderChannel.FEISHU]}
    courier = Courier(workplace, Policies(database, shipped_policy()).now, ways, settings.front_end_url, lease=LEASE)
    while True:
        await courier.round()
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
