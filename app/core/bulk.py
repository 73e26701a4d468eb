"""Many rows at once: PostgreSQL takes them as arrays in one statement, SQLite one by one in one call of its driver."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, Table, TableValuedAlias, Text, bindparam, column, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that all name the same columns, those with a default in Python among them."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        given = select(_as_table(table, rows))
        await connection.execute(insert(table).from_select(list(rows[0]), given, include_defaults=False))
    else:
        await connection.execute(insert(table), rows)


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
        of_id = "of_id"  # `id` would be taken for the column that is set
        statement = update(table).where(table.c.id == bindparam(of_id))
        statement = statement.values({name: bindparam(name) for name in names})
        await connection.execute(statement, [{**row, of_id: row["id"]} for row in rows])


def _as_table(table: Table, rows: Sequence[Row]) -> TableValuedAlias:
    """The rows as something to select from: an array for each column."""
    columns = [table.c[name] for name in rows[0]]
    arrays = [literal([row[of.name] for row in rows], ARRAY(_item(of.type), dimensions=1)) for of in columns]
    return func.unnest(*arrays).table_valued(*(column(of.name, of.type) for of in columns)).render_derived()


def _item(of: TypeEngine[Any]) -> TypeEngine[Any]:
    """Text without its length: a cast to `varchar(60)[]` would cut off what is too long, the column refuses it."""
    return Text() if isinstance(of, String) else of
