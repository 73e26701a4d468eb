"""Use cases as people of the demo's district, on either database."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from app.core.refusals import Refusal
from app.work import Work
from tests.bed.dump import changed, everything
from tests.bed.world import World
from tests.reports.desk import Desk

C = TypeVar("C")
on_either = pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])


class Bench(Desk):
    """A desk that compares the tables through the engine, whichever it is."""

    async def refused(self, login: str, use_case: Callable[[Work, C], Awaitable[Any]], command: C) -> Refusal:
        before = await everything(self.workplace.database)
        try:
            await self.do(login, use_case, command)
        except Refusal as refusal:
            assert changed(before, await everything(self.workplace.database)) == {}
            return refusal
        raise AssertionError("not refused")


def bench(world: World) -> Bench:
    """Monday, 15 June 2026, 09:00 in Shanghai."""
    return Bench(world.workplace, world.clock, world.policy, world.district)
