"""How these tests act: as people through use cases, and as the worker through its two sweeps."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from app.assignments.models import ReportSlot
from app.authz import Policy
from app.authz.objects import catalogue, registered
from app.authz.policy_text import PolicyText, Rule
from app.cases.models import Case
from app.circulars.models import Circular
from app.content.models import Content
from app.documents.models import Document
from app.escalation.models import Urging
from app.escalation.sweep import escalate
from app.events.models import Event, OutboxMessage
from app.events.verifying import verify_chains
from app.inspections.models import InspectionConclusion
from app.notifications.delivery import relay
from app.notifications.models import Notification
from app.talks.models import FormalTalk
from tests.reports.desk import CITY, Desk

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # for what is no matter of statements or locks
from_scratch = pytest.mark.parametrize("with_case", [False])  # for districts in which nothing has happened yet


@dataclass(slots=True)
class Works(Desk):
    """A desk with a worker."""

    async def escalate(self) -> int:
        return await escalate(self.workplace, self.policy)

    async def relay(self) -> int:
        return await relay(self.workplace, self.policy)

    async def tick(self) -> None:
        """Both sweeps, until neither finds anything."""
        while await self.escalate() + await self.relay():
            pass

    async def on(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let the day come, and the worker look."""
        self.at(month, day, hour, minute)
        await self.tick()

    async def urgings(self, case: Case, unit: str = CITY) -> list[Urging]:
        part = await self.part(case, unit)
        return sorted(await self.rows(Urging, assignment_id=part.id), key=lambda urging: (urging.issued_at, urging.key))

    async def urging(self, case: Case, unit: str = CITY) -> Urging:
        (urging,) = await self.urgings(case, unit)
        return urging

    async def slot(self, case: Case, unit: str = CITY) -> ReportSlot:
        (slot,) = await self.slots(case, unit)
        return slot

    async def history(self, case: Case, since: str = "case.dispatched") -> list[str]:
        """What was recorded of a case after the first event of a type."""
        found = sorted(await self.rows(Event, case_id=case.id), key=lambda event: event.case_seq or 0)
        types = [event.type for event in found]
        return types[types.index(since) + 1 :]

    async def told(self, topic: str) -> dict[str, int]:
        """Who has messages of a topic, and how many."""
        names = {key: login for login, key in self.district.people.items()}
        return dict(Counter(names[row.person_id] for row in await self.rows(Notification, topic=topic)))

    async def unsent(self) -> dict[str, int]:
        async with self.workplace.database.read() as session:
            statement = select(OutboxMessage.topic).where(OutboxMessage.sent_at.is_(None))
            return dict(Counter((await session.scalars(statement)).all()))

    async def broken_chains(self) -> list[str]:
        async with self.workplace.database.read() as session:
            return (await verify_chains(session, Case))[1]

    async def next_look(self, case: Case) -> datetime | None:
        return (await self.row(Case, case.id)).next_fire_at

    async def text(self, content_id: UUID | None) -> str | None:
        return None if content_id is None else (await self.row(Content, content_id)).text

    async def blocks(self, content_id: UUID) -> list[tuple[str | None, str]]:
        return [(block["label"], block["text"]) for block in orjson.loads(await self.text(content_id) or "[]")]

    async def printed(self, document_id: UUID | None) -> tuple[str | None, str, list[Any]]:
        """Number, status and the blocks of a document."""
        assert document_id is not None
        document = await self.row(Document, document_id)
        return document.number, document.status.value, await self.blocks(document.body_id)

    async def drafts(self) -> tuple[FormalTalk, InspectionConclusion, Circular]:
        """What the machine drafted because of the one silent unit."""
        (talk,) = await self.rows(FormalTalk)
        (conclusion,) = await self.rows(InspectionConclusion)
        (circular,) = await self.rows(Circular)
        return talk, conclusion, circular

    def forbid_escalation(self) -> None:
        """The policy in force now forbids the machine every case."""
        text = self.policy.text
        rule = Rule("machine", "case", "escalate", "always", "deny", "TEST-1")
        clauses = {**text.clauses, rule.id: next(iter(text.clauses.values()))}
        changed = PolicyText(text.model, text.hierarchy, (*text.rules, rule), clauses)
        self.policy = Policy(changed, catalogue(registered()))
