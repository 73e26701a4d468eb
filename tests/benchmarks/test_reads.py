"""What the figures of the benchmark rest on: copies that are worlds of their own, and a comparison that bites."""

import re
from datetime import date, timedelta

import pytest

from benchmarks.reads.agreement import comparable, difference
from benchmarks.reads.copies import DISTRICTS, WEEKS, Cells, Local, Table, stencil
from benchmarks.reads.gate import slower
from benchmarks.reads.load import packed, unpacked

UNIT, PERSON, OFFICE, CASE, PART = (f"{number}{number}aa00bb-0000-4000-8000-{number:012}" for number in range(1, 6))
COPIES = 30
DUE = date(2026, 6, 19)

TABLES = [
    Table("rule_set", ("id", "recorded_at"), [["99aa00bb-0000-4000-8000-000000000009", "2026-06-15 09:00:00"]]),
    Table("unit", ("id", "name"), [[OFFICE, "督查室"], [UNIT, "太平镇人民政府"]]),
    Table("person", ("id", "name"), [[PERSON, "韩梅"]]),
    Table("account", ("person_id", "login"), [[PERSON, "taiping.handler"]]),
    Table("event", ("id",), [["77aa00bb-0000-4000-8000-000000000007"]]),
    Table(
        "supervision_case",
        ("id", "register_number", "register_seq", "registered_by", "due_on", "record_hash"),
        [[CASE, "道督〔2026〕7号", "7", OFFICE, DUE.isoformat(), "ab" * 32]],
    ),
    Table(
        "assignment",
        ("id", "case_id", "unit_id", "unit_name", "handler_id"),
        [[PART, CASE, UNIT, "太平镇人民政府", PERSON]],
    ),
]


@pytest.fixture(scope="module")
def written() -> dict[str, list[Cells]]:
    """The rows of many copies, by table."""
    ids = frozenset(key.replace("-", "") for key in (UNIT, PERSON))
    local = Local(ids, ("太平镇人民政府", "taiping.handler"))
    rows: dict[str, list[Cells]] = {}
    for table, text in stencil(TABLES, local, lambda cells: "\t".join(cells) + "\n").rows(COPIES):
        rows.setdefault(table, []).extend(line.split("\t") for line in text.splitlines())
    return rows


def test_what_is_everybodys_is_there_once_and_what_is_not_read_is_not_there(written: dict[str, list[Cells]]) -> None:
    assert written["rule_set"] == TABLES[0].rows
    assert [row for row in written["unit"] if row[0] == OFFICE] == [[OFFICE, "督查室"]]
    assert "event" not in written


def test_each_district_has_units_and_people_of_its_own(written: dict[str, list[Cells]]) -> None:
    assert len(written["person"]) == len({row[0] for row in written["person"]}) == DISTRICTS
    assert {row[1] for row in written["account"]} == {
        "taiping.handler",
        *(f"taiping.handler@{number}" for number in range(1, DISTRICTS)),
    }
    assert {row[0] for row in written["account"]} == {row[0] for row in written["person"]}


def test_each_copy_refers_to_itself_and_to_one_district(written: dict[str, list[Cells]]) -> None:
    cases = {row[0] for row in written["supervision_case"]}
    units = {row[0]: row[1] for row in written["unit"]}
    people = {row[0] for row in written["person"]}
    assert len(cases) == COPIES
    assert {row[1] for row in written["assignment"]} == cases
    assert len({row[0] for row in written["assignment"]}) == COPIES
    assert all(units[row[2]] == row[3] and row[4] in people for row in written["assignment"])
    assert all(row[2][:8] == row[4][:8] for row in written["assignment"])
    assert {row[3] for row in written["supervision_case"]} == {OFFICE}


def test_numbers_differ_and_agree_with_their_column(written: dict[str, list[Cells]]) -> None:
    numbers = [(row[1], row[2]) for row in written["supervision_case"]]
    assert len(set(numbers)) == COPIES
    assert all(number == f"道督〔2026〕{sequence}号" for number, sequence in numbers)


def test_days_move_by_whole_weeks_from_the_oldest_to_the_newest(written: dict[str, list[Cells]]) -> None:
    days = [date.fromisoformat(row[4]) for row in written["supervision_case"]]
    assert days == sorted(days)
    assert {day.weekday() for day in days} == {DUE.weekday()}
    assert days[0] == DUE - timedelta(weeks=WEEKS - 1)
    assert DUE - days[-1] < timedelta(weeks=WEEKS / COPIES)


def test_nothing_of_a_stencil_is_left_and_digests_stay(written: dict[str, list[Cells]]) -> None:
    text = "".join(cell for rows in written.values() for row in rows for cell in row)
    assert not re.search(r"[\x00-\x08]", text)
    assert {row[5] for row in written["supervision_case"]} == {"ab" * 32}


def test_answers_are_the_same_in_all_spellings_and_differ_where_data_differ() -> None:
    ours = {"id": "case_pwinrnqfTDW90N3xsic7Fg", "at": "2024-10-04T02:00:00+00:00", "n": {"value": 3, "exact": True}}
    theirs = {"id": "a708a7ae-7a9f-4c35-bdd0-ddf1b2273b16", "at": "2024-10-04T02:00:00.000Z", "n": 3}
    assert comparable(ours) == comparable(theirs)
    assert comparable({"endCursor": "a"}) == comparable({"endCursor": "b"}) != comparable({"endCursor": None})
    assert comparable(ours) != comparable(theirs | {"n": 4})
    assert difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == "at .a[1].b 2 and not 3"
    assert difference({"a": [1]}, {"a": []}) == "at .a [1] and not []"


def test_requests_arrive_as_they_were_packed() -> None:
    requests = [b"POST / HTTP/1.1\r\n\r\n", b"", "督办".encode()]
    assert unpacked(packed(requests)) == requests


@pytest.mark.parametrize(("found", "problems"), [(0.5, 0), (0.26, 0), (0.24, 1)])
def test_the_gate_closes_below_half_of_what_was_recorded(found: float, problems: int) -> None:
    assert len(slower({"ledger": {"kit floor": found}}, {"ledger": {"kit floor": 0.5}})) == problems
