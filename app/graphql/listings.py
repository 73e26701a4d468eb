"""The lists at the root besides the ledger, with their filters."""

from datetime import date

import strawberry

from app.acts.models import RecordedAct
from app.acts.rules import RecordedActStatus
from app.circulars.models import Circular
from app.escalation.listing import URGING_LISTING as URGINGS
from app.identity.models import Person, Unit, UnitGroup
from app.identity.rules import LeaderSystem, UnitKind
from app.notifications.listing import INBOX_LISTING as INBOX
from app.notifications.listing import NOTIFICATION_LISTING as NOTIFICATIONS
from app.reads.filters import Listing, equals, one_of, one_of_ids
from app.reads.keyset import ascending, descending
from app.reports.models import Report
from app.reports.rules import ReportStatus
from app.talks.models import FormalTalk
from app.todos.listing import TODO_LISTING as TODOS
from app.todos.rules import TodoAction

__all__ = [
    "CIRCULARS",
    "GROUPS",
    "INBOX",
    "NOTIFICATIONS",
    "PEOPLE",
    "RECORDED_ACTS",
    "REPORTS",
    "TALKS",
    "TODOS",
    "UNITS",
    "URGINGS",
    "PersonFilter",
    "RecordedActFilter",
    "ReportFilter",
    "TodoFilter",
    "UnitFilter",
    "UrgingFilter",
]

UNITS = Listing(
    model=Unit,
    order=(ascending(Unit.name),),
    filters={"kinds": one_of(Unit.kind), "name": equals(Unit.name)},
    orders={},
)
GROUPS = Listing(model=UnitGroup, order=(ascending(UnitGroup.name),), filters={}, orders={})
PEOPLE = Listing(
    model=Person,
    order=(ascending(Person.name),),
    filters={"systems": one_of(Person.system), "name": equals(Person.name)},
    orders={},
)
REPORTS = Listing(
    model=Report,
    order=(descending(Report.created_at),),
    filters={
        "statuses": one_of(Report.status),
        "units": one_of_ids(Report.unit_id, "unit"),
        "cases": one_of_ids(Report.case_id, "case"),
    },
    orders={},
)
RECORDED_ACTS = Listing(
    model=RecordedAct,
    order=(descending(RecordedAct.recorded_at),),
    filters={"statuses": one_of(RecordedAct.status)},
    orders={},
)
# since when something lay there as a draft is not for those to whom it went
TALKS = Listing(model=FormalTalk, order=(descending(FormalTalk.created_at, unsaid=True),), filters={}, orders={})
CIRCULARS = Listing(model=Circular, order=(descending(Circular.created_at, unsaid=True),), filters={}, orders={})


@strawberry.input(description="Which units.")
class UnitFilter:
    kinds: list[UnitKind] | None = strawberry.field(default=None, description="Kinds.")
    name: str | None = strawberry.field(default=None, description="Name, exactly.")


@strawberry.input(description="Which people.")
class PersonFilter:
    systems: list[LeaderSystem] | None = strawberry.field(default=None, description="Leading bodies of leaders.")
    name: str | None = strawberry.field(default=None, description="Name, exactly.")


@strawberry.input(description="Which todos.")
class TodoFilter:
    actions: list[TodoAction] | None = strawberry.field(default=None, description="What is waited for.")
    due_until: date | None = strawberry.field(default=None, description="Due on this day or earlier.")


@strawberry.input(description="Which reports.")
class ReportFilter:
    statuses: list[ReportStatus] | None = strawberry.field(default=None, description="States.")
    units: list[strawberry.ID] | None = strawberry.field(default=None, description="Units.")
    cases: list[strawberry.ID] | None = strawberry.field(default=None, description="Cases.")


@strawberry.input(description="Which urgings.")
class UrgingFilter:
    units: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these units.")
    issued_from: date | None = strawberry.field(default=None, description="Issued on this day or later.")
    issued_until: date | None = strawberry.field(default=None, description="Issued on this day or earlier.")
    withdrawn: bool | None = strawberry.field(default=None, description="Whether it was taken back (撤回).")


@strawberry.input(description="Which entered acts.")
class RecordedActFilter:
    statuses: list[RecordedActStatus] | None = strawberry.field(default=None, description="States.")
