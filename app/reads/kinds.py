"""What a field of the API may read. Declared once beside the field; resolvers and compiler both derive from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, TypeAlias

from app.authz.conditions import Condition as Circumstance
from app.reads.filters import Condition, Listing
from app.reads.keyset import Order
from app.reads.tables import Attribute, Model, key_of

DECLARED = "reads"  # the key of a field's metadata under which its kind stands


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """What a type stands for: the rows of a table, seen by the rule `object.view` of the policy, or by whoever asks."""

    model: Model
    object: str | None
    tag: str | None  # of its global ids
    texts: tuple[Attribute[Any], ...]

    @property
    def key(self) -> str:
        return key_of(self.model).key


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    attribute: Attribute[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """The words of the content row that a column refers to; None where there are none or where they were expunged."""

    attribute: Attribute[Any]


@dataclass(frozen=True, slots=True, eq=False)
class GlobalId:
    tag: str


class Need(StrEnum):
    """What of a request a function takes after the values of the row."""

    NOW = "now"
    CALENDAR = "calendar"
    LANGUAGE = "language"
    CLAUSES = "clauses"
    CALLER = "caller"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """An input: the policy's verdict on an action `object.verb` on the row (`verdicts.py`)."""

    action: str


@dataclass(frozen=True, slots=True, eq=False)
class Meets:
    """An input: whether the row meets a condition on itself and on the rows that refer to it (`circumstances.py`).

    Unlike what is `Judged` it names nothing of the caller. `name` tells it apart among the inputs of its type.
    """

    name: str
    condition: Circumstance


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A pure, total function of columns, of their words and of verdicts, and then of what it needs of the request.

    It gives a value, or an object or a list of objects that are made in memory.
    """

    function: Callable[..., Any]
    inputs: tuple["Input", ...]
    needs: tuple[Need, ...] = (Need.NOW,)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A value, or an object or objects made in memory, that an object in memory tells of itself."""

    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class ToldOne:
    """The row whose key an object in memory tells, if the caller may see it."""

    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class ToldThrough:
    """The row that a column of a `via` refers to, whose key an object in memory tells, if the caller may see both."""

    function: Callable[[Any], Any]
    via: type[Any]
    attribute: Attribute[Any]


@dataclass(frozen=True, slots=True, eq=False)
class ToldMany:
    """The visible rows whose keys an object in memory tells, in its order."""

    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class ToOne:
    """The row that a column refers to, if the caller may see it."""

    attribute: Attribute[Any]


@dataclass(frozen=True, slots=True, eq=False)
class ToMany:
    """All visible rows that refer to this one, by `by` or by way of a link table. A rule of the domain bounds them."""

    by: Attribute[Any]
    through: Attribute[Any] | None
    order: tuple[Order, ...]
    where: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class ToPage:
    """The visible rows that refer to this one, page by page."""

    by: Attribute[Any]
    order: tuple[Order, ...]
    where: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class RootNode:
    """The visible row of any of the types, by its global id."""

    types: tuple[type[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RootNodes(RootNode):
    """The visible rows of a list of global ids, in its order."""


@dataclass(frozen=True, slots=True, eq=False)
class RootObject:
    """The visible row with a global id, or with a value in one of the unique columns, by argument name."""

    unique: Mapping[str, Attribute[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class RootPage:
    """The visible rows of a listing, page by page. `filter` is the input type and `order` the enum that clients use."""

    listing: Listing
    filter: type[Any] | None
    order: type[Enum] | None


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The visible rows of a listing one after the other, those to come too: a subscription, told edge by edge."""

    listing: Listing
    target: type[Any]


class Part(StrEnum):
    """The parts of a page."""

    EDGES = "edges"
    NODE = "node"
    CURSOR = "cursor"
    PAGE_INFO = "page_info"
    TOTAL_COUNT = "total_count"
    HAS_NEXT = "has_next"
    HAS_PREVIOUS = "has_previous"
    START_CURSOR = "start_cursor"
    END_CURSOR = "end_cursor"
    VALUE = "value"
    EXACT = "exact"


Input: TypeAlias = Attribute[Any] | Text | Judged | Meets
Kind: TypeAlias = (
    Column
    | Text
    | GlobalId
    | Computed
    | Told
    | ToldOne
    | ToldThrough
    | ToldMany
    | ToOne
    | ToMany
    | ToPage
    | RootNode
    | RootNodes
    | RootObject
    | RootPage
    | Followed
    | Part
)
