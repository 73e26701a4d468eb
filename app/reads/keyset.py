"""Orders that never tie, and the rows beyond a cursor in them.

NULL stands last in every order, on both databases. That must not cost the index: a plain index on (column, key) serves
each order both ways, because a walk is cut in two where the first column passes from values to NULL (`ranges`), and in
each half, as for columns that are never NULL, the order says nothing of NULL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, and_, bindparam, false, or_, select, tuple_

from app.reads.sets import POSTGRESQL
from app.reads.tables import Attribute, Model, column_of, key_of, table_of

CURSOR = "level_cursor_"  # parameters level_cursor_0, level_cursor_1, …
Shown = Callable[[FromClause], Iterable[ColumnElement[bool]]]  # the conditions under which a row is in a list
UNSAID = True  # stands in a cursor where a value is looked up: not NULL, and the same for all rows


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One term of an order.

    `filled`: never NULL where the first column is not, so that both are one index range. `unsaid`: the value would tell
    more than the row does (how many rows lie before it), so that cursors leave it out and it is looked up by the key.
    """

    attribute: Attribute[Any]
    descending: bool = False
    filled: bool = False
    unsaid: bool = False


def ascending(attribute: Attribute[Any], *, filled: bool = False) -> Order:
    return Order(attribute, filled=filled)


def descending(attribute: Attribute[Any], *, filled: bool = False, unsaid: bool = False) -> Order:
    return Order(attribute, descending=True, filled=filled or unsaid, unsaid=unsaid)


@dataclass(frozen=True, slots=True)
class Term:
    """One column of a total order."""

    key: str
    type: Any
    nullable: bool
    descending: bool
    unsaid: Column[Any] | None = field(default=None, compare=False)


@lru_cache(maxsize=1000)
def total_order(model: Model, order: tuple[Order, ...]) -> tuple[Term, ...]:
    """The order made total by the primary key, which runs the way of the last term: such orders are one index range."""
    key = key_of(model)
    terms: list[Term] = []
    for one in order:
        column = column_of(one.attribute)
        nullable, unsaid = bool(column.nullable) and not one.filled, column if one.unsaid else None
        terms.append(Term(column.key, column.type, nullable, one.descending, unsaid))
        if column is key:
            return tuple(terms)
    return (*terms, Term(key.key, key.type, nullable=False, descending=bool(order) and order[-1].descending))


def scope_of(model: Model, terms: Sequence[Term]) -> str:
    """The name of a list in one order: what a cursor is bound to."""
    return " ".join([table_of(model).name, *(f"{term.key}{'-' if term.descending else '+'}" for term in terms)])


def said(terms: Sequence[Term], row: Mapping[str, Any]) -> list[Any]:
    """What a cursor says of a row."""
    return spoken(terms, (row[term.key] for term in terms if term.unsaid is None))


def spoken(terms: Sequence[Term], values: Iterable[Any]) -> list[Any]:
    """The same, of the values of those terms that are not left out."""
    given = iter(values)
    return [UNSAID if term.unsaid is not None else next(given) for term in terms]


def sorted_by(
    source: FromClause, terms: Sequence[Term], *, backward: bool = False, halved: bool = False
) -> list[ColumnElement[Any]]:
    """ORDER BY for a walk along the order, or against it; `halved` in one of the `ranges`."""
    return [
        _sorted(source.c[term.key], term, backward=backward, silent=not term.nullable or (halved and not position))
        for position, term in enumerate(terms)
    ]


def _sorted(column: ColumnElement[Any], term: Term, *, backward: bool, silent: bool) -> ColumnElement[Any]:
    way = column.desc() if term.descending != backward else column.asc()
    if silent:
        return way
    return way.nulls_first() if backward else way.nulls_last()


def crosses(terms: Sequence[Term], start: Sequence[Any] | None, dialect: str, *, backward: bool) -> bool:
    """Whether a walk must be cut in two because it passes from values to NULL, or back.

    A walk from the very start need not be, where the index has its NULLs on the same side: on SQLite always, on
    PostgreSQL for ascending columns.
    """
    if start is None:
        return terms[0].nullable and terms[0].descending and dialect == POSTGRESQL
    return terms[0].nullable and (start[0] is None) is backward


