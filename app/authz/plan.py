"""A plan: what Casbin answered for one role shape, object and action, ready to be read as Python or as SQL."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Table, case, literal

from app.authz.actor import Actor
from app.authz.conditions import Attribute, Comparison, Condition, Related, every, given, nodes, not_, some
from app.authz.policy_text import ALLOW, DENY
from app.authz.predicate import Caller, Facts, Predicate, predicate_of
from app.authz.principal import Principal
from app.authz.reach import Reach, reach_of
from app.authz.shape import Shape
from app.authz.where import render


@dataclass(frozen=True, eq=False)
class Entry:
    """A rule that applies to the role shape, its condition bound to how the roles are held."""

    rule_id: str
    effect: str
    name: str  # the condition as the policy file writes it
    condition: Condition

    @cached_property
    def holds(self) -> Predicate:
        return predicate_of(self.condition)


@dataclass(frozen=True, eq=False)
class Plan:
    """Allowed where one of the allow rules holds and none of the deny rules does."""

    shape: Shape
    entries: tuple[Entry, ...]
    _rendered: dict[tuple[Table, str], ColumnElement[bool]] = field(default_factory=dict, repr=False)

    def where(self, source: Any, dialect: str, below: "tuple[Attribute, Plan] | None" = None) -> ColumnElement[bool]:
        """The rows of `source` on which the action is allowed. Its text depends on the role shape, never on the caller.

        `source` is a mapped class, an alias of one, or an aliased table; `dialect` is `sqlite` or `postgresql`.
        What is asked of a table itself is put together once. `below`: the key by which the rows refer to rows on which
        another action is known to be allowed, which is then not asked again.
        """
        if below is not None:
            key, above = below
            return render(given(self.condition, key, above.condition), source, dialect)
        if not isinstance(source, Table):
            return render(self.condition, source, dialect)
        if (source, dialect) not in self._rendered:
            self._rendered[source, dialect] = render(self.condition, source, dialect)
        return self._rendered[source, dialect]

    def verdict(self, source: Any, dialect: str) -> ColumnElement[Any]:
        """For a SELECT: '' where the action is allowed, else the id of the first deny rule that holds, or NULL."""
        denials = ((entry.condition, entry.rule_id) for entry in self.entries if entry.effect == DENY)
        whens = [(self.condition, ""), *denials]
        return case(*((render(condition, source, dialect), literal(told)) for condition, told in whens))

    def parameters(
        self, actor: Actor, now: datetime, dialect: str, known: Container[str] = frozenset()
    ) -> dict[str, Any]:
        """The values of the bindparams of `where` and `verdict` for this caller, but of those that are known."""
        return {name: principal.parameter(actor, now, dialect) for name, principal in self._named if name not in known}

    def check(self, row: Any, facts: Facts, actor: Actor, now: datetime) -> bool:
        """Whether the action is allowed on a loaded row."""
        return self.holds(row, facts, Caller(actor, now))

    def checker(self, facts: Facts, actor: Actor, now: datetime) -> Callable[[Any], bool]:
        """`check` for many rows and one caller."""
        holds, caller = self.holds, Caller(actor, now)
        return lambda row: holds(row, facts, caller)

    @cached_property
    def condition(self) -> Condition:
        allowed = some(entry.condition for entry in self.entries if entry.effect == ALLOW)
        denied = (not_(entry.condition) for entry in self.entries if entry.effect == DENY)
        return every((allowed, *denied))

    @cached_property
    def reach(self) -> Reach | None:
        """How all rows on which the action is allowed are found from the caller's side."""
        return reach_of(self.condition)

    @cached_property
    def holds(self) -> Predicate:
        return predicate_of(self.condition)

    @cached_property
    def by_rule(self) -> Mapping[str, Predicate]:
        """The condition of each rule, for the live decision."""
        return {entry.rule_id: entry.holds for entry in self.entries}

    @cached_property
    def principals(self) -> tuple[Principal, ...]:
        # a deny rule counts even where nothing allows: `verdict` asks for each
        read = (self.condition, *(entry.condition for entry in self.entries if entry.effect == DENY))
        found = {
            node.operand: None
            for condition in read
            for node in nodes(condition)
            if isinstance(node, Comparison) and isinstance(node.operand, Principal)
        }
        return tuple(found)

    @cached_property
    def _named(self) -> tuple[tuple[str, Principal], ...]:
        return tuple((principal.name, principal) for principal in self.principals)

    @cached_property
    def relations(self) -> tuple[Related, ...]:
        """The relations that the rules name, for `load_facts`; every entry counts, since `explain` asks for each."""
        return tuple(node for entry in self.entries for node in nodes(entry.condition) if isinstance(node, Related))
