"""Operations of every shape that a schema admits, drawn from a seeded source of random numbers.

Each is valid by construction, nearly: no response name means two things in one document, no fragment is left unused.
Its arguments are literals, or variables that are drawn again for each request.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_non_null_type,
    is_required_argument,
)

from app.graphql.declarations import kind_of
from tests.compiled.values import Place, Values

Composite = GraphQLObjectType | GraphQLInterfaceType
_ABSENT = object()
_LIFTED = 0.4
_FLAT = frozenset({"edges", "node", "pageInfo", "totalCount"})  # parts of a page, not levels of their own
_SIZES = [5, 5, 10, 10, 20, 40]
_LENGTHS = [0, 1, 1, 1, 1, 1, 2, 3]
_WRONG: list[Any] = [{"x": 1}, [[]], "no", 3.5, True, -1, 2**31, 2**70, "", [None]]
_PAGES = [("first",), ("first", "after"), ("first", "after"), ("last",), ("last", "before"), ()]


@dataclass(frozen=True)
class Operation:
    """A document, the name of what is asked for in it, and how its variables are drawn."""

    text: str
    name: str | None
    draws: Mapping[str, Callable[[Random], Any]]

    def variables(self, random: Random) -> dict[str, Any]:
        drawn = {name: draw(random) for name, draw in self.draws.items()}
        return {name: value for name, value in drawn.items() if value is not _ABSENT}


@dataclass(frozen=True)
class Operations:
    """Where operations come from."""

    schema: GraphQLSchema
    values: Values

    def draw(self, random: Random) -> Operation:
        return _Drawing(self, random).operation()

    def draw_subscription(self, random: Random) -> Operation:
        return _Drawing(self, random).subscription()

    def draw_mutation(self, random: Random, name: str, input: Mapping[str, Any]) -> Operation:
        """A mutation with this input, its answer under the name `answer`."""
        return _Drawing(self, random).mutation(name, input)


@dataclass
class _Drawing:
    """One document under the pen."""

    of: Operations
    random: Random
    names: dict[str, object] = field(default_factory=dict)  # response names and what they mean
    heads: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # fields written so far, by type
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)  # name: type, text
    variables: dict[str, str] = field(default_factory=dict)
    draws: dict[str, Callable[[Random], Any]] = field(default_factory=dict)
    switches: list[str] = field(default_factory=list)
    room: int = 0  # for so many selections more
    wanted: str = ""  # the type of object that `node` is to find

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def operation(self) -> Operation:
        root = self.of.schema.query_type
        assert root is not None
        self.room = self.random.choice(_SIZES)
        selected = self.selections(root, self.random.choice([1, 2, 2, 3, 3, 4, 6]))
        name = self.random.choice([None, "Asked", "Asked"])
        declared = f"({', '.join(self.variables.values())})" if self.variables else ""
        head = "" if name is None and not declared else f"query {name or ''}{declared}"
        texts = [
            f"{head} {selected}",
            *(f"fragment {one} on {kind} {text}" for one, (kind, text) in self.fragments.items()),
        ]
        if name is not None and self.chance(0.1):
            texts.append("query Another { __typename }")
        self.random.shuffle(texts)
        return Operation("\n".join(texts), name, self.draws)

    def subscription(self) -> Operation:
        root = self.of.schema.subscription_type
        assert root is not None
        self.room = self.random.choice(_SIZES)
        field = self.field(root, self.random.choice(list(root.fields)), self.random.choice([2, 3, 4]))
        head = f"subscription ({', '.join(self.variables.values())})" if self.variables else "subscription"
        fragments = (f"fragment {one} on {kind} {text}" for one, (kind, text) in self.fragments.items())
        return Operation("\n".join([f"{head} {{ {field} }}", *fragments]), None, self.draws)

    def mutation(self, name: str, input: Mapping[str, Any]) -> Operation:
        root = self.of.schema.mutation_type
        assert root is not None
        definition = root.fields[name]
        union = get_named_type(definition.type)
        assert isinstance(union, GraphQLUnionType)
        self.room = self.random.choice(_SIZES)
        self.variables["input"] = f"$input: {definition.args['input'].type}"
        self.draws["input"] = lambda _: input
        told = [one for one in union.types if not one.name.endswith("Payload")]
        parts = [self.inline(one, self.random.choice([2, 3, 4])) for one in union.types if one not in told]
        parts += [self.inline(one, 2) for one in (*told, *told[0].interfaces) if self.chance(0.5)]
        self.random.shuffle(parts)
        head = f"mutation ({', '.join(self.variables.values())})"
        texts = [
            f"{head} {{ answer: {name}(input: $input) {{ {' '.join(parts)} }} }}",
            *(f"fragment {one} on {kind} {text}" for one, (kind, text) in self.fragments.items()),
        ]
        return Operation("\n".join(texts), None, self.draws)

    # --- Selections --------------------------------------------------------------------------------------------------

    def selections(self, kind: Composite, depth: int) -> str:
        followed = [name for name in ("edges", "node") if name in kind.fields and kind is not self.of.schema.query_type]
        parts = [self.field(kind, name, depth) for name in followed if self.room > 0 and self.chance(0.85)]
        if isinstance(kind, GraphQLInterfaceType) and self.wanted and depth > 0 and self.chance(0.7):
            parts.append(self.inline(self.of.schema.type_map[self.wanted], depth + 1))
        width = self.random.choice([1, 2, 3, 4, 8] if depth > 0 else [1, 2, 3]) if self.room > 0 else 1
        parts += [self.selection(kind, depth) for _ in range(max(width - len(parts), 0 if parts else 1))]
        self.random.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def selection(self, kind: Composite, depth: int) -> str:  # noqa: PLR0911  # a table
        self.room -= 1
        draw = self.random.random() if self.room > 0 else 0
        if depth <= 0:  # a field or nothing
            draw = 1 if draw >= 0.06 else 0
        if draw < 0.06:
            return self.named(kind, "__typename", "", "String!")
        if draw < 0.11:
            return f"...{self.directive(0.5)} {self.selections(kind, depth - 1)}"
        if draw < 0.16:
            return self.inline(self.random.choice(self.related(kind)), depth)
        if draw < 0.24:
            return f"...{self.fragment(kind, depth)}{self.directive(0.1)}"
        if draw < 0.34 and kind.name in self.heads:
            name, head = self.random.choice(self.heads[kind.name])
            return head + self.directive(0.06) + self.below(kind.fields[name], name, depth)
        names = [
            name for name, one in kind.fields.items() if depth > 0 or not is_composite_type(get_named_type(one.type))
        ]
        asked = [name for name in names if not _left(kind.fields[name])]
        chosen = names if self.chance(0.005) else asked
        if not chosen:
            return self.named(kind, "__typename", "", "String!")
        return self.field(kind, self.random.choice(chosen), depth)

    def inline(self, kind: Any, depth: int) -> str:
        return f"... on {kind.name}{self.directive(0.1)} {self.selections(kind, depth - 1)}"

    def fragment(self, kind: Composite, depth: int) -> str:
        """The name of a fragment that may be spread here, often one that was spread before."""
        fitting = [name for name, (of, _) in self.fragments.items() if of == kind.name]
        if fitting and self.chance(0.5):
            return self.random.choice(fitting)
        of = self.random.choice(self.related(kind))
        text = self.selections(of, depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = of.name, text
        return name

    def related(self, kind: Composite) -> list[Composite]:
        """The types that share objects with this one."""
        if isinstance(kind, GraphQLInterfaceType):
            return [kind, *self.of.schema.get_possible_types(kind)]
        return [kind, kind, *kind.interfaces]

    def field(self, kind: Composite, name: str, depth: int) -> str:
        definition = kind.fields[name]
        answer = get_named_type(definition.type)
        wanted = answer.name
        if isinstance(answer, GraphQLInterfaceType):
            kinds = [one.name for one in self.of.schema.get_possible_types(answer)]
            wanted = self.wanted = self.random.choice([one for one in kinds if self.of.values.has(one)] or kinds)
        arguments = self.arguments(definition, wanted)
        head = self.named(kind, name, arguments, str(definition.type)) + self.directive(0.06)
        return head + self.below(definition, name, depth)

    def named(self, kind: Composite, name: str, arguments: str, shape: str) -> str:
        """A field with a response name that means nothing else in this document."""
        meaning = name, arguments, shape
        response = name if self.chance(0.85) else self.random.choice([*kind.fields, "a", "b", "c", "class", "None"])
        while self.names.setdefault(response, meaning) != meaning:
            response = f"{name}_{self.random.randint(1, 99)}"
        head = (name if response == name else f"{response}: {name}") + arguments
        if name != "__typename":
            self.heads.setdefault(kind.name, []).append((name, head))
        return head

    def below(self, definition: GraphQLField, name: str, depth: int) -> str:
        kind = get_named_type(definition.type)
        if not is_composite_type(kind):
            return ""
        assert isinstance(kind, Composite)
        return " " + self.selections(kind, depth - (name not in _FLAT))

    def directive(self, share: float) -> str:
        if not self.chance(share):
            return ""
        draw = self.random.random()
        if draw < 0.4:
            return self.random.choice([" @skip(if: false)", " @include(if: true)"])
        if draw < 0.5:
            return self.random.choice([" @skip(if: true)", " @include(if: false)"])
        return f" @{self.random.choice(['skip', 'include'])}(if: ${self.switch()})"

    def switch(self) -> str:
        if self.switches and (len(self.switches) >= 3 or self.chance(0.5)) and self.chance(0.98):
            return self.random.choice(self.switches)
        name = f"s{len(self.switches)}"
        declared = self.random.choice(["Boolean!", "Boolean!", "Boolean = true", "Boolean! = false"])
        self.switches.append(name)
        self.variables[name] = f"${name}: {declared}"
        values = [True, False, True, False, True, False, _ABSENT if "=" in declared else True]
        self.draws[name] = lambda random: None if random.random() < 0.01 else random.choice(values)
        return name

    # --- Arguments ---------------------------------------------------------------------------------------------------

    def arguments(self, definition: GraphQLField, wanted: str) -> str:
        names = self.given(definition)
        order: list[str] = []
        texts = []
        for name in sorted(names, key=lambda one: one != "orderBy"):  # cursors are drawn for the order
            text = self.text(definition.args[name].type, Place(name, definition, order, wanted))
            if name == "orderBy":
                order = [word for word in text.strip("[]").split(", ") if word.isupper()]
            texts.append(f"{name}: {text}")
        self.random.shuffle(texts)
        return f"({', '.join(texts)})" if texts else ""

    def given(self, definition: GraphQLField) -> set[str]:
        """The arguments that are given. Wrong sets, such as `first` with `before`, are few."""
        every = set(definition.args)
        names = {name for name, one in definition.args.items() if is_required_argument(one)}
        if self.chance(0.03):
            return names | {name for name in every if self.chance(0.5)}
        if "first" in every:
            names |= set(self.random.choice(_PAGES))
        elif "id" in every:
            names |= set() if names else {self.random.choice(sorted(every))}
            return names
        names |= {name for name in every - {"first", "after", "last", "before"} if self.chance(0.35)}
        return names

    def text(self, kind: GraphQLInputType, place: Place) -> str:
        """A value as GraphQL writes it, with variables in it."""
        if self.chance(0.25 if place.name == "orderBy" else _LIFTED):
            return self.variable(kind, place)
        if not is_non_null_type(kind) and self.chance(0.04):
            return "null"
        bare = _nullable(kind)
        if isinstance(bare, GraphQLList):
            items = [self.text(bare.of_type, place) for _ in range(self.random.choice(_LENGTHS))]
            return (
                items[0]
                if len(items) == 1 and items[0][0] not in "$n" and self.chance(0.3)
                else f"[{', '.join(items)}]"
            )
        if isinstance(bare, GraphQLInputObjectType):
            chosen = {key: one.type for key, one in bare.fields.items() if self.chance(0.2)}
            return f"{{{', '.join(f'{key}: {self.text(inner, place.inside(key))}' for key, inner in chosen.items())}}}"
        return _literal(self.json(self.random, bare, place), bare)

    def variable(self, kind: GraphQLInputType, place: Place) -> str:
        """A variable for a place of this type; one that may be null needs a default where the place may not."""
        name, bare, needed = f"v{len(self.variables)}", _nullable(kind), is_non_null_type(kind)
        strict = self.chance(0.7 if needed else 0.3)
        default = None
        if self.chance(0.2) or (needed and not strict):
            default = _literal(self.json(self.random, bare, place), bare)
        elif not strict and self.chance(0.1):
            default = "null"
        declared = f"{bare}{'!' * strict}" + (f" = {default}" if default is not None else "")
        self.variables[name] = f"${name}: {declared}"

        def draw(random: Random) -> Any:
            chosen = random.random()
            if chosen < 0.01:
                return random.choice(_WRONG)
            if chosen < (0.015 if strict or needed else 0.1):
                return None
            if chosen < (0.4 if default is not None else 0.02 if strict else 0.2):
                return _ABSENT
            return self.json(random, bare, place)

        self.draws[name] = draw
        return f"${name}"

    def json(self, random: Random, kind: GraphQLInputType, place: Place) -> Any:
        """A value as JSON writes it."""
        bare = _nullable(kind)
        if isinstance(bare, GraphQLList):
            return [self.json(random, bare.of_type, place) for _ in range(random.choice(_LENGTHS))]
        if isinstance(bare, GraphQLInputObjectType):
            chosen = {key: one.type for key, one in bare.fields.items() if random.random() < 0.2}
            return {key: self.json(random, inner, place.inside(key)) for key, inner in chosen.items()}
        return self.of.values.json(random, get_named_type(bare), place)


def _left(definition: GraphQLField) -> bool:
    """Whether a field is knowingly left to graphql-core."""
    declared = definition.extensions.get("strawberry-definition")
    if declared is None:
        return False
    return kind_of(declared) is None and declared.base_resolver is not None


def _nullable(kind: GraphQLInputType) -> GraphQLInputType:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _literal(value: Any, kind: GraphQLInputType) -> str:
    """A JSON value as GraphQL writes it."""
    if isinstance(kind, GraphQLNonNull):
        return _literal(value, kind.of_type)
    if isinstance(value, list):
        assert isinstance(kind, GraphQLList)
        return f"[{', '.join(_literal(item, kind.of_type) for item in value)}]"
    if isinstance(value, dict):
        assert isinstance(kind, GraphQLInputObjectType)
        return "{" + ", ".join(f"{key}: {_literal(item, kind.fields[key].type)}" for key, item in value.items()) + "}"
    if isinstance(kind, GraphQLEnumType):
        return str(value)
    return json.dumps(value)
