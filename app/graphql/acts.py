"""Decisions, acts entered on behalf of somebody, and the timeline, as the schema shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import strawberry

from app.acts import models
from app.acts.rules import ChangedField, DecisionKind, Outcome, RecordedActStatus
from app.cases.rules import AssignmentRole
from app.events.models import Event
from app.graphql.cases import Case
from app.graphql.declarations import column, from_graphql_core, global_id, reads, text, to_one
from app.graphql.documents import StoredFile
from app.graphql.made import made, told, told_one
from app.graphql.node import Node
from app.graphql.units import Person, Post, Unit, UnitGroup
from app.reads.kinds import Text
from app.work import Medium


@strawberry.type(description="A unit or a group as it stood in a proposal before or after a leader changed it.")
class ChangedUnit:
    item: strawberry.Private[Mapping[str, Any]]
    role: AssignmentRole = told(lambda item: AssignmentRole(item["role"]), description="Its role (承办角色).")
    unit: Unit | None = told_one(lambda item: _key(item["unit"]), description="The unit; null for a group.")
    group: UnitGroup | None = told_one(lambda item: _key(item["group"]), description="The group; null for a unit.")


@strawberry.type(description="What a leader changed in approving (修改内容): one field, as proposed and as decided.")
class DecidedChange:
    item: strawberry.Private[Mapping[str, Any]]
    field: ChangedField = told(lambda item: ChangedField(item["field"].upper()), description="What was changed.")
    before: str | None = told(
        lambda item: _plain(item["before"]),
        description="As proposed: a day, an hour or an enum value; null for units, and where nothing was proposed.",
    )
    after: str | None = told(lambda item: _plain(item["after"]), description="As decided; null for units.")
    units_before: list[ChangedUnit] = told(
        lambda item: _units(item["before"]), description="Units as proposed; empty for anything else."
    )
    units_after: list[ChangedUnit] = told(
        lambda item: _units(item["after"]), description="Units as decided; empty for anything else."
    )


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _units(value: Any) -> list[ChangedUnit]:
    return [ChangedUnit(item=one) for one in value] if isinstance(value, list) else []


def _changes(stored: list[dict[str, Any]]) -> list[DecidedChange]:
    return [DecidedChange(item=one) for one in stored]


@strawberry.type(description="A decision or another act of a leader or a unit (审定、审核、签发).")
@reads(models.Decision, object="decision")
class Decision(Node):
    id: strawberry.ID = global_id("decision")
    kind: DecisionKind = column(models.Decision.kind, description="What was decided.")
    outcome: Outcome = column(models.Decision.outcome, description="How.")
    comment: str | None = text(models.Decision.comment_id, description="With which words.")
    printed_name: str = column(models.Decision.printed_name, description="Name on that day.")
    printed_post: str | None = column(models.Decision.printed_post, description="Post on that day.")
    printed_unit: str | None = column(models.Decision.printed_unit, description="Unit on that day.")
    medium: Medium = column(models.Decision.medium, description="In the system, or 代录 from paper, phone, voice.")
    occurred_at: datetime = column(models.Decision.occurred_at, description="When it was done.")
    recorded_at: datetime = column(models.Decision.recorded_at, description="When it was entered.")
    changes: list[DecidedChange] = made(
        _changes,
        models.Decision.changes,
        description="What was changed in approving (修改内容); empty for any other outcome.",
    )
    decided_by: Person | None = to_one(models.Decision.decided_by, description="Who decided.")
    acted_for: Person | None = to_one(
        models.Decision.acted_for,
        description="Who lent the temporary power by which it was decided (第三十条(六)); null where it was one's own.",
    )
    post: Post | None = to_one(models.Decision.post_id, description="In which post, and how that is held (任职方式).")


@from_graphql_core("part of one content row")
@strawberry.type(description="One field of an entered act, as it was typed (代录内容).")
class EnteredField:
    name: str = strawberry.field(description="Its name in the input of the mutation, e.g. `changes.reportDueOn`.")
    value: str = strawberry.field(description="What was typed: words, a day, an enum value, an id.")


def _entered(stored: str | None) -> list[EnteredField]:
    return [EnteredField(name=name, value=value) for name, value in orjson.loads(stored or "[]")]


@strawberry.type(description="An act entered on behalf of who did it, until and after its check (代录).")
@reads(models.RecordedAct, object="act")
class RecordedAct(Node):
    id: strawberry.ID = global_id("act")
    mutation: str = column(models.RecordedAct.mutation, description="The mutation that it stands for.")
    status: RecordedActStatus = column(models.RecordedAct.status, description="Whether it has taken effect.")
    medium: Medium = column(models.RecordedAct.medium, description="On paper, by phone or by voice.")
    occurred_at: datetime = column(models.RecordedAct.occurred_at, description="When it was done.")
    recorded_at: datetime = column(models.RecordedAct.recorded_at, description="When it was entered.")
    checked_at: datetime | None = column(models.RecordedAct.checked_at, description="When it was checked (复核).")
    version: int = column(models.RecordedAct.version, description="Counts up with each change.")
    decided_by: Person | None = to_one(models.RecordedAct.decided_by, description="Whose act it is.")
    recorded_by: Person | None = to_one(models.RecordedAct.recorded_by, description="Who entered it (代录人).")
    checked_by: Person | None = to_one(models.RecordedAct.checked_by, description="Who checked it (复核人).")
    case: Case | None = to_one(models.RecordedAct.case_id, description="The case.")
    evidence: StoredFile | None = to_one(
        models.RecordedAct.evidence_file_id, description="The file that proves it (凭证)."
    )
    confirmed_at: datetime | None = column(
        models.RecordedAct.confirmed_at, description="When spoken words were confirmed in writing (补签)."
    )
    confirmation: StoredFile | None = to_one(
        models.RecordedAct.confirmation_file_id, description="The written confirmation (补签)."
    )
    rejection_reason: str | None = text(models.RecordedAct.reason_id, description="Why it was rejected.")

    entered: list[EnteredField] = made(
        _entered,
        Text(models.RecordedAct.entered_id),
        description="What was entered: what the second officer holds to the evidence (代录内容).",
    )


@strawberry.type(description="One fact in the life of a case (办理过程).")
@reads(Event, object="event")
class TimelineEntry(Node):
    id: strawberry.ID = global_id("event")
    type: str = column(Event.type, description="What happened, e.g. `case.dispatched`.")
    occurred_on: date = column(Event.occurred_on, description="On which day.")
    recorded_at: datetime = column(Event.recorded_at, description="When it was recorded.")
    actor: Person | None = to_one(Event.actor_person_id, description="Who did it; null for the machine.")
    unit: Unit | None = to_one(Event.unit_id, description="The unit whose part it concerns.")
    case: Case | None = to_one(Event.case_id, description="The case that it happened to.")
