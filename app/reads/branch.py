"""A branch of a plan: one list level, what is read of its rows, and the texts that this needs.

The rows are tuples; whatever wants a value of them is told its place while the plan is made.

On PostgreSQL the lists below a single object are columns of its statement, arrays of records, since a round trip costs
more than such a list. Below the rows of a page they are not: for many parents at once one statement is cheaper.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Dialect, FromClause, literal_column, null
from sqlalchemy.sql.selectable import AliasedReturnsRows

from app.core.paging import Page
from app.core.prepared import Prepared, prepare, writer_of
from app.reads import statement
from app.reads.filters import Condition
from app.reads.keyset import UNSAID, Term
from app.reads.kinds import Need
from app.reads.statement import PARENT, Join, Level, MakeColumn, Picked, Selection
from app.reads.tables import Attribute, Model, column_of, key_of
from app.reads.values import Convert, Serialize, answer_of, id_of, value_of

_RAW = frozenset({statement.KEYS})  # keys of parents go back to the driver as it gave them
_TEXTS = 32  # kept for one branch: which filters are given, where a page starts


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """The value of a column."""

    position: int
    convert: Convert | None = None
    nullable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A pure function of columns, and then of what it needs of the request."""

    function: Callable[..., Any]
    cells: tuple[Cell, ...]
    needs: tuple[Need, ...]
    convert: Convert | None = None
    nullable: bool = True

    def converted(self, convert: Convert, *, nullable: bool) -> "Call":
        return replace(self, convert=convert, nullable=nullable)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks of one branch: its page or its keys, and what of a filter changes the text.

    `form` names that text among all texts of the branch; None: it is made for this request alone. `level` is given
    where the request decides on conditions and order.
    """

    keys: Any = None
    page: Page | None = None
    level: Level | None = None
    form: Hashable = ()
    values: Mapping[str, Any] = field(default_factory=dict)


Pages: TypeAlias = Mapping[int, Page]  # what a request asks for, by the number of the branch
MakeInside: TypeAlias = Callable[["Branch", ColumnElement[Any], Pages], ColumnElement[Any]]


def mark_of(number: int) -> str:
    """How the names of the tables of a branch below a single object end."""
    return f"_{number}"


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """A column of a parent's row, whose key is `key`: the rows of a branch that refer to it, or how many they are."""

    of: int | None
    key: str
    branch: "Branch"
    make: MakeInside

    def picked(self, pages: Pages) -> Picked:
        return Picked(self.of, self.key, lambda row: self._column(row, pages))

    def _column(self, row: FromClause, pages: Pages) -> ColumnElement[Any]:
        if not self.branch.is_inside(pages):
            return null()
        assert isinstance(row, AliasedReturnsRows)
        # the key is named as text: a column would draw the parent's table into the FROM of the nested select
        key: ColumnElement[Any] = literal_column(f"{row.name}.{self.key}", row.c[self.key].type)
        return self.make(self.branch, key, pages)


