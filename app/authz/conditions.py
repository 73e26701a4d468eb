"""Conditions as data: one definition, which `predicate` reads in Python and `where` reads in SQL.

What is unknown is never true: a comparison with NULL on either side is false in both readings, and so is its absence
of rows; `not_` of it is then true in both.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import InstrumentedAttribute

from app.authz.principal import Principal, Scope

Attribute = InstrumentedAttribute[Any]


class Operator(StrEnum):
    EQ = "eq"
    LT = "lt"
    LE = "le"
    GT = "gt"
    IN = "in"


class Condition:
    """A node. Combine with `&`, `|` and `~`."""

    __slots__ = ()

    def __and__(self, other: "Condition") -> "Condition":
        return every((self, other))

    def __or__(self, other: "Condition") -> "Condition":
        return some((self, other))

    def __invert__(self) -> "Condition":
        return not_(self)


@dataclass(frozen=True, slots=True, eq=False)
class Const(Condition):
    value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Condition):
    column: Attribute
    operator: Operator
    operand: Any  # a Principal, a constant, or a frozenset of constants


@dataclass(frozen=True, slots=True, eq=False)
class Known(Condition):
    """The column holds a value."""

    column: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class SubjectRole(Condition):
    """The column names the role that is the rule's own subject."""

    column: Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Related(Condition):
    """Some row whose `link` equals this row's `key` meets `inner`. `to_one` where `link` is a primary key."""

    link: Attribute
    key: Attribute
    inner: Condition
    to_one: bool = False

    @property
    def relation(self) -> str:
        return f"{table_of(self.link).name}.{self.link.key}"


@dataclass(frozen=True, slots=True, eq=False)
class Inherited(Condition):
    """The object that `key` refers to may be the object of `action`, by its own rules, for the same caller."""

    key: Attribute
    object_name: str
    action: str


@dataclass(frozen=True, slots=True, eq=False)
class Every(Condition):
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Some(Condition):
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Condition):
    inner: Condition


ALWAYS = Const(True)
NEVER = Const(False)


def every(parts: Iterable[Condition]) -> Condition:
    """AND. What is constant is folded away, so that a plan's text holds only what decides."""
    kept = [part for part in parts if not (isinstance(part, Const) and part.value)]
    if any(isinstance(part, Const) for part in kept):
        return NEVER
    return ALWAYS if not kept else kept[0] if len(kept) == 1 else Every(tuple(kept))


def some(parts: Iterable[Condition]) -> Condition:
    """OR, folded likewise."""
    kept = [part for part in parts if not (isinstance(part, Const) and not part.value)]
    if any(isinstance(part, Const) for part in kept):
        return ALWAYS
    return NEVER if not kept else kept[0] if len(kept) == 1 else Some(tuple(kept))


def not_(condition: Condition) -> Condition:
    return Const(not condition.value) if isinstance(condition, Const) else Not(condition)


def eq(column: Attribute, operand: Any) -> Condition:
    return Comparison(column, Operator.EQ, operand)


def lt(column: Attribute, operand: Any) -> Condition:
    return Comparison(column, Operator.LT, operand)


def le(column: Attribute, operand: Any) -> Condition:
    return Comparison(column, Operator.LE, operand)


def gt(column: Attribute, operand: Any) -> Condition:
    return Comparison(column, Operator.GT, operand)


def in_(column: Attribute, operand: Principal | Iterable[Any]) -> Condition:
    return Comparison(column, Operator.IN, operand if isinstance(operand, Principal) else frozenset(operand))


def known(column: Attribute) -> Condition:
    return Known(column)


def names_subject_role(column: Attribute) -> Condition:
    return SubjectRole(column)


def any_of(link: Attribute, key: Attribute, inner: Condition = ALWAYS) -> Condition:
    """Among the rows whose `link` is this row's `key`, one meets `inner`."""
    return Related(link, key, inner)


def parent(key: Attribute, link: Attribute, inner: Condition) -> Condition:
    """The one row to which `key` refers (its `link` is the primary key) meets `inner`."""
    return Related(link, key, inner, to_one=True)


def inherits(key: Attribute, object_name: str, action: str = "view") -> Condition:
    """What `key` refers to, an object of another type, is allowed to the same caller: a report inherits its case."""
    return Inherited(key, object_name, action)


def table_of(attribute: Attribute) -> Table:
    table = attribute.class_.__table__
    assert isinstance(table, Table)
    return table


def nodes(condition: Condition) -> Iterator[Condition]:
    """The node and all nodes under it."""
    yield condition
    match condition:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from nodes(part)
        case Not(inner) | Related(inner=inner):
            yield from nodes(inner)
        case _:
            pass


def own_nodes(condition: Condition) -> Iterator[Condition]:
    """Like `nodes`, but only what speaks of the row itself: what stands inside a relation is left out."""
    yield condition
    match condition:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from own_nodes(part)
        case Not(inner):
            yield from own_nodes(inner)
        case _:
            pass


def given(condition: Condition, key: Attribute, above: Condition) -> Condition:
    """The condition of rows whose `key` refers to a row that meets `above`: what repeats that is folded away."""
    match condition:
        case Related(key=own, inner=inner, to_one=True) if own is key and inner is above:
            return ALWAYS
        case Every(parts):
            return every(given(part, key, above) for part in parts)
        case Some(parts):
            return some(given(part, key, above) for part in parts)
        case Not(inner):
            return not_(given(inner, key, above))
        case _:
            return condition


def bind(condition: Condition, scope: Scope, resolve: Callable[[Inherited], Condition]) -> Condition:
    """The condition as a rule with this subject means it: whose units, which role, what the parent's rules say."""
    match condition:
        case Related(link, key, inner, to_one):
            return Related(link, key, bind(inner, scope, resolve), to_one)
        case Every(parts):
            return every(bind(part, scope, resolve) for part in parts)
        case Some(parts):
            return some(bind(part, scope, resolve) for part in parts)
        case Not(inner):
            return not_(bind(inner, scope, resolve))
        case _:
            return _bind_leaf(condition, scope, resolve)


def _bind_leaf(condition: Condition, scope: Scope, resolve: Callable[[Inherited], Condition]) -> Condition:
    match condition:
        case Comparison(column, operator, Principal() as operand):
            return Comparison(column, operator, operand.bound_to(scope))
        case SubjectRole(column):
            return Comparison(column, Operator.EQ, scope.role)
        case Inherited():
            return resolve(condition)
        case _:
            return condition
