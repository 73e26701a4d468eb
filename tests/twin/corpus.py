"""What can be asked, made from the schema itself: whatever is added to the schema is asked, too."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from tests.twin.census import OBJECTS, Census

DEEP = bool(os.environ.get("DUBAN_TEST_DEEP"))
DATABASES = [
    "sqlite",
    *[pytest.param("postgresql", marks=pytest.mark.server)] * DEEP,
]
_ALL = "first: 100"
_COUNTED = "{ totalCount { value exact } pageInfo { hasNextPage endCursor } edges { cursor node { id } } }"
_PAGES = frozenset({"CappedCount", "PageInfo"})
_OF_THE_ASKING = frozenset({"sessions"})  # who asks has one of his own in each world


@dataclass(frozen=True, slots=True)
class Question:
    """An operation with its variables."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pains:
    """How much is asked. Down to `telling` objects tell everything; from there to `depth`, who they are."""

    depth: int
    telling: int
    values: int  # of each field of a filter
    orders: int
    pages: int


QUICK = Pains(depth=1, telling=1, values=2, orders=1, pages=2)
SEARCHING = Pains(depth=1, telling=1, values=100, orders=2, pages=2)
THOROUGH = Pains(depth=4, telling=2, values=100, orders=100, pages=8)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The questions that a schema allows."""

    schema: GraphQLSchema
    census: Census
    pains: Pains
    left: Collection[str] = ()  # roots that are not asked

    @property
    def roots(self) -> Mapping[str, GraphQLField]:
        assert self.schema.query_type is not None
        fields = self.schema.query_type.fields
        return {
            name: one
            for name, one in fields.items()
            if name not in {*_OF_THE_ASKING, *self.left} and not _required(one)
        }

    def walks(self) -> Iterator[tuple[str, str]]:
        """Lists that are read page by page, each with its orders: the default one, each alone, some after others."""
        for name, root in self.roots.items():
            if "first" in root.args:
                yield from ((name, order) for order in islice(self._orders(root), self.pains.orders))

    def _orders(self, root: GraphQLField) -> Iterator[str]:
        yield ""
        if "orderBy" in root.args:
            kind = get_named_type(root.args["orderBy"].type)
            assert isinstance(kind, GraphQLEnumType)
            yield from (f"orderBy: [{order}]" for order in kind.values)
            yield from (f"orderBy: [{one}, {next_}]" for one in kind.values for next_ in kind.values if one != next_)

    # ── every field of every object, through every relation ──

    def whole(self) -> Iterator[Question]:
        """All roots with all that hangs on them."""
        told = (
            f"{name}{self._root_arguments(name, root)} {self._told(get_named_type(root.type), self._step_to(root))}"
            for name, root in self.roots.items()
        )
        yield Question(f"{{ {' '.join(told)} }}")

    def payload(self, mutation: str) -> str:
        """What there is to tell of what a mutation answers when it succeeds."""
        name = f"{mutation[0].upper()}{mutation[1:]}Payload"
        return f"... on {name} {self._told(self.schema.type_map[name], 0)}"

    def _root_arguments(self, name: str, root: GraphQLField) -> str:
        if "first" in root.args:
            return f"({_ALL})"
        return f'(id: "{self.census.known_case}")' if name == "case" else ""

    def _step_to(self, each: GraphQLField) -> int:
        """What has an id lies one deeper than what refers to it; counts, pages and texts are parts of it."""
        return self._step(get_named_type(each.type))

    def _step(self, kind: GraphQLNamedType) -> int:
        node = self.schema.get_type("Node")
        assert isinstance(node, GraphQLInterfaceType)
        return int(isinstance(kind, GraphQLObjectType) and node in kind.interfaces)

    def _told(self, kind: GraphQLNamedType, depth: int, *, narrow: bool = False) -> str:
        """`narrow`: without lists."""
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        told = (
            self._field(kind, name, each, depth, narrow=narrow)
            for name, each in kind.fields.items()
            if not (narrow and is_list_type(get_nullable_type(each.type)))
        )
        return f"{{ __typename {' '.join(filter(None, told))} }}"

    def _field(
        self,
        owner: GraphQLObjectType | GraphQLInterfaceType,
        name: str,
        each: GraphQLField,
        depth: int,
        *,
        narrow: bool,
    ) -> str:
        kind = get_named_type(each.type)
        paging = owner.name in _PAGES or "first" in each.args or owner.name.endswith(("Connection", "Edge"))
        if is_leaf_type(kind):
            return name if depth <= self.pains.telling or name == "id" or paging else ""
        below = depth + self._step_to(each)
        if below > self.pains.depth or (below == depth > self.pains.telling and not paging):
            return ""
        return f"{name}{self._arguments(each)} {self._told(kind, below, narrow=narrow or bool(_required(each)))}"

    def _arguments(self, each: GraphQLField) -> str:
        if "first" in each.args:
            return f"({_ALL})"
        given = [f"{name}: [{', '.join(self.census.values_for(name, 'ID'))}]" for name in _required(each)]
        return f"({', '.join(given)})" if given else ""

    # ── every filter with every kind of value ──

    def filtered(self) -> Iterator[Question]:
        """Each field of a filter, with some values."""
        for name, root in self.roots.items():
            if "filter" in root.args:
                kind = get_named_type(root.args["filter"].type)
                assert isinstance(kind, GraphQLInputObjectType)
                paged = "first" in root.args
                told = _COUNTED if paged else "{ total { value exact } }"
                for field_name, each in kind.fields.items():
                    asked = (
                        f"f{number}: {name}({'first: 10, ' * paged}filter: {{{field_name}: {value}}}) {told}"
                        for number, value in enumerate(self._values(field_name, each))
                    )
                    yield Question(f"{{ {' '.join(asked)} }}")

    def _values(self, name: str, each: GraphQLInputField) -> Iterator[str]:
        inner = get_named_type(each.type)
        values = list(inner.values) if isinstance(inner, GraphQLEnumType) else self.census.values_for(name, inner.name)
        listed = is_list_type(get_nullable_type(each.type))
        stride = -(-len(values) // self.pains.values)
        yield from (f"[{value}]" if listed else value for value in values[::stride])

    # ── every object by its id ──

    def by_id(self) -> Iterator[Question]:
        """What all may know of, and what is hidden."""
        ids = [one for held in (self.census.plain, self.census.hidden) for found in held.values() for one in found]
        told = " ".join(f"... on {kind} {self._own(kind, kind)}" for kind in self.census.kinds.values())
        for start in range(0, len(ids), 100):
            chunk = {"ids": ids[start : start + 100]}
            yield Question(f"query N($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id {told} }} }}", chunk)
        asked = [f'node(id: "{one}") {{ __typename id }}' for found in self.census.hidden.values() for one in found[:1]]
        asked += [f'case(number: "{number}") {{ id title }}' for number in self.census.numbers]
        asked += [f'case(id: "{one}") {{ id title }}' for one in self.census.hidden["case"]]
        yield Question(f"{{ {' '.join(f'one{number}: {each}' for number, each in enumerate(asked))} }}")

    # ── why, who and what may be done to it ──

    def rights(self) -> Iterator[Question]:
        """Of one or some of each kind, known and hidden; of none in particular. Errors of one answer have no order."""
        person = f'person: "{self.census.plain["person"][0]}"'
        for tag, kind in OBJECTS.items():
            for one in (*self.census.plain[tag][: self.pains.values], *self.census.hidden[tag][:1]):
                about = f'action: "{kind}.view", subject: "{one}"'
                yield Question(f"{{ explain({person}, {about}) {{ allowed rules {{ holds rule {{ rule }} }} }} }}")
                yield Question(f"{{ whoCan({about}, first: 100) {_COUNTED} }}")
                yield Question(f'{{ whatCan({person}, subject: "{one}") {{ action allowed decidedBy {{ rule }} }} }}')
            yield Question(f'{{ permissionMatrix(object: "{kind}") {{ action cells {{ rules {{ rule }} }} }} }}')
            yield Question(f'{{ whoCan(action: "{kind}.view", first: 100) {_COUNTED} }}')

    def _own(self, name: str, prefix: str) -> str:
        """What an object tells of itself, each field under a name of its own."""
        kind = self.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        told = []
        for field_name, each in kind.fields.items():
            inner = get_named_type(each.type)
            if is_leaf_type(inner):
                told.append(f"{prefix}_{field_name}: {field_name}")
            elif not self._step_to(each) and "first" not in each.args:
                told.append(
                    f"{prefix}_{field_name}: {field_name}{self._arguments(each)} {self._own(inner.name, prefix)}"
                )
        return f"{{ __typename {' '.join(told)} }}"


def _required(each: GraphQLField) -> list[str]:
    return [name for name, argument in each.args.items() if is_required_argument(argument)]
