"""Lists that clients may filter and order: each field of a filter is a condition over one named parameter.

The text of a statement depends on which fields are given, never on their values.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Date, FromClause, bindparam
from sqlalchemy.types import TypeEngine

from app.authz.actor import Actor
from app.core.database import UTCDateTime
from app.core.ids import decode_id
from app.core.refusals import Refusal, RefusalCode
from app.reads.keyset import Order
from app.reads.reaching import Copies
from app.reads.sets import among
from app.reads.tables import Attribute, Model, column_in

NOW, TODAY = "level_now", "level_today"
_GIVEN = "level_filter_"  # parameters level_filter_status, level_filter_due_from, …


def now() -> BindParameter[Any]:
    """The request's business time, for conditions that depend on it."""
    return bindparam(NOW, type_=UTCDateTime())


def today() -> BindParameter[Any]:
    """The day of `now` in Shanghai."""
    return bindparam(TODAY, type_=Date())


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """What a condition rests on besides the list's own rows: those of another object, which have a rule of their own.

    `by` is the column by which these refer to a row of the list, which is seen: the rule does not ask that once more.
    """

    object: str
    by: Attribute[Any] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The value of one filter field, as a parameter of a statement, and the rules of what else the field speaks of."""

    name: str
    dialect: str
    rules: "Mapping[str, Condition]" = field(default_factory=dict)

    def seen(self, object_name: str, row: FromClause) -> ColumnElement[bool]:
        """Whether the caller may see a row of that object: nothing is found by what he may not."""
        return self.rules[object_name](row)

    def value(self, kind: TypeEngine[Any]) -> BindParameter[Any]:
        return bindparam(self.name, type_=kind)

    def holds(self, left: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column or expression has one of the values, where the field is a list."""
        return among(left, self.name, self.dialect)


