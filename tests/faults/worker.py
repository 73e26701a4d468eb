"""One worker process as it is deployed: arq's alarm and the plain loops over the sweeps, in an accelerated time.

It dwells where dying hurts most: between writing and committing.
"""

import asyncio
import json
import random
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from app.authz import Policy
from app.core.children import die_with
from app.core.clock import AcceleratedClock
from app.core.database import Database
from app.core.parts import import_parts
from app.core.paths import shipped
from app.core.redis import ExternalRedis
from app.escalation import sweep
from app.notifications import delivery, reactions
from app.regulation.rules import Regulation, regulation_of_body
from app.work.opening import Workplace
from app.worker.supervisor import work
from app.worker.sweeps import Sweep, Sweeper

_R = TypeVar("_R")
_SECOND = timedelta(seconds=1)
_LEASE = timedelta(seconds=8)  # what the dead had in hand is soon taken up; still far longer than a batch takes
_DANGEROUS: tuple[tuple[object, str], ...] = (
    (sweep, "write"),
    (delivery, "claim"),
    (reactions, "deliver_urging"),
    (reactions, "draft_talk"),
    (delivery, "mark_sent"),
)


@dataclass(frozen=True, slots=True)
class Orders:
    """What the test tells a worker, as JSON on its command line."""

    url: str
    redis_url: str
    business_origin: str
    real_origin: str
    factor: float
    dwell: float
    regulation: dict[str, Any]
    parent: int

    def clock(self) -> AcceleratedClock:
        return AcceleratedClock(
            datetime.fromisoformat(self.business_origin), self.factor, datetime.fromisoformat(self.real_origin)
        )

    def rules(self) -> Regulation:
        return regulation_of_body(self.regulation)


def dwelling(job: Callable[..., Coroutine[Any, Any, _R]], longest: float) -> Callable[..., Coroutine[Any, Any, _R]]:
    """The job, and then a moment in which nothing of it is final."""

    async def slowly(*args: Any, **kwargs: Any) -> _R:
        done = await job(*args, **kwargs)
        await asyncio.sleep(random.uniform(0, longest))
        return done

    return slowly


def shipped_policy() -> Policy:
    """Without the rest of `app.main`: GraphQL takes longer to import than all that a worker needs."""
    import_parts("policy")
    return Policy.load(shipped("policies"))


async def main(orders: Orders) -> None:
    die_with(orders.parent)
    for place, name in _DANGEROUS:
        setattr(place, name, dwelling(getattr(place, name), orders.dwell))
    sweep.BATCH, delivery.BATCH = 20, 5  # more of them, so that more die
    database, policy = Database(orders.url), shipped_policy()
    workplace = Workplace(database, orders.clock(), orders.rules(), b"k" * 32)
    sweeps = (
        Sweep("escalation", partial(sweep.escalate, workplace, policy), _SECOND),
        Sweep("relay", partial(delivery.relay, workplace, policy, lease=_LEASE), _SECOND),
    )
    sweeper = Sweeper(database, workplace.clock, sweeps)
    await work(ExternalRedis(orders.redis_url), sweeper, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(Orders(**json.loads(sys.argv[1]))))
