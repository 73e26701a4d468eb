"""看板 and 统计: every number is that of the list behind it, for whoever asks; rates and averages in exact values."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
import strawberry

from app.graphql.ledger import CaseFilter, narrowed
from app.statistics.rules import Month, handling_workdays, percent
from app.workdays.queries import shipped_notices
from app.workdays.rules import Calendar
from tests.bed.procedure import CITY, LEADER, OFFICER, accept, dispatched, part_of, reported, send_back
from tests.bed.stages import ENVIRONMENT, TASK
from tests.bed.world import OUTSIDER, World

FILTER = (
    "filter { number text matterTypes statuses lights tiers units roles sourceKinds dueFrom dueUntil turnsRedUntil "
    "registeredFrom registeredUntil closedFrom closedUntil onTime acceptedAtOnce urged updatedSince }"
)
FIGURE = f"{{ count {{ value exact }} {FILTER} }}"
RATE = f"{{ percent met {FIGURE} missed {FIGURE} }}"
STATISTICS = (
    f"{{ total {{ value }} byLight {{ light count {{ value exact }} {FILTER} }} "
    f"byStatus {{ status count {{ value exact }} {FILTER} }} "
    f"byMatterType {{ matterType count {{ value exact }} {FILTER} }} "
    f"bySource {{ sourceKind count {{ value exact }} {FILTER} }} "
    f"byMonth(of: MONTH) {{ firstOn count {{ value exact }} {FILTER} }} "
    f"onTime {RATE} acceptedAtOnce {RATE} urged {FIGURE} handlingTime {{ workdays of {FIGURE} }} "
    f"units {{ unit {{ name }} total {FIGURE} red {FIGURE} yellow {FIGURE} }} }}"
)
URGINGS = "urgings { count { value exact } filter { units issuedFrom issuedUntil withdrawn } }"
VIEWERS = [OFFICER, LEADER, "huanbao.handler", OUTSIDER]


def of(month: str) -> str:
    return STATISTICS.replace("MONTH", month)


PARTS = (
    f"firstOn lastOn red {FIGURE} yellow {FIGURE} turningRed {FIGURE} {URGINGS} open {of('REGISTERED')}",
    f"closed {of('CLOSED')}",
    f"registered {of('REGISTERED')}",
)


def figures_in(told: Any) -> Iterator[dict[str, Any]]:
    """Whatever has a number and the filter of its list."""
    if isinstance(told, list):
        for one in told:
            yield from figures_in(one)
    elif isinstance(told, dict):
        if "count" in told:
            yield told
        else:
            for one in told.values():
                yield from figures_in(one)


async def board(world: World, login: str, unit: str | None = None, parts: Sequence[str] = PARTS) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        document = f"query Board($unit: ID) {{ dashboard(unit: $unit) {{ {part} }} }}"
        found |= (await world.as_(login).ask(document, unit=unit))["dashboard"]
    return found


async def check(world: World, login: str, told: dict[str, Any]) -> int:
    """Each number against the whole list that its filter gives; how many numbers were not nought."""
    counted = told.pop("urgings")
    lists = "query L($filter: UrgingFilter) { urgings(filter: $filter) { totalCount { value exact } } }"
    found = await world.as_(login).ask(lists, filter=_given(counted["filter"]))
    assert found["urgings"]["totalCount"] == counted["count"]
    lists = "query L($filter: CaseFilter) { cases(filter: $filter) { totalCount { value exact } } }"
    asked: dict[str, Any] = {}
    more = 0
    for figure in figures_in(told):
        given = _given(figure["filter"])
        if str(given) not in asked:
            asked[str(given)] = (await world.as_(login).ask(lists, filter=given))["cases"]["totalCount"]
        assert asked[str(given)] == figure["count"], given
        more += figure["count"]["value"] > 0
    return more


def _given(filter: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filter.items() if value is not None}


@pytest.mark.parametrize("login", VIEWERS)
async def test_each_number_is_that_of_the_list_behind_it(staged: World, login: str) -> None:
    await dispatched(staged, CITY, ENVIRONMENT, handling="SEPARATE", matter=TASK)
    told = await board(staged, login, parts=PARTS if login == OFFICER else PARTS[:1])
    assert (await check(staged, login, told) > 0) is (login != OUTSIDER)


async def test_a_board_of_one_unit_counts_what_it_takes_part_in(staged: World) -> None:
    unit = staged.unit(ENVIRONMENT)
    told = await board(staged, OFFICER, unit, PARTS[:1])
    assert [line["unit"]["name"] for line in told["open"]["units"]] == [ENVIRONMENT]
    await check(staged, OFFICER, told)


async def test_who_takes_part_beside_a_unit_is_not_found_out_by_counting(staged: World) -> None:
    """分别承办: each unit sees its own part alone, by a filter and by a figure as by the case itself."""
    await dispatched(staged, CITY, ENVIRONMENT, handling="SEPARATE", matter=TASK)
    asked = "query L($filter: CaseFilter) { cases(filter: $filter) { totalCount { value } } }"
    mine, others = staged.unit("区生态环境局"), staged.unit(CITY)
    seen = {}
    for unit in (mine, others):
        found = await staged.as_("huanbao.handler").ask(asked, filter={"units": [unit]})
        seen[unit] = found["cases"]["totalCount"]["value"]
    told = (await board(staged, "huanbao.handler"))["open"]["units"]
    # 城管局 leads one case that this unit supports; of the one that both handle apart it does not know the other
    assert (seen[mine], seen[others]) == (2, 1)
    assert {line["unit"]["name"]: line["total"]["count"]["value"] for line in told} == {ENVIRONMENT: 2, CITY: 1}


async def test_rates_and_averages(world: World) -> None:
    """One accepted at once, one returned and then late; what is red, and what turns red until Sunday."""
    at_once = await dispatched(world, matter=TASK)
    returned = await dispatched(world, matter=TASK, tier="URGENT")  # due on Wednesday the 17th
    await dispatched(world, ENVIRONMENT, matter=TASK, tier="URGENT")
    await accept(world, await reported(world, await part_of(world, at_once)))
    await send_back(world, await reported(world, await part_of(world, returned)), grounds=["BAD_FORM"])
    soon = await board(world, OFFICER)
    assert _value(soon["turningRed"]) == 2
    assert _value(soon["red"]) == 0
    await world.on(6, 18)
    told = await board(world, OFFICER)
    assert (_value(told["red"]), _value(told["turningRed"]), _value(told["urgings"])) == (2, 0, 2)
    rate = told["registered"]["acceptedAtOnce"]
    assert (rate["percent"], _value(rate["met"]), _value(rate["missed"])) == (50.0, 1, 1)
    assert _value(told["registered"]["urged"]) == 2
    assert told["registered"]["onTime"]["percent"] is None
    assert [(line["unit"]["name"], _value(line["red"])) for line in told["open"]["units"]] == [
        (CITY, 1),
        (ENVIRONMENT, 1),
    ]
    assert [(one["firstOn"], _value(one)) for one in told["registered"]["byMonth"]] == [("2026-06-01", 3)]


async def test_a_period_that_ends_before_it_begins_is_refused(staged: World) -> None:
    document = '{ dashboard(firstOn: "2026-06-02", lastOn: "2026-06-01") { firstOn } }'
    (error,) = (await staged.as_(OFFICER).post(document, {}))["errors"]
    assert (error["extensions"]["refusal"], error["extensions"]["path"]) == ("BAD_DATE", ["firstOn"])


def test_what_is_narrowed_never_widens() -> None:
    a, b, c = (strawberry.ID(name) for name in "abc")
    wide = CaseFilter(units=[a, b], due_until=date(2026, 6, 1), on_time=True)
    found = narrowed(wide, units=[b, c], due_until=date(2026, 7, 1), on_time=True, urged=False)
    assert found == CaseFilter(units=[b], due_until=date(2026, 6, 1), on_time=True, urged=False)
    assert narrowed(wide, on_time=False).statuses == []
    assert narrowed(CaseFilter(due_from=date(2026, 6, 1)), due_from=date(2026, 7, 1)).due_from == date(2026, 7, 1)


def test_months_rates_and_working_days() -> None:
    assert (Month(2026, 12).first, Month(2026, 12).last, Month(2028, 2).last) == (
        date(2026, 12, 1),
        date(2026, 12, 31),
        date(2028, 2, 29),
    )
    assert (percent(2, 1), percent(0, 4), percent(0, 0)) == (66.7, 0.0, None)
    # 端午: from Thursday the 18th to Monday the 22nd is one working day, and within a day none
    calendar = Calendar.of(shipped_notices(), {})
    pairs = {(date(2026, 6, 18), date(2026, 6, 22)): 2, (date(2026, 6, 18), date(2026, 6, 18)): 1, (None, None): 5}
    assert handling_workdays(calendar, pairs) == 0.7
    assert handling_workdays(calendar, {}) is None


def _value(figure: dict[str, Any]) -> Any:
    return figure["count"]["value"]
