"""Whoever follows cases is told each fact that he may see, once, and resumes at any cursor without losing one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.identity.models import PostHolding, RoleGrant, Session
from tests.bed.procedure import OFFICER, approve, dispatch, propose, register
from tests.bed.world import World
from tests.web.sockets import ToySocket, accepted

FOLLOW = (
    "subscription S($after: String, $filter: UpdateFilter) { caseUpdates(after: $after, filter: $filter) "
    "{ cursor node { id type case { id number status } } } }"
)
LIST = (
    "query Q($after: String, $first: Int, $filter: UpdateFilter) "
    "{ caseUpdates(after: $after, first: $first, filter: $filter) "
    "{ edges { cursor node { id type case { id number status } } } pageInfo { hasNextPage endCursor } } }"
)
HANDLER = "chengguan.handler"


@asynccontextmanager
async def following(world: World, login: str, **variables: Any) -> AsyncIterator[ToySocket]:
    async with accepted(world.application) as socket:
        await socket.initialise(await world.token(login))
        socket.subscribe("1", FOLLOW, variables=variables)
        yield socket


async def told(socket: ToySocket, count: int) -> list[dict[str, Any]]:
    """The next updates."""
    heard = [await socket.hear() for _ in range(count)]
    assert [(message["id"], message["type"]) for message in heard] == [("1", "next")] * count
    return [message["payload"]["data"]["caseUpdates"] for message in heard]


def types(edges: list[dict[str, Any]]) -> list[str]:
    return [edge["node"]["type"] for edge in edges]


async def listed(world: World, login: str, **variables: Any) -> list[dict[str, Any]]:
    await world.feed.look(-1)
    edges: list[dict[str, Any]] = (await world.as_(login).ask(LIST, **variables))["caseUpdates"]["edges"]
    return edges


async def test_facts_come_as_they_happen(world: World) -> None:
    registered = await register(world)
    seen = await world.feed.look(0)
    async with following(world, OFFICER) as socket:
        (first,) = await told(socket, 1)
        assert first["node"]["type"] == "case.registered"
        assert first["node"]["case"] == {"id": registered["id"], "number": "道督〔2026〕1号", "status": "REGISTERED"}
        await propose(world, registered)
        await world.feed.look(seen)
        (second,) = await told(socket, 1)
        assert second["node"]["type"] == "case.proposed"
        assert second["node"]["case"]["status"] == "PENDING_DECISION"


async def test_the_subscription_tells_what_the_list_shows(world: World) -> None:
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    shown = await listed(world, OFFICER)
    assert types(shown)[:2] == ["case.registered", "case.proposed"]
    async with following(world, OFFICER) as socket:
        assert await told(socket, len(shown)) == shown


async def test_nothing_is_lost_and_nothing_comes_twice_whatever_the_cursor(world: World) -> None:
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    shown = await listed(world, OFFICER)
    for position, edge in enumerate(shown[:-1]):
        async with following(world, OFFICER, after=edge["cursor"]) as socket:
            assert await told(socket, len(shown) - position - 1) == shown[position + 1 :]
    async with following(world, OFFICER, after=shown[-1]["cursor"]) as socket:
        await register(world)
        await world.feed.look(-1)
        assert types(await told(socket, 1)) == ["case.registered"]


async def test_a_unit_hears_of_its_own_part_and_its_cursors_tell_of_nothing_else(world: World) -> None:
    await register(world, title="另一件")
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    office, unit = await listed(world, OFFICER), await listed(world, HANDLER)
    assert types(unit) == ["case.dispatched"]
    assert [edge for edge in office if edge["node"]["id"] == unit[0]["node"]["id"]] == unit
    async with following(world, HANDLER) as socket:
        assert await told(socket, 1) == unit
        await register(world, title="又一件")
        await world.feed.look(-1)
        await world.tick()
        assert socket.silent()


async def test_filters_narrow_it(world: World) -> None:
    one, other = await register(world), await register(world)
    await propose(world, one)
    assert types(await listed(world, OFFICER, filter={"cases": [one["id"]]})) == ["case.registered", "case.proposed"]
    only = {"cases": [other["id"]], "types": ["case.registered"]}
    async with following(world, OFFICER, filter=only) as socket:
        (edge,) = await told(socket, 1)
        assert edge["node"]["case"]["id"] == other["id"]


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"after": "无"}, "after BAD_CURSOR"),
        ({"filter": {"cases": ["unit_AAAAAAAAAAAAAAAAAAAAAA"]}}, "filter.cases BAD_ID"),
        ({"filter": {"types": ["case.registered", "x\x00.y"]}}, "filter.types BAD_TEXT"),
        ({"filter": {"types": ["a.b"] * 101}}, "filter.types TOO_MANY"),
    ],
)
async def test_wrong_wishes_are_named(world: World, variables: dict[str, Any], problem: str) -> None:
    async with following(world, OFFICER, **variables) as socket:
        message = await socket.hear()
    assert (message["id"], message["type"]) == ("1", "error")
    (error,) = message["payload"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert f"{'.'.join(error['extensions']['path'])} {error['extensions']['refusal']}" == problem


async def end_sessions(world: World) -> None:
    async with world.database.write() as session:
        await session.execute(update(Session).values(revoked_at=world.clock.real_now()))


async def test_the_end_of_the_session_ends_the_socket(world: World) -> None:
    await register(world)
    seen = await world.feed.look(0)
    async with following(world, OFFICER) as socket:
        await told(socket, 1)
        await end_sessions(world)
        await world.feed.look(seen - 1)
        assert (await socket.hear())["type"] == "error"
        assert await socket.closed() == (4403, "Forbidden")


async def test_an_open_socket_answers_no_operation_after_the_end_of_the_session(world: World) -> None:
    async with accepted(world.application) as socket:
        await socket.initialise(await world.token(OFFICER))
        await end_sessions(world)
        socket.subscribe("1", "{ viewer { clearance } }")
        assert await socket.closed() == (4403, "Forbidden")


async def lose_everything(world: World, login: str) -> None:
    """Posts and roles end today."""
    person, now = world.district.people[login], world.clock.now()
    async with world.database.write() as session:
        of_him = PostHolding.person_id == person
        await session.execute(update(PostHolding).where(of_him).values(valid_until=now.date() - timedelta(days=1)))
        await session.execute(update(RoleGrant).where(RoleGrant.person_id == person).values(valid_until=now))


async def test_lost_rights_are_lost_at_once(world: World) -> None:
    proposed = await propose(world, await register(world))
    seen = await world.feed.look(0)
    async with following(world, OFFICER) as socket:
        await told(socket, 2)
        await lose_everything(world, OFFICER)
        await approve(world, proposed)
        await world.feed.look(seen)
        await asyncio.sleep(0.1)
        assert socket.silent()


async def test_a_slow_reader_is_told_under_the_rights_of_the_moment(world: World) -> None:
    await propose(world, await register(world))
    shown = await listed(world, OFFICER)
    assert len(shown) == 2
    async with accepted(world.application) as socket:
        await socket.initialise(await world.token(OFFICER))
        socket.stalled.clear()
        socket.subscribe("1", FOLLOW)
        await socket.waiting.wait()  # the first is on its way, the second read
        await lose_everything(world, OFFICER)
        world.clock.move(timedelta(seconds=2))
        socket.stalled.set()
        assert await told(socket, 1) == shown[:1]
        await asyncio.sleep(0.1)
        assert socket.silent()
