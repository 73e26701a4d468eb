"""A toy schema and a toy sign-in: everything that the way in has to carry, and nothing of the domain."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, NewType
from uuid import UUID

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.core.clock import FixedClock
from app.core.refusals import Language, Refusal, RefusalCode
from app.core.settings import Settings, load_settings
from app.graphql.engine import Engine
from app.graphql.errors import sign_in_required
from app.graphql.limits import Limits
from app.web.application import Application
from app.web.assembly import web_application
from app.web.authentication import Admitted, Denied, RequestFacts
from app.web.websocket import SocketLimits

SECRET = "a-secret-that-may-not-leak"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PRINCIPALS = {"good": "Li", "other": "Wang", "short": "Zhao"}


@dataclass
class ToyContext:
    principal: str
    language: Language
    correlation_id: UUID


Info = strawberry.Info[ToyContext, Any]


def _even(value: Any) -> int:
    if value == 13:
        raise Refusal(RefusalCode.BAD_DATE)
    if not isinstance(value, int) or value % 2:
        raise ValueError(f"{SECRET} {value}")
    return value


Even = NewType("Even", int)
EVEN = strawberry.scalar(name="Even", parse_value=_even, serialize=lambda value: value)


@strawberry.enum
class Colour(Enum):
    RED = "RED"
    GREEN = "GREEN"


@strawberry.input
class PartInput:
    label: str
    size: int = 1


@strawberry.input
class SaveInput:
    title: str
    due_on: date | None = None
    colour: Colour = Colour.RED
    parts: list[PartInput] = strawberry.field(default_factory=list)
    even: Even | None = None
    tag: strawberry.Maybe[str]


@strawberry.input(one_of=True)
class Choice:
    number: strawberry.Maybe[int]
    title: strawberry.Maybe[str]


@strawberry.type
class Unit:
    name: str

    @strawberry.field
    def parent(self) -> "Unit":
        return self

    @strawberry.field
    def children(self) -> list["Unit"]:
        return [Unit(name=f"{self.name}.{index}") for index in range(2)]

    @strawberry.field
    def page(self, first: int | None = None, last: int | None = None) -> "UnitConnection":
        return UnitConnection(edges=[UnitEdge(node=Unit(name=str(index))) for index in range(first or last or 3)])


@strawberry.type
class UnitEdge:
    node: Unit


@strawberry.type
class UnitConnection:
    edges: list[UnitEdge]


@strawberry.type
class Query:
    unit: Unit = strawberry.field(resolver=lambda: Unit(name="root"))

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def who(self, info: Info) -> str:
        return f"{info.context.principal} {info.context.language} {info.context.correlation_id}"

    @strawberry.field
    def add(self, left: int, right: int) -> int:
        return left + right

    @strawberry.field
    def units(self, ids: list[strawberry.ID]) -> list[Unit]:
        return [Unit(name=one) for one in ids]

    @strawberry.field
    def choose(self, choice: Choice) -> str:
        return "chosen"

    @strawberry.field
    def is_red(self, colour: Colour = Colour.RED) -> bool:
        return colour is Colour.RED

    @strawberry.field
    async def slow(self, seconds: float = 0.3) -> str:
        await asyncio.sleep(seconds)
        return "late"

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError(SECRET)

    @strawberry.field
    def broken_always(self) -> str:
        raise ValueError(SECRET)

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    def unwritable(self) -> str:
        return "\ud800"

    @strawberry.field
    def private(self) -> str | None:
        raise sign_in_required()

    @strawberry.field
    def audit(self) -> str | None:
        raise Refusal(RefusalCode.NOT_ALLOWED, rule_id="R-7")


SAVED: list[str] = []


@strawberry.type
class Mutation:
    @strawberry.mutation
    def save(self, input: SaveInput) -> str:
        SAVED.append(input.title)
        return input.title


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 3) -> AsyncIterator[int]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def endless(self) -> AsyncIterator[int]:
        OPEN.append("endless")
        try:
            while True:
                yield 1
                await asyncio.sleep(0.01)
        finally:
            OPEN.remove("endless")

    @strawberry.subscription
    async def silent(self) -> AsyncIterator[int]:
        await asyncio.sleep(60)
        yield 1

    @strawberry.subscription
    async def breaking(self) -> AsyncIterator[int]:
        yield 1
        raise ValueError(SECRET)

    @strawberry.subscription
    async def forbidden(self, allowed: bool = False) -> AsyncIterator[int]:
        if not allowed:
            raise Refusal(RefusalCode.NOT_ALLOWED, rule_id="R-8")
        yield 1


OPEN: list[str] = []


def toy_schema() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map={Even: EVEN})
    return strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription, config=config)


async def authenticate(token: str | None, facts: RequestFacts) -> Admitted | Denied:
    if token is None:
        return Admitted("anonymous", key=None)
    if token == "broken":
        raise RuntimeError(SECRET)
    if token not in PRINCIPALS:
        return Denied()
    expires_at = NOW + timedelta(seconds=0.2) if token == "short" else None
    return Admitted(PRINCIPALS[token], key=PRINCIPALS[token], expires_at=expires_at)


def toy_engine(*, limits: Limits | None = None, introspection: bool = False, seconds: float = 30.0) -> Engine:
    return Engine(toy_schema(), introspection=introspection, limits=limits, seconds=seconds)


def toy_application(
    *,
    engine: Engine | None = None,
    settings: Settings | None = None,
    socket_limits: SocketLimits | None = None,
    **others: Any,
) -> Application:
    return web_application(
        engine or toy_engine(),
        authenticate,
        ToyContext,
        settings or load_settings(allowed_origins=("https://oa.example.gov.cn",)),
        clock=FixedClock(NOW),
        checks=others.pop("checks", {}),
        socket_limits=socket_limits,
        **others,
    )
