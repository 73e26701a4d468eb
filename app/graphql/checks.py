"""What is wrong with the declarations of a schema, found when it is built and not by the first client who asks.

A field that is neither declared nor marked, a relation to a type that stands for another table, a `!` over what may be
NULL or hidden, a nullable field over what never is: each is named, all at once.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

import strawberry
from strawberry.types.base import StrawberryList, StrawberryObjectDefinition, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField

from app.graphql.declarations import is_connection, kind_of, left_of, object_type_of
from app.graphql.node import Node
from app.reads.kinds import (
    Column,
    Computed,
    GlobalId,
    Judged,
    Meets,
    Part,
    Reads,
    RootNode,
    RootObject,
    RootPage,
    Text,
    Told,
    ToldMany,
    ToldOne,
    ToldThrough,
    ToMany,
    ToOne,
    ToPage,
)
from app.reads.tables import Attribute, column_of, is_unique, is_wide, model_of, refers_to


class WrongDeclarations(Exception):  # noqa: N818  # a list of them
    """Raised before the schema serves anybody."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Field(NamedTuple):
    """A field as its type declares it. `owner` is None in types that stand for no table."""

    owner: Reads | None
    declared: StrawberryField

    @property
    def nullable(self) -> bool:
        return isinstance(self.declared.type, StrawberryOptional)

    @property
    def target(self) -> Reads | None:
        found = object_type_of(self.declared.type)
        return None if found is None else _reads(found)


def check(schema: strawberry.Schema) -> None:
    """Raise WrongDeclarations if anything is wrong."""
    problems = sorted(problems_of(schema))
    if problems:
        raise WrongDeclarations(problems)


def problems_of(schema: strawberry.Schema) -> Iterator[str]:
    """Every problem, as `Type.field: what is wrong`. Mutations and subscriptions act; what they read is not asked."""
    types = [concrete.definition for concrete in schema.schema_converter.type_map.values()]
    objects = [one for one in types if isinstance(one, StrawberryObjectDefinition) and not one.is_input]
    for one in objects:
        if one.is_interface or one.origin in (schema.mutation, schema.subscription):
            continue
        for field in one.fields:
            for problem in _of_field(one, field):
                yield f"{schema.config.name_converter.from_type(one)}.{field.python_name}: {problem}"
    yield from _of_tags(objects)


def _of_tags(objects: list[StrawberryObjectDefinition]) -> Iterator[str]:
    declared = {one.origin: _reads(one.origin) for one in objects if not one.is_interface}
    nodes = {origin: reads for origin, reads in declared.items() if issubclass(origin, Node)}
    for origin, reads in nodes.items():
        if reads is None or reads.tag is None:
            yield f"{origin.__name__}: is a Node without a table and a global_id"
    for tag, times in Counter(reads.tag for reads in nodes.values() if reads is not None).items():
        if tag is not None and times > 1:
            yield f"the tag {tag} is used by {times} types"


def _of_field(owner: StrawberryObjectDefinition, declared: StrawberryField) -> Iterator[str]:
    kind = kind_of(declared)
    if kind is None:
        resolver = declared.base_resolver
        if left_of(owner.origin) is None and (resolver is None or left_of(resolver.wrapped_func) is None):
            yield "is neither declared nor marked with from_graphql_core"
        return
    if declared.extensions:
        yield "has extensions or permissions; what is declared is read without them"
    field = _Field(_reads(owner.origin), declared)
    match kind:
        case Column() | Text() | GlobalId() | Computed():
            yield from _of_value(kind, field)
        case ToOne() | ToMany() | ToPage():
            yield from _of_relation(kind, field)
        case RootNode() | RootObject() | RootPage():
            yield from _of_root(kind, field)
        case ToldThrough(via=via, attribute=attribute):
            yield from _of_way(field, _reads(via), attribute)
        case Part() | Told() | ToldOne() | ToldMany():
            pass


def _of_value(kind: Column | Text | GlobalId | Computed, field: _Field) -> Iterator[str]:
    match kind:
        case Column(attribute):
            yield from _owned(field, attribute)
            yield from _nullable(field, bool(column_of(attribute).nullable), "the column")
            if field.declared.type is int and is_wide(attribute):
                yield "is an Int over a column that may hold more"
        case Text(attribute):
            yield from _owned(field, attribute)
            yield from _nullable(field, True, "a text, which may be expunged,")
        case Computed(inputs=inputs):
            for one in inputs:
                if not isinstance(one, Judged | Meets):
                    yield from _owned(field, one.attribute if isinstance(one, Text) else one)
        case GlobalId():
            if field.owner is None:
                yield "stands in a type without @reads"


