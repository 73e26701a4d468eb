"""Many rows at once: PostgreSQL takes them as arrays in one statement, SQLite one by one in one call of its driver."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Dialect,
    String,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from app.core.prepared import Prepared, prepare

Row = Mapping[str, Any]
_OF_ID = "of_id"  # `id` would be taken for the column that is set


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that all name the same columns, those with a default in Python among them."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        given = select(_as_table(table, rows))
        await connection.execute(insert(table).from_select(list(rows[0]), given, include_defaults=False))
    else:
        await _one_by_one(connection, _insertion(table, tuple(rows[0]), connection.dialect), rows)


async def update_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Set the columns that the rows name, the same ones in each, where `id` says."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    if connection.dialect.name == "postgresql":
        given = _as_table(table, rows)
        statement = update(table).where(table.c.id == given.c.id).values({name: given.c[name] for name in names})
        await connection.execute(statement)
    else:
        of_id = [{**row, _OF_ID: row["id"]} for row in rows]
        await _one_by_one(connection, _alteration(table, tuple(names), connection.dialect), of_id)


async def _one_by_one(connection: AsyncConnection, statement: Prepared, rows: Sequence[Row]) -> None:
    await connection.exec_driver_sql(statement.text, statement.arguments_of(rows))


@lru_cache(maxsize=50)  # of few tables, in few shapes
def _insertion(table: Table, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    return prepare(insert(table).values({name: _place(table.c[name], name) for name in names}), dialect)


@lru_cache(maxsize=50)
def _alteration(table: Table, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    values = {name: _place(table.c[name], name) for name in names}
    return prepare(update(table).where(table.c.id == _place(table.c.id, _OF_ID)).values(values), dialect)


def _place(of: Column[Any], name: str) -> BindParameter[Any]:
    return bindparam(name, type_=of.type)


def _as_table(table: Table, rows: Sequence[Row]) -> TableValuedAlias:
    """The rows as something to select from: an array for each column."""
    columns = [table.c[name] for name in rows[0]]
    arrays = [literal([row[of.name] for row in rows], ARRAY(_item(of.type), dimensions=1)) for of in columns]
    return func.unnest(*arrays).table_valued(*(column(of.name, of.type) for of in columns)).render_derived()


def _item(of: TypeEngine[Any]) -> TypeEngine[Any]:
    """Text without its length: a cast to `varchar(60)[]` would cut off what is too long, the column refuses it."""
    return Text() if isinstance(of, String) else of
