"""Subscriptions: each follows a list that is read on and on, from any of its cursors. Updates of cases; the inbox.

A subscriber is told what the list would show him at that moment, under the rights that he has then. The resolvers are
the way of graphql-core; `reader.py` follows the same lists by plans, and tells many subscribers at once.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, TypeVar

import strawberry

from app.cases.updates import UPDATE_LISTING
from app.core.paging import Page
from app.graphql.acts import TimelineEntry
from app.graphql.context import Context, Info
from app.graphql.following import Place, follow, next_news, place_of
from app.graphql.loaders import reads_of
from app.graphql.node import Edge, Found
from app.graphql.roots import Wish, wish_of
from app.graphql.todos import Notification
from app.notifications.listing import INBOX_LISTING
from app.reads.execution import Count
from app.reads.filters import Listing
from app.reads.kinds import DECLARED, Followed
from app.reads.running import AT_ONCE

T = TypeVar("T")


@strawberry.input(description="Which updates.")
class UpdateFilter:
    cases: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these cases.")
    types: list[str] | None = strawberry.field(default=None, description="Of these types, e.g. `case.dispatched`.")


@strawberry.type(
    description="What can be followed, over a websocket (`graphql-transport-ws`) or as server-sent events "
    "(`graphql-sse`)."
)
class Subscription:
    @strawberry.subscription(
        description="Updates of cases (督办件动态), each once and those of a case in order, as they happen. Without "
        "`after`: from the first on. Keep the last cursor, and come back with it: nothing is lost in between.",
        metadata={DECLARED: Followed(UPDATE_LISTING, TimelineEntry)},
    )
    async def case_updates(
        self,
        info: Info,
        filter: Annotated[UpdateFilter | None, strawberry.argument(description="All that is given must hold.")] = None,
        after: Annotated[
            str | None, strawberry.argument(description="Only what follows this cursor of `caseUpdates`.")
        ] = None,
    ) -> AsyncGenerator[Edge[TimelineEntry], None]:
        async for edge in _followed(info.context, UPDATE_LISTING, TimelineEntry, filter, after):
            yield edge

    @strawberry.subscription(
        description="Messages of the caller's inbox (收件箱), each once, as they come. Without `after`: from the first "
        "on. Keep the last cursor, and come back with it: nothing is lost in between.",
        metadata={DECLARED: Followed(INBOX_LISTING, Notification)},
    )
    async def inbox(
        self,
        info: Info,
        after: Annotated[
            str | None, strawberry.argument(description="Only what follows this cursor of `inbox`.")
        ] = None,
    ) -> AsyncGenerator[Edge[Notification], None]:
        async for edge in _followed(info.context, INBOX_LISTING, Notification, None, after):
            yield edge


async def _followed(
    context: Context, listing: Listing, target: type[T], filter: Any, after: str | None
) -> AsyncGenerator[Edge[T], None]:
    wish = wish_of(listing, context, reads_of(target).object, filter)
    context.followed_to = context.followed_to or await place_of(context, listing, target, after)

    async def read(place: Place) -> list[tuple[Place, Edge[T]]]:
        found = await _page(context, target, wish, Page(AT_ONCE, start=place))
        terms = wish.walk.terms
        return [(tuple(row[term.key] for term in terms), Edge(found=found, row=row)) for row in found.slice.rows]

    async with aclosing(follow(context, read, next_news)) as edges:
        async for edge in edges:
            yield edge


async def _page(context: Context, target: type[Any], wish: Wish, page: Page) -> Found:
    level = context.loaders.level(target, wish.conditions, order=wish.order)
    found = await context.loaders.root_page(level, target, page, wish.given)

    async def count() -> Count:
        return await context.loaders.root_count(level, target, wish.given)

    return Found(target, page, found, wish.walk, context.cursors, count)
