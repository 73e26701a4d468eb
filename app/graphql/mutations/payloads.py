"""What a mutation answers: the objects that changed, read again under the rights that the caller has afterwards."""

from typing import Any, TypeVar
from uuid import UUID

import strawberry

from app.graphql.acts import RecordedAct
from app.graphql.assignments import Assignment
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.performing import Done
from app.graphql.reports import Report
from app.graphql.roots import visible

T = TypeVar("T")
AFTERWARDS = "read after the transaction of the mutation"


@strawberry.interface(description="What a mutation answers when it was done, or entered for a check (代录).")
class Payload:
    done: strawberry.Private[Done]

    @strawberry.field(description="The entered act that waits for a second officer (代录); null where the act is done.")
    @from_graphql_core(AFTERWARDS)
    async def recorded_act(self, info: Info) -> RecordedAct | None:
        return await seen(info, RecordedAct, self.done.recorded_act_id)


@strawberry.interface(description="A payload whose changed object is a case.")
class CasePayload(Payload):
    @strawberry.field(description="The case; null where the act ended the caller's right to see it.")
    @from_graphql_core(AFTERWARDS)
    async def case(self, info: Info) -> Case | None:
        return await seen(info, Case, self.done.id)


@strawberry.interface(description="A payload whose changed object is a unit's part in a case.")
class AssignmentPayload(Payload):
    @strawberry.field(description="The assignment; null where it can be seen no more.")
    @from_graphql_core(AFTERWARDS)
    async def assignment(self, info: Info) -> Assignment | None:
        return await seen(info, Assignment, self.done.id)

    @strawberry.field(description="Its case.")
    @from_graphql_core(AFTERWARDS)
    async def case(self, info: Info) -> Case | None:
        return await case_of(info, Assignment, self.done.id)


@strawberry.interface(description="A payload whose changed object is a report.")
class ReportPayload(Payload):
    @strawberry.field(description="The report; null where it can be seen no more.")
    @from_graphql_core(AFTERWARDS)
    async def report(self, info: Info) -> Report | None:
        return await seen(info, Report, self.done.id)

    @strawberry.field(description="Its case.")
    @from_graphql_core(AFTERWARDS)
    async def case(self, info: Info) -> Case | None:
        return await case_of(info, Report, self.done.id)


async def seen(info: Info, target: type[T], key: UUID | None) -> T | None:
    """The object as the caller may see it now."""
    return None if key is None else await visible(info.context, target, key)


async def case_of(info: Info, target: type[Any], key: UUID | None) -> Case | None:
    """The case of an object that the caller may see now."""
    child = await seen(info, target, key)
    return None if child is None else await seen(info, Case, child.row["case_id"])
