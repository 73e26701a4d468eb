"""The roots and the application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry
from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from app.cases.models import Case as CaseRow
from app.core.clock import SystemClock
from app.core.database import Database
from app.core.ids import decode_id
from app.identity.queries import principal
from app.work.opening import load_policy
from benchmarks.reads.floors.authentication import claims_of
from benchmarks.reads.stock.loading import Context
from benchmarks.reads.stock.types import (
    CappedCount,
    Case,
    CaseConnection,
    CaseFilter,
    CaseOrder,
    Edge,
    Info,
    PageInfo,
    Viewer,
)

_CAP = 10_000
_clock, _policy = SystemClock(), load_policy()
_database = Database(os.environ["BENCH_DATABASE_URL"])
_sessions = async_sessionmaker(_database.reader, expire_on_commit=False)


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self, info: Info) -> Viewer:
        actor = info.context.actor
        return Viewer(name=actor.name, clearance=actor.clearance)

    @strawberry.field
    async def case(self, info: Info, id: strawberry.ID) -> Case | None:
        context, found = info.context, decode_id(id)
        statement, values = context.visible(CaseRow, "case")
        rows = await context.scalars(statement.where(CaseRow.id == found[1]), values) if found else []
        return rows[0] if rows else None

    @strawberry.field
    async def cases(
        self, info: Info, first: int = 50, filter: CaseFilter | None = None, order_by: list[CaseOrder] | None = None
    ) -> CaseConnection:
        context = info.context
        statement, values = context.visible(CaseRow, "case")
        if filter and filter.statuses:
            statement = statement.where(CaseRow.status.in_(filter.statuses))
        page = statement.order_by(CaseRow.due_at.asc().nulls_last(), CaseRow.id).limit(first + 1)
        rows = await context.scalars(page, values)
        total = await context.count(statement.limit(_CAP + 1), values)
        last = rows[:first][-1] if rows else None
        return CaseConnection(
            edges=[Edge(node=row) for row in rows[:first]],
            page_info=PageInfo(
                has_next_page=len(rows) > first, end_cursor=f"{last.due_at}_{last.id}" if last else None
            ),
            total_count=CappedCount(value=min(total, _CAP), exact=total <= _CAP),
        )


class _View(GraphQL[Context, None]):
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        claims, now = claims_of(request.headers["authorization"]), _clock.now()
        found = await principal(_database, claims.session_id, claims.account_id, now, _clock.real_now())
        assert found is not None
        return Context(_sessions, _database.reader.dialect.name, _policy, found.actor, now)


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    yield
    await _database.close()


app = Starlette(routes=[Route("/graphql", _View(strawberry.Schema(Query)))], lifespan=_lifespan)
