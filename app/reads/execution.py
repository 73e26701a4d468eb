"""Running a level: its rows by parent, the pages cut to size, the counts with their cap."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.paging import Page
from app.reads import statement
from app.reads.statement import COUNT, PARENT, Divided, Level

Row: TypeAlias = Mapping[str, Any]
Tally: TypeAlias = Mapping[tuple[Any, ...], int]


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of rows in their order, and whether more lie beyond it on the side to which it was read."""

    rows: list[Row]
    more: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many; not exact where there are more than were counted."""

    value: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A session, and what its statements share. `given` are the values that rule and filters name."""

    session: AsyncSession
    now: datetime
    given: Mapping[str, Any] = field(default_factory=dict)

    async def rows(self, level: Level, keys: Collection[Any] | None = None, page: Page | None = None) -> list[Row]:
        return await self._run(_statement(level, self._dialect, page), keys, page)

    async def by_parent(self, level: Level, keys: Collection[Any]) -> dict[Any, list[Row]]:
        """All rows of each parent. A parent without rows has no entry."""
        return _grouped(await self.rows(level, keys), level.parent)

    async def page(self, level: Level, page: Page) -> Slice:
        """A page of a list at the root."""
        return cut(await self.rows(level, None, page), page)

    async def pages(self, level: Level, keys: Collection[Any], page: Page) -> dict[Any, Slice]:
        """The same page of each parent."""
        found = _grouped(await self.rows(level, keys, page), level.parent)
        return {key: cut(found.get(key, []), page) for key in keys}

    async def count(self, level: Level) -> Count:
        (row,) = await self._run(statement.count(level, self._dialect), None, None)
        return capped(row[COUNT])

    async def tally(self, level: Level, divisions: Sequence[Divided]) -> Tally:
        """How many rows a list at the root has, all of them, apart by what divides them."""
        counting = statement.tally(level, divisions)
        found: dict[tuple[Any, ...], int] = {}
        for row in await self._run(counting.statement, None, None):
            values = {label: row[label] for label in counting.labels}
            sided = {value: row[name] for name, value in counting.sides.items()}
            for side, number in {**sided, None: row[COUNT] - sum(sided.values())}.items():
                key = values if counting.side is None else values | {counting.side: side}
                if number or not divisions:
                    found[tuple(key[one.label] for one in divisions)] = number
        return found

    async def counts(self, level: Level, keys: Collection[Any]) -> dict[Any, Count]:
        found = await self._run(statement.count(level, self._dialect), keys, None)
        return {row[PARENT]: capped(row[COUNT]) for row in found}

    async def _run(self, query: Any, keys: Collection[Any] | None, page: Page | None) -> list[Row]:
        values = {**statement.parameters(keys, page, self.now), **self.given}
        result = await self.session.execute(query, values)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result]

    @property
    def _dialect(self) -> str:
        return self.session.get_bind().dialect.name


def _statement(level: Level, dialect: str, page: Page | None) -> Select[Any]:
    """Building a statement takes longer than running it. Those of relations are kept; conditions of a list are new."""
    if level.by is None or (page is not None and page.start is not None):
        return statement.rows(level, dialect, page)
    return kept_statement(level, dialect, None if page is None else page.backward)


@lru_cache(maxsize=1000)
def kept_statement(level: Level, dialect: str, backward: bool | None) -> Select[Any]:
    return statement.rows(level, dialect, None if backward is None else Page(backward=backward))


def cut(rows: list[Row], page: Page) -> Slice:
    """Drop the row that was read only to learn whether there are more: the last one, or read backwards the first."""
    more = len(rows) > page.size
    if not more:
        return Slice(rows, more=False)
    return Slice(rows[1:] if page.backward else rows[: page.size], more=True)


def _grouped(rows: list[Row], parent: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[parent], []).append(row)
    return groups


def capped(number: int) -> Count:
    return Count(min(number, statement.COUNT_CAP), exact=number <= statement.COUNT_CAP)
