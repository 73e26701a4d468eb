"""The toy district for both ways: a policy with two role shapes, and callers of either."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, true

from app.authz.actor import Actor, Grant
from app.core.levels import Classification
from app.core.paging import Cursors
from app.graphql.execution import core_schema
from tests.compiled.operations import Operations
from tests.compiled.values import Values
from tests.reads import toy
from tests.reads.bed import NOW, Bed
from tests.reads.toy import ToyPlan, ToyPolicy, Unit
from tests.reads.toy_schema import ToyContext, schema

OFFICE = "office"
INSTANTS = [NOW, NOW + timedelta(days=40)]


class Everything(ToyPlan):
    """The office sees all rows."""

    def where(self, source: Any, _dialect: str, _below: Any = None, /) -> ColumnElement[bool]:
        return true()


class TwoShapes(ToyPolicy):
    def plan(self, roles: frozenset[str], object_name: str, action: str, /) -> ToyPlan:
        return Everything(object_name) if OFFICE in roles else super().plan(roles, object_name, action)


POLICY = TwoShapes()


def actors_of(units: Sequence[Unit]) -> list[Actor]:
    """Units and clearances, and an office."""
    found = [toy.actor_of(unit, level) for unit in units for level in Classification]
    return [*found, replace(found[0], grants=(Grant(OFFICE),))]


def context(bed: Bed, actor: Actor, now: datetime = NOW) -> ToyContext:
    return ToyContext(bed.database, actor, now, POLICY)


def contexts(bed: Bed, units: Sequence[Unit]) -> list[Callable[[], ToyContext]]:
    """Everybody, today and in forty days."""
    return [partial(context, bed, actor, now) for actor in actors_of(units) for now in INSTANTS]


async def operations(bed: Bed) -> Operations:
    """What may be asked of the rows that are there."""
    values = await Values.of(core_schema(schema), bed.database, Cursors(b"a key for tests only"), NOW)
    return Operations(core_schema(schema), values)
