"""However late, however often, by however many: the sheets are those of the period's end (data-model §6)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.evaluations import sweep
from app.evaluations.drawing import Drawn, draw_up
from app.evaluations.facts import TABLES, looking_back
from app.evaluations.models import Evaluation, EvaluationSheet
from app.evaluations.queries import units_assessed
from app.evaluations.rules import HalfYear
from app.events.changes import plain
from app.events.history import as_of
from app.regulation import load_regulation
from tests.bed.halves import count, evaluations, sheets
from tests.bed.ladder import ask_for, decide_extension
from tests.bed.procedure import CHECKER, CITY, OFFICER, accept, dispatched, part_of, reported, send_back
from tests.bed.records import check_records, events_of
from tests.bed.stages import ENVIRONMENT, TASK
from tests.bed.world import World

HALF_YEAR = HalfYear(2026, 1)


async def the_half_year(world: World) -> dict[str, Any]:
    """In time, late, silent, returned, jointly; all due in June."""
    cases = {name: await dispatched(world, matter=TASK) for name in ("good", "returned", "silent", "extended")}
    cases["late"] = await dispatched(world, matter=TASK, tier="URGENT")
    cases["joint"] = await dispatched(world, ENVIRONMENT, CITY, matter=TASK)
    await accept(world, await reported(world, await part_of(world, cases["good"])))
    await send_back(world, await reported(world, await part_of(world, cases["returned"])), grounds=["UNLAWFUL"])
    await world.on(6, 18)
    await accept(world, await reported(world, await part_of(world, cases["late"])))
    cases["request"] = await ask_for(world, await part_of(world, cases["extended"]), "2026-07-10")
    await world.on(6, 24)
    return cases


async def what_follows(world: World, cases: dict[str, Any]) -> None:
    """July: what was open is done, moved, restricted; and new work comes."""
    world.at(7, 2)
    await decide_extension(world, cases["request"])
    await world.tick()
    await accept(world, await reported(world, await part_of(world, cases["returned"])))
    await accept(world, await reported(world, await part_of(world, cases["silent"])))
    scope = {"case": cases["late"]["id"], "restricted": True, "people": [world.person(OFFICER), world.person(CHECKER)]}
    found = await world.as_(OFFICER).ask("query Q($id: ID) { case(id: $id) { version } }", id=scope["case"])
    await world.as_(OFFICER).do(
        "setAccessScope", "case { id }", **scope, units=[], expected_version=found["case"]["version"]
    )
    await dispatched(world, matter=TASK)
    await world.on(7, 9)


async def drawn(world: World) -> list[Any]:
    """All that the sheets of the half-year say, looked at now, in an order that does not depend on keys."""
    run = Evaluation(
        id=UUID(int=1), first_on=HALF_YEAR.first, last_on=HALF_YEAR.last, cut_off=HALF_YEAR.end, status="COMPUTING"
    )
    async with world.database.read() as session:
        units = await units_assessed(session, HALF_YEAR.first, HALF_YEAR.last)
        found = await draw_up(session, run, units, load_regulation(), await looking_back(session, HALF_YEAR.end))
    return [_told(one) for one in sorted(found, key=lambda one: (one.sheet.unit_name, one.sheet.edition))]


def _told(one: Drawn) -> tuple[Any, ...]:
    sheet, item_of = one.sheet, {item["id"]: item["assignment_id"] for item in one.items}
    names = ("unit_name", "edition", "items", "supporting_items", "effect", "timeliness", "form", "support", "score")
    kept = [
        (item_of[fact["item_id"]], fact["kind"], fact["points"], fact["subject_id"], fact["event_id"])
        for fact in one.facts
    ]
    return (
        *(getattr(sheet, name) for name in names),
        sheet.restricted,
        sorted(item_of.values()),
        sorted(kept, key=str),
    )


async def test_the_sheets_are_those_of_the_last_day_however_late_one_looks(world: World) -> None:
    cases = await the_half_year(world)
    world.at(7, 1, 0, 1)
    in_time = await drawn(world)
    assert [sheet[0] for sheet in in_time if sheet[2]] == [CITY, ENVIRONMENT]
    await what_follows(world, cases)
    assert await drawn(world) == in_time
    await count(world)
    (run,) = await evaluations(world)
    assert run["status"] == "DRAFT"
    by_name = {sheet[0]: sheet for sheet in in_time}
    for sheet in await sheets(world, edition="ORDINARY"):
        score = by_name[sheet["unitName"]][8]
        assert sheet["score"] == (None if score is None else score / 100)
    await check_records(world)


async def test_what_is_put_back_is_what_the_history_tells(world: World) -> None:
    """The tables of today without what came later are the fold of all that came before."""
    await what_follows(world, await the_half_year(world))
    told = as_of(await events_of(world), HALF_YEAR.end)
    async with world.database.read() as session:
        since = await looking_back(session, HALF_YEAR.end)
        for table in TABLES:
            names = [column.name for column in table.c if (table.name, column.name) not in _UNTOLD]
            selected = await session.execute(select(*(table.c[name] for name in names)))
            found = [dict(row) for row in selected.mappings()]
            past = {str(row["id"]): row for row in since.rows(table, found)}
            known = {key[0]: fields for (name, key), fields in told.items() if name == table.name}
            assert past.keys() == known.keys()
            for key, fields in known.items():
                for name, value in fields.items():
                    if name in past[key]:
                        assert plain(past[key][name]) == value, (table.name, name)


_UNTOLD = {("supervision_case", name) for name in ("record_seq", "record_hash", "updated_at", "next_fire_at")}


async def test_a_killed_worker_loses_a_batch_and_nothing_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await the_half_year(world)
    world.at(7, 3)
    monkeypatch.setattr(sweep, "BATCH", 5)
    put, calls = sweep._put, 0

    async def killed(*given: Any) -> None:
        nonlocal calls
        calls += 1
        await put(*given)
        if calls == 2:
            raise ConnectionError

    monkeypatch.setattr(sweep, "_put", killed)
    with pytest.raises(ConnectionError):
        await count(world)
    (run,) = await evaluations(world)
    assert (run["status"], run["unitsDone"]) == ("COMPUTING", 5)
    await asyncio.gather(count(world), count(world))
    (run,) = await evaluations(world)
    assert (run["status"], run["unitsDone"], run["unitsTotal"]) == ("DRAFT", 18, 18)
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(EvaluationSheet)) == 18
    await check_records(world)


async def test_two_that_open_a_half_year_at_once_open_it_once(world: World) -> None:
    await dispatched(world, matter=TASK)
    world.at(7, 1)
    await asyncio.gather(*(count(world) for _ in range(3)))
    assert len(await evaluations(world)) == 1


async def test_half_years_in_which_nobody_looked_are_made_up_for(world: World) -> None:
    await dispatched(world, matter=TASK)
    world.clock.move_to(world.clock.now().replace(year=2027, month=8))
    await count(world)
    assert [(run["status"], run["nth"]) for run in await evaluations(world)] == [("DRAFT", 1)] * 3


async def test_what_few_may_know_of_stands_in_an_edition_for_them(world: World) -> None:
    """The ordinary sheet says nothing of it, in no count; the full one is seen by who sees every case of it."""
    await dispatched(world, matter=TASK)
    secret = await dispatched(world, matter=TASK)
    seen = "query Q($id: ID) { case(id: $id) { version } }"
    version = (await world.as_(OFFICER).ask(seen, id=secret["id"]))["case"]["version"]
    scope = {"people": [world.person(OFFICER)], "units": [], "restricted": True}
    await world.as_(OFFICER).do("setAccessScope", "case { id }", case=secret["id"], expected_version=version, **scope)
    world.at(7, 1)
    await count(world)
    mine = await sheets(world, OFFICER, units=[world.unit(CITY)])
    assert sorted((sheet["edition"], sheet["items"], len(sheet["facts"])) for sheet in mine) == [
        ("FULL", 2, 4),
        ("ORDINARY", 1, 2),
    ]
    (theirs,) = await sheets(world, CHECKER, units=[world.unit(CITY)])
    assert (theirs["edition"], theirs["items"]) == ("ORDINARY", 1)
    full = next(sheet for sheet in mine if sheet["edition"] == "FULL")
    node = "query N($id: ID!) { node(id: $id) { __typename } }"
    assert (await world.as_(CHECKER).ask(node, id=full["id"])) == {"node": None}
    assert (await world.as_(CHECKER).ask(node, id=full["facts"][0]["id"])) == {"node": None}
