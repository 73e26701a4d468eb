"""What has served its time goes, and nothing else does."""

from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from app.audit.models import AccessLog
from app.audit.rules import AccessOutcome
from app.audit.service import Subject, log_access
from app.authz import MACHINE
from app.core.ids import new_id
from app.core.settings import Settings
from app.work.models import IdempotencyKey
from app.worker.forgetting import forget
from tests.bed.procedure import register
from tests.bed.world import World

DAY = timedelta(days=1)


async def kept(world: World) -> tuple[list[str], int]:
    """The actions in the access log, and how many keys there are."""
    async with world.database.read() as session:
        entries = (await session.scalars(select(AccessLog).order_by(AccessLog.at))).all()
        keys = (await session.scalars(select(IdempotencyKey))).all()
    return [entry.action for entry in entries], len(keys)


async def test_the_access_log_is_kept_as_long_as_it_was_said(world: World) -> None:
    now = world.clock.real_now()
    async with world.database.write() as session:
        for action, age in (("old", 184 * DAY + timedelta(seconds=1)), ("young", 184 * DAY), ("new", 0 * DAY)):
            log_access(
                session,
                at=now - age,
                outcome=AccessOutcome.READ,
                action=action,
                actor=MACHINE,
                subject=Subject("case", UUID(int=1)),
                correlation_id=new_id(),
            )
    assert await forget(world.database, world.clock, 184 * DAY) == 1
    assert await kept(world) == (["young", "new"], 0)
    assert await forget(world.database, world.clock, 184 * DAY) == 0


async def test_a_key_is_kept_for_a_day(world: World) -> None:
    await register(world, idempotency_key="k")
    world.clock.move(DAY)
    assert (await forget(world.database, world.clock, 400 * DAY), (await kept(world))[1]) == (0, 1)
    world.clock.move(timedelta(seconds=1))
    assert (await forget(world.database, world.clock, 400 * DAY), (await kept(world))[1]) == (1, 0)


def test_less_than_half_a_year_is_refused() -> None:
    assert Settings().access_log_days == 400
    with pytest.raises(ValidationError, match="184"):
        Settings(access_log_days=183)
