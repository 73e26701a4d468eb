"""What each field reads, said once, beside the type. The resolvers here derive from it, and so does the read compiler.

    @strawberry.type(description="A supervised case (督办件).")
    @reads(models.Case, object="case")
    class Case(Node):
        id: strawberry.ID = global_id("case")
        number: str | None = column(models.Case.register_number, description="Register number (登记编号).")

A field function has the type of what it reads, so that a wrong annotation is a type error; relations and nullability
are checked when the schema is built (`checks.py`).
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, overload

import strawberry
from strawberry.types.base import StrawberryContainer, StrawberryObjectDefinition, get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from app.core.ids import encode_id
from app.core.paging import requested_page
from app.graphql.loaders import ReadContext, reads_of
from app.graphql.node import GLOBAL_ID, Connection, Found, Walk
from app.reads.filters import Condition
from app.reads.keyset import Order, total_order
from app.reads.kinds import DECLARED, Column, Computed, GlobalId, Kind, Reads, Text, ToMany, ToOne, ToPage
from app.reads.statement import text_label
from app.reads.tables import Attribute, Model, column_of

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

Info: TypeAlias = strawberry.Info[ReadContext, Any]

PAGE_ARGUMENTS: Mapping[str, Any] = {
    "first": Annotated[int | None, strawberry.argument(description="At most so many, from the start on; up to 100.")],
    "after": Annotated[str | None, strawberry.argument(description="Only what follows this cursor; with `first`.")],
    "last": Annotated[int | None, strawberry.argument(description="At most so many, from the end back; up to 100.")],
    "before": Annotated[str | None, strawberry.argument(description="Only what precedes this cursor; with `last`.")],
}

_LEFT = "__left_to_graphql_core__"


def reads(model: Model, *, object: str | None = None) -> Callable[[type[T]], type[T]]:
    """The table of a type, under `@strawberry.type`. With `object`, its rows are seen by the policy's `object.view`."""

    def declare(cls: type[T]) -> type[T]:
        kinds = [kind_of(field) for field in vars(cls).values() if isinstance(field, StrawberryField)]
        texts = tuple(dict.fromkeys(text.attribute for kind in kinds for text in texts_of(kind)))
        tag = next((kind.tag for kind in kinds if isinstance(kind, GlobalId)), None)
        cls.__reads__ = Reads(model, object, tag, texts)  # type: ignore[attr-defined]  # read back by reads_of
        return cls

    return declare


def from_graphql_core(reason: str) -> Callable[[T], T]:
    """Marks a resolver, or all fields of a type that lives in memory, as written by hand and never compiled."""

    def mark(left: T) -> T:
        setattr(left, _LEFT, reason)
        return left

    return mark


def column(attribute: Attribute[T], *, description: str) -> T:
    """The value of a column."""
    key = column_of(attribute).key
    field: T = declared(Column(attribute), lambda self: self.row[key], description)
    return field


def text(attribute: Attribute[Any], *, description: str) -> str | None:
    """The words of the content row that a column refers to; null where they were expunged."""
    label = text_label(attribute)
    field: str | None = declared(Text(attribute), lambda self: self.row[label], description)
    return field


def global_id(tag: str) -> strawberry.ID:
    """The global id of the row: the tag of its kind, and its key."""

    def resolve(self: Any) -> str:
        return encode_id(tag, self.row[reads_of(type(self)).key])

    field: strawberry.ID = declared(GlobalId(tag), resolve, GLOBAL_ID)
    return field


@overload
def computed(function: Callable[[A, datetime], T], a: Attribute[A], /, *, description: str) -> T: ...
@overload
def computed(
    function: Callable[[A, B, datetime], T], a: Attribute[A], b: Attribute[B], /, *, description: str
) -> T: ...
@overload
def computed(
    function: Callable[[A, B, C, datetime], T],
    a: Attribute[A],
    b: Attribute[B],
    c: Attribute[C],
    /,
    *,
    description: str,
) -> T: ...
@overload
def computed(
    function: Callable[[A, B, C, D, datetime], T],
    a: Attribute[A],
    b: Attribute[B],
    c: Attribute[C],
    d: Attribute[D],
    /,
    *,
    description: str,
) -> T: ...
@overload
def computed(
    function: Callable[[A, B, C, D, E, datetime], T],
    a: Attribute[A],
    b: Attribute[B],
    c: Attribute[C],
    d: Attribute[D],
    e: Attribute[E],
    /,
    *,
    description: str,
) -> T: ...
def computed(function: Callable[..., Any], /, *attributes: Attribute[Any], description: str) -> Any:
    """A pure, total function of columns and, as its last argument, of the request's business time."""
    keys = [column_of(attribute).key for attribute in attributes]

    def resolve(self: Any, info: Info) -> Any:
        return function(*(self.row[key] for key in keys), info.context.now)

    return declared(Computed(function, attributes), resolve, description)


