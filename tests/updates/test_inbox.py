"""Whoever follows his inbox is told each message to him, once, under the rights of the moment, and resumes anywhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.events.feed import give_places
from app.notifications.listing import PLACES
from app.notifications.models import Notification
from tests.bed.procedure import OFFICE_HEAD, OFFICER, approve, dispatch, propose, register
from tests.bed.world import World
from tests.escalation.works import on_sqlite
from tests.updates.test_following import HANDLER, end_sessions
from tests.web.sockets import ToySocket, accepted

FOLLOW = "subscription S($after: String) { inbox(after: $after) { cursor node { id topic case { id number } } } }"
LIST = (
    "query Q($after: String) { inbox(first: 50, after: $after) "
    "{ edges { cursor node { id topic case { id number } } } } }"
)


@asynccontextmanager
async def following(world: World, login: str, **variables: Any) -> AsyncIterator[ToySocket]:
    async with accepted(world.application) as socket:
        await socket.initialise(await world.token(login))
        socket.subscribe("1", FOLLOW, variables=variables)
        yield socket


async def told(socket: ToySocket, count: int) -> list[dict[str, Any]]:
    heard = [await socket.hear() for _ in range(count)]
    return [message["payload"]["data"]["inbox"] for message in heard]


async def listed(world: World, login: str, **variables: Any) -> list[dict[str, Any]]:
    await world.feed.look(-1)
    edges: list[dict[str, Any]] = (await world.as_(login).ask(LIST, **variables))["inbox"]["edges"]
    return edges


async def dispatched(world: World) -> dict[str, Any]:
    case = await dispatch(world, await approve(world, await propose(world, await register(world))))
    await world.tick()
    return dict(case)


async def test_messages_come_as_they_are_written_and_each_inbox_is_its_owners(world: World) -> None:
    seen = await world.feed.look(0)
    async with following(world, HANDLER) as socket, following(world, OFFICE_HEAD) as other:
        case = await dispatched(world)
        await world.feed.look(seen)
        (edge,) = await told(socket, 1)
        assert (edge["node"]["topic"], edge["node"]["case"]["id"]) == ("case.dispatched", case["id"])
        await world.feed.look(-1)
        await asyncio.sleep(0.1)
        assert socket.silent()
        assert all(one["node"]["id"] != edge["node"]["id"] for one in await listed(world, OFFICE_HEAD))
        del other


async def test_it_resumes_at_any_cursor_and_tells_what_the_list_shows(world: World) -> None:
    for _ in range(3):
        await dispatched(world)
    shown = await listed(world, HANDLER)
    assert [edge["node"]["topic"] for edge in shown] == ["case.dispatched"] * 3
    for position, edge in enumerate(shown[:-1]):
        async with following(world, HANDLER, after=edge["cursor"]) as socket:
            assert await told(socket, len(shown) - position - 1) == shown[position + 1 :]
    assert await listed(world, HANDLER, after=shown[-1]["cursor"]) == []


async def test_places_are_given_once_without_gaps_however_many_look(world: World) -> None:
    person = world.district.people[OFFICER]

    async def write(number: int) -> None:
        async with world.database.write() as session:
            session.add(message(person, number, world))

    await asyncio.gather(*(write(n) for n in range(12)), *(give_places(world.database, PLACES) for _ in range(6)))
    await give_places(world.database, PLACES)
    async with world.database.read() as session:
        places = (await session.scalars(select(Notification.position).order_by(Notification.position))).all()
    assert places == list(range(1, 13))
    assert len(await listed(world, OFFICER)) == 12


def message(person: UUID, number: int, world: World) -> Notification:
    return Notification(
        id=new_id(),
        person_id=person,
        topic="case.told",
        subject_kind="case",
        subject_id=UUID(int=number),
        dedupe_key=f"told:{number}",
        created_at=world.clock.now() - timedelta(minutes=number),
    )


@on_sqlite
async def test_the_cursor_of_another_list_is_refused(world: World) -> None:
    await dispatched(world)
    await world.feed.look(-1)
    found = await world.as_(OFFICER).ask("{ caseUpdates(first: 1) { pageInfo { endCursor } } }")
    async with following(world, OFFICER, after=found["caseUpdates"]["pageInfo"]["endCursor"]) as socket:
        (error,) = (await socket.hear())["payload"]
    assert error["extensions"]["code"] == "INVALID_INPUT"


@on_sqlite
async def test_a_message_of_a_case_that_one_may_see_no_more_is_not_told(world: World) -> None:
    case = await dispatched(world)
    scope = {"restricted": True, "people": [], "units": []}
    await world.as_(OFFICE_HEAD).do(
        "setAccessScope", "case { id }", case=case["id"], expected_version=case["version"], **scope
    )
    assert await listed(world, HANDLER) == []
    async with following(world, HANDLER) as socket:
        await asyncio.sleep(0.1)
        assert socket.silent()


@on_sqlite
async def test_the_end_of_the_session_ends_the_socket(world: World) -> None:
    await dispatched(world)
    seen = await world.feed.look(0)
    async with following(world, HANDLER) as socket:
        await told(socket, 1)
        await end_sessions(world)
        await world.feed.look(seen - 1)
        assert (await socket.hear())["type"] == "error"
        assert await socket.closed() == (4403, "Forbidden")
