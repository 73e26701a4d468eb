"""One process that pushes to outside systems, as a worker does: it dwells where dying hurts most."""

import asyncio
import json
import random
import sys
from datetime import timedelta
from typing import Any

from app.authz import Policies
from app.core.children import die_with
from app.core.clock import SystemClock
from app.core.database import Database
from app.core.posting import Answer
from app.regulation import load_regulation
from app.webhooks import spreading
from app.webhooks.addresses import networks_of
from app.webhooks.delivering import Postman
from app.webhooks.sending import Sender
from app.work.opening import Workplace
from tests.faults.worker import shipped_policy

LEASE = timedelta(seconds=2)  # what the dead had in hand is soon taken up
_DWELL = 0.05


class _Slow(Sender):
    async def post(self, *args: Any) -> Answer:
        """Taken by the receiver, and not written down yet."""
        answer = await super().post(*args)
        await asyncio.sleep(random.uniform(0, _DWELL))
        return answer


async def main(url: str, key: str, parent: int) -> None:
    die_with(parent)
    spreading.BATCH = 5  # more of them, so that more die
    database = Database(url)
    policies = Policies(database, shipped_policy())
    workplace = Workplace(database, SystemClock(), load_regulation(), b"k" * 32)
    postman = Postman(workplace, policies.now, _Slow(networks_of(["127.0.0.0/8"])), bytes.fromhex(key), lease=LEASE)
    while True:
        await postman.round()
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
