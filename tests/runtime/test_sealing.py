"""The days of the access log are sealed into the chain of administration; who mends them afterwards is found out."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from app.audit.models import AccessLog, AdminRecord
from app.audit.rules import AccessOutcome
from app.audit.sealing import SEALED, altered_days
from app.audit.service import Subject, log_access
from app.authz import MACHINE
from app.core.ids import new_id
from app.core.levels import Classification
from app.worker.sealing import seal
from tests.bed.records import check_records
from tests.bed.world import World, shanghai

FRIDAY, SATURDAY, SUNDAY = date(2026, 6, 12), date(2026, 6, 13), date(2026, 6, 14)


async def note(world: World, at: datetime) -> None:
    async with world.database.write() as session:
        log_access(
            session,
            at=at,
            outcome=AccessOutcome.READ,
            action="case.view",
            actor=MACHINE,
            subject=Subject("case", UUID(int=1), Classification.INTERNAL, UUID(int=1)),
            correlation_id=new_id(),
        )


async def sealed(world: World) -> list[tuple[str, int]]:
    """The days that were sealed, and how many entries each had."""
    async with world.database.read() as session:
        statement = select(AdminRecord.changes).where(AdminRecord.action == SEALED).order_by(AdminRecord.seq)
        changes = [change for (change,) in (await session.scalars(statement)).all()]
    return [(change["key"][0], change["fields"]["entries"][1]) for change in changes]


async def altered(world: World, kept_since: datetime | None = None) -> list[date]:
    async with world.database.read() as session:
        return await altered_days(session, kept_since or shanghai(1, 1))


@pytest.fixture
async def weekend(world: World) -> World:
    """Two entries on Friday, the second in its last second; none on Saturday; one on Sunday. It is Monday."""
    for at in (
        shanghai(6, 12, 9),
        shanghai(6, 12, 23, 59) + timedelta(seconds=59),
        shanghai(6, 14, 0),
    ):
        await note(world, at)
    return world


async def test_every_day_that_is_over_is_sealed_once(weekend: World) -> None:
    assert await seal(weekend.database, weekend.clock) == 3
    assert await sealed(weekend) == [("2026-06-12", 2), ("2026-06-13", 0), ("2026-06-14", 1)]
    assert await seal(weekend.database, weekend.clock) == 0
    assert await altered(weekend) == []
    await check_records(weekend)


async def test_a_day_is_sealed_when_what_began_in_it_is_written(weekend: World) -> None:
    weekend.at(6, 15, 0, 59)
    assert await seal(weekend.database, weekend.clock) == 2
    weekend.at(6, 15, 1)
    assert await seal(weekend.database, weekend.clock) == 1


async def test_an_empty_log_has_nothing_to_seal(world: World) -> None:
    assert (await seal(world.database, world.clock), await sealed(world)) == (0, [])


@pytest.mark.parametrize("trick", ["altered", "removed", "added"])
async def test_what_was_mended_afterwards_is_found_out(weekend: World, trick: str) -> None:
    await seal(weekend.database, weekend.clock)
    on_sunday = AccessLog.at >= shanghai(6, 14, 0)
    async with weekend.database.write() as session:
        if trick == "altered":
            await session.execute(update(AccessLog).where(on_sunday).values(person_id=None, action="case.decide"))
        if trick == "removed":
            await session.execute(delete(AccessLog).where(on_sunday))
    if trick == "added":
        await note(weekend, shanghai(6, 13))
    assert await altered(weekend) == [SATURDAY if trick == "added" else SUNDAY]


async def test_what_had_to_go_is_not_missed(weekend: World) -> None:
    await seal(weekend.database, weekend.clock)
    async with weekend.database.write() as session:
        await session.execute(delete(AccessLog).where(AccessLog.at < shanghai(6, 13, 12)))
    assert await altered(weekend) == [FRIDAY]
    assert await altered(weekend, shanghai(6, 12, 12)) == []
