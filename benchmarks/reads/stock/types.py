"""The types that the operations use, resolver by resolver. Objects are entities: `self` is a row."""

from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

import strawberry

from app.assignments.rules import (
    AssignmentStatus,
    ReportContent,
    SlotKind,
    SlotState,
    assignment_light,
    slot_light,
)
from app.cases.rules import AssignmentRole, CaseStatus, Handling, MatterType, case_light
from app.core.ids import encode_id
from app.core.levels import Classification
from app.deadlines.rules import Light
from app.identity.rules import UnitKind
from app.regulation.rules import TimeLimitTier
from app.reports.rules import ReportStatus, SectionKind
from benchmarks.reads.stock.loading import Context

Info: TypeAlias = strawberry.Info[Context, None]
T = TypeVar("T")

for _enum in (
    AssignmentRole, AssignmentStatus, CaseStatus, Classification, Handling, Light, MatterType, ReportContent,
    ReportStatus, SectionKind, SlotKind, SlotState, TimeLimitTier, UnitKind,
):  # fmt: skip
    strawberry.enum(_enum)


async def _text(info: Info, key: Any) -> str | None:
    return None if key is None else (await info.context.loaders["text"].load(key)).text


async def _one(info: Info, name: str, key: Any) -> Any:
    return None if key is None else await info.context.loaders[name].load(key)


@strawberry.type
class Person:
    name: str


@strawberry.type
class Unit:
    name: str
    kind: UnitKind


@strawberry.type
class ReportSection:
    kind: SectionKind

    @strawberry.field
    async def text(self: Any, info: Info) -> str | None:
        return await _text(info, self.text_id)


@strawberry.type
class Report:
    content: ReportContent
    status: ReportStatus
    submitted_at: datetime | None

    @strawberry.field
    async def drafted_by(self: Any, info: Info) -> Person | None:
        found: Person | None = await _one(info, "person", self.drafted_by)
        return found

    @strawberry.field
    async def sections(self: Any, info: Info) -> list[ReportSection]:
        found: list[ReportSection] = await info.context.loaders["sections"].load(self.id)
        return found


@strawberry.type
class Edge(Generic[T]):
    node: T


@strawberry.type
class Edges(Generic[T]):
    edges: list[Edge[T]]


@strawberry.type
class ReportSlot:
    slot: SlotKind
    content: ReportContent
    state: SlotState
    due_on: date

    @strawberry.field
    def light(self: Any, info: Info) -> Light:
        return slot_light(self.state, self.yellow_from, self.red_from, info.context.now)


@strawberry.type
class Assignment:
    role: AssignmentRole
    status: AssignmentStatus
    due_on: date | None
    completion_due_on: date | None

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(encode_id("assignment", self.id))

    @strawberry.field
    def light(self: Any, info: Info) -> Light:
        return assignment_light(self.status, self.yellow_from, self.red_from, info.context.now)

    @strawberry.field
    async def unit(self: Any, info: Info) -> Unit | None:
        found: Unit | None = await _one(info, "unit", self.unit_id)
        return found

    @strawberry.field
    async def slots(self: Any, info: Info) -> list[ReportSlot]:
        found: list[ReportSlot] = await info.context.loaders["slots"].load(self.id)
        return found

    @strawberry.field
    async def reports(self: Any, info: Info, first: int = 50) -> Edges[Report]:
        found = await info.context.loaders["reports"].load(self.id)
        return Edges(edges=[Edge(node=row) for row in found[:first]])


@strawberry.type
class Case:
    status: CaseStatus
    matter_type: MatterType
    classification: Classification
    handling: Handling | None
    tier: TimeLimitTier | None
    due_on: date | None
    registered_on: date | None
    dispatched_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @strawberry.field
    def id(self: Any) -> strawberry.ID:
        return strawberry.ID(encode_id("case", self.id))

    @strawberry.field
    def number(self: Any) -> str | None:
        number: str | None = self.register_number
        return number

    @strawberry.field
    async def title(self: Any, info: Info) -> str | None:
        return await _text(info, self.title_id)

    @strawberry.field
    async def requirement(self: Any, info: Info) -> str | None:
        return await _text(info, self.requirement_id)

    @strawberry.field
    def light(self: Any, info: Info) -> Light:
        return case_light(self.status, self.yellow_from, self.red_from, info.context.now)

    @strawberry.field
    async def leader(self: Any, info: Info) -> Person | None:
        found: Person | None = await _one(info, "person", self.leader_id)
        return found

    @strawberry.field
    async def registered_by(self: Any, info: Info) -> Person | None:
        found: Person | None = await _one(info, "person", self.registered_by)
        return found

    @strawberry.field
    async def assignments(self: Any, info: Info) -> list[Assignment]:
        found: list[Assignment] = await info.context.loaders["assignments"].load(self.id)
        return found


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class CappedCount:
    value: int
    exact: bool


@strawberry.type
class CaseConnection(Edges[Case]):
    page_info: PageInfo
    total_count: CappedCount


@strawberry.type
class Viewer:
    name: str
    clearance: Classification


@strawberry.input
class CaseFilter:
    statuses: list[CaseStatus] | None = None


@strawberry.enum
class CaseOrder(Enum):
    DUE_ON_ASC = "DUE_ON_ASC"