def to_one(attribute: Attribute[Any], *, description: str) -> Any:
    """The object that a column refers to, under its own rule: null where the caller may not see it."""
    key = column_of(attribute).key

    def resolve(self: Any, info: Info) -> Any:
        wanted = self.row[key]
        return None if wanted is None else info.context.loaders.one(target()).load(wanted)

    field = declared(ToOne(attribute), resolve, description)
    target = target_of(field)
    return field


def to_many(
    by: Attribute[Any],
    *,
    order: Sequence[Order],
    description: str,
    through: Attribute[Any] | None = None,
    where: Condition | None = None,
) -> Any:
    """All objects whose column `by` refers to this one; only where a rule bounds their number.

    With `through`, `by` and `through` are the two columns of a link table, which refer to this one and to the objects.
    """
    relation = ToMany(by, through, tuple(order), where)

    def resolve(self: Any, info: Info) -> Any:
        return info.context.loaders.many(target(), relation).load(self.row[reads_of(type(self)).key])

    field = declared(relation, resolve, description)
    target = target_of(field)
    return field


def to_page(by: Attribute[Any], *, order: Sequence[Order], description: str, where: Condition | None = None) -> Any:
    """The objects whose column `by` refers to this one, page by page."""
    relation = ToPage(by, tuple(order), where)

    async def resolve(
        self: Any,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Any:
        context, key, walk = info.context, self.row[reads_of(type(self)).key], walk_of()
        page = requested_page(context.cursors, walk.scope, first=first, after=after, last=last, before=before)
        found = await context.loaders.pages(target(), relation, page).load(key)
        counts = context.loaders.counts(target(), relation)
        return Connection(found=Found(target(), page, found, walk, context.cursors, lambda: counts.load(key)))

    @cache
    def walk_of() -> Walk:
        model = reads_of(target()).model
        return Walk(model, total_order(model, relation.order))

    field = declared(relation, signed(resolve, PAGE_ARGUMENTS), description)
    target = target_of(field)
    return field


def texts_of(kind: Kind | None) -> Iterator[Text]:
    """The content rows whose words a field reads."""
    for one in kind.inputs if isinstance(kind, Computed) else [kind]:
        if isinstance(one, Text):
            yield one


def kind_of(field: StrawberryField) -> Kind | None:
    """What a field was declared to read."""
    kind: Kind | None = field.metadata.get(DECLARED)
    return kind


def left_of(marked: object) -> str | None:
    """Why something was left to graphql-core, if it was."""
    reason: str | None = vars(marked).get(_LEFT)
    return reason


def object_type_of(annotated: Any) -> type[Any] | None:
    """The class inside an annotation: of an optional, a list, a lazy type, or a connection's items."""
    inner = annotated
    while isinstance(inner, StrawberryContainer | LazyType):
        inner = inner.resolve_type() if isinstance(inner, LazyType) else inner.of_type
    definition = get_object_definition(inner)
    if definition is None:
        return None
    if is_connection(definition):
        (inner,) = definition.type_var_map.values()
        return object_type_of(inner)
    origin: type[Any] = definition.origin
    return origin


def is_connection(definition: StrawberryObjectDefinition) -> bool:
    return definition.concrete_of is not None and definition.concrete_of.origin is Connection


def declared(kind: Kind, resolver: Callable[..., Any], description: str) -> Any:
    return strawberry.field(resolver=resolver, description=description, metadata={DECLARED: kind})


def signed(resolve: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """A resolver with optional arguments whose types are known only here, and which have no default in the schema."""
    wanted = {"info": Info, **arguments}
    found = inspect.signature(resolve).parameters
    parameters = [found["self"].replace(annotation=Any)] if "self" in found else []
    for name, kind in wanted.items():
        default = inspect.Parameter.empty if name == "info" else strawberry.UNSET
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind))
    vars(resolve)["__signature__"] = inspect.Signature(parameters)
    return resolve


def target_of(field: StrawberryField) -> Callable[[], type[Any]]:
    """The class that a field answers with. Asked at the first use, since types of other modules may be lazy."""

    @cache
    def target() -> type[Any]:
        found = object_type_of(field.type)
        assert found is not None
        return found

    return target
