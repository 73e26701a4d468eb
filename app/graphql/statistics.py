"""Figures (统计): each is counted by the filter of the list behind it, for this viewer: the two cannot differ."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from typing import Annotated, Any

import strawberry

from app.cases.rules import CLOSED_STATUSES, CaseStatus, MatterType, SourceKind
from app.core.ids import encode_id
from app.core.paging import MAX_PAGE
from app.core.refusals import Problems, RefusalCode, invalid
from app.deadlines.rules import Light
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.figures import (
    COUNTED,
    CaseFigure,
    CaseRate,
    HandlingTime,
    LightCount,
    MatterTypeCount,
    MonthCount,
    SourceCount,
    StatusCount,
    exactly,
    figure,
    tally,
)
from app.graphql.ledger import CaseFilter, CaseSelection, narrowed, selection_of
from app.graphql.node import CappedCount
from app.graphql.performing import key_of
from app.graphql.roots import visible
from app.graphql.units import Unit
from app.statistics.rules import Month, handling_workdays

_ALL_OF_ONE_SCAN = ("status", "matter_type", "light")


@from_graphql_core(COUNTED)
@strawberry.type(description="What the cases of one unit come to: one line of a table by units (分单位统计).")
class UnitFigures:
    unit_id: strawberry.Private[Any]
    total: CaseFigure = strawberry.field(description="All.")
    red: CaseFigure = strawberry.field(description="Those that are red.")
    yellow: CaseFigure = strawberry.field(description="Those that are yellow.")

    @strawberry.field(description="The unit.")
    @from_graphql_core(COUNTED)
    async def unit(self, info: Info) -> Unit | None:
        return await visible(info.context, Unit, self.unit_id)


@strawberry.enum(description="By which day a case falls into a month (统计口径).")
class MonthOf(Enum):
    REGISTERED = "REGISTERED"
    CLOSED = "CLOSED"


_DAY_OF = {MonthOf.REGISTERED: "registered", MonthOf.CLOSED: "closed"}


@strawberry.type(description="Counts of the cases that a filter selects (统计).")
class CaseStatistics:
    filter: strawberry.Private[CaseFilter]

    @strawberry.field(description="How many there are.")
    @from_graphql_core(COUNTED)
    async def total(self, info: Info) -> CappedCount:
        return exactly(sum((await tally(info, self.filter, *_ALL_OF_ONE_SCAN)).values()))

    @strawberry.field(description="The filter: `cases` with it is the list.")
    @from_graphql_core(COUNTED)
    def selection(self) -> CaseSelection:
        return selection_of(self.filter)

    @strawberry.field(description="By light (按灯).")
    @from_graphql_core(COUNTED)
    async def by_light(self, info: Info) -> list[LightCount]:
        counted = await self._by(info, "light")
        wanted = _wanted(Light, self.filter.lights)
        return [LightCount(light=one, **self._told(counted[one], lights=[one])) for one in wanted]

    @strawberry.field(description="By state (按状态).")
    @from_graphql_core(COUNTED)
    async def by_status(self, info: Info) -> list[StatusCount]:
        counted = await self._by(info, "status")
        wanted = _wanted(CaseStatus, self.filter.statuses)
        return [StatusCount(status=one, **self._told(counted[one], statuses=[one])) for one in wanted]

    @strawberry.field(description="By kind of matter (按类别).")
    @from_graphql_core(COUNTED)
    async def by_matter_type(self, info: Info) -> list[MatterTypeCount]:
        counted = await self._by(info, "matter_type")
        wanted = _wanted(MatterType, self.filter.matter_types)
        return [MatterTypeCount(matter_type=one, **self._told(counted[one], matter_types=[one])) for one in wanted]

    @strawberry.field(
        description="By kind of source (按来源), as far as the caller may see sources: a case may rest on several."
    )
    @from_graphql_core(COUNTED)
    async def by_source(self, info: Info) -> list[SourceCount]:
        counted = {kind: number for (kind,), number in (await tally(info, self.filter, "source_kind")).items()}
        wanted = _wanted(SourceKind, self.filter.source_kinds)
        return [SourceCount(source_kind=one, **self._told(counted.get(one, 0), source_kinds=[one])) for one in wanted]

    @strawberry.field(description="By month (按月), the earliest first; months without any are left out.")
    @from_graphql_core(COUNTED)
    async def by_month(
        self,
        info: Info,
        of: Annotated[MonthOf, strawberry.argument(description="By which day.")] = MonthOf.REGISTERED,
    ) -> list[MonthCount]:
        day = _DAY_OF[of]
        counted: Counter[Month] = Counter()
        for (on,), number in (await tally(info, self.filter, f"{day}_on")).items():
            if on is not None:
                counted[Month.of(on)] += number
        return [
            MonthCount(
                first_on=month.first,
                **self._told(counted[month], **{f"{day}_from": month.first, f"{day}_until": month.last}),
            )
            for month in sorted(counted)
        ]

    @strawberry.field(description="Closed in time, or late, by their first closing (按时办结率).")
    @from_graphql_core(COUNTED)
    async def on_time(self, info: Info) -> CaseRate:
        return await self._rate(info, "on_time")

    @strawberry.field(description="Whether reports were accepted without one being returned (一次通过率).")
    @from_graphql_core(COUNTED)
    async def accepted_at_once(self, info: Info) -> CaseRate:
        return await self._rate(info, "accepted_at_once")

    @strawberry.field(description="Those that were urged (被催办的件数).")
    @from_graphql_core(COUNTED)
    async def urged(self, info: Info) -> CaseFigure:
        return await figure(info, narrowed(self.filter, urged=True))

    @strawberry.field(description="How long handling took (平均办理用时).")
    @from_graphql_core(COUNTED)
    async def handling_time(self, info: Info) -> HandlingTime:
        closed = narrowed(self.filter, statuses=sorted(CLOSED_STATUSES))
        counted = await tally(info, closed, "dispatched_on", "closed_on")
        calendar = await info.context.calendar()
        of = CaseFigure(count=exactly(sum(counted.values())), filter=selection_of(closed))
        return HandlingTime(workdays=handling_workdays(calendar, counted), of=of)

    @strawberry.field(
        description="By unit, for all that take part as far as the caller may see, the most red first (按单位)."
    )
    @from_graphql_core(COUNTED)
    async def units(self, info: Info) -> list[UnitFigures]:
        by_unit = "unit" if self.filter.roles is None else "unit_in_role"
        lights: dict[Any, Counter[Light]] = {}
        for (unit, light), number in (await tally(info, self.filter, by_unit, "light")).items():
            lights.setdefault(unit, Counter())[light] += number
        asked = None if self.filter.units is None else {key_of("unit", one) for one in self.filter.units}
        found = [(unit, counted) for unit, counted in lights.items() if asked is None or unit in asked]
        found.sort(key=lambda one: (-one[1][Light.RED], -one[1].total(), one[0]))
        return [self._line(unit, counted) for unit, counted in found]

    @strawberry.field(
        description="By unit (按单位), for those named: at most 100, each once, of those that the filter names if any."
    )
    @from_graphql_core(COUNTED)
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
        return [UnitStatistics(unit_id=one, filter=narrowed(self.filter, units=[one])) for one in units]

    async def _by(self, info: Info, name: str) -> Counter[Any]:
        place = _ALL_OF_ONE_SCAN.index(name)
        counted: Counter[Any] = Counter()
        for values, number in (await tally(info, self.filter, *_ALL_OF_ONE_SCAN)).items():
            counted[values[place]] += number
        return counted

    def _told(self, number: int, **demanded: Any) -> dict[str, Any]:
        return {"count": exactly(number), "filter": selection_of(narrowed(self.filter, **demanded))}

    async def _rate(self, info: Info, name: str) -> CaseRate:
        met, missed = (narrowed(self.filter, **{name: one}) for one in (True, False))
        return CaseRate(met=await figure(info, met), missed=await figure(info, missed))

    def _line(self, unit: Any, counted: Counter[Light]) -> UnitFigures:
        units = [strawberry.ID(encode_id("unit", unit))]
        red, yellow = (
            CaseFigure(**self._told(counted[light], units=units, lights=[light])) for light in (Light.RED, Light.YELLOW)
        )
        return UnitFigures(
            unit_id=unit, total=CaseFigure(**self._told(counted.total(), units=units)), red=red, yellow=yellow
        )


@strawberry.type(description="Counts of the cases in which one unit takes part.")
class UnitStatistics:
    unit_id: strawberry.Private[strawberry.ID]
    filter: strawberry.Private[CaseFilter]

    @strawberry.field(description="The unit.")
    @from_graphql_core(COUNTED)
    async def unit(self, info: Info) -> Unit | None:
        return await visible(info.context, Unit, key_of("unit", self.unit_id))

    @strawberry.field(description="Its counts.")
    @from_graphql_core(COUNTED)
    def cases(self) -> CaseStatistics:
        return CaseStatistics(filter=self.filter)


def _wanted(values: Iterable[Any], asked: list[Any] | None) -> list[Any]:
    return [one for one in values if asked is None or one in asked]
