"""What reads need to know of a mapped class: its table, its columns, its key."""

from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Column, FromClause, Table, inspect
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

Model: TypeAlias = type[DeclarativeBase]
Attribute: TypeAlias = InstrumentedAttribute


def table_of(model: Model) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def model_of(attribute: Attribute[Any]) -> Model:
    return attribute.parent.class_


def column_of(attribute: Attribute[Any]) -> Column[Any]:
    column = attribute.property.columns[0]
    assert isinstance(column, Column)
    return column


def key_of(model: Model) -> Column[Any]:
    """The primary key. What the API names has exactly one key column."""
    (column,) = inspect(model).primary_key
    assert isinstance(column, Column)
    return column


def key_attribute(model: Model) -> Attribute[Any]:
    attribute: Attribute[Any] = inspect(model).get_property_by_column(key_of(model)).class_attribute
    return attribute


def column_in(source: FromClause, attribute: Attribute[Any]) -> Any:
    """The column of an alias or subquery that stands for an attribute."""
    return source.c[column_of(attribute).key]


def refers_to(attribute: Attribute[Any], model: Model) -> bool:
    """Whether a column is a foreign key to the key of a table."""
    return any(key.column is key_of(model) for key in column_of(attribute).foreign_keys)


def is_unique(attribute: Attribute[Any]) -> bool:
    column = column_of(attribute)
    return bool(column.unique or column.primary_key)


def is_wide(attribute: Attribute[Any]) -> bool:
    """Whether a column may hold integers that GraphQL's Int cannot."""
    return isinstance(column_of(attribute).type, BigInteger)
