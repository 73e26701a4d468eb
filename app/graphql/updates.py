"""Subscriptions: each follows a list that is read on and on, from any of its cursors. Updates of cases; the inbox.

A subscriber is told what the list would show him at that moment, under the rights that he has then.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import strawberry

from app.cases.updates import UPDATE_LISTING
from app.core.paging import Page, requested_page
from app.graphql.acts import TimelineEntry
from app.graphql.context import Context, Info
from app.graphql.loaders import reads_of
from app.graphql.node import Edge, Found
from app.graphql.roots import Wish, wish_of
from app.graphql.todos import Notification
from app.notifications.listing import INBOX_LISTING
from app.reads.execution import Count
from app.reads.filters import Listing
from app.reads.keyset import said

T = TypeVar("T")
_AT_ONCE = 20  # told under rights that were read once; a slow reader holds no more than these
_RIGHTS_LAST = timedelta(seconds=1)
_LOOK_AGAIN = timedelta(seconds=15)  # at the rights of whom nothing is told


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
        "`after`: from the first on. Keep the last cursor, and come back with it: nothing is lost in between."
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
        "on. Keep the last cursor, and come back with it: nothing is lost in between."
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
    page = requested_page(context.cursors, wish.walk.scope, first=_AT_ONCE, after=after)
    while True:
        news = context.feed.news()
        await context.renew()
        found = await _page(context, target, wish, page)
        for row in found.slice.rows:
            if context.workplace.clock.real_now() - context.renewed_at > _RIGHTS_LAST:
                break  # the reader is slow: what follows is read again, under the rights of then
            page = replace(page, start=tuple(said(wish.walk.terms, row)))
            yield Edge(found=found, row=row)
        if not found.slice.rows:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), _LOOK_AGAIN.total_seconds())


async def _page(context: Context, target: type[Any], wish: Wish, page: Page) -> Found:
    level = context.loaders.level(target, wish.conditions, order=wish.order)
    found = await context.loaders.root_page(level, target, page, wish.given)

    async def count() -> Count:
        return await context.loaders.root_count(level, target, wish.given)

    return Found(target, page, found, wish.walk, context.cursors, count)
