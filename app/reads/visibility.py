"""The row rule of a level: what the policy says about seeing the rows of an object, for one caller."""

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement

from app.authz.actor import Actor
from app.reads.filters import Condition, Rests
from app.reads.keyset import Term
from app.reads.reaching import Copies, Reach, Reached, reached_by
from app.reads.tables import Attribute

VIEW = "view"


class Plan(Hashable, Protocol):
    """What reads need of `authz.Plan`."""

    @property
    def reach(self) -> Reach | None: ...

    def where(self, source: Any, dialect: str, below: tuple[Any, Any] | None = None, /) -> ColumnElement[bool]: ...

    def verdict(self, source: Any, dialect: str, /) -> ColumnElement[Any]: ...

    def parameters(
        self, actor: Actor, now: datetime, dialect: str, known: Container[str] = frozenset(), /
    ) -> dict[str, Any]: ...


class Policy(Protocol):
    """What reads need of `authz.Policy`."""

    def plan(self, roles: frozenset[str], object_name: str, action: str, /) -> Plan: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over an alias and the values that it names. Without a condition every row may be seen."""

    condition: Condition | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def rule_of(policy: Policy, actor: Actor, now: datetime, object_name: str | None, dialect: str) -> Rule:
    """Who may see what, of an object of the policy. No object, no rule: it is open to whoever may ask.

    "instruction" are the rows that may be seen, "instruction.read" those on which that other action is allowed.
    """
    if object_name is None:
        return Rule()
    plan = plan_of(policy, actor.roles, object_name)
    return Rule(_shown_by(plan, dialect), plan.parameters(actor, now, dialect))


def reached(
    policy: Policy,
    actor: Actor,
    now: datetime,
    object_name: str,
    dialect: str,
    copies: Copies,
    terms: Sequence[Term],
) -> tuple[Reached, dict[str, Any]] | None:
    """How a list in this order is read from the caller's side, and the values that this names. None: under the rule."""
    reach = plan_of(policy, actor.roles, object_name).reach
    if reach is None or not copies.serve(reach, terms) or not reach.serves(actor, now):
        return None
    return reached_by(copies, reach, dialect), reach.parameters(actor, now, dialect)


def rule_below(policy: Policy, actor: Actor, now: datetime, rests: Rests, above: str, dialect: str) -> Rule:
    """The same, of rows that refer to rows of the object `above` which are known to be seen."""
    if rests.by is None:
        return rule_of(policy, actor, now, rests.object, dialect)
    plan, known = (plan_of(policy, actor.roles, name) for name in (rests.object, above))
    return Rule(_shown_below(plan, rests.by, known, dialect), plan.parameters(actor, now, dialect))


@lru_cache(maxsize=1000)
def _shown_below(plan: Plan, by: Attribute[Any], above: Plan, dialect: str) -> Condition:
    return lambda row: plan.where(row, dialect, (by, above))


@lru_cache(maxsize=1000)
def _shown_by(plan: Plan, dialect: str) -> Condition:
    """The same object for the same plan: by it statements that are kept are told apart."""
    return lambda row: plan.where(row, dialect)


def plan_of(policy: Policy, roles: frozenset[str], object_name: str) -> Plan:
    """The plan by which a role shape sees the rows of an object."""
    name, _, action = object_name.partition(".")
    return policy.plan(roles, name, action or VIEW)
