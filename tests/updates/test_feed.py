"""After its commit every fact gets one place: without gaps, once, and within a case in the order of its chain."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from app.core.ids import new_id
from app.events import feed
from app.events.feed import give_places, last_place
from app.events.models import Event
from tests.bed.procedure import OFFICER, register
from tests.bed.world import MONDAY, World

ONE, OTHER = UUID(int=1), UUID(int=2)


async def put(world: World, *facts: tuple[UUID, int, int]) -> None:
    """Facts by case, count in the case, and the minute at which they were recorded."""
    rows = [
        {
            "id": new_id(),
            "type": "case.told",
            "case_id": case,
            "case_seq": seq,
            "subject_kind": "case",
            "subject_id": case,
            "actor_kind": "machine",
            "occurred_on": MONDAY.date(),
            "recorded_at": MONDAY + timedelta(minutes=minute),
            "changes": [],
        }
        for case, seq, minute in facts
    ]
    async with world.database.write() as session:
        await session.execute(insert(Event), rows)


async def places(world: World) -> list[tuple[int | None, UUID | None, int | None]]:
    async with world.database.read() as session:
        rows = await session.execute(select(Event.position, Event.case_id, Event.case_seq).order_by(Event.position))
        return [(position, case, seq) for position, case, seq in rows]


async def test_places_follow_time_between_cases_and_the_count_within_one(world: World) -> None:
    await put(world, (ONE, 2, 1), (OTHER, 1, 3), (ONE, 1, 2))  # the second fact of ONE was begun before its first
    assert await give_places(world.database) == 3
    assert await places(world) == [(1, ONE, 1), (2, ONE, 2), (3, OTHER, 1)]


async def test_what_has_a_place_keeps_it(world: World) -> None:
    await put(world, (ONE, 1, 5))
    await give_places(world.database)
    await put(world, (OTHER, 1, 1))
    assert (await give_places(world.database), await give_places(world.database)) == (1, 0)
    assert await places(world) == [(1, ONE, 1), (2, OTHER, 1)]
    assert await last_place(world.database) == 2


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_a_batch_cuts_no_case_the_wrong_way(world: World, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(feed, "BATCH", batch)
    await put(world, (ONE, 3, 1), (OTHER, 2, 1), (ONE, 1, 9), (OTHER, 1, 4), (ONE, 2, 5))
    assert await give_places(world.database) == 5
    found = await places(world)
    assert [position for position, _, _ in found] == [1, 2, 3, 4, 5]
    for case, count in ((ONE, 3), (OTHER, 2)):
        assert [seq for _, of, seq in found if of == case] == list(range(1, count + 1))


async def test_many_write_and_many_give_places_at_once(world: World) -> None:
    await world.token(OFFICER)

    async def write() -> None:
        for _ in range(3):
            await register(world)

    await asyncio.gather(*(write() for _ in range(4)), *(give_places(world.database) for _ in range(12)))
    await give_places(world.database)
    found = await places(world)
    assert [position for position, _, _ in found] == list(range(1, len(found) + 1))
    assert len({case for _, case, _ in found}) == 12


async def test_readers_are_woken_by_what_is_new_alone(world: World) -> None:
    news = world.feed.news()
    assert await world.feed.look(0) == 0
    assert not news.is_set()
    await put(world, (ONE, 1, 1))
    assert await world.feed.look(0) == 1
    assert news.is_set()
    news = world.feed.news()
    assert await world.feed.look(1) == 1
    assert not news.is_set()
