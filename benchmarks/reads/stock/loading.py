"""Data loaders over the mapped classes, each batch under the row rule of its object."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader

from app.assignments.models import Assignment, ReportSlot
from app.authz import Actor, Policy
from app.content.models import Content
from app.identity.models import Person, Unit
from app.reports.models import Report, ReportSection

_Batch = Callable[[list[UUID]], Awaitable[list[Any]]]


@dataclass
class Context:
    """One request: who asks, when, and what he has loaded so far."""

    sessions: async_sessionmaker[AsyncSession]
    dialect: str
    policy: Policy
    actor: Actor
    now: datetime
    loaders: dict[str, DataLoader[UUID, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loaders = {
            "text": DataLoader(self._one(Content, None)),
            "person": DataLoader(self._one(Person, "person")),
            "unit": DataLoader(self._one(Unit, "unit")),
            "assignments": DataLoader(
                self._many(Assignment, Assignment.case_id, "assignment", Assignment.issued_at, Assignment.id)
            ),
            "slots": DataLoader(
                self._many(ReportSlot, ReportSlot.assignment_id, "slot", ReportSlot.ordinal, ReportSlot.id)
            ),
            "reports": DataLoader(
                self._many(Report, Report.assignment_id, "report", Report.created_at.desc(), Report.id.desc())
            ),
            "sections": DataLoader(
                self._many(ReportSection, ReportSection.report_id, None, ReportSection.kind, ReportSection.id)
            ),
        }

    def visible(self, model: Any, object_name: str | None) -> tuple[Select[Any], dict[str, Any]]:
        """The rows of a table that the caller may see, and the values that the rule names."""
        if object_name is None:
            return select(model), {}
        plan = self.policy.plan(self.actor.roles, object_name, "view")
        values = plan.parameters(self.actor, self.now, self.dialect)
        return select(model).where(plan.where(model, self.dialect)), values

    async def scalars(self, statement: Select[Any], values: dict[str, Any]) -> list[Any]:
        async with self.sessions() as session:
            return list(await session.scalars(statement, values))

    async def count(self, statement: Select[Any], values: dict[str, Any]) -> int:
        async with self.sessions() as session:
            return await session.scalar(select(func.count()).select_from(statement.subquery()), values) or 0

    def _one(self, model: Any, object_name: str | None) -> _Batch:
        async def load(keys: list[UUID]) -> list[Any]:
            statement, values = self.visible(model, object_name)
            found = {row.id: row for row in await self.scalars(statement.where(model.id.in_(keys)), values)}
            return [found.get(key) for key in keys]

        return load

    def _many(self, model: Any, by: Any, object_name: str | None, *order: Any) -> _Batch:
        async def load(keys: list[UUID]) -> list[Any]:
            statement, values = self.visible(model, object_name)
            found = defaultdict(list)
            for row in await self.scalars(statement.where(by.in_(keys)).order_by(*order), values):
                found[getattr(row, by.key)].append(row)
            return [found[key] for key in keys]

        return load
