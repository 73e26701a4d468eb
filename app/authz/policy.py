"""The policy in force: an immutable snapshot. Casbin decides every write live and answers once for each plan.

Casbin scans rules in a line, so each object type has an enforcer of its own. The same matcher serves twice: with a
`_Check` it evaluates the conditions on a row; with a `_Collect` it notes them and answers no, so that Casbin visits
every rule that matches but for its condition. That second run yields the plan.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import casbin

from app.authz.actor import CASE_SCOPE, Actor
from app.authz.conditions import NEVER, Condition, Inherited, Related, bind, every, some
from app.authz.loader import read_folder
from app.authz.objects import ObjectType, catalogue, registered
from app.authz.plan import Entry, Plan
from app.authz.policy_text import ALLOW, CONDITION_AND, DENY, Clause, PolicyText, Rule
from app.authz.predicate import Caller, Facts
from app.authz.principal import Scope
from app.authz.shape import Shape, close, implied_roles

_PLANS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule_id`: the first rule that allows, or the first that denies; None where nothing allowed it."""

    allowed: bool
    rule_id: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule that applies to the caller's roles, and whether it holds for this object."""

    rule_id: str
    effect: str
    condition: str
    holds: bool


class Policy:
    """Built once from a checked text and never changed: a new version is a new Policy, swapped by reference."""

    def __init__(self, text: PolicyText, objects: Mapping[str, ObjectType]) -> None:
        self.digest = text.digest
        self.text = text
        self.objects = objects
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in text.rules}
        self._enforcers = {name: _enforcer(text, name) for name in objects}
        self._implied = implied_roles(text)
        self._plan = lru_cache(_PLANS_KEPT)(self._make_plan)

    @classmethod
    def load(cls, folder: Path, object_types: Iterable[ObjectType] | None = None) -> "Policy":
        """Read a folder strictly; PolicyError names every problem. Object types default to all registered ones."""
        objects = catalogue(registered() if object_types is None else object_types)
        return cls(read_folder(folder, objects), objects)

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """On what each rule rests, by rule id."""
        return self.text.clauses

    def plan(self, roles: frozenset[str], object_name: str, action: str) -> Plan:
        """What this role shape may do, as conditions. Kept, so that Casbin is asked once for each shape and action."""
        return self._plan(roles, object_name, action)

    def shape(self, roles: frozenset[str]) -> Shape:
        """These roles with all that they imply."""
        return close(roles, self._implied)

    def may_be_lent(self, role: str, action: str) -> bool:
        """Whether a temporary power of this role may do this `object.verb` anywhere in its case."""
        object_name, _, verb = action.partition(".")
        if object_name not in self.objects or verb not in self.objects[object_name].actions:
            return False
        lent = self.plan(frozenset({f"{role}{CASE_SCOPE}0"}), object_name, verb)
        return any(entry.effect == ALLOW and entry.condition is not NEVER for entry in lent.entries)

    def decide(self, actor: Actor, now: datetime, object_name: str, action: str, row: Any, facts: Facts) -> Decision:
        """Casbin, live, on a loaded row. Without a row (None) all columns are unknown."""
        plan = self._plan(actor.roles, object_name, action)
        caller = Caller(actor, now)
        by_rule = plan.by_rule
        held: dict[str, str] = {}  # by effect, the first rule in the order of the files

        def check(_subject: str, _condition: str, effect: str, rule_id: str) -> bool:
            answer = by_rule[rule_id](row, facts, caller)
            if answer:
                held.setdefault(effect, rule_id)
            return answer

        allowed = bool(self._enforcers[object_name].enforce(plan.shape, object_name, action, check))
        return Decision(allowed, held.get(ALLOW if allowed else DENY))

    def explain(
        self, actor: Actor, now: datetime, object_name: str, action: str, row: Any, facts: Facts
    ) -> list[Explained]:
        """Every rule that applies to the caller's roles, allow and deny, and whether it holds: for yes as for no."""
        caller = Caller(actor, now)
        return [
            Explained(entry.rule_id, entry.effect, entry.name, entry.holds(row, facts, caller))
            for entry in self._plan(actor.roles, object_name, action).entries
        ]

    def _make_plan(self, roles: frozenset[str], object_name: str, action: str) -> Plan:
        if action not in self.objects[object_name].actions:
            raise KeyError(f"{object_name}.{action}")
        shape = self.shape(roles)
        entries: list[Entry] = []

        def collect(subject: str, condition: str, effect: str, rule_id: str) -> bool:
            bound = self._bound(shape, object_name, action, subject, condition)
            entries.append(Entry(rule_id, effect, condition, bound))
            return False

        self._enforcers[object_name].enforce(shape, object_name, action, collect)
        return Plan(shape, tuple(entries))

    def _bound(self, shape: Shape, object_name: str, action: str, subject: str, name: str) -> Condition:
        """A rule's named conditions for this role shape: in any way in which the caller holds the subject role."""
        object_type = self.objects[object_name]
        named = every(object_type.condition(part) for part in name.split(CONDITION_AND))

        def held(scope: Scope) -> Condition:
            if scope.group is not None:
                scope = replace(scope, action=f"{object_name}.{action}")
            condition = named if scope.group is None else every((named, object_type.within_case))
            return bind(condition, scope, lambda inherited: self._resolve(shape, inherited))

        return some(held(scope) for scope in shape.scopes[subject])

    def _resolve(self, shape: Shape, inherited: Inherited) -> Condition:
        plan = self._plan(shape.roles, inherited.object_name, inherited.action)
        link = self.objects[inherited.object_name].model.id
        return Related(link, inherited.key, plan.condition, to_one=True)


def _enforcer(text: PolicyText, object_name: str) -> casbin.Enforcer:
    model = casbin.Enforcer.new_model(text=text.model)
    for rule in text.rules:
        if rule.object == object_name:
            model.add_policy("p", "p", rule.values)
    enforcer = casbin.Enforcer(model)
    enforcer.add_function("holds", lambda shape, role: role in shape.scopes)
    enforcer.add_function("when", _when)
    return enforcer


def _when(ask: Callable[[str, str, str, str], bool], subject: str, condition: str, effect: str, id_: str) -> bool:
    return ask(subject, condition, effect, id_)
