"""The rows of some tables as they were known at an instant, however long ago: read now, put back by later events."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.changes import restored
from app.events.history import undone
from app.events.models import Event

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What was recorded after an instant, to be taken back: by table and key what a row was, None for none at all."""

    before: Mapping[str, Mapping[UUID, Mapping[str, Any] | None]]

    def keys(self, table: Table) -> list[UUID]:
        """The rows of a table that were changed since, or came into being."""
        return list(self.before.get(table.name, ()))

    def rows(self, table: Table, found: Iterable[Row]) -> Iterator[Row]:
        """These rows of today, each with its `id` and plain columns of the table, as they were; without later ones."""
        changed = self.before.get(table.name)
        if not changed:
            yield from found
            return
        for row in found:
            was = changed.get(row["id"], {})
            if was is not None:
                past = {name: restored(table.c[name].type, value) for name, value in was.items() if name in row}
                yield {**row, **past}


async def hindsight(session: AsyncSession, cut_off: datetime, tables: Collection[Table]) -> Hindsight:
    """Costs as much as has happened since: nothing for who looks in time."""
    statement = (
        select(Event.recorded_at, Event.changes)
        .where(Event.recorded_at > cut_off)
        .order_by(Event.recorded_at, Event.case_id, Event.case_seq)
    )
    before: dict[str, dict[UUID, Mapping[str, Any] | None]] = {table.name: {} for table in tables}
    for (name, key), was in undone((await session.execute(statement)).all()).items():
        if name in before:
            before[name][UUID(key[0])] = was
    return Hindsight(before)
