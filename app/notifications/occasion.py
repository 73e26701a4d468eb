"""An occasion: a claimed message together with the event that it tells of."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.models import Event
from app.events.outbox import Message


@dataclass(frozen=True, slots=True)
class Occasion:
    message: Message
    case_id: UUID | None
    subject: tuple[str, UUID]
    unit_id: UUID | None
    actor_id: UUID | None
    changes: list[dict[str, Any]]

    @property
    def topic(self) -> str:
        return self.message.topic

    @property
    def todos_opened(self) -> list[UUID]:
        """The todos that came into being with this event."""
        return [UUID(one["key"][0]) for one in self.changes if one["table"] == "todo" and "id" in one["fields"]]


async def occasions(session: AsyncSession, messages: Collection[Message]) -> list[Occasion]:
    """The messages with their events, in their order."""
    columns = (
        Event.id,
        Event.case_id,
        Event.subject_kind,
        Event.subject_id,
        Event.unit_id,
        Event.actor_person_id,
        Event.changes,
    )
    statement = select(*columns).where(Event.id.in_([message.event_id for message in messages]))
    events = {row.id: row for row in await session.execute(statement)}
    return [
        Occasion(
            message,
            event.case_id,
            (event.subject_kind, event.subject_id),
            event.unit_id,
            event.actor_person_id,
            event.changes,
        )
        for message in messages
        for event in (events[message.event_id],)
    ]
