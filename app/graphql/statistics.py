"""Figures (统计): each is counted by the filter of the list behind it, for this viewer: the two cannot differ."""

from dataclasses import replace
from typing import Annotated

import strawberry

from app.cases.rules import CaseStatus, MatterType
from app.core.paging import MAX_PAGE
from app.core.refusals import Problems, RefusalCode, invalid
from app.deadlines.rules import Light
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.ledger import CASES, CaseFilter
from app.graphql.node import CappedCount
from app.graphql.performing import key_of
from app.graphql.roots import count_of, visible
from app.graphql.units import Unit

_COUNTED = "counted by the filter of the ledger"


@from_graphql_core(_COUNTED)
@strawberry.type(description="How many cases show a light (灯数).")
class LightCount:
    light: Light = strawberry.field(description="The light; `cases(filter: {lights: […]})` is the list.")
    count: CappedCount = strawberry.field(description="How many.")


@from_graphql_core(_COUNTED)
@strawberry.type(description="How many cases are in a state.")
class StatusCount:
    status: CaseStatus = strawberry.field(description="The state.")
    count: CappedCount = strawberry.field(description="How many.")


@from_graphql_core(_COUNTED)
@strawberry.type(description="How many cases are of a kind (类别件数).")
class MatterTypeCount:
    matter_type: MatterType = strawberry.field(description="The kind.")
    count: CappedCount = strawberry.field(description="How many.")


@strawberry.type(description="Counts of the cases that a filter selects (统计).")
class CaseStatistics:
    filter: strawberry.Private[CaseFilter]

    @strawberry.field(description="How many there are.")
    @from_graphql_core(_COUNTED)
    async def total(self, info: Info) -> CappedCount:
        return await _count(info, self.filter)

    @strawberry.field(description="By light (按灯).")
    @from_graphql_core(_COUNTED)
    async def by_light(self, info: Info) -> list[LightCount]:
        wanted = [light for light in Light if self.filter.lights is None or light in self.filter.lights]
        return [
            LightCount(light=light, count=await _count(info, replace(self.filter, lights=[light]))) for light in wanted
        ]

    @strawberry.field(description="By state (按状态).")
    @from_graphql_core(_COUNTED)
    async def by_status(self, info: Info) -> list[StatusCount]:
        wanted = [status for status in CaseStatus if self.filter.statuses is None or status in self.filter.statuses]
        return [
            StatusCount(status=status, count=await _count(info, replace(self.filter, statuses=[status])))
            for status in wanted
        ]

    @strawberry.field(description="By kind of matter (按类别).")
    @from_graphql_core(_COUNTED)
    async def by_matter_type(self, info: Info) -> list[MatterTypeCount]:
        asked = self.filter.matter_types
        wanted = [kind for kind in MatterType if asked is None or kind in asked]
        return [
            MatterTypeCount(matter_type=kind, count=await _count(info, replace(self.filter, matter_types=[kind])))
            for kind in wanted
        ]

    @strawberry.field(
        description="By unit (按单位), for those named: at most 100, each once, of those that the filter names if any."
    )
    @from_graphql_core(_COUNTED)
    async def by_unit(
        self, info: Info, units: Annotated[list[strawberry.ID], strawberry.argument(description="The units.")]
    ) -> list["UnitStatistics"]:
        if len(units) > MAX_PAGE:
            raise invalid(RefusalCode.TOO_MANY, "units", limit=MAX_PAGE)
        problems = Problems()
        for position, one in enumerate(units):
            problems.check(one not in units[:position], RefusalCode.DUPLICATE, "units", position)
            among = self.filter.units is None or one in self.filter.units
            problems.check(among, RefusalCode.NOT_APPLICABLE, "units", position)
        problems.raise_if_any()
        return [UnitStatistics(unit_id=one, filter=replace(self.filter, units=[one])) for one in units]


@strawberry.type(description="Counts of the cases in which one unit takes part.")
class UnitStatistics:
    unit_id: strawberry.Private[strawberry.ID]
    filter: strawberry.Private[CaseFilter]

    @strawberry.field(description="The unit.")
    @from_graphql_core(_COUNTED)
    async def unit(self, info: Info) -> Unit | None:
        return await visible(info.context, Unit, key_of("unit", self.unit_id))

    @strawberry.field(description="Its counts.")
    @from_graphql_core(_COUNTED)
    def cases(self) -> CaseStatistics:
        return CaseStatistics(filter=self.filter)


async def _count(info: Info, filter: CaseFilter) -> CappedCount:
    return await count_of(info.context, CASES, Case, filter)
