"""Twin worlds: databases that are alike but for what a viewer may not know, and the asking of both."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import orjson
import pytest

from app.core.clock import SHANGHAI
from app.core.database import Base
from app.events.feed import give_places
from app.graphql import engine
from app.graphql.limits import Limits
from app.notifications.listing import PLACES
from tests.bed import wire
from tests.bed.opening import Ground, open_world
from tests.bed.world import World
from tests.twin.afterwards import tell_afterwards
from tests.twin.cast import OFFICIALS, move_in, with_newcomers
from tests.twin.hand import Hand, ids_of
from tests.twin.hidden import tell_elsewhere, tell_inner_matters, tell_secrets
from tests.twin.known import Known, tell_known

PLAIN, SECRETS, FULL = "plain", "secrets", "full"
END = datetime(2026, 7, 10, 16, 0, tzinfo=SHANGHAI)
_WIDE = Limits(tokens=200_000, depth=40, nesting=200, fields=100_000, aliases=1_000, cost=10**12)
_SAME_REQUEST = "00000000-0000-4000-8000-000000000000"


class Server(Protocol):
    def database(self, template: str | None = None) -> AbstractContextManager[str]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """A world whose story was told. `outcomes`: what came of each step that every world goes on with."""

    url: str
    outcomes: list[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """The worlds of one database server. `base` is the one of which all are copies, `known` what all hold."""

    server: Server
    ground: Ground
    base: str
    known: Known
    told: dict[str, Told] = field(default_factory=dict)

    @contextmanager
    def world(self, name: str) -> Iterator[Told]:
        """A new database with the story of a world, told now."""
        with self.server.database(self.base) as url:
            known = replace(self.known, cases=dict(self.known.cases))
            yield Told(url, asyncio.run(_tell(url, self.ground, name, known)))


@contextmanager
def settled_twins(server: Server, template: str, ground: Ground) -> Iterator[Twins]:
    """All three worlds, told once."""
    district, newcomers = with_newcomers(ground.district)
    ground = replace(ground, district=district)
    with server.database(template) as base, ExitStack() as stack:
        twins = Twins(server, ground, base, asyncio.run(_begin(base, ground, newcomers)))
        for name in (PLAIN, SECRETS, FULL):
            twins.told[name] = stack.enter_context(twins.world(name))
        yield twins


async def _begin(url: str, ground: Ground, newcomers: list[Base]) -> Known:
    async with open_world(url, ground) as world:
        with ids_of("known"):
            async with world.database.write() as session:
                await move_in(session, ground.district, newcomers)
            return await tell_known(hand_in(world))


async def _tell(url: str, ground: Ground, name: str, known: Known) -> list[str]:
    async with open_world(url, ground) as world:
        hand = hand_in(world)
        with ids_of("hidden"):
            if name in {SECRETS, FULL}:
                await tell_secrets(hand)
            if name == FULL:
                await tell_inner_matters(hand, known)
        outcomes = await tell_afterwards(hand, known)
        with ids_of("elsewhere"):
            if name == FULL:
                await tell_elsewhere(hand)
        await give_places(world.database)
        await give_places(world.database, PLACES)
        return outcomes


def hand_in(world: World) -> Hand:
    return Hand(world.workplace, world.clock, world.policy, world.district)


@dataclass(slots=True)
class Voice:
    """Somebody who asks a world, and gets bytes."""

    world: World
    token: str | None

    async def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> bytes:
        body = orjson.dumps({"query": document, "variables": variables or {}})
        answer = await wire.post(self.world.application, "/graphql", body, self._headers("application/json"))
        return b"%d %s" % (answer.status, answer.body)

    async def fetch(self, file_id: str) -> bytes:
        answer = await self.world.client.get(f"/files/{file_id}", headers=self._headers("application/json"))
        told = {name: value for name, value in answer.headers.items() if name != "x-correlation-id"}
        return b"%d %s %s" % (answer.status_code, orjson.dumps(told), answer.content)

    def _headers(self, content_type: str) -> dict[str, str]:
        told = {"X-Correlation-Id": _SAME_REQUEST, "Content-Type": content_type}
        return told | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


@asynccontextmanager
async def opened(url: str, ground: Ground) -> AsyncIterator[World]:
    """A world at its end, asked without limits: what a client needs many requests for is asked in one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "Limits", lambda: _WIDE)
        async with open_world(url, ground) as world:
            world.clock.move_to(END)
            yield world


async def voice(world: World, login: str | None) -> Voice:
    return Voice(world, login and await world.token(login))


def other_world(login: str | None) -> str:
    """The world that must look to a viewer as the plain one does."""
    return SECRETS if login in OFFICIALS else FULL
