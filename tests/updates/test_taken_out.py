"""Whoever is taken out of a scope, or recused, is told nothing more on a subscription that stays open."""

import asyncio

import pytest

from tests.bed.procedure import CHECKER
from tests.bed.world import World
from tests.updates.test_following import following, listed, told
from tests.usecases.calls import done


@pytest.mark.parametrize(
    ("stage", "ends", "afterwards"),
    [
        ("restricted", "revokeCaseAccess", "recordInstruction"),
        ("dispatched", "orderRecusal", "recordFollowUp"),
    ],
)
async def test_the_open_subscription_falls_silent(staged: World, stage: str, ends: str, afterwards: str) -> None:
    case = staged.stages[stage]["case"]["id"]
    followed = {"filter": {"cases": [case]}}
    shown = await listed(staged, CHECKER, **followed)
    assert shown != []
    async with following(staged, CHECKER, **followed) as socket:
        assert await told(socket, len(shown)) == shown
        await done(staged, ends, "__typename")
        await done(staged, afterwards, "__typename", **({"case": case} if stage == "restricted" else {}))
        await staged.feed.look(-1)
        await asyncio.sleep(0.1)
        assert socket.silent()
    assert await listed(staged, CHECKER, **followed) == []
