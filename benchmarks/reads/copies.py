"""Many districts out of one: the rows of the stencil, copied with other ids, dates, numbers and names.

A row belongs to everybody (the rules, the office), to one of ten districts (units and their people), or to one of very
many copies of the sixty matters. So proportions are those of the demo whatever the size, and every copy is a world in
itself: its ids differ from those of the stencil in their first four bytes, its days by whole weeks.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

DISTRICTS = 10
WEEKS = 104  # over which the copies are spread, the oldest first
_OF_DISTRICTS = frozenset(
    {
        "unit",
        "unit_name",
        "unit_contact",
        "unit_group",
        "unit_group_member",
        "person",
        "person_clearance",
        "post_holding",
        "account",
        "role_grant",
    }
)
_OF_EVERYBODY = frozenset({"rule_set", "policy_version", "number_series", "admin_record", "admin_chain"})
# What no operation here reads and is most of all bytes: history, and the index of words
_LEFT_OUT = frozenset({"event", "case_record", "outbox", "search_token", "alembic_version"})

_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{8})(-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?![0-9a-f])")
_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])")
_NUMBER = re.compile(r"(?<=〕)(\d+)(?=号)")
# Stand in a stencil for what differs from copy to copy
_COPY, _DISTRICT, _COUNT, _NAME = "\x01", "\x02", "\x03", "\x04"
_SPREAD = 2_654_435_761  # odd: times this, modulo 2^32, no two numbers are the same and neighbours lie far apart

Cells: TypeAlias = list[str]
Heap: TypeAlias = dict[str, str]  # the text of many rows, by table


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, each cell as its database writes it down."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class Local:
    """What belongs to a district: the ids of its units and people without dashes, names and logins that are unique."""

    ids: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stencil:
    """What everybody shares, what each district has, what each copy of the matters has."""

    everybody: Heap
    district: Heap
    matters: Heap

    def rows(self, copies: int) -> Iterator[tuple[str, str]]:
        """Table and text of its rows, many times over."""
        yield from self.everybody.items()
        for number in range(DISTRICTS):
            for table, text in self.district.items():
                yield table, _for_district(text, number)
        age, matters = 0, self.matters
        for number in range(copies):
            weeks = WEEKS - 1 - number * WEEKS // copies
            if weeks != age:
                age, matters = weeks, {table: _earlier(text, weeks) for table, text in self.matters.items()}
            for table, text in matters.items():
                yield table, _for_copy(text, number)


def stencil(tables: Sequence[Table], local: Local, written: Callable[[Cells], str]) -> Stencil:
    """Put each row on its heap, with a mark wherever copies differ."""
    tables = [table for table in tables if table.name not in _LEFT_OUT]
    of_matters = frozenset(_keys(table for table in tables if table.name not in _OF_DISTRICTS | _OF_EVERYBODY))
    of_district = local.ids | _keys(_only(table, local.ids) for table in tables if table.name in _OF_DISTRICTS)
    marks = _Marks(of_matters, of_district, re.compile("|".join(map(re.escape, local.words))))
    made = Stencil({}, {}, {})
    for table in tables:
        for row in table.rows:
            if table.name in _OF_EVERYBODY or (table.name in _OF_DISTRICTS and not _ids(row) & local.ids):
                _add(made.everybody, table.name, written(row))
            else:
                heap = made.district if table.name in _OF_DISTRICTS else made.matters
                _add(heap, table.name, written([marks.put(*cell) for cell in zip(table.columns, row, strict=True)]))
    return made


@dataclass(frozen=True, slots=True)
class _Marks:
    of_matters: frozenset[str]
    of_district: frozenset[str]
    words: re.Pattern[str]

    def put(self, column: str, cell: str) -> str:
        if column == "register_seq" and cell.isdigit():
            return f"{_COUNT}{int(cell):03}"
        cell = _NUMBER.sub(lambda found: f"{_COUNT}{int(found[1]):03}", _ID.sub(self._id, cell))
        return self.words.sub(lambda found: found[0] + _NAME, cell)

    def _id(self, found: re.Match[str]) -> str:
        key = _plain(found[0])
        if key in self.of_matters:
            return _COPY + found[2]
        return (_DISTRICT if key in self.of_district else found[1]) + found[2]


def _for_copy(text: str, number: int) -> str:
    return _for_district(
        text.replace(_COPY, _prefix(number + DISTRICTS)).replace(_COUNT, str(number + 1)), number % DISTRICTS
    )


def _for_district(text: str, number: int) -> str:
    return text.replace(_DISTRICT, _prefix(number)).replace(_NAME, f"@{number}" if number else "")


def _earlier(text: str, weeks: int) -> str:
    days: Mapping[str, str] = {
        day: (date.fromisoformat(day) - timedelta(weeks=weeks)).isoformat() for day in set(_DAY.findall(text))
    }
    return _DAY.sub(lambda found: days[found[0]], text)


def _prefix(number: int) -> str:
    return f"{(number + 1) * _SPREAD % 2**32:08x}"


def _keys(tables: Iterator[Table]) -> frozenset[str]:
    return frozenset(
        _plain(row[table.columns.index("id")]) for table in tables if "id" in table.columns for row in table.rows
    )


def _only(table: Table, ids: frozenset[str]) -> Table:
    return Table(table.name, table.columns, [row for row in table.rows if _ids(row) & ids])


def _ids(row: Cells) -> frozenset[str]:
    return frozenset(_plain(found[0]) for cell in row for found in _ID.finditer(cell))


def _plain(key: str) -> str:
    return key.replace("-", "").strip("'")


def _add(heap: Heap, table: str, text: str) -> None:
    heap[table] = heap.get(table, "") + text
