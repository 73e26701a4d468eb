"""Running a plan: its branches one after the other on one connection, and then the writer.

Knows neither database: it is a job that yields queries and gets rows (`core/connections.py`).
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from app.core.connections import Job, Rows
from app.core.paging import Page
from app.core.prepared import Query
from app.reads import statement
from app.reads.branch import Asked, Branch, Cell, Pages
from app.reads.execution import Count, capped
from app.reads.plan import Marked, Plan
from app.reads.seen import Seen
from app.reads.sets import POSTGRESQL
from app.reads.writer import Window, Write

AT_ONCE = (
    20  # updates of a list that is followed which are read at once, and no more of them are held for a slow reader
)
_NOTHING = Asked()


@dataclass(frozen=True, slots=True)
class Request:
    """What one request adds to a plan: what it asks of branches, what rules name, its instant, what it gives in memory
    and what functions need of it.
    """

    asked: Mapping[int, Asked]
    values: Mapping[str, Any]
    now: datetime
    given: Sequence[Any]
    needed: Mapping[Any, Any]


class Update(NamedTuple):
    """What is told of one row of a list that is followed: its place in the order, and the answer's data as JSON."""

    place: tuple[Any, ...]
    data: bytes


def run(plan: Plan, write: Write, request: Request, seen: Seen) -> Job[bytes]:
    """The answer's data as JSON. What it shows is added to `seen`."""
    return orjson.dumps((yield from _written(plan, write, request, seen)))


def run_each(plan: Plan, write: Write, request: Request, seen: Seen) -> Job[list[Update]]:
    """The same of a list that is followed: an answer for each row."""
    ((name, told),) = (yield from _written(plan, write, request, seen)).items()
    return [Update(place, orjson.dumps({name: edge})) for place, edge in told]


def _written(plan: Plan, write: Write, request: Request, seen: Seen) -> Job[dict[str, Any]]:
    found: list[Any] = []
    rows_of: list[Rows] = []
    pages = {nth: asked.page for nth, asked in request.asked.items() if asked.page is not None}
    for nth, branch in enumerate(plan.branches):
        asked = request.asked.get(nth, _NOTHING)
        keys = _keys(branch, asked, rows_of)
        if branch.is_inside(pages):
            rows, counts = _held(branch, rows_of)
        else:
            rows, counts = yield from _read(branch, asked, keys, request, pages)
        if asked.page is None:
            rows_of.append(rows)
            found.append(_whole(branch, rows))
            continue
        windows = _windows(branch, asked.page, keys, rows, counts)
        rows_of.append([row for window in windows.values() for row in window.rows])
        found.append(windows if branch.parent is not None else windows[None])
    for marked in plan.marked:
        _see(marked, rows_of[marked.branch], seen)
    return write(found, request.given, **request.needed)


def _see(marked: Marked, rows: Rows, seen: Seen) -> None:
    key, case_id = _key(marked.key), _key(marked.case_id)
    for row in rows:
        restricted = marked.restricted is not None and row[marked.restricted]
        classification = None if marked.classification is None else row[marked.classification]
        seen.add(marked.marks, key(row), restricted, classification, case_id(row))


def _key(cell: Cell | None) -> Callable[[Sequence[Any]], Any]:
    """What reads a key of a row as Python code knows it; None where there is none."""
    if cell is None:
        return lambda _row: None
    position, convert = cell.position, cell.convert
    if convert is None:
        return itemgetter(position)
    assert not isinstance(convert, Mapping)
    return lambda row: None if row[position] is None else convert(row[position])


def _keys(branch: Branch, asked: Asked, rows_of: list[Rows]) -> Sequence[Any] | None:
    """The keys of the parents, each once; of a root those that were asked for. None: a list at the root."""
    if branch.parent is None:
        wanted: Sequence[Any] | None = asked.keys
        return wanted
    assert branch.key is not None
    keys = dict.fromkeys(map(itemgetter(branch.key), rows_of[branch.parent]))
    keys.pop(None, None)  # of a joined row that is not there
    return list(keys)


def _read(
    branch: Branch, asked: Asked, keys: Sequence[Any] | None, request: Request, pages: Pages
) -> Generator[Query, Rows, tuple[Rows, Rows]]:
    if keys is not None and not keys:
        return (), ()
    given = None if keys is None else keys if branch.dialect.name == POSTGRESQL else orjson.dumps(keys).decode()
    values = {**statement.parameters(given, asked.page, request.now), **request.values, **asked.values}
    rows: Rows = ()
    counts: Rows = ()
    if branch.listed:
        rows = yield branch.rows(asked, pages).query(values)
    if branch.counted:
        known = keys is None and branch.listed and _is_everything(rows, asked.page)
        counts = [(len(rows),)] if known else (yield branch.count(asked).query(values))
    return rows, counts


def _is_everything(rows: Rows, page: Page | None) -> bool:
    """Whether a list has no rows but these, so that nobody need count them."""
    return page is not None and page.start is None and len(rows) <= page.size


def _held(branch: Branch, rows_of: list[Rows]) -> tuple[Rows, Rows]:
    """The same, of a branch whose rows are columns of its parents' rows."""
    assert branch.parent is not None
    assert branch.key is not None
    parents = {row[branch.key]: row for row in rows_of[branch.parent]}  # one row may be joined to several
    rows = [inner for row in parents.values() for inner in row[branch.rows_place]] if branch.listed else ()
    counts = [(key, row[branch.count_place]) for key, row in parents.items()] if branch.counted else ()
    return rows, counts


def _whole(branch: Branch, rows: Rows) -> Any:
    """All rows by parent, or the one row of a root."""
    if branch.parent is None and not branch.looked_up:
        return rows[0] if rows else None
    return _grouped(rows, branch.parent_place)


def _windows(branch: Branch, page: Page, keys: Sequence[Any] | None, rows: Rows, counts: Rows) -> dict[Any, Window]:
    if keys is None:
        return {None: _window(rows, page, capped(counts[0][0]) if counts else None)}
    groups = _grouped(rows, branch.parent_place) if branch.listed else {}
    numbers = {row[0]: capped(row[1]) for row in counts}
    return {key: _window(groups.get(key, ()), page, numbers.get(key)) for key in keys}


def _window(rows: Rows, page: Page, count: Count | None) -> Window:
    more = len(rows) > page.size
    if more:
        rows = rows[1:] if page.backward else rows[: page.size]
    started = page.start is not None
    return Window(rows, started, more, count) if page.backward else Window(rows, more, started, count)


def _grouped(rows: Rows, place: int) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[place], []).append(row)
    return groups
