"""What an operation comes down to: branches, each one statement, and shapes that say how their rows are written.

A plan is made once and serves all requests of its kind; it holds no value of any of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from app.reads.branch import Branch, Call, Cell
from app.reads.kinds import Part
from app.reads.seen import Marks
from app.reads.values import Convert


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """The same in every row: `__typename`."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class One:
    """An object that was joined: null where the place `present` is NULL."""

    present: int
    shape: "Shape"


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """The rows of another branch whose parent is the value at the place `key`."""

    branch: int
    key: int
    shape: "Shape"


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """The one row of a branch at the root, or null."""

    branch: int
    shape: "Shape"


@dataclass(frozen=True, slots=True, eq=False)
class Paged:
    """A page: of the branch's rows, or where `key` is given of those whose parent is the value at that place.

    `parts` are the fields of the connection; those of its page info, edges and counts are nested likewise.
    """

    branch: int
    key: int | None
    parts: "Parts"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What an object in memory tells of itself."""

    function: Callable[[Any], Any]
    convert: Convert | None = None
    nullable: bool = True

    def converted(self, convert: Convert, *, nullable: bool) -> "Told":
        return replace(self, convert=convert, nullable=nullable)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a request gives in memory, at this place of what it gives."""

    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """An object made in memory, or `many`."""

    source: Call | Told | Given
    shape: "Shape"
    many: bool
    nullable: bool


@dataclass(frozen=True, slots=True, eq=False)
class LookedUp:
    """The row of a branch whose key is told in memory, or what was joined to it, or all rows whose keys are told."""

    branch: int
    key: Callable[[Any], Any]
    answer: "Shape | One"
    many: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Various:
    """For each of the pairs that a request gives what is looked up of its kind, which stands first in the pair."""

    source: Given
    kinds: tuple[tuple[Any, LookedUp], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cursor:
    """The cursor of a row, or its place: `write` makes it of what the order says of the row."""

    write: Callable[..., Any]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """The rows of a branch, each told for itself: its place in the order, and the edge that is shown."""

    branch: int
    place: Cursor
    parts: "Parts"


Node: TypeAlias = Constant | Cell | Call | Told | One | Many | Single | Paged | Items | LookedUp | Various | Each
Shape: TypeAlias = tuple[tuple[str, Node], ...]  # response names in their order
Parts: TypeAlias = tuple[tuple[str, "Constant | Leaf | Inner"], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A part of a page without parts of its own; `cursor` where it is one."""

    part: Part
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Inner:
    """A part of a page with parts of its own, or the shape of an edge's node."""

    part: Part
    parts: Parts = ()
    shape: Shape = ()


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """Where the rows of a branch, or rows joined to them, tell what few may know of."""

    branch: int
    marks: Marks
    key: Cell
    restricted: int | None  # the place
    classification: int | None  # likewise
    case_id: Cell | None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Branches, parents before their children, the shape of the whole answer, and what of it is to be noted."""

    branches: tuple[Branch, ...]
    shape: Shape
    marked: tuple[Marked, ...] = ()
