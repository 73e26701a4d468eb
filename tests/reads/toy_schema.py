"""The toy district as GraphQL, with every kind of declaration once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import Boolean, Uuid, bindparam

from app.authz.actor import Actor
from app.core.database import Database
from app.core.levels import Classification
from app.core.paging import Cursors
from app.graphql.declarations import (
    Info,
    column,
    computed,
    from_graphql_core,
    global_id,
    reads,
    text,
    to_many,
    to_one,
    to_page,
)
from app.graphql.loaders import Loaders
from app.graphql.node import Connection, Node
from app.graphql.roots import node_by_id, nodes_by_ids, object_by, page_of, visible
from app.reads.execution import Row
from app.reads.filters import Filter, Listing, Scope, ValueFilter, at_least, at_most, equals, one_of, one_of_ids
from app.reads.filters import today as today_parameter
from app.reads.keyset import ascending, descending
from app.reads.kinds import Need
from tests.reads import toy
from tests.reads.bed import NOW

strawberry.enum(toy.Status, description="State.")
strawberry.enum(Classification, description="Level.")


def days_left(due_on: date | None, status: toy.Status, now: datetime) -> int | None:
    return None if due_on is None or status is toy.Status.CLOSED else (due_on - now.date()).days


@strawberry.type(description="A unit.")
@reads(toy.Unit)
class Unit(Node):
    id: strawberry.ID = global_id("unit")
    name: str = column(toy.Unit.name, description="Name.")
    cases: Connection[Annotated["Case", strawberry.lazy("tests.reads.toy_schema")]] = to_page(
        toy.Case.unit_id, order=[ascending(toy.Case.due_on)], description="Its cases."
    )


@strawberry.type(description="A label.")
@reads(toy.Label)
class Label:
    row: strawberry.Private[Row]
    name: str = column(toy.Label.name, description="Name.")


@strawberry.type(description="A case.")
@reads(toy.Case, object="case")
class Case(Node):
    id: strawberry.ID = global_id("case")
    number: str = column(toy.Case.number, description="Number.")
    title: str | None = text(toy.Case.title_id, description="Title.")
    words: str | None = text(toy.Case.words_id, description="Words.")
    due_on: date | None = column(toy.Case.due_on, description="Due.")
    opened_at: datetime = column(toy.Case.opened_at, description="Opened.")
    weight: int | None = column(toy.Case.weight, description="Weight.")
    status: toy.Status = column(toy.Case.status, description="Status.")
    level: Classification = column(toy.Case.level, description="Level.")
    days_left: int | None = computed(days_left, toy.Case.due_on, toy.Case.status, description="Days left.")
    unit: Unit | None = to_one(toy.Case.unit_id, description="Its unit.")
    reopens: Annotated["Case", strawberry.lazy("tests.reads.toy_schema")] | None = to_one(
        toy.Case.reopens_id, description="The case before it."
    )
    reports: list[Annotated["Report", strawberry.lazy("tests.reads.toy_schema")]] = to_many(
        toy.Report.case_id, order=[descending(toy.Report.submitted_at)], description="All reports."
    )
    graded: list[Annotated["Report", strawberry.lazy("tests.reads.toy_schema")]] = to_many(
        toy.Report.case_id,
        order=[ascending(toy.Report.grade)],
        where=lambda report: report.c.grade.is_not(None),
        description="Graded reports.",
    )
    report_page: Connection[Annotated["Report", strawberry.lazy("tests.reads.toy_schema")]] = to_page(
        toy.Report.case_id, order=[descending(toy.Report.submitted_at)], description="Reports by page."
    )
    labels: list[Label] = to_many(
        toy.CaseLabel.case_id,
        through=toy.CaseLabel.label_id,
        order=[descending(toy.Label.name)],
        description="Labels.",
    )

    @strawberry.field(description="Written by hand.")
    @from_graphql_core("shows how")
    async def loud_number(self, info: Info) -> str:
        async def load(keys: list[UUID]) -> Sequence[str]:
            return [f"{key}!" for key in keys]

        return await info.context.loaders.batch("loud", load).load(self.row["number"])


@strawberry.type(description="A report.")
@reads(toy.Report, object="report")
class Report(Node):
    id: strawberry.ID = global_id("report")
    grade: int | None = column(toy.Report.grade, description="Grade.")
    submitted_at: datetime | None = column(toy.Report.submitted_at, description="Submitted.")
    unit: Unit = to_one(toy.Report.unit_id, description="Its unit.")
    case: Case | None = to_one(toy.Report.case_id, description="Its case.")


@strawberry.input(description="A filter.")
class CaseFilter:
    status: list[toy.Status] | None = strawberry.field(default=strawberry.UNSET, description="One of.")
    unit: list[strawberry.ID] | None = strawberry.field(default=strawberry.UNSET, description="One of.")
    due_from: date | None = strawberry.field(default=strawberry.UNSET, description="From.")
    due_until: date | None = strawberry.field(default=strawberry.UNSET, description="Until.")
    number: str | None = strawberry.field(default=strawberry.UNSET, description="Exactly.")
    overdue: bool | None = strawberry.field(default=strawberry.UNSET, description="Before today.")
    level: list[Classification] | None = strawberry.field(default=strawberry.UNSET, description="One of.")
    ending: str | None = strawberry.field(default=strawberry.UNSET, description="How the number ends.")


@strawberry.enum(description="Orders.")
class CaseOrder(Enum):
    DUE_ON_ASC = "DUE_ON_ASC"
    DUE_ON_DESC = "DUE_ON_DESC"
    OPENED_AT_ASC = "OPENED_AT_ASC"


CASES = Listing(
    toy.Case,
    order=(ascending(toy.Case.number),),
    filters={
        "status": one_of(toy.Case.status),
        "unit": one_of_ids(toy.Case.unit_id, "unit"),
        "due_from": at_least(toy.Case.due_on),
        "due_until": at_most(toy.Case.due_on),
        "number": equals(toy.Case.number),
        "overdue": Filter(lambda case, given: (case.c.due_on < today_parameter()) == given.value(Boolean())),
        "level": one_of(toy.Case.level),
        "ending": ValueFilter(lambda case, ending, _key: case.c.number.endswith(ending, autoescape=True)),
    },
    orders={
        "DUE_ON_ASC": (ascending(toy.Case.due_on),),
        "DUE_ON_DESC": (descending(toy.Case.due_on),),
        "OPENED_AT_ASC": (ascending(toy.Case.opened_at),),
    },
)


OWN = Scope(
    lambda case, _dialect: case.c.unit_id == bindparam("own_unit", type_=Uuid()),
    lambda actor: {"own_unit": next(iter(actor.unit_ids))},
)


@strawberry.type(description="Reads.")
class Query:
    node: Node | None = node_by_id(Unit, Case, Report, description="Any.")
    nodes: list[Node | None] = nodes_by_ids(Unit, Case, Report, description="Any.")
    case: Case | None = object_by(number=toy.Case.number, description="One case.")
    unit: Unit | None = object_by(description="One unit.")
    cases: Connection[Case] = page_of(CASES, filter=CaseFilter, order=CaseOrder, description="The ledger.")
    units: Connection[Unit] = page_of(
        Listing(toy.Unit, order=(ascending(toy.Unit.name),), filters={}, orders={}), description="All units."
    )

    own_cases: Connection[Case] = page_of(
        Listing(toy.Case, order=(), filters={}, orders={}, scope=OWN), description="Cases of the caller's unit."
    )

    @strawberry.field(description="Written by hand.")
    @from_graphql_core("shows how")
    async def first_case(self, info: Info) -> Case | None:
        return await visible(info.context, Case, UUID(int=1000))


schema = strawberry.Schema(query=Query, types=[Report])


@dataclass
class ToyContext:
    """What the schema needs of a request."""

    database: Database
    actor: Actor
    now: datetime = NOW
    policy: toy.ToyPolicy = field(default_factory=toy.ToyPolicy)
    cursors: Cursors = field(default_factory=lambda: Cursors(b"a key for tests only"))
    search_key: bytes = b"unused"
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self)

    async def given(self, need: Need) -> Any:
        return {Need.NOW: self.now, Need.CALLER: self.actor}[need]
