"""Why may he, who may, what may he, and what the rules say: for who administers or audits rights (第二十四条)."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.authz import Explained, Policy, Role
from app.core.paging import requested_page
from app.core.refusals import Language
from app.graphql.context import Context, Info
from app.graphql.declarations import from_graphql_core
from app.graphql.loaders import reads_of
from app.graphql.node import Connection, Found, Walk
from app.graphql.performing import key_of
from app.graphql.roots import decoded, types_by_tag, visible
from app.graphql.units import Person
from app.identity import models
from app.permissions.service import explaining as service
from app.reads.execution import Count, Slice
from app.reads.keyset import ascending, total_order

_ASKED = "decided by the policy for somebody else"
_BY_NAME = Walk(models.Person, total_order(models.Person, (ascending(models.Person.name),)))

_WhoseId = Annotated[strawberry.ID, strawberry.argument(description="Of whom it is asked.")]
_Action = Annotated[str, strawberry.argument(description="The right, e.g. `case.decide`.")]
_SubjectId = Annotated[strawberry.ID, strawberry.argument(description="The global id of what it is done to.")]
_MaybeSubjectId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The global id of what it is done to; without it, as of what nobody knows yet."),
]
_Object = Annotated[str, strawberry.argument(description="The object, e.g. `case`.")]
_Policy = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="What another version of the policy would answer, a draft, say."),
]
_First = Annotated[int | None, strawberry.argument(description="At most so many; up to 100.")]
_After = Annotated[str | None, strawberry.argument(description="Only what follows this cursor.")]


@strawberry.enum(description="What a rule does where its condition is true (规则结果).")
class RuleEffect(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


@from_graphql_core("made in memory")
@strawberry.type(description="A rule of the policy (权限规则).")
class PolicyRule:
    rule: str = strawberry.field(description="Its id, stable for ever (编号).")
    role: Role = strawberry.field(description="Of which role it speaks (角色).")
    effect: RuleEffect = strawberry.field(description="Whether it allows or denies (结果).")
    condition: str = strawberry.field(description="While this is true of the object; `always`: no condition (条件).")
    clause: str = strawberry.field(description="The clause on which it rests (条款).")
    title: str = strawberry.field(description="What it says, in the language asked for.")


@from_graphql_core("made in memory")
@strawberry.type(description="A rule that applies to the roles of a person, and whether its condition is true now.")
class AppliedRule:
    rule: PolicyRule = strawberry.field(description="The rule.")
    holds: bool = strawberry.field(description="Whether its condition is true (成立).")


@from_graphql_core("made in memory")
@strawberry.type(description="Why somebody may do something now, or may not (权限说明).")
class AccessExplanation:
    allowed: bool = strawberry.field(description="Whether he may. One denial that holds beats all that allows.")
    decided_by: PolicyRule | None = strawberry.field(
        description="The first rule that allows it, or the first that denies it; null where nothing allows it."
    )
    rules: list[AppliedRule] = strawberry.field(
        description="Every rule that applies to his roles, denials first; none where he holds no role that counts."
    )


@from_graphql_core("made in memory")
@strawberry.type(description="An act, and whether a person may do it now (权限).")
class ActionVerdict:
    action: str = strawberry.field(description="The right, e.g. `case.decide`.")
    allowed: bool = strawberry.field(description="Whether he may.")
    decided_by: PolicyRule | None = strawberry.field(
        description="The first rule that allows it, or the first that denies it; null where nothing allows it."
    )


@from_graphql_core("made in memory")
@strawberry.type(description="What the rules say of one act and one role.")
class PermissionCell:
    role: Role = strawberry.field(description="The role; what binds everybody stands under ANYONE.")
    rules: list[PolicyRule] = strawberry.field(description="Its rules, and those of the roles that it implies.")


@from_graphql_core("made in memory")
@strawberry.type(description="What the rules say of one act, role by role (权限表).")
class PermissionRow:
    action: str = strawberry.field(description="The right, e.g. `case.decide`.")
    cells: list[PermissionCell] = strawberry.field(description="One for each role.")


def explained(*types: type[Any], description: str) -> Any:
    """Why a person may do something to an object of these types, or may not."""

    @from_graphql_core(_ASKED)
    async def resolve(
        info: Info, person: _WhoseId, action: _Action, subject: _MaybeSubjectId = None, policy: _Policy = None
    ) -> AccessExplanation | None:
        context = info.context
        _, person_id = decoded(types_by_tag([Person]), person, "person")
        about = _subject(types, subject)
        async with context.looking() as work:
            asked = await service.policy_asked(work, _version(policy))
            found = await service.explain(work, asked, person_id, action, about)
        decided_by = _decided_by(context, asked, found.decision.rule_id)
        rules = [_applied(context, asked, rule) for rule in found.rules]
        return AccessExplanation(allowed=found.decision.allowed, decided_by=decided_by, rules=rules)

    return strawberry.field(resolver=resolve, description=description)


def who_can(*types: type[Any], description: str) -> Any:
    """The people who may do something to an object of these types."""

    @from_graphql_core(_ASKED)
    async def resolve(
        info: Info,
        action: _Action,
        subject: _MaybeSubjectId = None,
        first: _First = None,
        after: _After = None,
        policy: _Policy = None,
    ) -> Connection[Person] | None:
        context = info.context
        page = requested_page(context.cursors, _BY_NAME.scope, first=first, after=after)
        about = _subject(types, subject)
        async with context.looking() as work:
            asked = await service.policy_asked(work, _version(policy))
            people = await service.who_can(work, asked, action, about)
        beyond = [one for one in people if page.start is None or one > page.start]
        shown = [await visible(context, Person, key) for _, key in beyond[: page.size]]
        found = Slice([one.row for one in shown if one is not None], len(beyond) > page.size)

        async def count() -> Count:
            return Count(len(people), exact=True)

        return Connection(found=Found(Person, page, found, _BY_NAME, context.cursors, count))

    return strawberry.field(resolver=resolve, description=description)


def what_can(*types: type[Any], description: str) -> Any:
    """What a person may do to an object of these types."""

    @from_graphql_core(_ASKED)
    async def resolve(
        info: Info, person: _WhoseId, subject: _SubjectId, policy: _Policy = None
    ) -> list[ActionVerdict] | None:
        context = info.context
        _, person_id = decoded(types_by_tag([Person]), person, "person")
        about = _subject(types, subject)
        assert about is not None
        async with context.looking() as work:
            asked = await service.policy_asked(work, _version(policy))
            found = await service.what_can(work, asked, person_id, about)
        return [
            ActionVerdict(action=action, allowed=made.allowed, decided_by=_decided_by(context, asked, made.rule_id))
            for action, made in found.items()
        ]

    return strawberry.field(resolver=resolve, description=description)


@from_graphql_core(_ASKED)
async def permission_matrix(info: Info, object: _Object, policy: _Policy = None) -> list[PermissionRow] | None:
    context = info.context
    async with context.looking() as work:
        asked = await service.policy_asked(work, _version(policy))
        found = await service.permission_matrix(work, asked, object)
    return [
        PermissionRow(
            action=f"{object}.{verb}",
            cells=[
                PermissionCell(role=role, rules=[_rule(context, asked, entry.rule_id) for entry in entries])
                for role, entries in cells.items()
            ],
        )
        for verb, cells in found.items()
    ]


def _subject(types: tuple[type[Any], ...], subject: strawberry.ID | None) -> service.Subject | None:
    if subject is None:
        return None
    target, key = decoded(types_by_tag(types), subject, "subject")
    return service.Subject(reads_of(target).model, key)


def _version(policy: strawberry.ID | None) -> UUID | None:
    return None if policy is None else key_of("policy", policy, "policy")


def _applied(context: Context, policy: Policy, explained: Explained) -> AppliedRule:
    return AppliedRule(rule=_rule(context, policy, explained.rule_id), holds=explained.holds)


def _decided_by(context: Context, policy: Policy, rule_id: str | None) -> PolicyRule | None:
    return None if rule_id is None else _rule(context, policy, rule_id)


def _rule(context: Context, policy: Policy, rule_id: str) -> PolicyRule:
    rule, clause = policy.rules[rule_id], policy.clauses[rule_id]
    return PolicyRule(
        rule=rule.id,
        role=Role(rule.subject),
        effect=RuleEffect(rule.effect),
        condition=rule.condition,
        clause=clause.clause,
        title=clause.title_zh if context.language is Language.ZH else clause.title_en,
    )
