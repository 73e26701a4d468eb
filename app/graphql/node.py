"""The shapes that all lists and objects of the schema share: nodes, connections, edges, page info, counts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from app.core.paging import Cursors, Page
from app.reads.execution import Count, Row, Slice
from app.reads.keyset import Term, said, scope_of
from app.reads.kinds import DECLARED, Part
from app.reads.tables import Model

T = TypeVar("T")

GLOBAL_ID = "The global id: opaque, stable, and never given to anything else."


@dataclass(frozen=True, slots=True)
class Walk:
    """A list in one order: what its cursors are bound to."""

    model: Model
    terms: Sequence[Term]

    @property
    def scope(self) -> str:
        return scope_of(self.model, self.terms)

    def cursor(self, cursors: Cursors, row: Row) -> str:
        return cursors.write(self.scope, said(self.terms, row))


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was read, and what its parts are told from."""

    target: type[Any]
    page: Page
    slice: Slice
    walk: Walk
    cursors: Cursors
    count: Callable[[], Awaitable[Count]]

    def cursor_at(self, position: int) -> str | None:
        rows = self.slice.rows
        return self.walk.cursor(self.cursors, rows[position]) if rows else None


def _part(part: Part, resolver: Callable[..., Any], description: str) -> Any:
    return strawberry.field(resolver=resolver, description=description, metadata={DECLARED: part})


@strawberry.interface(description="Anything that has a global id.")
class Node:
    row: strawberry.Private[Row]
    id: strawberry.ID = strawberry.field(description=GLOBAL_ID)


@strawberry.type(description="How many there are (数量). Long lists are counted up to a limit only.")
class CappedCount:
    count: strawberry.Private[Count]
    value: int = _part(Part.VALUE, lambda self: self.count.value, "The number, or the limit where there are more.")
    exact: bool = _part(Part.EXACT, lambda self: self.count.exact, "False where there are more than `value`.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    found: strawberry.Private[Found]
    has_next_page: bool = _part(
        Part.HAS_NEXT,
        lambda self: self.found.page.start is not None if self.found.page.backward else self.found.slice.more,
        "Whether more follow. Read backwards: whether a cursor was given.",
    )
    has_previous_page: bool = _part(
        Part.HAS_PREVIOUS,
        lambda self: self.found.slice.more if self.found.page.backward else self.found.page.start is not None,
        "Whether more come before. Read forwards: whether a cursor was given.",
    )
    start_cursor: str | None = _part(
        Part.START_CURSOR, lambda self: self.found.cursor_at(0), "The cursor of the first edge."
    )
    end_cursor: str | None = _part(
        Part.END_CURSOR, lambda self: self.found.cursor_at(-1), "The cursor of the last edge."
    )


@strawberry.type(description="One item of a page.")
class Edge(Generic[T]):
    found: strawberry.Private[Found]
    row: strawberry.Private[Row]
    cursor: str = _part(
        Part.CURSOR,
        lambda self: self.found.walk.cursor(self.found.cursors, self.row),
        "The place of the item in this order; opaque.",
    )
    node: T = _part(Part.NODE, lambda self: self.found.target(row=self.row), "The item.")


async def _total_count(self: Any) -> CappedCount:
    return CappedCount(count=await self.found.count())


@strawberry.type(description="A list, read page by page.")
class Connection(Generic[T]):
    found: strawberry.Private[Found]
    edges: list[Edge[T]] = _part(
        Part.EDGES,
        lambda self: [Edge(found=self.found, row=row) for row in self.found.slice.rows],
        "The items of this page.",
    )
    page_info: PageInfo = _part(
        Part.PAGE_INFO, lambda self: PageInfo(found=self.found), "Where this page stands in the list."
    )
    total_count: CappedCount = _part(
        Part.TOTAL_COUNT, _total_count, "How many items the whole list has, of those the caller may see."
    )
