"""The ledger read from the caller's side (`app/reads/reaching.py`): the cases that the rule gives, in their order."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import true

from app.authz import Actor
from app.authz.reach import Reach
from app.cases.models import Case
from app.cases.rules import CaseStatus
from app.core.ids import new_id
from app.core.paging import Page
from app.reads.execution import Reading
from app.reads.keyset import Order, ascending, descending, said, total_order
from app.reads.reaching import Reached
from app.reads.statement import Level
from app.reads.visibility import reached, rule_of
from app.statistics.listing import CASE_LISTING
from tests.bed.procedure import LEADER, OFFICE_HEAD, OFFICER
from tests.bed.world import World
from tests.usecases.calls import HANDLER, done

ORDERS = ((ascending(Case.due_at),), (descending(Case.due_at),))
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"statuses": [CaseStatus.DISPATCHED, CaseStatus.CLOSED]},
    {"statuses": [CaseStatus.CANCELLED]},
)
SIZE = 3
PEOPLE = (HANDLER, "chengguan.head", "taiping.handler", "huanbao.handler", LEADER, "quzhang", OFFICER, OFFICE_HEAD)


async def both(
    world: World, actor: Actor, order: tuple[Order, ...], asked: dict[str, Any]
) -> tuple[list[UUID], list[UUID] | None]:
    """The ledger's keys under the rule, and page by page from the caller's side; None where it is not read so."""
    dialect, now = world.database.dialect.name, world.clock.now()
    rule = rule_of(world.policy, actor, now, "case", dialect)
    values = {**rule.values}
    for name, value in asked.items():
        values |= CASE_LISTING.parameter(name, value)
    conditions = CASE_LISTING.conditions(asked, dialect, b"", {})
    level = Level(Case, order=order, rule=rule.condition, conditions=conditions)
    found = way(world, actor, order, now)
    async with world.database.read() as session:
        reading = Reading(session, now, values)
        listed = [row["id"] for row in (await reading.page(level, Page(1_000))).rows]
        if found is None:
            return listed, None
        level, reading = replace(level, reached=found[0]), replace(reading, given=values | found[1])
        forward, backward = await walked(reading, level), await walked(reading, level, backward=True)
        same = forward == backward and (await reading.count(level)).value == len(forward)
    return listed, forward if same else []


def way(world: World, actor: Actor, order: tuple[Order, ...], now: datetime) -> tuple[Reached, dict[str, Any]] | None:
    assert CASE_LISTING.copies is not None
    terms = total_order(Case, order)
    return reached(world.policy, actor, now, "case", world.database.dialect.name, CASE_LISTING.copies, terms)


async def walked(reading: Reading, level: Level, *, backward: bool = False) -> list[UUID]:
    """All keys in the order of the list, read from its one end or from the other."""
    found: list[UUID] = []
    page = Page(SIZE, backward)
    while True:
        part = await reading.page(level, page)
        keys = [row["id"] for row in part.rows]
        found = keys + found if backward else found + keys
        if not part.more:
            return found
        page = replace(page, start=tuple(said(level.terms, part.rows[0 if backward else -1])))


async def compared(world: World) -> Counter[str]:
    """For all of them, orders and filters: whether both ways agree, or there is one."""
    told: Counter[str] = Counter()
    for login in PEOPLE:
        actor = await world.actor(login)
        for order in ORDERS:
            for asked in FILTERS:
                listed, other = await both(world, actor, order, asked)
                told["none" if other is None else "same" if other == listed else "different"] += bool(listed)
    return told


async def test_both_ways_give_the_same_cases_in_the_same_order(staged: World) -> None:
    told = await compared(staged)
    assert told["different"] == 0
    assert min(told["same"], told["none"]) > len(ORDERS)


@pytest.mark.parametrize("forgotten", ["where", "names"])
async def test_what_is_forgotten_on_the_way_shows(
    staged: World, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    await done(staged, "declareRecusal", "__typename", HANDLER)
    actor, (due, _) = await staged.actor(HANDLER), ORDERS
    listed, other = await both(staged, actor, due, {})
    assert other == listed
    monkeypatch.setattr(Reach, forgotten, lambda *_: true())
    _, mistaken = await both(staged, actor, due, {})
    assert mistaken != listed


async def test_a_unit_and_a_leader_are_served_and_the_office_is_not(staged: World) -> None:
    now, (due, _) = staged.clock.now(), ORDERS
    served = {
        login: way(staged, await staged.actor(login), due, now) is not None for login in (HANDLER, LEADER, OFFICER)
    }
    assert served == {HANDLER: True, LEADER: True, OFFICER: False}


async def test_whoever_acts_for_two_units_is_read_under_the_rule(staged: World) -> None:
    """He would come by two ways to a case that both handle."""
    actor, (due, _), now = await staged.actor(HANDLER), ORDERS, staged.clock.now()
    two = replace(actor, grants=(*actor.grants, replace(actor.grants[0], unit_id=new_id())))
    assert way(staged, actor, due, now) is not None
    assert way(staged, two, due, now) is None
    assert way(staged, replace(actor, grants=()), due, now) is None


async def test_an_order_by_what_is_not_copied_is_read_under_the_rule(staged: World) -> None:
    actor, now = await staged.actor(HANDLER), staged.clock.now()
    assert way(staged, actor, (descending(Case.updated_at),), now) is None
    assert way(staged, actor, (ascending(Case.due_at), descending(Case.updated_at)), now) is None
