"""Numbers with the lists behind them (数字及其清单), counted by the filters of these lists, for this viewer.

Figures of one filter are counted by one statement, however many are asked for.
"""

from dataclasses import fields
from datetime import date

import strawberry

from app.cases.rules import CaseStatus, MatterType, SourceKind
from app.deadlines.rules import Light
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.ledger import CASES, CaseFilter, CaseSelection, selection_of
from app.graphql.node import CappedCount
from app.graphql.roots import tally_of
from app.reads.execution import Count, Tally
from app.statistics.rules import percent

COUNTED = "counted by the filter of the ledger"


@from_graphql_core(COUNTED)
@strawberry.type(description="A number, and the list that it is the number of (数字及其清单).")
class CaseFigure:
    count: CappedCount = strawberry.field(description="How many, exactly.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many cases show a light (灯数).")
class LightCount:
    light: Light = strawberry.field(description="The light; `cases(filter: {lights: […]})` is the list.")
    count: CappedCount = strawberry.field(description="How many.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many cases are in a state.")
class StatusCount:
    status: CaseStatus = strawberry.field(description="The state.")
    count: CappedCount = strawberry.field(description="How many.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many cases are of a kind (类别件数).")
class MatterTypeCount:
    matter_type: MatterType = strawberry.field(description="The kind.")
    count: CappedCount = strawberry.field(description="How many.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many cases rest on a source of a kind (来源件数).")
class SourceCount:
    source_kind: SourceKind = strawberry.field(description="The kind of source.")
    count: CappedCount = strawberry.field(description="How many.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many cases fall into a month (当月件数).")
class MonthCount:
    first_on: date = strawberry.field(description="The first day of the month.")
    count: CappedCount = strawberry.field(description="How many.")
    filter: CaseSelection = strawberry.field(description="`cases` with this filter is the list.")


@from_graphql_core(COUNTED)
@strawberry.type(description="How many of those that were judged met it: `met` and `missed` are all of them (比率).")
class CaseRate:
    met: CaseFigure = strawberry.field(description="Those that did.")
    missed: CaseFigure = strawberry.field(description="Those that did not.")

    @strawberry.field(description="`met` in per cent of both; null where nothing was judged.")
    @from_graphql_core(COUNTED)
    def percent(self) -> float | None:
        return percent(self.met.count.count.value, self.missed.count.count.value)


@from_graphql_core(COUNTED)
@strawberry.type(description="How long handling took (办理用时).")
class HandlingTime:
    workdays: float | None = strawberry.field(
        description="Working days from dispatch to closing, on the average; null where nothing was closed."
    )
    of: CaseFigure = strawberry.field(description="The closed cases of which it is the average.")


async def figure(info: Info, filter: CaseFilter) -> CaseFigure:
    ((_, number),) = (await tally(info, filter)).items()
    return CaseFigure(count=exactly(number), filter=selection_of(filter))


async def tally(info: Info, filter: CaseFilter, *divisions: str) -> Tally:
    """Counted once a request, whoever asks for it."""
    context = info.context

    async def load(keys: list[_Asked]) -> list[Tally]:
        return [await tally_of(context, CASES, Case, asked.filter, divisions) for asked in keys]

    found: Tally = await context.loaders.batch(("tally", divisions, CaseFilter), load).load(_Asked(filter))
    return found


class _Asked:
    """A filter by which figures are remembered: two that ask for the same are one."""

    def __init__(self, filter: CaseFilter) -> None:
        self.filter = filter
        given = (getattr(filter, one.name) for one in fields(filter))
        self._key = tuple(tuple(value) if isinstance(value, list) else value for value in given)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other._key == self._key


def exactly(number: int) -> CappedCount:
    return CappedCount(count=Count(number, exact=True))
