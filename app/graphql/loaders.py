"""One registry of loaders for each request: rows asked for at the same moment travel in one statement.

Never shared between requests: what a loader remembers was seen under one caller's rights.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from strawberry.dataloader import DataLoader

from app.authz.actor import Actor
from app.core.database import Database
from app.core.paging import Cursors, Page
from app.reads.execution import Count, Reading, Row, Slice, Tally
from app.reads.filters import Condition, Listing, Rests
from app.reads.keyset import Term
from app.reads.kinds import Need, Reads, ToMany, ToPage
from app.reads.reaching import Reached
from app.reads.seen import Seen, marks_of
from app.reads.statement import Divided, Level
from app.reads.tables import Attribute, key_attribute
from app.reads.visibility import Policy, Rule, reached, rule_below, rule_of

K = TypeVar("K")
V = TypeVar("V")


class ReadContext(Protocol):
    """What resolvers need to know of a request."""

    @property
    def database(self) -> Database: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def now(self) -> datetime: ...

    @property
    def cursors(self) -> Cursors: ...

    @property
    def search_key(self) -> bytes: ...

    @property
    def loaders(self) -> "Loaders": ...

    async def given(self, need: Need) -> Any: ...


class Loaders:
    """The loaders of one request, one for each relation and its arguments, made when first asked for."""

    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._kept: dict[Hashable, DataLoader[Any, Any]] = {}
        self._rules: dict[str | None, Rule] = {}
        self.seen = Seen()

    @property
    def dialect(self) -> str:
        return "sqlite" if self._context.database.sqlite else "postgresql"

    def one(self, target: type[V], by: Attribute[Any] | None = None) -> DataLoader[Any, V | None]:
        """The visible object with a key, or with a value in the unique column `by`."""
        column = by or key_attribute(reads_of(target).model)

        async def load(keys: list[Any]) -> list[V | None]:
            found = await self._by_parent(target, keys, by=column)
            return [found[key][0] if key in found else None for key in keys]

        return self.batch((target, column.key), load)

    def many(self, target: type[V], relation: ToMany) -> DataLoader[Any, list[V]]:
        """All visible objects that refer to a parent."""
        where = () if relation.where is None else (relation.where,)

        async def load(keys: list[Any]) -> list[list[V]]:
            found = await self._by_parent(
                target, keys, by=relation.by, through=relation.through, order=relation.order, conditions=where
            )
            return [found.get(key, []) for key in keys]

        return self.batch((target, relation), load)

    def pages(self, target: type[Any], relation: ToPage, page: Page) -> DataLoader[Any, Slice]:
        """One page of the visible rows that refer to a parent."""
        level = self._level_of(target, relation)

        async def load(keys: list[Any]) -> list[Slice]:
            async with self._reading(target) as reading:
                found = await reading.pages(level, keys, page)
            for one in found.values():
                self._see(target, one.rows)
            return [found[key] for key in keys]

        return self.batch((target, relation, page), load)

    def counts(self, target: type[Any], relation: ToPage) -> DataLoader[Any, Count]:
        """How many visible rows refer to a parent."""
        level = self._level_of(target, relation)

        async def load(keys: list[Any]) -> list[Count]:
            async with self._reading(target) as reading:
                found = await reading.counts(level, keys)
            return [found[key] for key in keys]

        return self.batch((target, relation, Count), load)

    def batch(self, name: Hashable, load: Callable[[list[K]], Awaitable[Sequence[V]]]) -> DataLoader[K, V]:
        """The loader of that name; `load` is used when there is none yet. For resolvers written by hand, too."""
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = _Loader(load_fn=load)
        return kept

    def forget(self) -> None:
        """After a write: what was read before it is not true any more."""
        self._kept.clear()
        self._rules.clear()

    async def root_page(self, level: Level, target: type[Any], page: Page, given: Mapping[str, Any]) -> Slice:
        async with self._reading(target, given) as reading:
            found = await reading.page(level, page)
        self._see(target, found.rows)
        return found

    async def root_count(self, level: Level, target: type[Any], given: Mapping[str, Any]) -> Count:
        async with self._reading(target, given) as reading:
            return await reading.count(level)

    def level(self, target: type[Any], conditions: tuple[Condition, ...] = (), **shape: Any) -> Level:
        """A level of a type's rows under the caller's rule."""
        reads = reads_of(target)
        rule = self._rule(reads.object).condition
        return Level(reads.model, texts=reads.texts, rule=rule, conditions=conditions, **shape)

    def _level_of(self, target: type[Any], relation: ToPage) -> Level:
        where = () if relation.where is None else (relation.where,)
        return self.level(target, where, by=relation.by, order=relation.order)

    async def _by_parent(self, target: type[V], keys: Collection[Any], **shape: Any) -> dict[Any, list[V]]:
        async with self._reading(target) as reading:
            found = await reading.by_parent(self.level(target, **shape), keys)
        for rows in found.values():
            self._see(target, rows)
        make: Callable[..., V] = target
        return {key: [make(row=row) for row in rows] for key, rows in found.items()}

    def _see(self, target: type[Any], rows: Iterable[Row]) -> None:
        marks = marks_of(reads_of(target))
        if marks is not None:
            for row in rows:
                shown = (row.get(name or "") for name in (marks.restricted, marks.classification, marks.case_id))
                self.seen.add(marks, row[marks.key], *shown)

    @asynccontextmanager
    async def _reading(self, target: type[Any], given: Mapping[str, Any] | None = None) -> AsyncIterator[Reading]:
        values = {**self._rule(reads_of(target).object).values, **(given or {})}
        async with self._context.database.read() as session:
            yield Reading(session, self._context.now, values)

    def rule_of(self, rests: Rests, above: str) -> Rule:
        """The rule of what a condition rests on, whose rows belong to rows of `above`."""
        context = self._context
        return rule_below(context.policy, context.actor, context.now, rests, above, self.dialect)

    def reached(
        self, listing: Listing, object_name: str | None, terms: Sequence[Term]
    ) -> tuple[Reached | None, dict[str, Any]]:
        """How a list is read from the caller's side, if it can be, and the values that this names."""
        context = self._context
        if listing.copies is None or object_name is None:
            return None, {}
        who = context.policy, context.actor, context.now, object_name, self.dialect
        return reached(*who, listing.copies, terms) or (None, {})

    async def root_tally(
        self, level: Level, target: type[Any], divisions: Sequence[Divided], given: Mapping[str, Any]
    ) -> Tally:
        async with self._reading(target, given) as reading:
            return await reading.tally(level, divisions)

    def _rule(self, object_name: str | None) -> Rule:
        context = self._context
        if object_name not in self._rules:
            self._rules[object_name] = rule_of(context.policy, context.actor, context.now, object_name, self.dialect)
        return self._rules[object_name]


class _Loader(DataLoader[K, V]):
    """Those who ask for one key wait for one future.

    graphql-core cancels the siblings of a field that failed, and with a sibling would go what others still wait for.
    """

    def load(self, key: K) -> Awaitable[V]:
        return asyncio.shield(super().load(key))


def reads_of(target: type[Any]) -> Reads:
    """What a type was declared to stand for, by `@reads`."""
    declared = target.__reads__
    assert isinstance(declared, Reads)
    return declared
