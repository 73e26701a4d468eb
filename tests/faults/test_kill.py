"""The fault run: principals fall due while two real workers are killed with -9 and Redis is emptied and killed.

Nothing is lost, nothing comes twice, and no talk is drafted without a delivered urging and its whole day. 100
principals and 5 kills by default; with DUBAN_TEST_DEEP 10,000 and 30.
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as wall_time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.core.clock import SystemClock, local_instant
from app.core.database import Database
from app.core.valkey import bundled_binary
from app.deadlines.dates import Reckoning
from app.deadlines.hours import next_stage_at
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, Stage
from app.documents.models import Document
from app.documents.rules import DocumentKind
from app.escalation.models import Urging
from app.events.models import OutboxMessage
from app.events.verifying import verify_chains
from app.notifications.models import Notification
from app.regulation import load_regulation
from app.regulation.rules import Regulation
from app.regulation.service import rule_set_id
from app.talks.models import FormalTalk
from app.workdays import current_calendar
from app.workdays.rules import DayKind
from app.workdays.service import set_local_day
from benchmarks.crowd import Crowd, gather, settle
from tests.bed.opening import Postgres, Sqlite
from tests.faults.havoc import Valkey, Workers
from tests.faults.worker import Orders, shipped_policy

DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
KILLS, FLUSHES = (30, 2) if DEEP else (5, 2)
SOLE, SHARED = (8_000, 400) if DEEP else (40, 12)  # cases of one unit, and of five
PRINCIPALS = SOLE + 5 * SHARED
TALKS = 2_000 if DEEP else PRINCIPALS  # so many are waited for; the others come likewise
DISPATCHED_ON, DUE_ON = date(2026, 6, 22), date(2026, 6, 26)  # a Monday and a Friday
MORNING = local_instant(date(2026, 6, 29), wall_time(7))
HOURS_A_SECOND = 0.1 if DEEP else 4
HANGS_AFTER = 90 + 2 * 24 / HOURS_A_SECOND  # seconds in which nothing moves; until a day is over that may be so


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    server: Sqlite | Postgres = request.getfixturevalue(f"{kind}_server")
    with server.database() as url:
        yield url


def long_days() -> Regulation:
    """The shipped parameters, but things leave day and night, so that a run in fast time need not wait for mornings."""
    shipped = load_regulation()
    early, late = wall_time(0, 10), wall_time(23, 50)
    hours = {"quiet_until": early, "window_from": early, "window_until": late, "quiet_from": late}
    return shipped.model_copy(update={"ladder": shipped.ladder.model_copy(update=hours)})


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it has come: of each step how many have been done."""

    issued: int = 0
    delivered: int = 0
    sent: int = 0
    talks: int = 0

    @property
    def share(self) -> float:
        """Of all the work, 0 to 1."""
        done = self.issued + self.delivered + self.sent + min(self.talks, TALKS)
        return done / (3 * PRINCIPALS + TALKS)


async def _prepare(url: str, regulation: Regulation) -> int:
    database = Database(url)
    units = await settle(database, regulation, shipped_policy(), MORNING)
    async with database.write() as session:
        for days in range(200):  # nor for Mondays
            await set_local_day(session, MORNING.date() + timedelta(days), DayKind.WORK, "道政〔2026〕1号", "")
    crowds = [Crowd(SOLE, 1, DISPATCHED_ON, DUE_ON), Crowd(SHARED, 5, DISPATCHED_ON, DUE_ON)]
    principals = await gather(database, regulation, units, crowds)
    await database.close()
    return principals


async def _standing(database: Database) -> Standing:
    sent = (OutboxMessage.topic == "urging.issued", OutboxMessage.sent_at.is_not(None))
    async with database.read() as session:
        counts = [
            await session.scalar(statement) or 0
            for statement in (
                select(func.count()).select_from(Urging),
                select(func.count()).select_from(Urging).where(Urging.delivered_at.is_not(None)),
                select(func.count()).select_from(OutboxMessage).where(*sent),
                select(func.count()).select_from(FormalTalk),
            )
        ]
    return Standing(*counts)


