"""Versions of the policy as administrators see them: their lines, what is wrong with them, what they would change."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from app.authz import PolicyError, Role
from app.authz.models import PolicyStatus
from app.authz.models import PolicyVersion as PolicyVersionRow
from app.authz.policy_text import PolicyText
from app.core.levels import Classification
from app.core.paging import MAX_PAGE
from app.core.refusals import said
from app.graphql.context import Info
from app.graphql.declarations import column, from_graphql_core, global_id, reads, text, to_many, to_one
from app.graphql.loaders import reads_of
from app.graphql.made import made
from app.graphql.node import Node
from app.graphql.performing import key_of
from app.graphql.roots import visible
from app.graphql.units import Person, Unit
from app.permissions.comparison import followers
from app.permissions.editing import PolicyPart, lines_of
from app.permissions.models import DryRunState
from app.permissions.models import PolicyDryRun as PolicyDryRunRow
from app.permissions.service import comparing
from app.reads.filters import Listing, one_of
from app.reads.keyset import descending

T = TypeVar("T")


@from_graphql_core("made in memory")
@strawberry.type(description="A line of a policy, as the files write it.")
class PolicyLine:
    part: PolicyPart = strawberry.field(description="Role hierarchy, rules, clauses, or the signed table.")
    line: str = strawberry.field(description="The whole line.")


@from_graphql_core("made in memory")
@strawberry.type(description="A line that two versions do not have in common (规则差异).")
class PolicyLineChange:
    part: PolicyPart = strawberry.field(description="Of which part.")
    before: str | None = strawberry.field(description="The line as it was; null where there was none.")
    after: str | None = strawberry.field(description="The line as it would be; null where it is taken out.")


def _lines(rows: Mapping[str, Any]) -> list[PolicyLine]:
    try:
        policy = PolicyText.from_json(rows)
    except PolicyError:  # `problems` says so
        return []
    return [PolicyLine(part=part, line=line) for part in PolicyPart for line in lines_of(policy, part)]


@strawberry.type(description="A version of the policy (权限规则版本). From the proposal on it is not changed.")
@reads(PolicyVersionRow, object="policy")
class PolicyVersion(Node):
    id: strawberry.ID = global_id("policy")
    number: int = column(PolicyVersionRow.number, description="Its number, which records quote (版本号).")
    status: PolicyStatus = column(PolicyVersionRow.status, description="State (状态).")
    base_number: int | None = column(
        PolicyVersionRow.base_number, description="From which version it was made; null for what was shipped."
    )
    replaces_number: int | None = column(
        PolicyVersionRow.replaces_number, description="Which version was in force when it was proposed."
    )
    digest: str = column(PolicyVersionRow.digest, description="SHA-256 of its lines, in hex: the same lines, the same.")
    reason: str | None = text(PolicyVersionRow.reason_id, description="What it is for (理由).")
    author: Person | None = to_one(
        PolicyVersionRow.author_id, description="Who drafted it (草拟人); null for what was shipped."
    )
    created_at: datetime = column(PolicyVersionRow.created_at, description="When.")
    proposer: Person | None = to_one(PolicyVersionRow.proposer_id, description="Who proposed it (提出人).")
    proposed_at: datetime | None = column(PolicyVersionRow.proposed_at, description="When.")
    approver: Person | None = to_one(
        PolicyVersionRow.approver_id, description="The second person, who put it in force (批准人)."
    )
    activated_at: datetime | None = column(PolicyVersionRow.activated_at, description="When it came into force (生效).")
    retired_at: datetime | None = column(
        PolicyVersionRow.retired_at, description="When it was in force no more (停用), or as a draft discarded."
    )
    refused_by: Person | None = to_one(PolicyVersionRow.refused_by, description="Who refused it (未批准人).")
    refused_at: datetime | None = column(PolicyVersionRow.refused_at, description="When.")
    refusal: str | None = text(PolicyVersionRow.refusal_id, description="Why it was refused.")
    dry_runs: list["PolicyDryRun"] = to_many(
        PolicyDryRunRow.version_id,
        order=[descending(PolicyDryRunRow.requested_at)],
        description="The caller's own dry runs of it (试算), newest first.",
    )
    lines: list[PolicyLine] = made(
        _lines, PolicyVersionRow.rows, description="What it says, line by line, as the files write it."
    )

    @strawberry.field(description="Every fault, with its line and what to do about it; with none it may be proposed.")
    @from_graphql_core("the rules are held against the signed table")
    async def problems(self, info: Info) -> list[str]:
        context = info.context
        async with context.looking() as work:
            found = await comparing.problems(work, self.row["id"])
        return [said(problem, context.language) for problem in found]

    @strawberry.field(description="What it would change of another version, line by line (规则差异).")
    @from_graphql_core("two versions are compared in memory")
    async def changes(
        self,
        info: Info,
        since: Annotated[
            strawberry.ID | None, strawberry.argument(description="That version; by default the one in force.")
        ] = None,
    ) -> list[PolicyLineChange] | None:
        against = None if since is None else key_of("policy", since, "since")
        async with info.context.looking() as work:
            found = await comparing.changes(work, self.row["id"], against)
        return [PolicyLineChange(part=one.part, before=one.before, after=one.after) for one in found]


@from_graphql_core("made in memory")
@strawberry.type(description="What one group of people would gain and lose in one right (权限增减).")
class PolicyEffect:
    found: strawberry.Private[Mapping[str, Any]]
    action: str = strawberry.field(description="The right, e.g. `case.view`. `followedBy` says what comes with it.")
    roles: list[Role] = strawberry.field(description="The roles of the group.")
    clearance: Classification = strawberry.field(description="Its clearance.")
    people: int = strawberry.field(description="How many people have these roles for these units, and this clearance.")
    gained: int = strawberry.field(description="On how many objects each of them could do it who now cannot.")
    lost: int = strawberry.field(description="On how many objects each of them could not do it any more.")
    followed_by: list[str] = strawberry.field(
        description="Objects of the policy that are seen only with these, e.g. `report`: not counted, they come and go "
        "with them (随之增减)."
    )

    @strawberry.field(description="The units for which the roles are held.")
    async def units(self, info: Info) -> list[Unit]:
        return await _shown(info, Unit, self.found["units"])

    @strawberry.field(description="Some of the people.")
    async def named(self, info: Info) -> list[Person]:
        return await _shown(info, Person, self.found["named"])

    @strawberry.field(description="Some of the objects gained, of those that the caller may see.")
    async def gained_examples(self, info: Info) -> list[Node]:
        return await _shown(info, _type_of(self.action), self.found["gained_examples"])

    @strawberry.field(description="Some of the objects lost, of those that the caller may see.")
    async def lost_examples(self, info: Info) -> list[Node]:
        return await _shown(info, _type_of(self.action), self.found["lost_examples"])


async def _shown(info: Info, target: type[T] | None, keys: Sequence[str]) -> list[T]:
    if target is None:
        return []
    found = await asyncio.gather(*(visible(info.context, target, UUID(key)) for key in keys))
    return [one for one in found if one is not None]


def _type_of(action: str) -> type[Any] | None:
    """The type of the objects on which a right is; rows without a global id are not shown."""
    name = action.partition(".")[0]
    return next((kind for kind in Node.__subclasses__() if reads_of(kind).object == name), None)


@strawberry.type(
    description="Who would gain and who would lose what by a version (试算), counted in what the caller may know of: "
    "neither restricted matters of whose scope he is none, nor such above his clearance."
)
@reads(PolicyDryRunRow, object="dry_run")
class PolicyDryRun(Node):
    id: strawberry.ID = global_id("dryrun")
    state: DryRunState = column(PolicyDryRunRow.state, description="State (状态).")
    version: PolicyVersion | None = to_one(PolicyDryRunRow.version_id, description="The version.")
    digest: str = column(
        PolicyDryRunRow.digest, description="The digest of its lines when it was asked for; a draft may be edited."
    )
    against_number: int = column(PolicyDryRunRow.against_number, description="The version in force then.")
    requested_at: datetime = column(PolicyDryRunRow.requested_at, description="When it was asked for.")
    counted: int = column(PolicyDryRunRow.counted, description="How many counts are done (进度).")
    to_count: int | None = column(PolicyDryRunRow.to_count, description="Of how many; null before it has begun.")
    finished_at: datetime | None = column(PolicyDryRunRow.finished_at, description="When it was done.")

    @strawberry.field(description="What is known so far, most objects first; where nothing changes is left out.")
    @from_graphql_core("made of the row in memory")
    def effects(
        self, info: Info, first: Annotated[int, strawberry.argument(description="At most so many; up to 100.")] = 50
    ) -> list[PolicyEffect]:
        found = [one for one in self.row["results"] if one["gained"] or one["lost"]]
        found.sort(key=lambda one: -(one["gained"] + one["lost"]) * one["people"])
        return [_effect(info, one) for one in found[: max(0, min(first, MAX_PAGE))]]


def _effect(info: Info, found: Mapping[str, Any]) -> PolicyEffect:
    name, verb = found["action"].split(".")
    return PolicyEffect(
        found=found,
        action=found["action"],
        roles=[Role(role) for role in found["roles"]],
        clearance=Classification(found["clearance"]),
        people=found["people"],
        gained=found["gained"],
        lost=found["lost"],
        followed_by=followers(info.context.policy.objects, (name, verb)),
    )


POLICY_VERSIONS = Listing(
    model=PolicyVersionRow,
    order=(descending(PolicyVersionRow.number),),
    filters={"statuses": one_of(PolicyVersionRow.status)},
    orders={},
)


@strawberry.input(description="Which versions of the policy.")
class PolicyVersionFilter:
    statuses: list[PolicyStatus] | None = strawberry.field(default=None, description="States.")
