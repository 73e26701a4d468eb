"""Sets of values as one parameter, so that one text serves every length: an array on PostgreSQL, JSON on SQLite."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Dialect, FromClause, Text, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeDecorator, TypeEngine

POSTGRESQL = "postgresql"


class SetOf(TypeDecorator[Any]):
    """A set of values of one type as a parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == POSTGRESQL else Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == POSTGRESQL:
            return list(value)
        write: Callable[[Any], Any] | None = self.item.dialect_impl(dialect).bind_processor(dialect)
        return orjson.dumps([write(item) if write else item for item in value]).decode()


def among(left: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column or expression has one of the values of the named parameter."""
    values = bindparam(name, type_=SetOf(left.type))
    if dialect == POSTGRESQL:
        return left == any_(values)
    return left.in_(select(func.json_each(values).table_valued("value").c.value))


def listed(name: str, item: TypeEngine[Any], alias: str, dialect: str) -> FromClause:
    """The values of the named parameter as rows of `alias` with one column, `value`."""
    values, value = bindparam(name, type_=SetOf(item)), column("value", item)
    if dialect == POSTGRESQL:
        return func.unnest(values).table_valued(value).render_derived(name=alias)
    return func.json_each(values).table_valued(value, name=alias)
