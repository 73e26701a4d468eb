"""What arguments are drawn from: the rows of a database, so that most of what is asked for is there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLField, GraphQLNamedType, GraphQLSchema
from strawberry.types.base import get_object_definition

from app.core.database import Database
from app.core.ids import encode_id
from app.core.paging import Cursors
from app.graphql.declarations import kind_of, object_type_of
from app.graphql.loaders import reads_of
from app.graphql.node import Walk
from app.graphql.roots import ordered
from app.reads.execution import Reading, Row
from app.reads.keyset import total_order
from app.reads.kinds import Followed, RootPage, ToPage
from app.reads.statement import Level
from app.reads.tables import Model

_SIZES = [*range(6)] * 8 + [20, 100, 101, -1]
_WORDS = ["", " ", "整改", 'a"b\\c\n', "💡", "\u0000", "\ud800", "督〔2026〕1号", "' OR 1=1 --", "x" * 400]


@dataclass(frozen=True)
class Place:
    """Where a value stands: under which name, for which field, in which order, to find an object of which type."""

    name: str
    definition: GraphQLField
    order: Sequence[str] = ()
    wanted: str = ""

    def inside(self, name: str) -> "Place":
        return replace(self, name=name)


@dataclass(frozen=True)
class Values:
    """Rows by table; ids by their tags; tags by the names of types."""

    rows: Mapping[Model, Sequence[Row]]
    ids: Mapping[str, Sequence[str]]
    tags: Mapping[str, str]
    cursors: Cursors
    _written: dict[tuple[Model, str], list[str]] = field(default_factory=dict)

    @classmethod
    async def of(cls, schema: GraphQLSchema, database: Database, cursors: Cursors, now: datetime) -> "Values":
        rows: dict[Model, Sequence[Row]] = {}
        ids: dict[str, list[str]] = {}
        tags: dict[str, str] = {}
        async with database.read() as session:
            for name, target in _classes(schema):
                reads = reads_of(target)
                if reads.model not in rows:
                    rows[reads.model] = await Reading(session, now).rows(Level(reads.model))
                if reads.tag is not None:
                    tags[name] = reads.tag
                    ids[reads.tag] = [encode_id(reads.tag, row[reads.key]) for row in rows[reads.model]]
        return cls(rows, ids, tags, cursors)

    def json(self, random: Random, kind: GraphQLNamedType, place: Place) -> Any:
        """A value of a leaf type, as JSON."""
        if isinstance(kind, GraphQLEnumType):
            return random.choice(list(kind.values))
        if place.name in {"after", "before"}:
            return self.cursor(random, place)
        draw: Callable[[], Any] = {
            "ID": lambda: self.id(random, place),
            "String": lambda: random.choice([*self._strings[place.name] * 3, *_WORDS]),
            "Int": lambda: random.choice(_SIZES),
            "Boolean": lambda: random.random() < 0.5,
            "Date": lambda: random.choice(self._days).isoformat(),
            "DateTime": lambda: f"{random.choice(self._days).isoformat()}T09:00:00+08:00",
        }[kind.name]
        return draw()

    def has(self, name: str) -> bool:
        """Whether there is an object of this type."""
        return bool(self.ids.get(self.tags[name]))

    def id(self, random: Random, place: Place) -> str:
        """Mostly of the type that is wanted, or that the name speaks of: `units` of units. `ids` are of any type."""
        if place.name == "ids" and random.random() < 0.5:
            return random.choice(random.choice([ids for ids in self.ids.values() if ids]))
        tag = self.tags.get(place.wanted if place.name in {"id", "ids"} else "", place.name.removesuffix("s"))
        fitting = self.ids.get(tag, ())
        if fitting and random.random() < 0.96:
            return random.choice(fitting)
        other = random.choice(list(self.ids))
        wrong = ["", "case_", "nothing_AAAAAAAAAAAAAAAAAAAAAA", encode_id(other, UUID(int=random.getrandbits(128)))]
        return random.choice([*self.ids[other][:4], *wrong])

    def cursor(self, random: Random, place: Place) -> str | None:
        fitting = self._cursors(place)
        if random.random() < 0.98:
            return random.choice(fitting) if fitting else None
        return random.choice(["", "AAAA", *(one for kept in self._written.values() for one in kept[:1])])

    def _cursors(self, place: Place) -> list[str]:
        """The cursors of all rows of a list in one order."""
        declared = place.definition.extensions["strawberry-definition"]
        kind = kind_of(declared)
        target = kind.target if isinstance(kind, Followed) else object_type_of(declared.type)
        assert isinstance(kind, RootPage | ToPage | Followed)
        assert target is not None
        terms = kind.order if isinstance(kind, ToPage) else ordered(kind.listing, place.order)
        model = reads_of(target).model
        walk = Walk(model, total_order(model, terms))
        if (model, walk.scope) not in self._written:
            self._written[model, walk.scope] = [walk.cursor(self.cursors, row) for row in self.rows[model]]
        return self._written[model, walk.scope]

    @cached_property
    def _days(self) -> list[date]:
        values = (value for rows in self.rows.values() for row in rows for value in row.values())
        return sorted({date(1900, 1, 1), *(value for value in values if type(value) is date)})

    @cached_property
    def _strings(self) -> "_Strings":
        return _Strings(self.rows)


class _Strings(dict[str, list[str]]):
    """For an argument what stands in columns whose name ends like its own: register_number for number."""

    def __init__(self, rows: Mapping[Model, Sequence[Row]]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, name: str) -> list[str]:
        found = {
            value
            for rows in self._rows.values()
            for row in rows
            for key, value in row.items()
            if key.endswith(name) and type(value) is str
        }
        self[name] = sorted(found)
        return self[name]


def _classes(schema: GraphQLSchema) -> Iterable[tuple[str, type[Any]]]:
    """The object types that stand for rows, and the classes behind them."""
    for name, kind in schema.type_map.items():
        definition = kind.extensions.get("strawberry-definition")
        origin: Any = getattr(definition, "origin", None)
        if hasattr(origin, "__reads__") and get_object_definition(origin) is not None:
            yield name, origin
