"""Whether rows meet conditions that name nothing of the caller: what stands around them, beside the policy's verdicts.

Compiled reads have the same conditions in their SELECT.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz.where import render
from app.core.database import among
from app.reads.filters import Condition
from app.reads.kinds import Meets
from app.reads.tables import Model, table_of


def column_of_circumstance(one: Meets, dialect: str) -> Condition:
    """For a SELECT: true or false, never NULL."""
    return lambda row: _told(one, row, dialect)


async def circumstances(
    session: AsyncSession, model: Model, asked: Collection[Meets], keys: Collection[UUID]
) -> Mapping[UUID, Mapping[str, bool]]:
    """For each key, whether its row meets each of the conditions, by name. Rows that are gone have no entry."""
    dialect = session.get_bind().dialect.name
    row = table_of(model).alias()
    told = (_told(one, row, dialect).label(one.name) for one in asked)
    found = await session.execute(select(row.c.id, *told).where(among(row.c.id, keys, dialect)))
    return {id_: dict(zip((one.name for one in asked), values, strict=True)) for id_, *values in found}


def _told(one: Meets, row: object, dialect: str) -> ColumnElement[bool]:
    return case((render(one.condition, row, dialect), true()), else_=false())
