"""A branch of a plan: one list level, what is read of its rows, and the texts that this needs.

The rows are tuples; whatever wants a value of them is told its place while the plan is made.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Dialect

from app.core.paging import Page
from app.core.prepared import Prepared, prepare, writer_of
from app.reads import statement
from app.reads.filters import Condition
from app.reads.keyset import Term
from app.reads.kinds import Need
from app.reads.statement import PARENT, Join, Level, Picked, Selection
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


@dataclass(slots=True, eq=False)
class Branch:
    """One level of a plan. `parent` is the branch whose rows refer to it, by the value at the place `key`."""

    level: Level
    dialect: Dialect
    parent: int | None = None
    key: int | None = None
    counted: bool = False
    listed: bool = True
    looked_up: bool = False  # its rows are found by their keys, which the request gives
    parent_place: int = 0  # where the key of its parent stands in a row
    _joins: list[Join] = field(default_factory=list)
    _columns: dict[tuple[int | None, str], Picked] = field(default_factory=dict)
    _prepared: dict[Hashable, Prepared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.parent is not None or self.looked_up:
            assert self.level.by is not None
            self.parent_place = self.place(None, column_of(self.level.by).key if self.level.through is None else PARENT)

    def place(self, of: int | None, key: str, made: Condition | None = None) -> int:
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

    def rows(self, asked: Asked) -> Prepared:
        """The statement for the rows."""
        level = asked.level or self.level
        starts = None if asked.page is None else _form_of_page(asked.page)
        if not self._columns:  # `__typename` alone; SQLite selects no rows without columns
            self.key_place()
        labels = tuple(f"c{nth}" for nth in range(len(self._columns)))
        selection = Selection(tuple(self._joins), tuple(self._columns.values()), labels)
        return self._kept(
            None if asked.form is None else ("rows", asked.form, starts),
            {} if asked.page is None else {statement.LIMIT: asked.page.size + 1},
            lambda: statement.rows(level, self.dialect.name, asked.page, selection),
        )

    def count(self, asked: Asked) -> Prepared:
        """The statement for the number of rows."""
        level = asked.level or self.level
        return self._kept(
            None if asked.form is None else ("count", asked.form),
            {statement.CAP: statement.COUNT_CAP + 1},
            lambda: statement.count(level, self.dialect.name),
        )

    def _kept(self, form: Hashable | None, limits: Mapping[str, int], make: Callable[[], Any]) -> Prepared:
        kept = self._prepared.get(form)
        if kept is None:
            kept = prepare(make(), self.dialect, raw=_RAW, in_text=limits)
            if form is not None:
                if len(self._prepared) >= _TEXTS:
                    self._prepared.pop(next(iter(self._prepared)))
                self._prepared[form] = kept
        return kept


def _form_of_page(page: Page) -> Hashable:
    """What of a page changes the text: its size, its direction, and which of the cursor's values are NULL."""
    nulls = None if page.start is None else tuple(value is None for value in page.start)
    return page.size, page.backward, nulls
