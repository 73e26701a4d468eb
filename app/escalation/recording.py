"""What the sweep writes, gathered case by case and written table by table, in the very shape of people's records."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import CaseRecord
from app.audit.service import case_link
from app.authz import Actor
from app.cases.models import Case
from app.core.bulk import insert_rows, update_rows
from app.core.clock import local_date
from app.core.database import among
from app.core.ids import new_id
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from app.escalation.models import Urging
from app.escalation.queries import Claimed, Due
from app.events.changes import alteration, insertion
from app.events.digest import digest_of_columns
from app.events.models import Event, OutboxMessage
from app.events.outbox import message_row

ACTION = "case.escalate"

_CASE, _DEADLINE, _URGING, _EVENT, _RECORD, _MESSAGE = (
    cast("Table", model.__table__) for model in (Case, Deadline, Urging, Event, CaseRecord, OutboxMessage)
)


@dataclass(slots=True)
class Fact:
    """Something that the machine has done: which dates it ended, and what it made of them."""

    type: str
    subject: tuple[str, UUID]
    key: str  # of the message: names the thing, so that a receiver can tell a repetition
    payload: dict[str, Any]
    ended: dict[UUID, DeadlineState] = field(default_factory=dict)
    urging: dict[str, Any] | None = None

    def end(self, due: Due, state: DeadlineState) -> None:
        self.ended[due.id] = state


@dataclass(slots=True)
class Sheet:
    """What comes of one case: its facts as rows, its dates that ended, and the head of its chain as it was read."""

    case: Claimed
    read_seq: int
    urgings: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: dict[UUID, DeadlineState] = field(default_factory=dict)

    @property
    def head(self) -> dict[str, Any]:
        case = self.case
        return {
            "id": case.id,
            "next_fire_at": case.next_fire_at,
            "record_seq": case.record_seq,
            "record_hash": case.record_hash,
            "updated_at": case.updated_at,
        }


class Recorder:
    """Makes the rows of facts, one case after the other."""

    def __init__(self, machine: Actor, now: datetime, real_now: datetime) -> None:
        self._machine, self._now, self._real_now = machine, now, real_now

    def sheet(self, case: Claimed, facts: Iterable[Fact]) -> Sheet:
        """Event, link of the chain and message of each fact. The head of the chain moves with them."""
        sheet = Sheet(case, case.record_seq)
        for fact in facts:
            self._record(sheet, case, fact)
        return sheet

    def _record(self, sheet: Sheet, case: Claimed, fact: Fact) -> None:
        event = self._event(case, fact)
        link = case_link(
            case_id=case.id,
            seq=event["case_seq"],
            previous=case.record_hash,
            event_id=event["id"],
            action=ACTION,
            rule_id=case.rule_id,
            actor=self._machine,
            digest=digest_of_columns(event),
            at=self._now,
        )
        case.record_seq, case.record_hash, case.updated_at = link["seq"], link["hash"], self._now
        if fact.urging is not None:
            sheet.urgings.append(fact.urging)
        sheet.events.append(event)
        sheet.links.append(link)
        sheet.messages.append(message_row(fact.type, event["id"], fact.key, fact.payload, self._now, self._real_now))
        sheet.ended |= fact.ended

    def _event(self, case: Claimed, fact: Fact) -> dict[str, Any]:
        changes = [
            alteration(Deadline, key, {"state": (DeadlineState.PENDING, state)})
            for key, state in sorted(fact.ended.items(), key=lambda ended: str(ended[0]))
        ]
        if fact.urging is not None:
            changes.append(insertion(Urging, fact.urging))
        return {
            "id": new_id(),
            "type": fact.type,
            "case_id": case.id,
            "case_seq": case.record_seq + 1,
            "subject_kind": fact.subject[0],
            "subject_id": fact.subject[1],
            "unit_id": None,  # the office's matter until it is delivered
            "actor_kind": str(self._machine.kind),
            "actor_person_id": None,
            "act_id": None,
            "occurred_on": local_date(self._now),
            "recorded_at": self._now,
            "rule_set_id": case.rule_set_id,
            "changes": changes,
        }


async def write(session: AsyncSession, sheets: Collection[Sheet]) -> None:
    """Everything of these cases, a statement for each table."""
    connection = await session.connection()
    for table, rows in (
        (_URGING, [row for sheet in sheets for row in sheet.urgings]),
        (_EVENT, [row for sheet in sheets for row in sheet.events]),
        (_RECORD, [row for sheet in sheets for row in sheet.links]),
        (_MESSAGE, [row for sheet in sheets for row in sheet.messages]),
    ):
        await insert_rows(connection, table, rows)
    for state in (DeadlineState.FIRED, DeadlineState.CANCELLED):
        ended = [key for sheet in sheets for key, ended_as in sheet.ended.items() if ended_as is state]
        if ended:
            these = among(_DEADLINE.c.id, ended, connection.dialect.name)
            await connection.execute(update(_DEADLINE).where(these).values(state=state))
    await update_rows(connection, _CASE, [sheet.head for sheet in sheets])
