"""Walking through a list while others write into it: what stood there all the time is met exactly once, in order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given, seed
from hypothesis import strategies as st

from app.core.paging import Page
from app.reads.execution import Reading
from app.reads.keyset import Order
from app.reads.statement import Level
from tests.reads import oracle
from tests.reads.bed import NOW, Bed
from tests.reads.levels import CASE_ORDERS, quick
from tests.reads.toy import DAYS, NUMBERS, YEARS, Case, World, case_at, case_rule, viewing, worlds


@st.composite
def newcomers(draw: st.DrawFn) -> list[Case]:
    """Cases that others register while somebody turns pages."""
    made = []
    for number, key in enumerate(draw(st.lists(st.uuids(), max_size=12, unique=True))):
        case = case_at(900 + number, key=key.int)
        case.due_on, case.weight = draw(DAYS), draw(NUMBERS)
        for name, value in draw(YEARS).items():
            setattr(case, name, value)
        made.append(case)
    return made


async def walk(
    bed: Bed, world: World, order: tuple[Order, ...], size: int, *, backward: bool, arriving: Sequence[Case]
) -> list[UUID]:
    """Page after page, with one newcomer written before each."""
    level = Level(Case, order=order, rule=case_rule)
    keys = [term.key for term in level.terms]
    waiting, met = list(arriving), []
    start: tuple[Any, ...] | None = None
    while True:
        async with bed.database.read() as session:
            found = await Reading(session, NOW, viewing(world.actor)).page(level, Page(size, backward, start))
        rows = found.rows[::-1] if backward else found.rows
        met += [row["id"] for row in rows]
        if not found.more:
            return met
        start = tuple(rows[-1][key] for key in keys)
        if waiting:
            await bed.add([waiting.pop()])


def test_nothing_is_missed_and_nothing_is_met_twice(bed: Bed) -> None:
    @seed(5)
    @quick(20)
    @given(
        world=worlds(reports=8),
        order=st.sampled_from(CASE_ORDERS),
        size=st.integers(1, 4),
        backward=st.booleans(),
        arriving=newcomers(),
    )
    def run(world: World, order: tuple[Order, ...], size: int, backward: bool, arriving: list[Case]) -> None:
        bed.fill(world.rows)
        (unit_id,) = world.actor.unit_ids
        for case in arriving:
            case.unit_id = unit_id
        met = bed.run(walk(bed, world, order, size, backward=backward, arriving=arriving))
        listed = oracle.in_order([*(case for case in world.cases if world.sees_case(case)), *arriving], order)
        wanted = [case.id for case in (reversed(listed) if backward else listed)]
        new = {case.id for case in arriving}
        assert len(met) == len(set(met))
        assert [key for key in met if key not in new] == [key for key in wanted if key not in new]
        assert met == [key for key in wanted if key in set(met)]

    run()
