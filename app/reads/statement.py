"""The statement of one list level: what one round trip reads, on both databases, for resolvers and compiler alike.

A level is the rows of one table for any number of parents at once, under a row rule, in a total order, whole or one
page for each parent. Nothing here knows values, limits excepted: parameters come at execution, so that one text serves
all requests of a shape. The dialects differ in sets (`sets.py`), in levels that are columns of another one's statement
(`rows_inside`), and in the limit per parent:

- PostgreSQL: a LATERAL select for each parent, which an index answers. `row_number()` would read whole histories.
- SQLite, which has no LATERAL: each parent's rows whose key is in a limited, correlated select.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from app.content.models import Content
from app.core.clock import local_date
from app.core.paging import Page
from app.reads import keyset
from app.reads.filters import NOW, TODAY, Apart, Apportion, Condition, Sides
from app.reads.keyset import Order, Term, crosses, ranges, sorted_by, total_order
from app.reads.reaching import Reached
from app.reads.sets import POSTGRESQL, among, listed
from app.reads.tables import Attribute, Model, column_in, column_of, key_of, model_of, table_of

COUNT_CAP = 10_000
PARENT, COUNT = "level_parent", "level_count"  # labels of what a row holds beside the columns of its table
KEYS, LIMIT, CAP = "level_keys", "level_limit", "level_cap"
_PARENTS = "level_parents"


@dataclass(frozen=True, slots=True)
class Level:
    """What one statement reads.

    `by` is the column that is compared with the parents' keys, None for a list at the root. Where it belongs to a link
    table, `through` is the link's other column, which refers to the rows. `texts` are the columns whose words are read
    along. `rule` says which rows the caller may see, `conditions` which of them are asked for. `mark` ends the names of
    its tables, where its rows are a column of another level's statement. A list at the root may be `reached` from the
    caller's side, which says the same as its rule.
    """

    model: Model
    by: Attribute[Any] | None = None
    through: Attribute[Any] | None = None
    order: tuple[Order, ...] = ()
    texts: tuple[Attribute[Any], ...] = ()
    rule: Condition | None = None
    conditions: tuple[Condition, ...] = ()
    mark: str = ""
    reached: Reached | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        return total_order(self.model, self.order)

    @property
    def is_by_key(self) -> bool:
        """Whether the keys are those of the rows themselves, so that each has one row at most."""
        return self.by is not None and column_of(self.by) is key_of(self.model)

    @property
    def parent(self) -> str:
        """The label under which a row holds its parent's key."""
        assert self.by is not None
        return column_of(self.by).key if self.through is None else PARENT


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """The row that a column refers to, if its rule shows it. `of` is the join that has the column, None the row."""

    of: int | None
    attribute: Attribute[Any]
    model: Model
    rule: Condition | None = None


MakeColumn: TypeAlias = Callable[[FromClause], ColumnElement[Any]]


class Picked(NamedTuple):
    """A column of the level's row or of a join, or what is `made` of the row under the name `key`.

    The level's row has a column PARENT: the key of the row's parent.
    """

    of: int | None
    key: str
    made: MakeColumn | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What of its rows, and of the rows that they refer to, a statement reads."""

    joins: tuple[Join, ...]
    columns: tuple[Picked, ...]
    labels: tuple[str, ...]


class _Source(NamedTuple):
    """Where a level's rows come from."""

    tables: FromClause
    row: FromClause
    conditions: list[ColumnElement[bool]]
    parent: ColumnElement[Any] | None = None  # where the row does not hold it


def text_label(attribute: Attribute[Any]) -> str:
    """The name under which a row holds the words that a column refers to."""
    return f"{column_of(attribute).key}.text"


def everything(level: Level) -> Selection:
    """All columns of a level's rows under their own names, and its texts."""
    own = [column.key for column in table_of(level.model).columns]
    picked = [Picked(None, key) for key in own]
    labels = [*own, *map(text_label, level.texts)]
    picked += [Picked(nth, column_of(Content.text).key) for nth in range(len(level.texts))]
    if level.through is not None:
        picked.append(Picked(None, PARENT))
        labels.append(PARENT)
    joins = tuple(Join(None, attribute, Content) for attribute in level.texts)
    return Selection(joins, tuple(picked), tuple(labels))


def rows(level: Level, dialect: str, page: Page | None = None, selection: Selection | None = None) -> Select[Any]:
    """The rows of a level; of a page one more than its size, which tells whether there are more."""
    source = _whole(level, dialect) if page is None else _paged(level, dialect, page)
    return _selected(level, source, selection or everything(level))


