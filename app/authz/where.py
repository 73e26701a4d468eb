"""The SQL reading of a condition: plain SQLAlchemy Core over an explicit alias, with named bindparams only.

Negation is carried down to the leaves, where a comparison that may be NULL is negated by IS NOT TRUE. A relation is
EXISTS where it is wanted (a small answer stops early) and IN where it is excluded (the list is hashed once); measured,
each loses badly in the other's place. A single parent is looked up by its key, hence EXISTS either way.
"""

import operator
import re
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    and_,
    any_,
    false,
    func,
    inspect,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from app.authz.conditions import (
    Attribute,
    Comparison,
    Condition,
    Const,
    Every,
    Known,
    Not,
    Operator,
    Related,
    Some,
    table_of,
)
from app.authz.principal import POSTGRESQL, Principal

_COMPARE: dict[Operator, Callable[[Any, Any], ColumnElement[bool]]] = {
    Operator.EQ: operator.eq,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
}
_OPPOSITE: dict[Operator, Callable[[Any, Any], ColumnElement[bool]]] = {
    Operator.EQ: operator.ne,
    Operator.LT: operator.ge,
    Operator.LE: operator.gt,
    Operator.GT: operator.le,
}
_WORD = re.compile(r"[A-Za-z_.]+")


def render(condition: Condition, source: Any, dialect: str, *, negated: bool = False) -> ColumnElement[bool]:
    """The bound condition, or its negation, over `source`: a mapped class, an alias of one, or an aliased table."""
    match condition:
        case Comparison():
            return comparison(condition, source, dialect, negated=negated)
        case Known(column):
            present = column_of(source, column).is_not(None)
            return ~present if negated else present
        case Related():
            return related(condition, source, dialect, negated=negated)
        case Every(parts) | Some(parts):
            join = junction(condition, negated=negated)
            return join(*(render(part, source, dialect, negated=negated) for part in parts))
        case Not(inner):
            return render(inner, source, dialect, negated=not negated)
        case Const(value):
            return true() if value is not negated else false()
        case _:
            raise TypeError(f"{type(condition).__name__} is not bound to a rule")


def junction(condition: Condition, *, negated: bool) -> Callable[..., ColumnElement[bool]]:
    """De Morgan: the negation of an AND is the OR of the negations."""
    return and_ if isinstance(condition, Every) is not negated else or_


def comparison(condition: Comparison, source: Any, dialect: str, *, negated: bool) -> ColumnElement[bool]:
    column = column_of(source, condition.column)
    operand = condition.operand
    caller = isinstance(operand, Principal)
    right = operand.bind(dialect) if caller else operand
    nullable = is_nullable(condition.column) or (caller and operand.nullable)
    if negated and not nullable:
        return _opposite(column, condition.operator, right, dialect)
    positive = _positive(column, condition.operator, right, dialect)
    return negate_unknown(positive) if negated else positive


def negate_unknown(positive: ColumnElement[bool]) -> ColumnElement[bool]:
    """NOT in the two-valued sense: what is NULL was not true."""
    return positive.is_not(true())


def related(condition: Related, source: Any, dialect: str, *, negated: bool) -> ColumnElement[bool]:
    inner = table_of(condition.link).alias()
    link, key = inner.c[condition.link.key], column_of(source, condition.key)
    predicate = render(condition.inner, inner, dialect)
    if condition.to_one or not negated:
        rows: Select[Any] = select(literal_column("1")).select_from(inner).where(link == key, predicate)
        found = rows.correlate(from_of(source)).exists()
        return ~found if negated else found
    members = select(link).where(predicate, *known(link))
    return negate_unknown(key.in_(members)) if is_nullable(condition.key) else key.not_in(members)


def known(link: Column[Any]) -> tuple[ColumnElement[bool], ...]:
    """A NULL among the members would make NOT IN unknown for every row."""
    return (link.is_not(None),) if link.nullable else ()


def column_of(source: Any, attribute: Attribute) -> ColumnElement[Any]:
    column: ColumnElement[Any] = from_of(source).c[attribute.key]
    return column


def from_of(source: Any) -> FromClause:
    if isinstance(source, FromClause):
        return source
    selectable = inspect(source).selectable
    assert isinstance(selectable, FromClause)
    return selectable


def is_nullable(attribute: Attribute) -> bool:
    column: Column[Any] = table_of(attribute).c[attribute.key]
    return bool(column.nullable)


def _positive(column: ColumnElement[Any], op: Operator, right: Any, dialect: str) -> ColumnElement[bool]:
    if op is not Operator.IN:
        return _COMPARE[op](column, _literal(right))
    if isinstance(right, frozenset):
        return column.in_([_literal(value) for value in sorted(right)])
    return column == any_(right) if dialect == POSTGRESQL else column.in_(_unpacked(right))


def _opposite(column: ColumnElement[Any], op: Operator, right: Any, dialect: str) -> ColumnElement[bool]:
    if op is Operator.IN:
        return not_(_positive(column, op, right, dialect))
    return _OPPOSITE[op](column, _literal(right))


def _unpacked(text: ColumnElement[Any]) -> Any:
    return select(func.json_each(text).table_valued("value").c.value)


def _literal(value: Any) -> Any:
    """Constants stand in the text, so that partial indexes match; only the caller's values are parameters."""
    if isinstance(value, ColumnElement):
        return value
    if isinstance(value, bool):
        return true() if value else false()
    if isinstance(value, IntEnum | int):
        return literal_column(str(int(value)))
    if isinstance(value, str) and _WORD.fullmatch(value):
        return literal_column(f"'{value}'")
    raise TypeError(f"{value!r} cannot be a constant of a condition")