def parameters(start: Sequence[Any] | None) -> dict[str, Any]:
    return {f"{CURSOR}{position}": value for position, value in enumerate(start or ()) if value is not None}


def ranges(
    source: FromClause,
    terms: Sequence[Term],
    start: Sequence[Any] | None,
    *,
    backward: bool = False,
    shown: Shown = lambda _row: (),
) -> tuple[ColumnElement[bool], ...]:
    """The rows beyond a cursor, or all: one condition, or two for two halves that follow each other.

    Beyond a row that is not `shown`, and whose value would have to be looked up, lies nothing.

    No index serves `a > v OR a IS NULL` as one range. So where the walk passes from the values of a nullable first
    column to its NULLs, or back, the halves are given apart. Only whether a value is NULL changes the text.
    """
    first = source.c[terms[0].key]
    if start is None:
        halves = (first.is_not(None), first.is_(None))
        return halves[::-1] if backward else halves
    walk = _Walk(source, terms, start, backward, shown)
    if start[0] is None:
        nulls = and_(first.is_(None), walk.beyond(1))
        return (nulls, first.is_not(None)) if backward else (nulls,)
    values = walk.beyond(0)
    return (values, first.is_(None)) if terms[0].nullable and not backward else (values,)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A cursor's place in an order, and the side of it that is wanted."""

    source: FromClause
    terms: Sequence[Term]
    start: Sequence[Any]
    backward: bool
    shown: Shown

    def beyond(self, position: int) -> ColumnElement[bool]:
        """The rows beyond, among those that equal the cursor in all terms before `position`.

        Where `position` is the first term, its column is not NULL: `ranges` gives those rows a condition of their own.
        """
        if self._is_one_range(position):
            return self._past(tuple_(*self._columns(position)), tuple_(*self._values(position)), position)
        strictly = self._strictly(position)
        if position == len(self.terms) - 1:
            return strictly
        either = or_(strictly, and_(self._equal(position), self.beyond(position + 1)))
        return and_(self._bound(), either) if position == 0 else either

    def _is_one_range(self, position: int) -> bool:
        rest = self.terms[position:]
        return (
            len(rest) > 1
            and all(value is not None for value in self.start[position:])
            and len({term.descending for term in rest}) == 1
            and not any(term.nullable for term in (rest if position else rest[1:]))
        )

    def _strictly(self, position: int) -> ColumnElement[bool]:
        term, column = self.terms[position], self._column(position)
        if self.start[position] is None:  # NULL is last: everything else lies before it, nothing after it
            return column.is_not(None) if self.backward else false()
        past = self._past(column, self._value(position), position)
        return or_(past, column.is_(None)) if term.nullable and position and not self.backward else past

    def _past(self, left: ColumnElement[Any], right: ColumnElement[Any], position: int) -> ColumnElement[bool]:
        upward = self.terms[position].descending == self.backward
        return left > right if upward else left < right

    def _bound(self) -> ColumnElement[bool]:
        # says nothing new, but it is what an index can start from
        upward = self.terms[0].descending == self.backward
        return self._column(0) >= self._value(0) if upward else self._column(0) <= self._value(0)

    def _equal(self, position: int) -> ColumnElement[bool]:
        column = self._column(position)
        if self.start[position] is None:
            return column.is_(None)
        return column == self._value(position)

    def _column(self, position: int) -> ColumnElement[Any]:
        return self.source.c[self.terms[position].key]

    def _value(self, position: int) -> ColumnElement[Any]:
        term = self.terms[position]
        given: ColumnElement[Any] = bindparam(f"{CURSOR}{position}", type_=term.type)
        if term.unsaid is None or self.start[position] is not UNSAID:
            return given
        return self._looked_up(term.unsaid)

    def _looked_up(self, column: Column[Any]) -> ColumnElement[Any]:
        """What the cursor leaves out, of the row whose key it gives."""
        row = column.table.alias("level_cursor")
        is_meant = row.c[self.terms[-1].key] == self._value(len(self.terms) - 1)
        return select(row.c[column.key]).where(is_meant, *self.shown(row)).scalar_subquery()

    def _columns(self, position: int) -> list[Any]:
        return [self._column(at) for at in range(position, len(self.terms))]

    def _values(self, position: int) -> list[Any]:
        return [self._value(at) for at in range(position, len(self.terms))]
