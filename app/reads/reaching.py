"""Lists that are read from the caller's side (`authz/reach.py`), where its other table holds what they are sorted by.

The list of a unit is then a walk along an index that begins with the unit, for page 1 as for page 1,000.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, select

from app.authz.actor import Actor
from app.reads.keyset import Term
from app.reads.tables import Attribute, Model, column_in, key_of, model_of, table_of


class Reach(Hashable, Protocol):
    """What reads need of `authz.Reach`."""

    @property
    def link(self) -> Attribute[Any]: ...

    @property
    def naming(self) -> Attribute[Any]: ...

    def serves(self, actor: Actor, now: datetime, /) -> bool: ...

    def parameters(self, actor: Actor, now: datetime, dialect: str, /) -> dict[str, Any]: ...

    def names(self, other: Any, dialect: str, /) -> ColumnElement[bool]: ...

    def where(self, source: Any, dialect: str, /) -> ColumnElement[bool]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """A table with rows for whoever has to do with a row of a list: `link` refers to it.

    For one value in one of the columns `naming` there is one such row at most. `columns` repeat those of the list's own
    row, by their names; an index has them after the value in the order of the list.
    """

    link: Attribute[Any]
    naming: tuple[Attribute[Any], ...]
    columns: Mapping[str, Attribute[Any]]

    def serve(self, reach: Reach, terms: Sequence[Term]) -> bool:
        """Whether rows that are reached so are found in this order without being sorted."""
        return reach.link is self.link and reach.naming in self.naming and all(t.key in self.columns for t in terms)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """How a level's rows are found, in place of its rule."""

    copies: Copies
    reach: Reach
    dialect: str

    def rows(self, model: Model, name: str) -> FromClause:
        """The rows with which the caller has to do, with the copies for their columns, under the name of a table."""
        own, other = table_of(model).alias(f"{name}_own"), table_of(model_of(self.copies.link)).alias(f"{name}_named")
        meant = column_in(other, self.copies.link) == own.c[key_of(model).key]
        copied = self.copies.columns
        columns = [
            (column_in(other, copied[column.key]) if column.key in copied else own.c[column.key]).label(column.key)
            for column in table_of(model).columns
        ]
        named = self.reach.names(other, self.dialect)
        return select(*columns).select_from(other.join(own, meant)).where(named).subquery(name)

    def rule(self, row: FromClause) -> ColumnElement[bool]:
        """Which of them he may see."""
        return self.reach.where(row, self.dialect)


@lru_cache(maxsize=1000)
def reached_by(copies: Copies, reach: Reach, dialect: str) -> Reached:
    """The same object for the same way."""
    return Reached(copies, reach, dialect)