@dataclass(slots=True, eq=False)
class Branch:
    """One level of a plan. `parent` is the branch whose rows refer to it, by the value at the place `key`.

    `outer` is the same branch where the rows may be columns of its own.
    """

    level: Level
    dialect: Dialect
    number: int = 0
    parent: int | None = None
    key: int | None = None
    outer: "Branch | None" = None
    of_one: bool = False  # a single object, or below one
    counted: bool = False
    listed: bool = True
    looked_up: bool = False  # its rows are found by their keys, which the request gives
    parent_place: int = 0  # where the key of its parent stands in a row
    rows_place: int = 0  # where its rows stand in a row of `outer`, and their number
    count_place: int = 0
    _joins: list[Join] = field(default_factory=list)
    _columns: dict[Hashable, Picked | Inside] = field(default_factory=dict)
    _prepared: dict[Hashable, Prepared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.parent is not None or self.looked_up:
            assert self.level.by is not None
            self.parent_place = self.place(None, column_of(self.level.by).key if self.level.through is None else PARENT)
        if self.outer is not None:
            self.rows_place = self.outer.hold(self, Branch.rows_of)

    def count_rows(self) -> None:
        """How many rows there are is asked for."""
        if self.outer is not None and not self.counted:
            self.count_place = self.outer.hold(self, Branch.count_of)
        self.counted = True

    def hold(self, inner: "Branch", make: MakeInside) -> int:
        """Where a column of another branch stands in the rows of this one."""
        assert inner.key is not None
        picked = list(self._columns.values())[inner.key]
        self._columns[inner.number, make] = Inside(picked.of, picked.key, inner, make)
        return len(self._columns) - 1

    def is_inside(self, pages: Pages) -> bool:
        """Whether the rows are columns of `outer`. Pages beyond a cursor, which are seldom, are not."""
        page = pages.get(self.number)
        return self.outer is not None and (page is None or page.start is None)

    def place(self, of: int | None, key: str, made: MakeColumn | None = None) -> int:
        """Where the value of a column, or of what is `made` of its row, stands in the rows; it is read from now on."""
        self._columns.setdefault((of, key), Picked(of, key, made))
        return list(self._columns).index((of, key))

    def join(self, of: int | None, attribute: Attribute[Any], model: Model, rule: Condition | None = None) -> int:
        """The join of the row that a column refers to, which may be there already."""
        for nth, join in enumerate(self._joins):
            if join.of == of and join.attribute is attribute and join.model is model:
                return nth
        self._joins.append(Join(of, attribute, model, rule))
        return len(self._joins) - 1

    def key_place(self, of: int | None = None) -> int:
        """Where the key of the level's row, or of a joined one, stands."""
        return self.place(of, key_of(self.level.model if of is None else self._joins[of].model).key)

    def cell(self, of: int | None, attribute: Attribute[Any], serialize: Serialize) -> Cell:
        """A column as a field shows it."""
        column = column_of(attribute)
        return Cell(
            self.place(of, column.key), answer_of(column.type, self.dialect, serialize), nullable=bool(column.nullable)
        )

    def value(self, of: int | None, attribute: Attribute[Any]) -> Cell:
        """A column as Python code knows it."""
        column = column_of(attribute)
        return Cell(self.place(of, column.key), value_of(column.type, self.dialect), nullable=bool(column.nullable))

    def term(self, term: Term) -> Cell:
        """A column of the order, as cursors hold it."""
        return Cell(self.place(None, term.key), value_of(term.type, self.dialect), nullable=term.nullable)

    def id(self, of: int | None, tag: str) -> Cell:
        """The global id of the level's row, or of a joined one."""
        model = self.level.model if of is None else self._joins[of].model
        return Cell(self.key_place(of), id_of(key_of(model).type, self.dialect, tag))

    def key_as_given(self, by: Attribute[Any], key: Any) -> Any:
        """The value of a column as the driver takes it."""
        write = writer_of(column_of(by).type, self.dialect)
        return key if write is None else write(key)

    def rows(self, asked: Asked, pages: Pages) -> Prepared:
        """The statement for the rows. `pages` are those that the request asks for."""
        level = asked.level or self.level
        forms = [_form_of_page(page) for one, page in pages.items() if one == self.number or self.of_one]
        limits = {statement.LIMIT + mark_of(one): page.size + 1 for one, page in pages.items()}
        if asked.page is not None:
            limits[statement.LIMIT] = asked.page.size + 1
        return self._kept(
            None if asked.form is None else ("rows", asked.form, *forms),
            limits,
            lambda: statement.rows(level, self.dialect.name, asked.page, self._selection(pages)),
        )

    def rows_of(self, parent: ColumnElement[Any], pages: Pages) -> ColumnElement[Any]:
        """The rows of one parent, as a column."""
        if not self.listed:
            return null()
        return statement.rows_inside(self.level, pages.get(self.number), self._selection(pages), parent)

    def count(self, asked: Asked) -> Prepared:
        """The statement for the number of rows."""
        level = asked.level or self.level
        return self._kept(
            None if asked.form is None else ("count", asked.form),
            {},
            lambda: statement.count(level, self.dialect.name),
        )

    def count_of(self, parent: ColumnElement[Any], _pages: Pages) -> ColumnElement[Any]:
        """The number of rows of one parent, as a column."""
        return statement.count_inside(self.level, parent)

    def _selection(self, pages: Pages) -> Selection:
        if not self._columns:  # `__typename` alone; SQLite selects no rows without columns
            self.key_place()
        columns = tuple(one if isinstance(one, Picked) else one.picked(pages) for one in self._columns.values())
        return Selection(tuple(self._joins), columns, tuple(f"c{nth}" for nth in range(len(columns))))

    def _kept(self, form: Hashable | None, limits: Mapping[str, int], make: Callable[[], Any]) -> Prepared:
        kept = self._prepared.get(form)
        if kept is None:
            in_text = {**limits, statement.CAP: statement.COUNT_CAP + 1}
            kept = prepare(make(), self.dialect, raw=_RAW, in_text=in_text)
            if form is not None:
                if len(self._prepared) >= _TEXTS:
                    self._prepared.pop(next(iter(self._prepared)))
                self._prepared[form] = kept
        return kept


def _form_of_page(page: Page) -> Hashable:
    """What of a page changes the text: its size, its direction, which of the cursor's values are NULL or left out."""
    start = None if page.start is None else tuple((value is None, value is UNSAID) for value in page.start)
    return page.size, page.backward, start
