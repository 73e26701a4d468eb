"""Many rows at once come out as if written one at a time, and what a column refuses is refused."""

from typing import Any, cast

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError

from app.core.bulk import insert_rows, update_rows
from app.core.ids import new_id
from app.events.models import OutboxMessage
from app.identity.models import UnitGroup
from tests.bed.world import MONDAY, World

_OUTBOX, _GROUP = cast("Table", OutboxMessage.__table__), cast("Table", UnitGroup.__table__)


def message(key: str, payload: dict[str, Any], **columns: Any) -> dict[str, Any]:
    return {
        "topic": "某事",
        "event_id": new_id(),
        "dedupe_key": key,
        "payload": payload,
        "created_at": MONDAY,
        "next_at": MONDAY,
        "attempts": 0,
        "sent_at": None,
        **columns,
    }


async def write(world: World, table: Table, rows: list[dict[str, Any]]) -> None:
    async with world.database.write() as session:
        await insert_rows(await session.connection(), table, rows)


async def test_every_kind_of_value_comes_back(world: World) -> None:
    rows = [message("一", {"两": [[1, 2], ["三", None]]}), message("二", {}, attempts=3, sent_at=MONDAY)]
    await write(world, _OUTBOX, rows)
    async with world.database.read() as session:
        columns = [_OUTBOX.c[name] for name in rows[0]]
        found = await session.execute(select(*columns).where(_OUTBOX.c.topic == "某事").order_by(_OUTBOX.c.position))
        assert [dict(row._mapping) for row in found] == rows


async def test_each_row_is_set_to_its_own_values(world: World) -> None:
    keys = [new_id() for _ in range(3)]
    await write(world, _GROUP, [{"id": key, "name": f"第{nth}组"} for nth, key in enumerate(keys)])
    async with world.database.write() as session:
        rows = [{"id": keys[2], "name": "甲组"}, {"id": keys[0], "name": "乙组"}]
        await update_rows(await session.connection(), _GROUP, rows)
    async with world.database.read() as session:
        found = dict((await session.execute(select(_GROUP.c.id, _GROUP.c.name).where(_GROUP.c.id.in_(keys)))).all())
    assert [found[key] for key in keys] == ["乙组", "第1组", "甲组"]


async def test_nothing_is_written_of_no_rows(world: World) -> None:
    async with world.database.write() as session:
        connection = await session.connection()
        await insert_rows(connection, _GROUP, [])
        await update_rows(connection, _GROUP, [])


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.server)], indirect=True)
async def test_text_that_is_too_long_is_refused_and_not_cut_off(world: World) -> None:
    with pytest.raises(DBAPIError, match="too long"):
        await write(world, _OUTBOX, [message("长" * 201, {})])
