"""What is made in memory: values of functions, and objects that functions give, with what these tell of themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from app.graphql.compiler.arguments import declaration_of, object_of
from app.graphql.compiler.draft import Asking
from app.graphql.compiler.selection import Fields, Selected, Uncompilable
from app.graphql.declarations import kind_of
from app.reads.branch import Call
from app.reads.kinds import Told as ToldKind
from app.reads.kinds import ToldMany, ToldOne, ToldThrough
from app.reads.plan import Constant, Items, Node, Shape, Told
from app.reads.values import Convert

Relation: TypeAlias = ToldOne | ToldThrough | ToldMany


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The objects at a place in memory, where the request alone tells them: one at most, or several."""

    objects: Callable[[Asking], list[Any]]
    one: bool = True


LookUp: TypeAlias = Callable[[GraphQLField, Any, Fields, Path, Relation], Node]


def answered(
    selected: Selected,
    definition: GraphQLField,
    fields: Fields,
    source: Call | Told,
    path: Path | None,
    look_up: LookUp,
) -> Node:
    """A field whose value a function gives."""
    kind: Any = definition.type
    if is_leaf_type(get_named_type(kind)):
        return source.converted(coercion(get_nullable_type(kind)), nullable=not is_non_null_type(kind))
    inner = get_nullable_type(kind)
    many = is_list_type(inner)
    if many and not is_non_null_type(inner.of_type):
        raise Uncompilable("a list with null items")
    shape = shape_of(selected, object_of(definition), fields, path, look_up)
    return Items(source, shape, many=many, nullable=not is_non_null_type(kind))


def shape_of(selected: Selected, kind: GraphQLObjectType, fields: Fields, path: Path | None, look_up: LookUp) -> Shape:
    """An object in memory, field by field."""
    return tuple((name, _node(selected, kind, inner, path, look_up)) for name, inner in selected.under(kind, fields))


def _node(selected: Selected, kind: GraphQLObjectType, fields: Fields, path: Path | None, look_up: LookUp) -> Node:
    declared = declaration_of(kind, fields)
    if declared is None:
        return Constant(kind.name)
    definition = kind.fields[fields[0].node.name.value]
    match kind_of(declared):
        case ToldKind(function):
            told = _of_item(function)
            return answered(selected, definition, fields, Told(told), _below(path, told, definition), look_up)
        case ToldOne() | ToldThrough() | ToldMany() as relation if path is not None:
            return look_up(definition, declared, fields, path, relation)
        case None if declared.base_resolver is None:
            told = attrgetter(declared.python_name)
            return answered(selected, definition, fields, Told(told), _below(path, told, definition), look_up)
        case _:
            raise Uncompilable(f"{kind.name}.{fields[0].node.name.value}")


def _of_item(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda told: function(told.item)


def _below(path: Path | None, function: Callable[[Any], Any], definition: GraphQLField) -> Path | None:
    """The objects that those of a path give."""
    if path is None:
        return None
    objects = path.objects
    if is_list_type(get_nullable_type(definition.type)):
        return Path(lambda asking: [inner for one in objects(asking) for inner in function(one)], one=False)
    return Path(lambda asking: [inner for one in objects(asking) if (inner := function(one)) is not None], path.one)


def coercion(kind: Any) -> Convert:
    """Result coercion (§6.4.3) of what is not null. None under a `!` fails: graphql-core then tells the error."""
    if is_list_type(kind):
        inner = coercion(get_nullable_type(kind.of_type))
        write = inner.__getitem__ if isinstance(inner, Mapping) else inner
        nullable = not is_non_null_type(kind.of_type)
        return lambda values: [None if nullable and value is None else write(value) for value in values]
    assert isinstance(kind, GraphQLScalarType | GraphQLEnumType)
    if isinstance(kind, GraphQLEnumType):
        return {value.value: kind.coerce_output_value(value.value) for value in kind.values.values()}
    return kind.coerce_output_value
