"""The Python reading of a condition: a loaded row, the related rows that were loaded with it, the caller."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.authz.actor import Actor
from app.authz.conditions import Comparison, Condition, Const, Every, Known, Not, Operator, Related, Some
from app.authz.principal import Principal

_COMPARE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.IN: lambda value, values: value in values,
}


class Facts:
    """Related rows by relation and key. A relation or key that was not loaded is an error, never an empty answer."""

    def __init__(self, rows: Mapping[str, Mapping[Any, Sequence[Any]]] | None = None) -> None:
        self._rows = rows or {}

    def related(self, relation: str, key: Any) -> Sequence[Any]:
        return () if key is None else self._rows[relation][key]


NO_FACTS = Facts()


@dataclass(slots=True)
class Caller:
    """The caller's values, each worked out once, when the first condition asks for it."""

    actor: Actor
    now: datetime
    _values: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str, principal: Principal) -> Any:
        if name not in self._values:
            self._values[name] = principal.value(self.actor, self.now)
        return self._values[name]


Predicate = Callable[[Any, Facts, Caller], bool]  # of a row; without a row (None) every column is unknown


def predicate_of(condition: Condition) -> Predicate:
    """The bound condition as a function, put together once for a plan."""
    match condition:
        case Comparison() | Known():
            return _of_row(condition)
        case Related():
            return _of_relation(condition)
        case Every(parts):
            return _all([predicate_of(part) for part in parts])
        case Some(parts):
            return _any([predicate_of(part) for part in parts])
        case Not(inner):
            inside = predicate_of(inner)
            return lambda row, facts, caller: not inside(row, facts, caller)
        case Const(value):
            return lambda _row, _facts, _caller: value
        case _:
            raise TypeError(f"{type(condition).__name__} is not bound to a rule")


def _of_row(condition: Comparison | Known) -> Predicate:
    key = condition.column.key
    if isinstance(condition, Known):
        return lambda row, _facts, _caller: value_of(row, key) is not None
    operand, comparing = condition.operand, condition.operator
    if not isinstance(operand, Principal):
        return lambda row, _facts, _caller: compare(comparing, value_of(row, key), operand)
    name = operand.name
    return lambda row, _facts, caller: compare(comparing, value_of(row, key), caller.value(name, operand))


def _of_relation(condition: Related) -> Predicate:
    relation, key, inside = condition.relation, condition.key.key, predicate_of(condition.inner)

    def some_related(row: Any, facts: Facts, caller: Caller) -> bool:
        return any(inside(other, facts, caller) for other in facts.related(relation, value_of(row, key)))

    return some_related


def _all(parts: list[Predicate]) -> Predicate:
    def every_part(row: Any, facts: Facts, caller: Caller) -> bool:
        return all(part(row, facts, caller) for part in parts)

    return every_part


def _any(parts: list[Predicate]) -> Predicate:
    def some_part(row: Any, facts: Facts, caller: Caller) -> bool:
        return any(part(row, facts, caller) for part in parts)

    return some_part


def compare(comparing: Operator, left: Any, right: Any) -> bool:
    """NULL compares with nothing."""
    return left is not None and right is not None and bool(_COMPARE[comparing](left, right))


def value_of(row: Any, key: str) -> Any:
    return None if row is None else getattr(row, key)
