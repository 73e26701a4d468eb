"""Reads in plain Python, as a person would check them with paper: filter, sort, cut."""

from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key
from typing import Any

from app.reads.keyset import Order

Values = tuple[Any, ...]


def values_of(row: Any, order: Sequence[Order]) -> Values:
    """What a cursor of this row holds."""
    values = []
    for term in order:
        values.append(getattr(row, term.attribute.key))
        if term.attribute.key == "id":
            return tuple(values)
    return (*values, row.id)


def compare(left: Values, right: Values, order: Sequence[Order]) -> int:
    """Before, equal or after. NULL is last whichever way the term runs; the id runs the way of the last term."""
    ways = [term.descending for term in order]
    for one, other, descending in zip(left, right, [*ways, bool(ways) and ways[-1]], strict=False):
        if one == other:
            continue
        if one is None or other is None:
            return 1 if one is None else -1
        return 1 if (one > other) is not descending else -1
    return 0


def in_order(rows: Iterable[Any], order: Sequence[Order]) -> list[Any]:
    return sorted(
        rows, key=cmp_to_key(lambda left, right: compare(values_of(left, order), values_of(right, order), order))
    )


def page(
    rows: Iterable[Any], order: Sequence[Order], size: int, *, backward: bool, start: Values | None
) -> tuple[list[Any], bool]:
    """The rows of a page, and whether there are more on that side."""
    listed = in_order(rows, order)
    if start is not None:
        side = -1 if backward else 1
        listed = [row for row in listed if compare(values_of(row, order), start, order) == side]
    if backward:
        return listed[max(0, len(listed) - size) :], len(listed) > size
    return listed[:size], len(listed) > size


def by_parent(parents: Iterable[Any], rows: Sequence[Any], belongs: Callable[[Any, Any], bool]) -> dict[Any, list[Any]]:
    return {parent.id: [row for row in rows if belongs(row, parent)] for parent in parents}
