"""Whoever may not see any more what he was told last is told what follows; coming back there, to begin anew."""

from tests.bed.procedure import OFFICE_HEAD, Row, approve, dispatch, propose, register
from tests.bed.world import World
from tests.updates.test_following import HANDLER, following, listed, told, types


async def dispatched(world: World) -> Row:
    return await dispatch(world, await approve(world, await propose(world, await register(world))))


async def taken_away(world: World, case: Row) -> None:
    scope = {"restricted": True, "people": [], "units": []}
    given = {"case": case["id"], "expected_version": case["version"], **scope}
    await world.as_(OFFICE_HEAD).do("setAccessScope", "case { id }", **given)
    await world.feed.look(-1)


async def test_he_is_told_what_comes_after_it(world: World) -> None:
    case = await dispatched(world)
    await world.feed.look(-1)
    async with following(world, HANDLER) as socket:
        assert types(await told(socket, 1)) == ["case.dispatched"]
        await taken_away(world, case)
        other = await dispatched(world)
        await world.feed.look(-1)
        (edge,) = await told(socket, 1)
        assert (edge["node"]["type"], edge["node"]["case"]["id"]) == ("case.dispatched", other["id"])


async def test_its_cursor_is_refused_as_any_that_he_could_not_have(world: World) -> None:
    case = await dispatched(world)
    (gone,) = await listed(world, HANDLER)
    await taken_away(world, case)
    assert await listed(world, HANDLER) == []
    for after in (gone["cursor"], "无"):
        async with following(world, HANDLER, after=after) as socket:
            message = await socket.hear()
        assert (message["id"], message["type"]) == ("1", "error")
        (error,) = message["payload"]
        assert (error["extensions"]["refusal"], error["extensions"]["path"]) == ("BAD_CURSOR", ["after"])