Predicate: TypeAlias = Callable[[FromClause, Given], ColumnElement[bool]]
Condition: TypeAlias = Callable[[FromClause], ColumnElement[bool]]
ValuePredicate: TypeAlias = Callable[[FromClause, Any, bytes], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """One field of a filter input. `convert` turns the client's value into that of the parameter, or refuses it."""

    predicate: Predicate
    convert: Callable[[Any], Any] = lambda value: value
    rests: tuple[Rests, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ValueFilter:
    """A field whose condition is made from the value itself and the key of the search index.

    The text of the statement depends on the value. Where the values are few (`closed`: members of an enumeration) it is
    kept nevertheless; where they are words to search for, it is made for each request.
    """

    predicate: ValuePredicate
    closed: bool = False
    rests: ClassVar[tuple[Rests, ...]] = ()


def one_of(attribute: Attribute[Any]) -> Filter:
    """A list: the column has one of its values."""
    return Filter(lambda row, given: given.holds(column_in(row, attribute)))


def one_of_ids(attribute: Attribute[Any], tag: str) -> Filter:
    """A list of global ids: the column refers to one of them."""
    return Filter(
        lambda row, given: given.holds(column_in(row, attribute)),
        lambda ids: [key_from_id(tag, one) for one in ids],
    )


def equals(attribute: Attribute[Any]) -> Filter:
    return Filter(lambda row, given: column_in(row, attribute) == _value(attribute, given))


def at_least(attribute: Attribute[Any]) -> Filter:
    return Filter(lambda row, given: column_in(row, attribute) >= _value(attribute, given))


def at_most(attribute: Attribute[Any]) -> Filter:
    return Filter(lambda row, given: column_in(row, attribute) <= _value(attribute, given))


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What a list is narrowed to for its caller (his todos, his inbox), over parameters that `values` gives."""

    predicate: Callable[[FromClause, str], ColumnElement[bool]]
    values: Callable[[Actor], dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Two fields that, where both are given, speak of the same row (one unit in one role), not of one each."""

    names: tuple[str, str]
    predicate: Callable[[FromClause, Given, Given], ColumnElement[bool]]


Sides: TypeAlias = Mapping[Any, ColumnElement[bool]]  # the few values that there are, and when a row has which


class Apart(NamedTuple):
    """A column by which rows are counted apart: their own, or one of `joined` rows that belong to them."""

    column: ColumnElement[Any]
    joined: FromClause | None = None
    belongs: ColumnElement[bool] | None = None


Apportion: TypeAlias = Callable[[FromClause], Apart | Sides]


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """What the rows of a list may be counted apart by. `field`: of the filter, whose values it asks for, too.

    Sides are counted side by side, which costs no sorting; one division of a tally may be so.
    """

    apart: Callable[[FromClause, Given], Apart | Sides]
    rests: tuple[Rests, ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list at the root: its rows, the fields of its filter, and its closed orders by their public names.

    `divisions` name by what its figures may be told apart; `copies` serve to read it from the caller's side.
    """

    model: Model
    order: tuple[Order, ...]
    filters: Mapping[str, Filter | ValueFilter]
    orders: Mapping[str, tuple[Order, ...]]
    scope: Scope | None = None
    together: Together | None = None
    divisions: Mapping[str, Division] = field(default_factory=dict)
    copies: Copies | None = None

    def rests(self, names: Iterable[str]) -> tuple[Rests, ...]:
        """What else the conditions of these fields rest on."""
        return tuple(one for name in names for one in self.filters[name].rests)

    def conditions(
        self, values: Mapping[str, Any], dialect: str, search_key: bytes, rules: Mapping[str, Condition]
    ) -> tuple[Condition, ...]:
        """What the given fields of the filter demand. `rules` are those of the objects on which they rest."""
        demanded = [self._condition(name, dialect, value, search_key, rules) for name, value in values.items()]
        if self.together is not None and values.keys() >= set(self.together.names):
            both = self.together.predicate
            first, second = (Given(_GIVEN + name, dialect, rules) for name in self.together.names)
            demanded.append(lambda row: both(row, first, second))
        return tuple(demanded)

    def _condition(
        self, name: str, dialect: str, value: Any, search_key: bytes, rules: Mapping[str, Condition]
    ) -> Condition:
        chosen = self.filters[name]
        if isinstance(chosen, ValueFilter):
            by_value = chosen.predicate
            return lambda row: by_value(row, value, search_key)
        predicate, given = chosen.predicate, Given(_GIVEN + name, dialect, rules)
        return lambda row: predicate(row, given)

    def division(self, name: str, dialect: str, rules: Mapping[str, Condition]) -> Apportion:
        """A division by its name, under the rules of the objects on which it rests."""
        chosen = self.divisions[name]
        return lambda row: chosen.apart(row, Given(_GIVEN + chosen.field, dialect, rules))

    def form(self, given: Mapping[str, Any], order: Iterable[str]) -> Hashable:
        """Which text these fields and orders need; None where there are too many such texts to keep any."""
        parts: list[Hashable] = [*order]
        for name, value in given.items():
            chosen = self.filters[name]
            if isinstance(chosen, ValueFilter) and not chosen.closed:
                return None
            parts.append((name, frozenset(value) if isinstance(chosen, ValueFilter) else None))
        return tuple(parts)

    def parameter(self, name: str, value: Any) -> dict[str, Any]:
        """The parameter of a filter field. Raises Refusal for a value that means nothing."""
        chosen = self.filters[name]
        return {} if isinstance(chosen, ValueFilter) else {_GIVEN + name: chosen.convert(value)}


def key_from_id(tag: str, value: str) -> Any:
    """The key of a global id of one kind. Raises Refusal for all other ids."""
    decoded = decode_id(value)
    if decoded is None or decoded[0] != tag:
        raise Refusal(RefusalCode.BAD_ID)
    return decoded[1]


def _value(attribute: Attribute[Any], given: Given) -> BindParameter[Any]:
    return given.value(attribute.type)