async def _wreck(workers: Workers, valkey: Valkey, database: Database) -> None:
    """Strike each time so much more has been done, until all is done: slow machines get the same run as fast ones."""
    blows = ["kill"] * KILLS + ["flush"] * FLUSHES + ["redis"]
    random.shuffle(blows)
    apart = 1 / (len(blows) + 1)
    fallen, standing, moved_at = 0, Standing(), time.monotonic()
    while fallen < len(blows) or standing.share < 1:
        await asyncio.sleep(random.uniform(0.02, 0.2))
        before, standing = standing, await _standing(database)
        if standing != before:
            moved_at = time.monotonic()
        assert time.monotonic() < moved_at + HANGS_AFTER, (standing, fallen, workers.complaints()[-4000:])
        if fallen < len(blows) and standing.share >= (fallen + 1) * apart:
            _strike(blows[fallen], workers, valkey)  # in this thread: workers die with the one that started them
            fallen += 1


def _strike(blow: str, workers: Workers, valkey: Valkey) -> None:
    if blow == "kill":
        workers.kill_one()
    elif blow == "flush":
        valkey.empty()
    else:
        valkey.kill()
        valkey.start()


@pytest.mark.skipif(bundled_binary() is None, reason="no Valkey binary for this machine")
async def test_nothing_is_lost_and_nothing_comes_twice(empty_url: str, tmp_path: Path) -> None:
    regulation = long_days()
    assert await _prepare(empty_url, regulation) == PRINCIPALS
    valkey = Valkey(tmp_path)
    valkey.start()
    orders = Orders(
        url=empty_url,
        redis_url=valkey.url,
        business_origin=MORNING.isoformat(),
        real_origin=SystemClock().real_now().isoformat(),
        factor=HOURS_A_SECOND * 3600,
        dwell=0.02,
        regulation=regulation.body(),
        parent=os.getpid(),
    )
    workers = Workers(orders, tmp_path)
    database = Database(empty_url)
    try:
        workers.start()
        await _wreck(workers, valkey, database)
        workers.stop()
        assert workers.killed == KILLS
        assert "failed" not in workers.complaints()  # neither by a deadlock nor by anything else
        await _check_ledger(database, regulation)
    finally:
        workers.stop()
        valkey.stop()
        await database.close()


async def _check_ledger(database: Database, regulation: Regulation) -> None:
    async with database.read() as session:
        urgings = (await session.scalars(select(Urging))).all()
        talks = (await session.scalars(select(FormalTalk))).all()
        numbered = select(Document.number).where(Document.kind == DocumentKind.URGING_NOTICE)
        numbers = (await session.scalars(numbered)).all()
        unanswered = (
            await session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "urging.unanswered"))
        ).all()
        told = Counter((await session.scalars(select(Notification.dedupe_key))).all())
        pending = select(Deadline.id).where(Deadline.state == DeadlineState.PENDING, Deadline.stage == Stage.URGE)
        waiting = (await session.scalars(pending)).all()
        given_up = (await session.scalars(select(OutboxMessage).where(OutboxMessage.failed_at.is_not(None)))).all()
        reckoning = Reckoning(regulation, rule_set_id(regulation), await current_calendar(session))
        chains, broken = await verify_chains(session, Case)
    assert len(urgings) == len({urging.assignment_id for urging in urgings}) == PRINCIPALS
    assert set(numbers) == {f"道督催〔2026〕{number}号" for number in range(1, PRINCIPALS + 1)}
    assert (len(numbers), waiting, given_up, set(told.values())) == (PRINCIPALS, [], [], {1})
    assert (chains, broken) == (SOLE + SHARED + 1, [])
    delivered = {urging.id: urging.delivered_at for urging in urgings}
    assert len(talks) == len({talk.urging_id for talk in talks}) >= TALKS
    # when it was decided, too: a talk that came too early could have lain long enough in the queue to seem in time
    decided = {UUID(message.payload["urging"]): message.created_at for message in unanswered}
    for talk in talks:
        assert talk.urging_id is not None
        at = delivered[talk.urging_id]
        assert at is not None
        assert talk.created_at >= decided[talk.urging_id] >= next_stage_at(reckoning, at) > at
