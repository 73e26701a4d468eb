"""What the security auditor reads (安全审计): who administered, who read what few may know of, who was refused what.

Of the things themselves he sees what he may see anyhow: the records name them by their ids.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import strawberry

from app.audit import models
from app.audit.rules import AccessOutcome
from app.core.ids import encode_id
from app.core.levels import Classification
from app.graphql.administration import Account
from app.graphql.declarations import column, computed, from_graphql_core, global_id, reads, to_one
from app.graphql.made import made
from app.graphql.units import Person
from app.reads.execution import Row
from app.reads.filters import Listing, at_least, at_most, one_of, one_of_ids
from app.reads.keyset import descending

# where a global id has another word than the policy
_TAGS = {"follow_up": "followup", "password_renewal": "renewal", "emergency_seal": "emergencyseal"}
_SUBJECT_ID = "Its global id; `node` answers with it where the caller may see it. Null where it was never stored."


def _global_id(kind: str, key: UUID | None, _now: datetime) -> str | None:
    return None if key is None else encode_id(_TAGS.get(kind, kind), key)


@from_graphql_core("made in memory")
@strawberry.type(description="A field of a stored row, before and after. Words are references to them.")
class FieldChange:
    name: str = strawberry.field(description="The column.")
    before: str | None = strawberry.field(description="As JSON; null where there was nothing.")
    after: str | None = strawberry.field(description="As JSON; null where there is nothing.")


@from_graphql_core("made in memory")
@strawberry.type(description="A row that an act of administration wrote (变更).")
class RowChange:
    table: str = strawberry.field(description="The table.")
    key: list[str] = strawberry.field(description="Its primary key.")
    deleted: bool = strawberry.field(description="Whether the row is gone.")
    fields: list[FieldChange] = strawberry.field(description="What changed in it.")


def _changes(recorded: Sequence[Mapping[str, Any]]) -> list[RowChange]:
    return [
        RowChange(
            table=change["table"],
            key=[str(part) for part in change["key"]],
            deleted=change.get("deleted", False),
            fields=[
                FieldChange(name=name, before=_json(before), after=_json(after))
                for name, (before, after) in change["fields"].items()
            ],
        )
        for change in recorded
    ]


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


@strawberry.type(description="An act of administration, a link of a chain that shows any tampering (管理记录).")
@reads(models.AdminRecord, object="audit")
class AdminRecord:
    row: strawberry.Private[Row]
    action: str = column(models.AdminRecord.action, description="What happened, e.g. `grant.approved`.")
    rule: str | None = column(
        models.AdminRecord.rule_id, description="The rule that allowed it; null where none was asked (规则编号)."
    )
    policy_version: int = column(
        models.AdminRecord.policy_version, description="The version of the policy under which it happened."
    )
    actor_kind: str = column(
        models.AdminRecord.actor_kind,
        description="PERSON, SERVICE, MACHINE, EMERGENCY, or OPERATOR on the command line.",
    )
    account: Account | None = to_one(models.AdminRecord.actor_account_id, description="By which account.")
    person: Person | None = to_one(models.AdminRecord.actor_person_id, description="By whom.")
    subject_kind: str = column(models.AdminRecord.subject_kind, description="To what kind of thing, e.g. `grant`.")
    subject: strawberry.ID | None = computed(  # type: ignore[assignment]  # an ID is a string
        _global_id, models.AdminRecord.subject_kind, models.AdminRecord.subject_id, description=_SUBJECT_ID
    )
    changes: list[RowChange] = made(_changes, models.AdminRecord.changes, description="What it wrote.")
    recorded_at: datetime = column(models.AdminRecord.recorded_at, description="When.")
    previous: str = column(models.AdminRecord.previous, description="The hash of the link before this one.")
    hash: str = column(models.AdminRecord.hash, description="The hash of this link; `duban audit verify` proves it.")


@strawberry.type(description="A reading of something restricted, or an attempt that a rule refused (查阅与拒绝记录).")
@reads(models.AccessLog, object="access")
class AccessEntry:
    row: strawberry.Private[Row]
    id: strawberry.ID = global_id("access")
    at: datetime = column(models.AccessLog.at, description="When.")
    outcome: AccessOutcome = column(models.AccessLog.outcome, description="Read or refused.")
    action: str = column(models.AccessLog.action, description="The right that it took, e.g. `case.view`.")
    rule: str | None = column(
        models.AccessLog.rule_id, description="The rule that refused it; null where no rule allowed it (规则编号)."
    )
    account: Account | None = to_one(models.AccessLog.account_id, description="By which account.")
    person: Person | None = to_one(models.AccessLog.person_id, description="By whom.")
    subject_kind: str = column(models.AccessLog.subject_kind, description="What kind of thing, e.g. `case`.")
    subject: strawberry.ID | None = computed(  # type: ignore[assignment]  # an ID is a string
        _global_id, models.AccessLog.subject_kind, models.AccessLog.subject_id, description=_SUBJECT_ID
    )
    classification: Classification | None = column(
        models.AccessLog.classification,
        description="Its classification then (密级); null where it has that of its case.",
    )
    correlation_id: str = computed(
        lambda key, _now: str(key), models.AccessLog.correlation_id, description="The request, as the server logs it."
    )


ADMIN_RECORDS = Listing(
    model=models.AdminRecord,
    order=(descending(models.AdminRecord.seq),),
    filters={
        "actions": one_of(models.AdminRecord.action),
        "people": one_of_ids(models.AdminRecord.actor_person_id, "person"),
        "accounts": one_of_ids(models.AdminRecord.actor_account_id, "account"),
        "recorded_from": at_least(models.AdminRecord.recorded_at),
        "recorded_until": at_most(models.AdminRecord.recorded_at),
    },
    orders={},
)
ACCESS_LOG = Listing(
    model=models.AccessLog,
    order=(descending(models.AccessLog.at),),
    filters={
        "outcomes": one_of(models.AccessLog.outcome),
        "actions": one_of(models.AccessLog.action),
        "people": one_of_ids(models.AccessLog.person_id, "person"),
        "cases": one_of_ids(models.AccessLog.of_case_id, "case"),
        "noted_from": at_least(models.AccessLog.at),
        "noted_until": at_most(models.AccessLog.at),
    },
    orders={},
)


@strawberry.input(description="Which acts of administration.")
class AdminRecordFilter:
    actions: list[str] | None = strawberry.field(default=None, description="What happened, e.g. `grant.approved`.")
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="By whom.")
    accounts: list[strawberry.ID] | None = strawberry.field(default=None, description="By which accounts.")
    recorded_from: datetime | None = strawberry.field(default=None, description="From then on.")
    recorded_until: datetime | None = strawberry.field(default=None, description="Up to then.")


@strawberry.input(description="Which readings and refusals.")
class AccessFilter:
    outcomes: list[AccessOutcome] | None = strawberry.field(default=None, description="Read or refused.")
    actions: list[str] | None = strawberry.field(default=None, description="Rights, e.g. `case.view`.")
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="By whom.")
    cases: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Of these cases and what belongs to them."
    )
    noted_from: datetime | None = strawberry.field(default=None, description="From then on.")
    noted_until: datetime | None = strawberry.field(default=None, description="Up to then.")
