"""Levels on random worlds, compared with plain Python: row rule, order, limits, keyset, texts, counts."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.core.paging import Page
from app.reads import statement
from app.reads.execution import Count, Reading
from app.reads.keyset import Order, ascending, descending
from app.reads.statement import Level
from tests.reads import oracle
from tests.reads.bed import EXAMPLES, NOW, Bed
from tests.reads.toy import (
    DAYS,
    INSTANTS,
    NUMBERS,
    YEARS,
    Case,
    Report,
    Status,
    World,
    case_rule,
    report_rule,
    viewing,
    worlds,
)

CASE_ORDERS: Sequence[tuple[Order, ...]] = [
    (),
    (ascending(Case.due_on),),
    (descending(Case.due_on),),
    (ascending(Case.due_on), ascending(Case.opened_at)),
    (descending(Case.due_on), ascending(Case.weight)),
    (ascending(Case.opened_at), descending(Case.weight), ascending(Case.level)),
    (descending(Case.opened_at),),
    (descending(Case.level), descending(Case.opened_at)),
    (ascending(Case.weight), ascending(Case.due_on), descending(Case.number)),
    (ascending(Case.status), ascending(Case.id), descending(Case.weight)),
    (descending(Case.id),),
    (ascending(Case.year), ascending(Case.nth, filled=True)),
    (descending(Case.year), descending(Case.nth, filled=True)),
]
REPORT_ORDERS: Sequence[tuple[Order, ...]] = [
    (),
    (descending(Report.submitted_at),),
    (ascending(Report.submitted_at), descending(Report.grade)),
    (ascending(Report.unit_id), ascending(Report.grade)),
]

CASES = Level(Case, rule=case_rule, texts=(Case.title_id, Case.words_id))
REPORTS = Level(Report, by=Report.case_id, rule=report_rule)


def case_starts() -> st.SearchStrategy[dict[str, Any]]:
    """What a case may have been whose cursor is still out."""
    plain = st.fixed_dictionaries(
        {
            "due_on": DAYS,
            "opened_at": INSTANTS,
            "weight": NUMBERS,
            "level": st.integers(0, 2),
            "status": st.sampled_from(Status),
            "number": st.just("督〔2026〕005"),
            "id": st.uuids(),
        }
    )
    return st.builds(lambda values, year: values | year, plain, YEARS)


def report_starts() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"submitted_at": st.none() | INSTANTS, "grade": NUMBERS, "unit_id": st.uuids(), "id": st.uuids()}
    )


def draw_page(
    data: st.DataObject, order: Sequence[Order], rows: Sequence[Any], gone: st.SearchStrategy[dict[str, Any]]
) -> Page:
    """A page from the start, after a row, or after where a row once stood."""
    stood = gone.map(lambda values: type("Row", (), values))
    row = data.draw(st.sampled_from([None, *rows, *rows]) | stood)
    start = None if row is None else oracle.values_of(row, order)
    return Page(data.draw(SIZES), data.draw(st.booleans()), start)


SIZES = st.sampled_from([0, 1, 2, 4, 5, 9, 40])


def ids(rows: Sequence[Any]) -> list[UUID]:
    return [row["id"] if isinstance(row, dict) else row.id for row in rows]


def read(bed: Bed, world: World, job: Callable[[Reading], Coroutine[Any, Any, Any]]) -> Any:
    async def work() -> Any:
        async with bed.database.read() as session:
            return await job(Reading(session, NOW, viewing(world.actor)))

    return bed.run(work())


def check_root(bed: Bed, world: World, order: tuple[Order, ...], page: Page) -> None:
    level = Level(Case, order=order, rule=case_rule, texts=CASES.texts)
    found = read(bed, world, lambda reading: reading.page(level, page))
    seen = [case for case in world.cases if world.sees_case(case)]
    rows, more = oracle.page(seen, order, page.size, backward=page.backward, start=page.start)
    assert (ids(found.rows), found.more) == (ids(rows), more)
    for row, case in zip(found.rows, rows, strict=True):
        columns = {column.key: getattr(case, column.key) for column in Case.__table__.columns}
        texts = {"title_id.text": world.text(case.title_id), "words_id.text": world.text(case.words_id)}
        assert row == {**columns, **texts}


def check_pages(bed: Bed, world: World, order: tuple[Order, ...], page: Page) -> None:
    level = Level(Report, by=Report.case_id, order=order, rule=report_rule)
    keys = [case.id for case in world.cases] + [UUID(int=0)]
    found = read(bed, world, lambda reading: reading.pages(level, keys, page))
    assert list(found) == keys
    for key in keys:
        seen = [report for report in world.reports if report.case_id == key and world.sees_report(report)]
        rows, more = oracle.page(seen, order, page.size, backward=page.backward, start=page.start)
        assert (ids(found[key].rows), found[key].more) == (ids(rows), more)


def check_whole(bed: Bed, world: World, order: tuple[Order, ...]) -> None:
    level = Level(Report, by=Report.case_id, order=order, rule=report_rule)
    keys = [case.id for case in world.cases]
    found = read(bed, world, lambda reading: reading.by_parent(level, keys))
    for key in keys:
        seen = [report for report in world.reports if report.case_id == key and world.sees_report(report)]
        assert ids(found.get(key, [])) == ids(oracle.in_order(seen, order))


def check_counts(bed: Bed, world: World, cap: int) -> None:
    keys = [case.id for case in world.cases] + [UUID(int=0)]
    root = read(bed, world, lambda reading: reading.count(CASES))
    seen = sum(world.sees_case(case) for case in world.cases)
    assert root == Count(min(seen, cap), seen <= cap)
    found = read(bed, world, lambda reading: reading.counts(REPORTS, keys))
    for key in keys:
        seen = sum(report.case_id == key and world.sees_report(report) for report in world.reports)
        assert found[key] == Count(min(seen, cap), seen <= cap)


def quick(examples: int = EXAMPLES) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def every_level(bed: Bed, examples: int = EXAMPLES) -> None:
    """All of the below on random worlds; in a function, so that mutants can be run through it."""

    @seed(20261122)
    @quick(examples)
    @given(world=worlds(), data=st.data())
    def run(world: World, data: st.DataObject) -> None:
        bed.fill(world.rows)
        for _ in range(5):
            order = data.draw(st.sampled_from(CASE_ORDERS))
            check_root(bed, world, order, draw_page(data, order, world.cases, case_starts()))
        for _ in range(3):
            order = data.draw(st.sampled_from(REPORT_ORDERS))
            check_pages(bed, world, order, draw_page(data, order, world.reports, report_starts()))
        check_whole(bed, world, data.draw(st.sampled_from(REPORT_ORDERS)))
        check_counts(bed, world, statement.COUNT_CAP)

    run()
