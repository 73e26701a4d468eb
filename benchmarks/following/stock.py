"""Stock Strawberry: its own handler of graphql-transport-ws, a subscription as its documentation teaches it.

One task reads the feed and hands each fact to a queue of every subscriber. With BENCH_RIGHTS=1 the rights of each are
read again before he is told, and what he is told is read under them, as ours does. Without it nobody's rights are
asked and nothing is read for a delivery: that is the library alone.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import strawberry
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from app.cases.models import Case as CaseRow
from app.core.clock import SystemClock
from app.core.database import Database
from app.core.ids import encode_id
from app.events.feed import EVERY, give_places
from app.events.models import Event
from app.identity.queries import principal
from app.work.opening import load_policy
from benchmarks.reads.floors.authentication import claims_of
from benchmarks.reads.stock.loading import Context as Loading
from benchmarks.reads.stock.types import Case

_RIGHTS = bool(os.environ.get("BENCH_RIGHTS"))
_clock, _policy = SystemClock(), load_policy()
_database = Database(os.environ["BENCH_DATABASE_URL"])
_sessions = async_sessionmaker(_database.reader, expire_on_commit=False)
_queues: set["asyncio.Queue[Event]"] = set()


@dataclass
class Context:
    """One socket: who asks, and what was loaded for the update that he is about to be told."""

    connection_params: dict[str, Any] = field(default_factory=dict)
    loading: Loading | None = None

    @property
    def loaders(self) -> Any:
        assert self.loading is not None
        return self.loading.loaders

    @property
    def now(self) -> datetime:
        assert self.loading is not None
        return self.loading.now

    async def renew(self) -> Loading:
        """His rights as they are now, and nothing loaded."""
        claims, now = claims_of(self.connection_params["authorization"]), _clock.now()
        found = await principal(_database, claims.session_id, claims.account_id, now, _clock.real_now())
        assert found is not None
        self.loading = Loading(_sessions, _database.reader.dialect.name, _policy, found.actor, now)
        return self.loading

    async def sees(self, event: Event) -> bool:
        loading = await self.renew()
        statement, values = loading.visible(Event, "event")
        return bool(await loading.scalars(statement.where(Event.id == event.id), values))

    async def case(self, event: Event) -> Any:
        loading = self.loading or await self.renew()
        statement, values = loading.visible(CaseRow, "case")
        rows = await loading.scalars(statement.where(CaseRow.id == event.case_id), values)
        return rows[0] if rows else None


@strawberry.type
class TimelineEntry:
    type: str
    recorded_at: datetime
    occurred_on: date

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(encode_id("event", self.id))

    @strawberry.field
    async def case(self: Any, info: strawberry.Info[Context, None]) -> Case | None:
        found: Case | None = await info.context.case(self) if _RIGHTS else await _kept_case(self)
        return found


@strawberry.type
class Edge:
    node: TimelineEntry

    @strawberry.field
    def cursor(self: Any) -> str:
        return encode_id("event", self.node.id)


@strawberry.type
class Query:
    hello: str = "hello"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def case_updates(self, info: strawberry.Info[Context, None]) -> AsyncGenerator[Edge, None]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        _queues.add(queue)
        try:
            await info.context.renew()
            while True:
                event = await queue.get()
                if not _RIGHTS or await info.context.sees(event):
                    yield Edge(node=event)  # type: ignore[arg-type]  # entities stand for their types
        finally:
            _queues.discard(queue)


class _View(GraphQL[Context, None]):
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return Context()


_cases: dict[Any, Any] = {}


async def _kept_case(event: Any) -> Any:
    """From memory."""
    if event.case_id not in _cases:
        async with _sessions() as session:
            _cases[event.case_id] = await session.get(CaseRow, event.case_id)
    return _cases[event.case_id]


async def _watch() -> None:
    seen = 0
    while True:
        await give_places(_database)
        async with _sessions() as session:
            found = list(await session.scalars(select(Event).where(Event.position > seen).order_by(Event.position)))
        for event in found:
            seen = event.position or seen
            for queue in _queues:
                queue.put_nowait(event)
        await asyncio.sleep(EVERY.total_seconds())


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    watching = asyncio.create_task(_watch())
    yield
    watching.cancel()
    await _database.close()


_view = _View(
    strawberry.Schema(Query, subscription=Subscription), subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL]
)
app = Starlette(routes=[Route("/graphql", _view), WebSocketRoute("/graphql", _view)], lifespan=_lifespan)
