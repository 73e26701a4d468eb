"""However late, however often, by however many: a period's draft is that of its last day (data-model §6)."""

import asyncio
from datetime import date
from typing import Any

import pytest

from app.statistics.periods import Period, after, first_day, period_from, tables_of, words_of
from app.statistics.sweep import draw_up
from tests.bed.procedure import CHECKER, OFFICER, accept, dispatched, part_of, reported
from tests.bed.quarters import look, nodes, periodic
from tests.bed.records import check_records
from tests.bed.stages import TASK
from tests.bed.world import World
from tests.evaluations.test_as_of import the_half_year, what_follows

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


async def drawn(world: World) -> list[Any]:
    """All that the draft of June says, looked at now."""
    async with world.database.read() as session:
        found = await draw_up(session, JUNE)
    return [
        (kind, tables_of(JUNE, told, found.names), words_of(JUNE, told, found.names))
        for kind, told in found.editions.items()
    ]


async def test_the_draft_is_that_of_the_last_day_however_late_one_looks(world: World) -> None:
    cases = await the_half_year(world)
    world.at(7, 1, 0, 1)
    in_time = await drawn(world)
    await what_follows(world, cases)
    assert await drawn(world) == in_time
    assert await look(world) == 1
    (circular,) = await periodic(world)
    ((_, tables, words),) = in_time
    assert [block["rows"] for block in circular["editions"][0]["tables"]] == [
        [list(row) for row in table.rows] for table in tables
    ]
    assert [block["text"] for block in circular["body"]] == [block.text for block in words]
    await check_records(world)


async def test_several_workers_draft_each_period_once_and_make_up_for_those_in_which_nobody_looked(
    world: World,
) -> None:
    await dispatched(world, matter=TASK)
    world.at(9, 3)
    done = await asyncio.gather(*(look(world) for _ in range(3)))
    assert sum(done) == 3
    assert [one["title"] for one in await periodic(world)] == [
        f"关于2026年{month}月份督办工作情况的通报" for month in (8, 7, 6)
    ]
    assert await look(world) == 0


async def test_what_few_may_know_of_stands_in_an_edition_for_them(world: World) -> None:
    """The draft and its ordinary numbers say nothing of it; the full ones are seen by who sees every case of them."""
    await accept(world, await reported(world, await part_of(world, await dispatched(world, matter=TASK))))
    secret = await dispatched(world, matter=TASK)
    seen = "query Q($id: ID) { case(id: $id) { version } }"
    version = (await world.as_(OFFICER).ask(seen, id=secret["id"]))["case"]["version"]
    scope = {"people": [world.person(OFFICER)], "units": [], "restricted": True}
    await world.as_(OFFICER).do("setAccessScope", "case { id }", case=secret["id"], expected_version=version, **scope)
    world.at(7, 1)
    await look(world)
    (mine,) = await periodic(world, OFFICER)
    (theirs,) = await periodic(world, CHECKER)
    assert [(one["edition"], len(nodes(one["items"]))) for one in mine["editions"]] == [("FULL", 2), ("ORDINARY", 1)]
    assert [(one["edition"], len(nodes(one["items"]))) for one in theirs["editions"]] == [("ORDINARY", 1)]
    assert mine["body"] == theirs["body"]
    assert "应办事项1件" in mine["body"][2]["text"]
    full = mine["editions"][0]
    node = "query N($id: ID!) { node(id: $id) { __typename } }"
    assert await world.as_(CHECKER).ask(node, id=full["id"]) == {"node": None}


@pytest.mark.parametrize(
    ("day", "periodic", "last", "name"),
    [
        (date(2026, 6, 1), "MONTHLY", date(2026, 6, 30), "2026年6月份"),
        (date(2026, 12, 1), "MONTHLY", date(2026, 12, 31), "2026年12月份"),
        (date(2026, 4, 1), "QUARTERLY", date(2026, 6, 30), "2026年第二季度"),
        (date(2026, 10, 1), "QUARTERLY", date(2026, 12, 31), "2026年第四季度"),
        (date(2026, 6, 1), "QUARTERLY", date(2026, 6, 30), "2026年6月份"),
        (date(2026, 5, 1), "QUARTERLY", date(2026, 6, 30), "2026年5月1日至2026年6月30日"),
    ],
)
def test_periods_and_their_names(day: date, periodic: str, last: date, name: str) -> None:
    period = period_from(day, periodic)
    assert (period.last, period.name, after(period)) == (last, name, date.fromordinal(last.toordinal() + 1))


def test_the_first_period_begins_with_its_month_or_quarter() -> None:
    assert (first_day(date(2026, 6, 15), "MONTHLY"), first_day(date(2026, 6, 15), "QUARTERLY")) == (
        date(2026, 6, 1),
        date(2026, 4, 1),
    )
