"""看板: what a leader looks at first. Each number carries the filter of its list, and is that list's number."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Annotated

import strawberry

from app.cases.rules import OPEN_STATUSES
from app.core.refusals import RefusalCode, invalid
from app.core.zone import local_date
from app.deadlines.rules import Light
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.escalation import Urging
from app.graphql.figures import COUNTED, CaseFigure, exactly, figure
from app.graphql.ledger import CaseFilter, narrowed
from app.graphql.listings import URGINGS, UrgingFilter
from app.graphql.node import CappedCount
from app.graphql.performing import key_of
from app.graphql.roots import tally_of
from app.graphql.statistics import CaseStatistics

_SUNDAY = 6


@from_graphql_core(COUNTED)
@strawberry.type(description="The filter by which `urgings` gives the list behind a figure.")
class UrgingSelection:
    units: list[strawberry.ID] | None = strawberry.field(description="`UrgingFilter.units`.")
    issued_from: date | None = strawberry.field(description="`UrgingFilter.issuedFrom`.")
    issued_until: date | None = strawberry.field(description="`UrgingFilter.issuedUntil`.")
    withdrawn: bool | None = strawberry.field(description="`UrgingFilter.withdrawn`.")


@from_graphql_core(COUNTED)
@strawberry.type(description="A number of urgings, and the list that it is the number of (催办次数).")
class UrgingFigure:
    count: CappedCount = strawberry.field(description="How many, exactly.")
    filter: UrgingSelection = strawberry.field(description="`urgings` with this filter is the list.")


@strawberry.type(
    description="What a leader looks at first (看板): what is open now, what is red, what turns red this week, what a "
    "period brought. Every number carries the filter of its list, and is the number of that list for the same caller."
)
class Dashboard:
    base: strawberry.Private[CaseFilter]
    first: strawberry.Private[date]
    last: strawberry.Private[date]

    @strawberry.field(description="The first day of the period.")
    @from_graphql_core(COUNTED)
    def first_on(self) -> date:
        return self.first

    @strawberry.field(description="The last day of the period.")
    @from_graphql_core(COUNTED)
    def last_on(self) -> date:
        return self.last

    @strawberry.field(description="What is open now (在办).")
    @from_graphql_core(COUNTED)
    def open(self) -> CaseStatistics:
        return CaseStatistics(filter=self._open())

    @strawberry.field(description="What is red now (已超期).")
    @from_graphql_core(COUNTED)
    async def red(self, info: Info) -> CaseFigure:
        return await figure(info, narrowed(self._open(), lights=[Light.RED]))

    @strawberry.field(description="What is yellow now (临近时限).")
    @from_graphql_core(COUNTED)
    async def yellow(self, info: Info) -> CaseFigure:
        return await figure(info, narrowed(self._open(), lights=[Light.YELLOW]))

    @strawberry.field(description="What turns red by the end of this week, Sunday included (本周将超期).")
    @from_graphql_core(COUNTED)
    async def turning_red(self, info: Info) -> CaseFigure:
        today = local_date(info.context.now)
        sunday = today + timedelta(days=_SUNDAY - today.weekday())
        return await figure(info, narrowed(self._open(), turns_red_until=sunday))

    @strawberry.field(description="What was registered in the period (新登记).")
    @from_graphql_core(COUNTED)
    def registered(self) -> CaseStatistics:
        return CaseStatistics(filter=narrowed(self.base, registered_from=self.first, registered_until=self.last))

    @strawberry.field(description="What was closed in the period and still is (办结).")
    @from_graphql_core(COUNTED)
    def closed(self) -> CaseStatistics:
        return CaseStatistics(filter=narrowed(self.base, closed_from=self.first, closed_until=self.last))

    @strawberry.field(description="How often units were urged in the period, what was withdrawn aside (催办次数).")
    @from_graphql_core(COUNTED)
    async def urgings(self, info: Info) -> UrgingFigure:
        asked = UrgingFilter(units=self.base.units, issued_from=self.first, issued_until=self.last, withdrawn=False)
        ((_, number),) = (await tally_of(info.context, URGINGS, Urging, asked)).items()
        given = {one.name: getattr(asked, one.name) for one in fields(asked)}
        return UrgingFigure(count=exactly(number), filter=UrgingSelection(**given))

    def _open(self) -> CaseFilter:
        return narrowed(self.base, statuses=sorted(OPEN_STATUSES))


_MaybeDay = Annotated[date | None, strawberry.argument(description="Of the period; by default 1 January and today.")]
_MaybeUnit = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only cases in which this unit takes part.")
]


@from_graphql_core(COUNTED)
def dashboard_of(
    info: Info, unit: _MaybeUnit = None, first_on: _MaybeDay = None, last_on: _MaybeDay = None
) -> Dashboard:
    today = local_date(info.context.now)
    last = last_on or today
    first = first_on or last.replace(month=1, day=1)
    if first > last:
        raise invalid(RefusalCode.BAD_DATE, "firstOn")
    base = CaseFilter() if unit is None else CaseFilter(units=[unit])
    if unit is not None:
        key_of("unit", unit)
    return Dashboard(base=base, first=first, last=last)
