"""Several sweeps and several people at the same instant, over connections of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from app.cases.models import Case
from app.cases.rules import Handling
from app.core.database import Database
from app.escalation import sweep
from app.escalation.models import Urging
from app.escalation.recording import Sheet
from app.events.models import OutboxMessage
from app.notifications.models import Notification
from app.reports.models import Report
from app.reports.service import SubmitReport, submit_report
from app.talks.models import FormalTalk
from tests.escalation.works import Works, from_scratch
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT

FIVE = (CITY, BUILDING, ENVIRONMENT, "区教育局", "区财政局")


@asynccontextmanager
async def workers(desk: Works, count: int) -> AsyncIterator[list[Works]]:
    """The same district, each worker with a database connection pool of its own."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(count):
            database = Database(desk.workplace.database.url)
            stack.push_async_callback(database.close)
            workplace = replace(desk.workplace, database=database)
            found.append(Works(workplace, desk.clock, desk.policy, desk.district))
        yield found


@from_scratch
async def test_four_sweeps_at_once_do_everything_once(desk: Works) -> None:
    cases = [await desk.dispatched(*FIVE, handling=Handling.SEPARATE) for _ in range(3)]
    desk.at(6, 24)
    async with workers(desk, 4) as others:
        await asyncio.gather(*(other.escalate() for other in others))
        await asyncio.gather(*(other.relay() for other in others))
        assert await desk.count(Urging) == 15
        desk.at(6, 25)
        await asyncio.gather(*(other.escalate() for other in others))
        await asyncio.gather(*(other.relay() for other in others))
        await desk.tick()
    assert await desk.count(FormalTalk) == 15
    keys = [row.dedupe_key for row in await desk.rows(Notification)]
    assert len(set(keys)) == len(keys)
    assert [row for row in await desk.rows(OutboxMessage) if row.sent_at is None] == []
    numbers = sorted([(await desk.printed(urging.document_id))[0] or "" for urging in await desk.rows(Urging)])
    assert numbers == sorted(f"道督催〔2026〕{number}号" for number in range(1, 16))
    assert len(cases) == 3
    assert await desk.broken_chains() == []


async def test_what_changes_between_deciding_and_writing_is_not_written(
    desk: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit reports while the sweep is about to urge it."""
    case, other = await desk.dispatched(), await desk.dispatched(BUILDING)
    report = await desk.signed(case)
    desk.at(6, 24)
    write = sweep._write_batch

    async def late(round_: Any, sheets: list[Sheet]) -> list[Sheet]:
        if (await desk.row(Report, report.id)).submitted_at is None:
            await desk.do("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
        return await write(round_, sheets)

    monkeypatch.setattr(sweep, "_write_batch", late)
    await desk.escalate()
    assert await desk.urgings(case) == []
    assert len(await desk.urgings(other, BUILDING)) == 1
    assert await desk.broken_chains() == []


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.server)], indirect=True)
async def test_a_case_that_somebody_holds_is_left_to_him(desk: Works) -> None:
    held, free = await desk.dispatched(), await desk.dispatched(BUILDING)
    desk.at(6, 24)
    async with workers(desk, 1) as (other,), other.workplace.database.write() as session:
        await session.get_one(Case, held.id, with_for_update=True)
        await desk.escalate()
        assert await desk.urgings(held) == []
        assert len(await desk.urgings(free, BUILDING)) == 1
    await desk.escalate()
    assert len(await desk.urgings(held)) == 1
