"""Root fields, their arguments, and what of these decides on the plan: the kinds of the objects asked for, an order."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import strawberry
from graphql import GraphQLField, GraphQLObjectType, get_named_type
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.base import StrawberryList, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField

from app.core.ids import decode_id
from app.graphql.compiler.selection import TYPENAME, Fields, Selected, Uncompilable
from app.graphql.declarations import kind_of, object_type_of
from app.graphql.execution import core_schema
from app.graphql.loaders import reads_of
from app.graphql.roots import decoded_all
from app.reads.kinds import Kind, RootNode, RootNodes, RootPage

Arguments: TypeAlias = Callable[[VariableValues], dict[str, Any]]
Convert: TypeAlias = Callable[[Any], Any]

_DEFINITION = "strawberry-definition"  # where Strawberry leaves its field in graphql-core's


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """A field of a root type in one operation. Without a declaration it is `__typename`; mutations have no kind."""

    name: str
    parent: GraphQLObjectType
    fields: Fields
    kind: Kind | None = None
    declared: Any = None
    arguments: Arguments = lambda _variables: {}

    @property
    def field_name(self) -> str:
        return self.fields[0].node.name.value

    @property
    def definition(self) -> GraphQLField:
        found: GraphQLField = self.parent.fields[self.field_name]
        return found

    def choice(self, arguments: Mapping[str, Any]) -> Hashable:
        """What of the arguments the plan depends on."""
        match self.kind:
            case RootNodes(types):
                targets = {target for target, _ in decoded_all(types, arguments["ids"])}
                return tuple(sorted(targets, key=lambda target: str(reads_of(target).tag)))
            case RootNode():
                return (decode_id(arguments["id"]) or (None,))[0]
            case RootPage():
                return tuple(chosen.name for chosen in arguments.get("order_by") or ())
            case _:
                return None


def roots_of(schema: strawberry.Schema, selected: Selected) -> tuple[Root, ...]:
    """The root fields of a query or of a mutation. Raises Uncompilable where one of a query is not declared."""
    kind = core_schema(schema).get_root_type(selected.definition.operation)
    assert kind is not None
    return tuple(_root(schema, kind, name, fields) for name, fields in selected.root(kind))


def _root(schema: strawberry.Schema, kind: GraphQLObjectType, name: str, fields: Fields) -> Root:
    declared = declaration_of(kind, fields)
    if declared is None:
        return Root(name, kind, fields)
    reads = kind_of(declared)
    if kind is core_schema(schema).mutation_type:
        return Root(name, kind, fields, declared=declared)
    if reads is None:
        raise Uncompilable(f"{kind.name}.{fields[0].node.name.value}")
    definition = kind.fields[fields[0].node.name.value]
    return Root(name, kind, fields, reads, declared, argument_reader(schema, definition, declared, fields))


def declaration_of(kind: GraphQLObjectType, fields: Fields) -> StrawberryField | None:
    """The declaration behind a selected field; None for `__typename`."""
    name = fields[0].node.name.value
    if name == TYPENAME:
        return None
    definition = kind.fields.get(name)
    if definition is None:
        raise Uncompilable("introspection")
    declared = definition.extensions[_DEFINITION]
    assert isinstance(declared, StrawberryField)
    return declared


def argument_reader(
    schema: strawberry.Schema, definition: GraphQLField, declared: StrawberryField, fields: Fields
) -> Arguments:
    """CoerceArgumentValues (§6.4.1) by graphql-core, then Strawberry's own types and names.

    Of merged fields one speaks for all: validation has seen that their arguments are the same.
    """
    node = fields[0].node
    names = [
        (schema.config.name_converter.from_argument(one), one.python_name, _made(schema, one.type))
        for one in declared.arguments
    ]

    def read(variables: VariableValues) -> dict[str, Any]:
        given = get_argument_values(definition, node, variables)
        return {python_name: _to(make, given[name]) for name, python_name, make in names if name in given}

    return read


def _made(schema: strawberry.Schema, kind: Any) -> Convert | None:
    """How what graphql-core coerced becomes an input of ours; None for leaves, which it coerced wholly.

    As `strawberry.types.arguments.convert_argument` does, but what depends on types alone is found out once.
    """
    if isinstance(kind, StrawberryOptional):
        return _made(schema, kind.of_type)
    if isinstance(kind, StrawberryList):
        inner = _made(schema, kind.of_type)
        return lambda values: [_to(inner, value) for value in values]
    definition = get_object_definition(kind)
    if definition is None:
        return None
    names = schema.config.name_converter
    fields = [(names.from_field(one), one.python_name, _made(schema, one.type)) for one in definition.fields]
    return lambda given: kind(
        **{python_name: _to(make, given[name]) for name, python_name, make in fields if name in given}
    )


def _to(make: Convert | None, value: Any) -> Any:
    return value if make is None or value is None else make(value)


def object_of(definition: GraphQLField) -> GraphQLObjectType:
    """The object type of a field's value, or of its items."""
    named = get_named_type(definition.type)
    assert isinstance(named, GraphQLObjectType)
    return named


def target_of(declared: StrawberryField) -> type[Any]:
    """The class of the objects that a field answers with."""
    found = object_type_of(declared.type)
    assert found is not None
    return found


def object_type(schema: strawberry.Schema, target: type[Any]) -> GraphQLObjectType:
    """The GraphQL type of a class."""
    definition = get_object_definition(target, strict=True)
    found = core_schema(schema).type_map[schema.config.name_converter.from_type(definition)]
    assert isinstance(found, GraphQLObjectType)
    return found
