"""After every story the chains hold, and the events tell what the tables hold."""

from collections.abc import AsyncIterator

import pytest

from tests.bed.records import check_records
from tests.bed.world import World


@pytest.fixture(autouse=True)
async def records(world: World) -> AsyncIterator[None]:
    yield
    await check_records(world)
