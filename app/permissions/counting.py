"""How many rows two policies decide differently for somebody, and some of them: one statement for each side.

Only rows are counted of which the one who asks may know: a count tells that something is there. Examples are of what he
may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.visitors import cloned_traverse

from app.authz import Actor, Policy
from app.authz.conditions import ALWAYS, NEVER, Condition
from app.authz.where import render
from app.permissions.comparison import Shift, knowable, principals_of

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows, and the keys of some that the reader may see."""

    rows: int
    examples: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is counted for a role shape, under the rights of whoever asks (`reader`)."""

    shift: Shift
    known: Condition
    seen: Condition
    model: type[Any]


def question(shift: Shift, policy: Policy, reader: Actor, object_name: str) -> Question:
    """`policy`: the one in force, under which the reader asks."""
    seen = policy.plan(reader.roles, object_name, "view").condition
    known = knowable(policy.objects, object_name)
    return Question(shift, seen if known is ALWAYS else known, seen, policy.objects[object_name].model)


async def count(session: AsyncSession, asked: Question, who: Actor, reader: Actor, now: datetime) -> Counted:
    """For one caller, or for whoever has the same roles, units and clearance."""
    if asked.shift.moved is NEVER:
        return Counted(0, ())
    dialect = session.get_bind().dialect.name
    counting, showing = _statements(asked, dialect)
    values = _values(asked, who, reader, now, dialect)
    rows = (await session.execute(counting, values)).scalar_one()
    if not rows or asked.seen is NEVER:
        return Counted(rows, ())
    return Counted(rows, tuple((await session.execute(showing, values)).scalars()))


@lru_cache(maxsize=512)
def _statements(asked: Question, dialect: str) -> tuple[Select[Any], Select[Any]]:
    """To build them takes longer than to send them: those of a role shape are kept."""
    table = asked.model.__table__
    shift = asked.shift
    parts = (
        _named("wanted", render(shift.moved, table, dialect)),
        _named("wanted", render(shift.wanted.condition, table, dialect)),
        _named("unwanted", render(shift.unwanted.condition, table, dialect, negated=True)),
        _named("reader", render(asked.known, table, dialect)),
    )
    found = and_(*parts)
    shown = and_(found, _named("reader", render(asked.seen, table, dialect)))
    key = next(iter(table.primary_key.columns))
    return select(func.count()).select_from(table).where(found), select(key).where(shown).order_by(key).limit(EXAMPLES)


def _named(side: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The two policies may mean different units by the same role: each side has parameters of its own."""

    def rename(parameter: BindParameter[Any]) -> None:
        parameter.key = f"{side}_{parameter.key}"

    renamed: ColumnElement[bool] = cloned_traverse(condition, {}, {"bindparam": rename})
    return renamed


def _values(asked: Question, who: Actor, reader: Actor, now: datetime, dialect: str) -> Mapping[str, Any]:
    shift = asked.shift
    sides = (
        ("wanted", shift.moved, who),
        ("wanted", shift.wanted.condition, who),
        ("unwanted", shift.unwanted.condition, who),
        ("reader", asked.known, reader),
        ("reader", asked.seen, reader),
    )
    return {
        f"{side}_{principal.name}": principal.parameter(actor, now, dialect)
        for side, condition, actor in sides
        for principal in principals_of(condition)
    }
