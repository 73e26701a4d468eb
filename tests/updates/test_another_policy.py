"""A subscription that stays open while another version of the policy comes into force follows the new one at once."""

import asyncio
from typing import Any

from tests.bed.procedure import OFFICER, approve, propose, register
from tests.bed.world import World
from tests.updates.test_following import following, listed, told, types
from tests.usecases.calls import RIGHTS, SECURITY

RULE = "EVT-V1"  # the office sees what happens
VERSION = "policy { id problems }"


async def silenced(world: World) -> str:
    """A version without that rule, drafted, its signed table brought into line, proposed; its id."""
    out = [{"part": "RULES", "line": RULE, "remove": True}]
    rights = world.as_(RIGHTS, "en")
    draft = (await rights.do("draftPolicy", VERSION, reason="试。", edits=out))["policy"]
    signed = [signed_anew(problem) for problem in draft["problems"]]
    draft = (await rights.do("editPolicyDraft", VERSION, policy=draft["id"], edits=signed))["policy"]
    assert draft["problems"] == []
    await rights.do("proposePolicy", VERSION, policy=draft["id"])
    found: str = draft["id"]
    return found


def signed_anew(problem: str) -> dict[str, Any]:
    """`golden.csv LINE: the rules say deny,-, not allow,EVT-V1; …`: the line with the answer of the rules."""
    line, says = problem.removeprefix("golden.csv ").split(": the rules say ")
    question = line.rsplit(",", 2)[0]
    return {"part": "GOLDEN", "line": f"{question},{says.split(', not ')[0]}"}


async def test_the_reader_hears_what_the_version_of_the_moment_lets_him_hear(world: World) -> None:
    version = await silenced(world)
    case = await register(world)
    seen = await world.feed.look(0)
    async with following(world, OFFICER) as socket:
        assert types(await told(socket, 1)) == ["case.registered"]
        await world.as_(SECURITY).do("approvePolicy", VERSION, policy=version)
        proposed = await propose(world, case)
        seen = await world.feed.look(seen)
        await asyncio.sleep(0.1)
        assert socket.silent()
        assert await listed(world, OFFICER) == []

        # rolled back: the same subscription tells what it did not tell meanwhile
        first = "{ policyVersions(first: 9) { edges { node { id number } } } }"
        edges = (await world.as_(RIGHTS).ask(first))["policyVersions"]["edges"]
        one = next(edge["node"]["id"] for edge in edges if edge["node"]["number"] == 1)
        again = await world.as_(RIGHTS).do("rollBackPolicy", VERSION, policy=one, reason="恢复。")
        await world.as_(SECURITY).do("approvePolicy", VERSION, policy=again["policy"]["id"])
        await approve(world, proposed)
        await world.feed.look(seen)
        assert types(await told(socket, 2)) == ["case.proposed", "case.decided"]
