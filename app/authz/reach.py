"""Reading from the caller's side: all that a plan allows is reached over rows of another table that name the caller.

What one unit may see is then a walk along an index of these rows, and costs the same however much others have.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from app.authz.actor import Actor
from app.authz.conditions import Attribute, Comparison, Condition, Every, Operator, Related, every
from app.authz.principal import Principal
from app.authz.where import render

_NAMES = frozenset({Operator.EQ, Operator.IN})


@dataclass(frozen=True, eq=False)
class Reach:
    """A row is allowed where another row, whose `link` is its `key`, meets `inner`, and it meets `rest` itself.

    `inner` compares the column `naming` with one value of the caller (`only`). So it says what the plan says to those
    alone of whom that is the whole set (`serves`).
    """

    link: Attribute
    key: Attribute
    naming: Attribute
    inner: Condition
    rest: Condition
    asked: Principal

    @property
    def only(self) -> Principal:
        return replace(self.asked, only=True)

    def serves(self, actor: Actor, now: datetime) -> bool:
        """Whether the caller brings one value, so that he reaches no row twice."""
        return not self.asked.many or len(self.asked.value(actor, now)) == 1

    def parameters(self, actor: Actor, now: datetime, dialect: str) -> dict[str, Any]:
        """What it names besides the parameters of the plan."""
        return {self.only.name: self.only.parameter(actor, now, dialect)}

    def names(self, other: Any, dialect: str) -> ColumnElement[bool]:
        """The rows that name the caller, of the table of `link`."""
        return render(self.inner, other, dialect)

    def where(self, source: Any, dialect: str) -> ColumnElement[bool]:
        """What must hold of a row besides."""
        return render(self.rest, source, dialect)


def reach_of(condition: Condition) -> Reach | None:
    """How the rows that meet a plan's condition are reached; None where there is no way that all of them share."""
    parts = tuple(_parts(condition))
    for relation in parts:
        if isinstance(relation, Related) and not relation.to_one:
            inside = tuple(_parts(relation.inner))
            naming = _naming(inside)
            if naming is not None:
                asked = naming.operand
                one = Comparison(naming.column, Operator.EQ, replace(asked, only=True))
                inner = every(one if part is naming else part for part in inside)
                rest = every(part for part in parts if part is not relation)
                return Reach(relation.link, relation.key, naming.column, inner, rest, asked)
    return None


def _naming(parts: Iterable[Condition]) -> Comparison | None:
    """The part that compares a column with the caller."""
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.operand, Principal) and part.operator in _NAMES:
            return part
    return None


def _parts(condition: Condition) -> Iterator[Condition]:
    """What must all hold."""
    if isinstance(condition, Every):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition
