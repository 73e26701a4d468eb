"""The figures by which an operator sees that nobody works, on the real tables."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert

from app.core.clock import FixedClock, local_instant
from app.core.database import Database
from app.core.ids import new_id
from app.core.migrate import upgrade
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, DayCount, DeadlineState, Stage, SubjectKind
from app.events.models import OutboxMessage
from app.regulation.models import RuleSet
from app.worker.gauges import OLDEST_DUE, SWEEP_AGE, gauges_kept, refresh
from app.worker.sweeps import Sweep, Sweeper
from tests.runtime.processes import until

NOON = local_instant(date(2026, 11, 23), time(12))
HOUR = timedelta(hours=1)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    await upgrade(url)
    database = Database(url)
    yield database
    await database.close()


async def _one() -> int:
    return 1


def _figures() -> dict[str, float | None]:
    ages = {f"sweep {name}": ("duban_sweep_age_seconds", {"sweep": name}) for name in ("done", "never")}
    oldest = {what: ("duban_oldest_due_seconds", {"what": what}) for what in ("deadline", "outbox")}
    return {name: REGISTRY.get_sample_value(*sample) for name, sample in (ages | oldest).items()}


async def test_what_is_left_undone_grows_old(database: Database) -> None:
    SWEEP_AGE.clear()
    OLDEST_DUE.clear()
    clock = FixedClock(NOON)
    sweeps = (Sweep("done", _one, HOUR), Sweep("never", _one, HOUR))
    sweeper = Sweeper(database, clock, sweeps)
    await sweeper.run(sweeps[0])
    async with gauges_kept(sweeper, database, clock):
        await until(lambda: _figures()["outbox"] is not None)
    assert _figures() == {"sweep done": 0, "sweep never": float("inf"), "deadline": 0, "outbox": 0}

    await _owe(database, clock)
    clock.move(3 * HOUR)
    await refresh(sweeper, database, clock)
    assert _figures() == {"sweep done": 10_800, "sweep never": float("inf"), "deadline": 7_200, "outbox": 10_800}


async def _owe(database: Database, clock: FixedClock) -> None:
    """Two dates, of which one fired long ago, and two messages, of which one was sent."""
    rule_set = new_id()
    deadline = {
        "subject_kind": SubjectKind.SLOT,
        "case_id": None,
        "stage": next(iter(Stage)),
        "generation": 1,
        "start_on": date(2026, 11, 20),
        "days": 3,
        "day_count": next(iter(DayCount)),
        "due_on": date(2026, 11, 23),
        "due_at": clock.at,
        "source": next(iter(DateSource)),
        "rule_set_id": rule_set,
        "calendar_version": "1",
        "provisional": False,
    }
    dates = [(clock.at - 9 * HOUR, DeadlineState.FIRED), (clock.at + HOUR, DeadlineState.PENDING)]
    message = {"topic": "t", "payload": {}, "created_at": clock.at, "next_at": clock.at}
    async with database.write() as session:
        row = {"id": rule_set, "digest": "d", "body": {}, "effective_from": date(2026, 1, 1), "recorded_at": clock.at}
        await session.execute(insert(RuleSet).values(row))
        for fire_at, state in dates:
            keys = {"id": new_id(), "subject_id": new_id(), "fire_at": fire_at, "state": state}
            await session.execute(insert(Deadline).values(deadline | keys))
        for key, sent_at in (("sent", clock.at), ("unsent", None)):
            keys = {"event_id": new_id(), "dedupe_key": key, "sent_at": sent_at}
            await session.execute(insert(OutboxMessage).values(message | keys))
