"""台账: the list of cases, its filters, its orders, and its counts. A figure is always that of the list behind it."""

from dataclasses import fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry

from app.cases.rules import AssignmentRole, CaseStatus, MatterType, SourceKind
from app.deadlines.rules import Light
from app.graphql.declarations import from_graphql_core
from app.regulation.rules import TimeLimitTier
from app.statistics.listing import CASE_LISTING


@strawberry.input(description="Which cases. Fields combine with AND, the values of one list with OR.")
class CaseFilter:
    number: str | None = strawberry.field(default=None, description="Register number, exactly (督办编号).")
    text: str | None = strawberry.field(default=None, description="Words in title or requirement (标题或办理要求).")
    matter_types: list[MatterType] | None = strawberry.field(default=None, description="Kinds of matter.")
    statuses: list[CaseStatus] | None = strawberry.field(default=None, description="States.")
    lights: list[Light] | None = strawberry.field(default=None, description="Lights (红黄绿灯).")
    tiers: list[TimeLimitTier] | None = strawberry.field(default=None, description="Tiers of time limits.")
    units: list[strawberry.ID] | None = strawberry.field(default=None, description="Units that take part.")
    roles: list[AssignmentRole] | None = strawberry.field(
        default=None, description="Roles that some unit has in it; with `units`, that one of these has."
    )
    source_kinds: list[SourceKind] | None = strawberry.field(
        default=None, description="Kinds of what it rests on, as far as the caller may see that (来源)."
    )
    due_from: date | None = strawberry.field(default=None, description="Due on this day or later.")
    due_until: date | None = strawberry.field(default=None, description="Due on this day or earlier.")
    turns_red_until: date | None = strawberry.field(
        default=None, description="Not red yet, but so when this day is over unless it is done (即将超期)."
    )
    registered_from: date | None = strawberry.field(default=None, description="Registered on this day or later.")
    registered_until: date | None = strawberry.field(default=None, description="Registered on this day or earlier.")
    closed_from: date | None = strawberry.field(default=None, description="Closed on this day or later (办结).")
    closed_until: date | None = strawberry.field(default=None, description="Closed on this day or earlier.")
    on_time: bool | None = strawberry.field(
        default=None, description="Whether it was first closed in time (按时办结); those never closed are in neither."
    )
    accepted_at_once: bool | None = strawberry.field(
        default=None,
        description="Whether its reports were accepted without one being returned (一次通过); those not judged yet "
        "are in neither. As far as the caller may see the reports.",
    )
    urged: bool | None = strawberry.field(
        default=None, description="Whether it was urged (催办), as far as the caller may see that."
    )
    updated_since: datetime | None = strawberry.field(default=None, description="The case itself changed at or after.")


@strawberry.enum(description="Orders of the ledger (排序). Those by date stay fast for open cases.")
class CaseOrder(Enum):
    DUE_ON_ASC = "DUE_ON_ASC"
    DUE_ON_DESC = "DUE_ON_DESC"
    UPDATED_AT_DESC = "UPDATED_AT_DESC"
    CREATED_AT_DESC = "CREATED_AT_DESC"
    NUMBER_ASC = "NUMBER_ASC"
    NUMBER_DESC = "NUMBER_DESC"


CASES = CASE_LISTING


@from_graphql_core("an answer of figures, which are counted by the filter of the ledger")
@strawberry.type(
    description="The filter by which `cases` gives the list behind a figure: what is null in it asks for nothing."
)
class CaseSelection:
    number: str | None = strawberry.field(description="`CaseFilter.number`.")
    text: str | None = strawberry.field(description="`CaseFilter.text`.")
    matter_types: list[MatterType] | None = strawberry.field(description="`CaseFilter.matterTypes`.")
    statuses: list[CaseStatus] | None = strawberry.field(description="`CaseFilter.statuses`.")
    lights: list[Light] | None = strawberry.field(description="`CaseFilter.lights`.")
    tiers: list[TimeLimitTier] | None = strawberry.field(description="`CaseFilter.tiers`.")
    units: list[strawberry.ID] | None = strawberry.field(description="`CaseFilter.units`.")
    roles: list[AssignmentRole] | None = strawberry.field(description="`CaseFilter.roles`.")
    source_kinds: list[SourceKind] | None = strawberry.field(description="`CaseFilter.sourceKinds`.")
    due_from: date | None = strawberry.field(description="`CaseFilter.dueFrom`.")
    due_until: date | None = strawberry.field(description="`CaseFilter.dueUntil`.")
    turns_red_until: date | None = strawberry.field(description="`CaseFilter.turnsRedUntil`.")
    registered_from: date | None = strawberry.field(description="`CaseFilter.registeredFrom`.")
    registered_until: date | None = strawberry.field(description="`CaseFilter.registeredUntil`.")
    closed_from: date | None = strawberry.field(description="`CaseFilter.closedFrom`.")
    closed_until: date | None = strawberry.field(description="`CaseFilter.closedUntil`.")
    on_time: bool | None = strawberry.field(description="`CaseFilter.onTime`.")
    accepted_at_once: bool | None = strawberry.field(description="`CaseFilter.acceptedAtOnce`.")
    urged: bool | None = strawberry.field(description="`CaseFilter.urged`.")
    updated_since: datetime | None = strawberry.field(description="`CaseFilter.updatedSince`.")


def selection_of(filter: CaseFilter) -> CaseSelection:
    return CaseSelection(**{one.name: getattr(filter, one.name) for one in fields(filter)})


def narrowed(filter: CaseFilter, **demanded: Any) -> CaseFilter:
    """What a filter leaves that meets these demands, too. None at all where both cannot be."""
    changed: dict[str, Any] = {}
    for name, value in demanded.items():
        given = getattr(filter, name)
        if given is None:
            changed[name] = value
        elif isinstance(value, list):
            changed[name] = [one for one in value if one in given]
        elif isinstance(value, date):
            changed[name] = min(given, value) if name.endswith("_until") else max(given, value)
        elif given != value:
            changed["statuses"] = []
    return replace(filter, **changed)
