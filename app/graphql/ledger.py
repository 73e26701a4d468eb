"""台账: the list of cases, its filters, its orders, and its counts. A figure is always that of the list behind it."""

from datetime import date, datetime
from enum import Enum

import strawberry

from app.assignments.listing import CASE_LISTING
from app.cases.rules import AssignmentRole, CaseStatus, MatterType
from app.deadlines.rules import Light
from app.regulation.rules import TimeLimitTier


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
    due_from: date | None = strawberry.field(default=None, description="Due on this day or later.")
    due_until: date | None = strawberry.field(default=None, description="Due on this day or earlier.")
    registered_from: date | None = strawberry.field(default=None, description="Registered on this day or later.")
    registered_until: date | None = strawberry.field(default=None, description="Registered on this day or earlier.")
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