def _of_relation(kind: ToOne | ToMany | ToPage, field: _Field) -> Iterator[str]:
    target = field.target
    if target is None:
        yield "relates to a type without @reads"
        return
    match kind:
        case ToOne(attribute):
            yield from _owned(field, attribute)
            yield from _refers(attribute, target)
            hidden = target.object is not None
            yield from _nullable(field, hidden or bool(column_of(attribute).nullable), "the reference, or its object,")
        case ToMany(by, through, order):
            yield from _plain_list(field)
            yield from _linked(field, target, by, through)
            yield from _ordered(order, target)
        case ToPage(by, order):
            yield from _page(field)
            yield from _linked(field, target, by, None)
            yield from _ordered(order, target)


def _of_way(field: _Field, via: Reads | None, attribute: Attribute[Any]) -> Iterator[str]:
    target = field.target
    if via is None or target is None:
        yield "relates to a type without @reads"
        return
    if model_of(attribute) is not via.model:
        yield f"{attribute} is no column of {via.model.__name__}"
    yield from _refers(attribute, target)
    yield from _nullable(field, True, "an object that is told")


def _of_root(kind: RootNode | RootObject | RootPage, field: _Field) -> Iterator[str]:
    match kind:
        case RootNode(types):
            yield from (f"{one.__name__} has no global_id" for one in types if not getattr(_reads(one), "tag", None))
        case RootObject(unique):
            yield from _nullable(field, True, "an object, which may be hidden,")
            target = field.target
            if target is None or target.tag is None:
                yield "answers with a type without a global_id"
                return
            for name, attribute in unique.items():
                if model_of(attribute) is not target.model or not is_unique(attribute):
                    yield f"{name} is no unique column of {target.model.__name__}"
        case RootPage():
            yield from _page(field)
            yield from _of_listing(kind, field.target)


def _of_listing(kind: RootPage, target: Reads | None) -> Iterator[str]:
    listing = kind.listing
    if target is None or target.model is not listing.model:
        yield f"answers with a type that does not stand for {listing.model.__name__}"
        return
    for order in (listing.order, *listing.orders.values()):
        yield from _ordered(order, target)
    asked = set() if kind.filter is None else {one.name for one in fields(kind.filter)}
    orders = set() if kind.order is None else set(kind.order.__members__)
    for name in sorted(asked ^ listing.filters.keys()):
        yield f"the filter {name} is not in both the input type and the listing"
    for name in sorted(orders ^ listing.orders.keys()):
        yield f"the order {name} is not in both the enum and the listing"


def _linked(field: _Field, target: Reads, by: Attribute[Any], through: Attribute[Any] | None) -> Iterator[str]:
    if through is None:
        if model_of(by) is not target.model:
            yield f"{by} is no column of {target.model.__name__}"
    else:
        if model_of(by) is not model_of(through):
            yield f"{by} and {through} are not of one link table"
        yield from _refers(through, target)
    if field.owner is None:
        yield "stands in a type without @reads"
    else:
        yield from _refers(by, field.owner)


def _owned(field: _Field, attribute: Attribute[Any]) -> Iterator[str]:
    if field.owner is None or model_of(attribute) is not field.owner.model:
        yield f"{attribute} is no column of the table that its type stands for"


def _refers(attribute: Attribute[Any], target: Reads) -> Iterator[str]:
    # a reference to several tables, told apart by a kind beside it, has no foreign key
    if column_of(attribute).foreign_keys and not refers_to(attribute, target.model):
        yield f"{attribute} does not refer to {target.model.__name__}"


def _ordered(order: tuple[Any, ...], target: Reads) -> Iterator[str]:
    for term in order:
        if model_of(term.attribute) is not target.model:
            yield f"is ordered by {term.attribute}, which is no column of {target.model.__name__}"


def _nullable(field: _Field, may_be_null: bool, what: str) -> Iterator[str]:
    if may_be_null and not field.nullable:
        yield f"is not nullable, but {what} may be null"
    if field.nullable and not may_be_null:
        yield f"is nullable, but {what} never is null"


def _plain_list(field: _Field) -> Iterator[str]:
    annotated = field.declared.type
    if not isinstance(annotated, StrawberryList) or isinstance(annotated.of_type, StrawberryOptional):
        yield "is not a list of items that are never null"


def _page(field: _Field) -> Iterator[str]:
    definition = get_object_definition(field.declared.type)
    if definition is None or not is_connection(definition):
        yield "is not a Connection"


def _reads(origin: type[Any]) -> Reads | None:
    return getattr(origin, "__reads__", None)
