"""台账: each filter alone and with others, held against the whole list in plain Python; figures against their lists."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bed.procedure import CITY, OFFICER, Row, dispatched
from tests.bed.world import World

_CASE = "id number title status light tier matterType dueOn registeredOn updatedAt assignments { role unit { id } }"
_LEDGER = (
    "query Ledger($filter: CaseFilter, $after: String) { cases(first: 7, after: $after, filter: $filter) {"
    f" totalCount {{ value exact }} pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {_CASE} }} }} }} }}"
)
_LONG_AGO, _LATER = "2026-01-01", "2026-06-20"

Expected = Callable[[Row, str], Any]


def roles_in(case: Row, unit: str | None = None) -> set[str]:
    return {part["role"] for part in case["assignments"] if unit in (None, part["unit"]["id"])}


FILTERS: dict[str, tuple[dict[str, Any], Expected]] = {
    "words": ({"text": "占道经营"}, lambda case, _: "占道经营" in case["title"]),
    "kinds": (
        {"matterTypes": ["INSPECTION_TASK", "OTHER"]},
        lambda case, _: case["matterType"] in ("INSPECTION_TASK", "OTHER"),
    ),
    "states": ({"statuses": ["DISPATCHED", "CLOSED"]}, lambda case, _: case["status"] in ("DISPATCHED", "CLOSED")),
    "tiers": ({"tiers": ["GENERAL"]}, lambda case, _: case["tier"] == "GENERAL"),
    "red": ({"lights": ["RED"]}, lambda case, _: case["light"] == "RED"),
    "yellow or green": ({"lights": ["YELLOW", "GREEN"]}, lambda case, _: case["light"] in ("YELLOW", "GREEN")),
    "no light": ({"lights": ["NONE"]}, lambda case, _: case["light"] == "NONE"),
    "due until": ({"dueUntil": _LATER}, lambda case, _: case["dueOn"] and case["dueOn"] <= _LATER),
    "due from": ({"dueFrom": _LATER}, lambda case, _: case["dueOn"] and case["dueOn"] >= _LATER),
    "registered": (
        {"registeredFrom": _LONG_AGO, "registeredUntil": _LATER},
        lambda case, _: case["registeredOn"] and _LONG_AGO <= case["registeredOn"] <= _LATER,
    ),
    "updated": ({"updatedSince": "2026-06-15T01:00:01Z"}, lambda case, _: case["updatedAt"] >= "2026-06-15T01:00:01"),
    "roles": ({"roles": ["SUPPORTING"]}, lambda case, _: "SUPPORTING" in roles_in(case)),
    "units": ({"units": [CITY]}, roles_in),
    "units in a role": (
        {"units": [CITY], "roles": ["SUPPORTING"]},
        lambda case, unit: "SUPPORTING" in roles_in(case, unit),
    ),
    "several fields": (
        {"units": [CITY], "statuses": ["DISPATCHED"], "lights": ["GREEN"], "dueFrom": _LONG_AGO},
        lambda case, unit: roles_in(case, unit) and case["light"] == "GREEN" and case["dueOn"],
    ),
    "none of no states": ({"statuses": []}, lambda _case, _: False),
    "none of no lights": ({"lights": []}, lambda _case, _: False),
}


async def ledger(world: World, login: str, filter: dict[str, Any]) -> list[Row]:
    """The whole list, page by page; its count is that of the pages."""
    found: list[Row] = []
    cursor = None
    while True:
        page = (await world.as_(login).ask(_LEDGER, filter=filter, after=cursor))["cases"]
        found += [edge["node"] for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == {"value": len(found), "exact": True}
            return found


@pytest.mark.parametrize("login", [OFFICER, "chengguan.handler", "fuquzhang"])
async def test_each_filter_gives_what_it_says(staged: World, login: str) -> None:
    await dispatched(staged, "区教育局", CITY, handling="JOINT")
    everything = await ledger(staged, login, {})
    for name, (asked, expected) in FILTERS.items():
        given = asked | ({"units": [staged.unit(CITY)]} if "units" in asked else {})
        found = [case["id"] for case in await ledger(staged, login, given)]
        wanted = [case["id"] for case in everything if expected(case, staged.unit(CITY))]
        assert sorted(found) == sorted(wanted), name
        assert wanted or name.startswith("none") or login != OFFICER, name
    for case in everything:
        if case["number"] is not None:
            assert await ledger(staged, login, {"number": case["number"]}) == [case]


@pytest.mark.parametrize("filter", [{}, {"statuses": ["DISPATCHED"]}, {"lights": ["GREEN"]}, {"statuses": []}])
async def test_a_figure_is_that_of_the_list_behind_it(staged: World, filter: dict[str, Any]) -> None:
    document = (
        "query Figures($filter: CaseFilter, $units: [ID!]!) { caseStatistics(filter: $filter) { total { value }"
        " byLight { light count { value } } byStatus { status count { value } }"
        " byMatterType { matterType count { value } }"
        " byUnit(units: $units) { unit { id } cases { total { value } byLight { light count { value } } } } } }"
    )
    unit = staged.unit(CITY)
    found = await staged.as_(OFFICER).ask(document, filter=filter, units=[unit])
    figures, listed = found["caseStatistics"], await ledger(staged, OFFICER, filter)
    assert figures["total"]["value"] == len(listed)
    for figure, field in (("byLight", "light"), ("byStatus", "status"), ("byMatterType", "matterType")):
        assert counted(figures[figure], field) == tally(listed, field)
    (of_unit,) = figures["byUnit"]
    parts = [case for case in listed if roles_in(case, unit)]
    assert of_unit["cases"]["total"]["value"] == len(parts)
    assert counted(of_unit["cases"]["byLight"], "light") == tally(parts, "light")


async def test_figures_by_unit_stay_within_their_filter(staged: World) -> None:
    """What is counted for a unit is what the filter of all figures leaves, and a unit is named once."""
    document = (
        "query Figures($filter: CaseFilter, $units: [ID!]!)"
        " { caseStatistics(filter: $filter) { byUnit(units: $units) { cases { total { value } } } } }"
    )
    city, other = staged.unit(CITY), staged.unit("区教育局")
    for asked, units, code in (({}, [city, city], "DUPLICATE"), ({"units": [city]}, [city, other], "NOT_APPLICABLE")):
        body = await staged.as_(OFFICER).post(document, {"filter": asked, "units": units})
        (error,) = body["errors"]
        assert (error["extensions"]["refusal"], error["extensions"]["path"]) == (code, ["units", 1])


def counted(figures: list[Row], field: str) -> dict[str, int]:
    return {one[field]: one["count"]["value"] for one in figures if one["count"]["value"]}


def tally(cases: list[Row], field: str) -> dict[str, int]:
    values = [case[field] for case in cases]
    return {value: values.count(value) for value in values}