def rows_inside(
    level: Level, page: Page | None, selection: Selection, parent: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The same of one parent as an array of records, which is a column of the parent's own row. For PostgreSQL."""
    source = _whole(level, POSTGRESQL, parent) if page is None else _paged(level, POSTGRESQL, page, parent)
    found = _selected(level, source, selection)
    return func.array(found.with_only_columns(func.row(*found.selected_columns)).scalar_subquery())


def _selected(level: Level, source: _Source, selection: Selection) -> Select[Any]:
    tables = source.tables
    sources: dict[int | None, FromClause] = {None: source.row}
    for nth, join in enumerate(selection.joins):
        tables = tables.outerjoin(*_joined(join, nth, level.mark, sources))
    columns = [_column(picked, level, source, sources[picked.of]) for picked in selection.columns]
    labelled = (column.label(label) for column, label in zip(columns, selection.labels, strict=True))
    statement = select(*labelled).select_from(tables).where(*source.conditions)
    return statement if level.is_by_key else statement.order_by(*sorted_by(source.row, level.terms))


def _joined(
    join: Join, nth: int, mark: str, sources: dict[int | None, FromClause]
) -> tuple[FromClause, ColumnElement[bool]]:
    other = table_of(join.model).alias(f"level_join_{nth}{mark}")
    meant = other.c[key_of(join.model).key] == column_in(sources[join.of], join.attribute)
    sources[nth] = other
    return other, meant if join.rule is None else and_(meant, join.rule(other))


def _column(picked: Picked, level: Level, source: _Source, row: FromClause) -> ColumnElement[Any]:
    if picked.made is not None:
        return picked.made(row)
    if picked.key != PARENT:
        return row.c[picked.key]
    assert level.by is not None
    return column_in(row, level.by) if source.parent is None else source.parent


def count(level: Level, dialect: str) -> Select[Any]:
    """How many rows a level has, for each parent, counted no further than one beyond the cap."""
    if level.by is None:
        return select(func.count().label(COUNT)).select_from(_counted(level, None))
    parents, key = _parents(level.by, dialect)
    return select(key.label(PARENT), count_inside(level, key).label(COUNT)).select_from(parents)


class Divided(NamedTuple):
    """What the rows of a list are counted apart by, and the name that its values have in the answer."""

    label: str
    apart: Apportion


class Counting(NamedTuple):
    """A statement that counts: all of a group under COUNT, and those on each side under the names in `sides`."""

    statement: Select[Any]
    labels: tuple[str, ...]
    side: str | None
    sides: Mapping[str, Any]


def tally(level: Level, divisions: Sequence[Divided]) -> Counting:
    """How many rows a list at the root has: exactly, and apart by the values of the divisions. None: one number."""
    row: FromClause = table_of(level.model).alias("level_row")
    tables, several, side = row, False, None
    columns: dict[str, ColumnElement[Any]] = {}
    sides: Sides = {}
    for label, apart in divisions:
        match apart(row):
            case Apart(column, joined, belongs):
                columns[label] = column.label(label)
                if joined is not None:
                    tables, several = tables.join(joined, belongs), True
            case conditions:
                side, sides = label, conditions
    # joined rows may name one row of the list twice
    number = func.count(row.c[key_of(level.model).key].distinct()) if several else func.count()
    names = {f"{COUNT}_{place}": value for place, value in enumerate(sides)}
    numbers = (number.filter(sides[value]).label(name) for name, value in names.items())
    found = select(*columns.values(), number.label(COUNT), *numbers).select_from(tables).where(*_visible(level, row))
    found = found.group_by(*columns.values()) if columns else found
    return Counting(found, tuple(columns), side, names)


def count_inside(level: Level, parent: ColumnElement[Any]) -> ColumnElement[int]:
    """How many rows one parent has, as a column."""
    return select(func.count()).select_from(_counted(level, parent)).scalar_subquery()


def parameters(keys: Collection[Any] | None, page: Page | None, now: datetime) -> dict[str, Any]:
    """The values of a level's own parameters. What its rule and its conditions name is the caller's to add."""
    values: dict[str, Any] = {NOW: now, TODAY: local_date(now), CAP: COUNT_CAP + 1}
    if keys is not None:
        values[KEYS] = keys
    if page is not None:
        values |= {LIMIT: page.size + 1, **keyset.parameters(page.start)}
    return values


def _whole(level: Level, dialect: str, parent: ColumnElement[Any] | None = None) -> _Source:
    """All rows, of all parents or of one."""
    row = table_of(level.model).alias(f"level_row{level.mark}")
    if level.by is None:
        return _Source(row, row, _visible(level, row))
    if level.through is None:
        return _Source(row, row, [_belongs(column_in(row, level.by), parent, dialect), *_visible(level, row)])
    link = table_of(model_of(level.by)).alias(f"level_link{level.mark}")
    linked = row.join(link, column_in(link, level.through) == row.c[key_of(level.model).key])
    by = column_in(link, level.by)
    return _Source(linked, row, [_belongs(by, parent, dialect), *_visible(level, row)], by)


def _belongs(by: ColumnElement[Any], parent: ColumnElement[Any] | None, dialect: str) -> ColumnElement[bool]:
    return among(by, KEYS, dialect) if parent is None else by == parent


def _paged(level: Level, dialect: str, page: Page, parent: ColumnElement[Any] | None = None) -> _Source:
    """One page, of the list at the root, of each parent or of one."""
    if level.by is None or parent is not None:
        only = _limited(level, dialect, page, parent).subquery(f"level_row{level.mark}")
        return _Source(only, only, [])
    parents, key = _parents(level.by, dialect)
    if dialect == POSTGRESQL:
        lateral = _limited(level, dialect, page, key).lateral("level_row")
        return _Source(parents.join(lateral, true()), lateral, [])
    row = table_of(level.model).alias("level_row")
    own = key_of(level.model).key
    chosen = select(_limited(level, dialect, page, key).subquery().c[own])
    # nothing but the key: SQLite would rather walk all rows of the parent and look each of them up in `chosen`
    return _Source(parents.join(row, row.c[own].in_(chosen)), row, [])


def _limited(level: Level, dialect: str, page: Page, parent: ColumnElement[Any] | None) -> Select[Any]:
    """A page of one parent, or of the root. Two halves of a walk are limited one by one, then together."""
    if not crosses(level.terms, page.start, dialect, backward=page.backward):
        return _part(level, page, parent, None if page.start is None else 0)
    parts = (_part(level, page, parent, half) for half in (0, 1))
    both = union_all(*(select(part.subquery()) for part in parts)).subquery(f"level_both{level.mark}")
    order = sorted_by(both, level.terms, backward=page.backward)
    return select(both).order_by(*order).limit(_in_text(LIMIT + level.mark))


def _part(level: Level, page: Page, parent: ColumnElement[Any] | None, half: int | None) -> Select[Any]:
    row, listed = _listed(level, f"level_part_{half or 0}{level.mark}")
    halves = ranges(row, level.terms, page.start, backward=page.backward, shown=partial(_visible, level))
    beyond = [] if half is None else [halves[half]]
    order = sorted_by(row, level.terms, backward=page.backward, halved=half is not None)
    found = select(row).where(*_of_parent(level, row, parent), *listed, *beyond)
    return found.order_by(*order).limit(_in_text(LIMIT + level.mark))


def _counted(level: Level, parent: ColumnElement[Any] | None) -> FromClause:
    row, listed = _listed(level, f"level_row{level.mark}")
    one: ColumnElement[int] = literal_column("1")
    found = select(one.label("one")).select_from(row).where(*_of_parent(level, row, parent), *listed)
    return found.limit(_in_text(CAP)).subquery(f"level_counted{level.mark}")


def _listed(level: Level, name: str) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """The rows of a table, or those that the caller reaches, and which of them are in the list."""
    if level.reached is None:
        row: FromClause = table_of(level.model).alias(name)
        return row, _visible(level, row)
    row = level.reached.rows(level.model, name)
    return row, [level.reached.rule(row), *(condition(row) for condition in level.conditions)]


def _visible(level: Level, row: FromClause) -> list[ColumnElement[bool]]:
    rule = [] if level.rule is None else [level.rule(row)]
    return [*rule, *(condition(row) for condition in level.conditions)]


def _of_parent(level: Level, row: FromClause, parent: ColumnElement[Any] | None) -> list[ColumnElement[bool]]:
    return [] if level.by is None else [column_in(row, level.by) == parent]


def _parents(by: Attribute[Any], dialect: str) -> tuple[FromClause, ColumnElement[Any]]:
    kind = column_of(by).type
    # the key is named as text: a column would draw the parents into the FROM of every nested select that uses it
    return listed(KEYS, kind, _PARENTS, dialect), literal_column(f"{_PARENTS}.value", kind)


def _in_text(name: str) -> BindParameter[int]:
    """A limit, which stands in the text: PostgreSQL plans by it, once for all requests of a shape."""
    return bindparam(name, type_=Integer(), literal_execute=True)
