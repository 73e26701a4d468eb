"""Fields whose values are made in memory: of a row, its words and the policy's verdicts on it, or of the caller.

    body: list[DocumentBlock] = made(blocks_of, Text(models.Document.body_id), description="…")
    person: Person | None = told_one(lambda actor: actor.person_id, description="…")

Declared like all others: the resolvers here derive from the declaration, and so does the read compiler.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from app.graphql.declarations import Info, declared, target_of
from app.graphql.loaders import ReadContext, reads_of
from app.graphql.roots import visible
from app.reads.circumstances import circumstances
from app.reads.kinds import Computed, Input, Judged, Meets, Need, Text, Told, ToldMany, ToldOne, ToldThrough
from app.reads.statement import text_label
from app.reads.tables import Attribute, column_of
from app.reads.verdicts import Verdict, verdicts


def made(function: Callable[..., Any], *inputs: Input, needs: tuple[Need, ...] = (), description: str) -> Any:
    """A pure, total function of the inputs, and then of what it needs of the request."""
    actions = tuple(one.action for one in inputs if isinstance(one, Judged))
    met = tuple(one for one in inputs if isinstance(one, Meets))

    async def resolve(self: Any, info: Info) -> Any:
        context = info.context
        judged = await _judged(context, type(self), actions, self.row["id"]) if actions else {}
        around = await _circumstances(context, type(self), met, self.row["id"]) if met else {}
        values = [_value(one, self.row, judged, around) for one in inputs]
        return function(*values, *[await context.given(need) for need in needs])

    return declared(Computed(function, inputs, needs), resolve, description)


def told(function: Callable[[Any], Any], *, description: str) -> Any:
    """What an object in memory tells of itself: a value, or objects in memory."""
    return declared(Told(function), lambda self: function(self.item), description)


def told_one(function: Callable[[Any], Any], *, description: str) -> Any:
    """The row whose key an object in memory tells; null where the caller may not see it."""

    async def resolve(self: Any, info: Info) -> Any:
        key = function(self.item)
        return None if key is None else await visible(info.context, target(), key)

    field = declared(ToldOne(function), resolve, description)
    target = target_of(field)
    return field


def told_through(function: Callable[[Any], Any], via: type[Any], attribute: Attribute[Any], *, description: str) -> Any:
    """What a column of another row refers to, whose key an object in memory tells; null unless the caller sees both."""
    column = column_of(attribute).key

    async def resolve(self: Any, info: Info) -> Any:
        key = function(self.item)
        between = None if key is None else await visible(info.context, via, key)
        wanted = None if between is None else between.row[column]
        return None if wanted is None else await visible(info.context, target(), wanted)

    field = declared(ToldThrough(function, via, attribute), resolve, description)
    target = target_of(field)
    return field


def told_many(function: Callable[[Any], Any], *, description: str) -> Any:
    """The rows whose keys an object in memory tells, without those that the caller may not see."""

    async def resolve(self: Any, info: Info) -> Any:
        found = await asyncio.gather(*(visible(info.context, target(), key) for key in function(self.item)))
        return [one for one in found if one is not None]

    field = declared(ToldMany(function), resolve, description)
    target = target_of(field)
    return field


async def _judged(
    context: ReadContext, target: type[Any], actions: tuple[str, ...], key: UUID
) -> Mapping[str, Verdict]:
    """The verdicts on one row, asked for together with those on all other rows of the moment."""
    model = reads_of(target).model
    policy: Any = context.policy  # reads know no more of it than its plans; a verdict tells the rule, too

    async def load(keys: list[UUID]) -> list[Mapping[str, Verdict]]:
        async with context.database.read() as session:
            found = await verdicts(session, policy, context.actor, context.now, model, actions, keys)
        return [found.get(one, {}) for one in keys]

    return await context.loaders.batch((target, actions), load).load(key)


async def _circumstances(
    context: ReadContext, target: type[Any], asked: tuple[Meets, ...], key: UUID
) -> Mapping[str, bool]:
    """What one row meets, asked for together with all other rows of the moment."""
    model = reads_of(target).model

    async def load(keys: list[UUID]) -> list[Mapping[str, bool]]:
        async with context.database.read() as session:
            found = await circumstances(session, model, asked, keys)
        return [found.get(one, {}) for one in keys]

    return await context.loaders.batch((target, asked), load).load(key)


def _value(one: Input, row: Any, judged: Mapping[str, Verdict], around: Mapping[str, bool]) -> Any:
    if isinstance(one, Judged):
        return judged.get(one.action)
    return around.get(one.name, False) if isinstance(one, Meets) else row[_name(one)]


def _name(one: Any) -> str:
    return text_label(one.attribute) if isinstance(one, Text) else column_of(one).key
