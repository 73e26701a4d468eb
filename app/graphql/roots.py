"""Where reads begin: nodes by id, single objects, and lists with filters and orders. Declared like all other fields."""

import asyncio
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from app.core.ids import decode_id
from app.core.paging import MAX_PAGE, requested_page
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.core.texts import TITLE, clean
from app.graphql.declarations import PAGE_ARGUMENTS, Info, declared, signed, target_of
from app.graphql.loaders import ReadContext, reads_of
from app.graphql.node import Connection, Found, Walk
from app.reads.execution import Tally
from app.reads.filters import Condition, Listing, Rests
from app.reads.keyset import Order, total_order
from app.reads.kinds import RootNode, RootNodes, RootObject, RootPage
from app.reads.reaching import Reached
from app.reads.statement import Divided
from app.reads.tables import Attribute

T = TypeVar("T")

_Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
_Ids = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids; at most 100.")]


async def visible(context: ReadContext, target: type[T], key: Any) -> T | None:
    """The object with a key as the caller may see it now: what a payload or a resolver written by hand answers."""
    return await context.loaders.one(target).load(key)


def node_by_id(*types: type[Any], description: str) -> Any:
    """The object of any of the types with a global id; null where the caller sees none."""
    by_tag = types_by_tag(types)

    async def resolve(info: Info, id: _Id) -> Any:
        target, key = decoded(by_tag, id, "id")
        return await visible(info.context, target, key)

    return declared(RootNode(types), resolve, description)


def nodes_by_ids(*types: type[Any], description: str) -> Any:
    """The objects with these global ids, in their order, with null where the caller sees none."""

    async def resolve(info: Info, ids: _Ids) -> Any:
        loading = (info.context.loaders.one(target).load(key) for target, key in decoded_all(types, ids))
        return await asyncio.gather(*loading)  # all of them: a failure that nobody awaited would be logged as such

    return declared(RootNodes(types), resolve, description)


def object_by(*, description: str, **unique: Attribute[Any]) -> Any:
    """The object with a global id, or instead with a value in a unique text column; null where the caller sees none."""

    async def by_id(info: Info, id: _Id) -> Any:
        return await by_either(info, id=id)

    async def by_either(info: Info, **given: str | None) -> Any:
        by, key = sought(target(), unique, given)
        return await info.context.loaders.one(target(), by).load(key)

    arguments = {"id": _optional(strawberry.ID, "The global id.")}
    arguments |= {name: _optional(str, "Instead of `id`.") for name in unique}
    root = declared(RootObject(unique), signed(by_either, arguments) if unique else by_id, description)
    target = target_of(root)
    return root


def page_of(
    listing: Listing,
    *,
    description: str,
    filter: type[Any] | None = None,
    order: type[Enum] | None = None,
) -> Any:
    """A list, page by page. The listing knows the fields of the input `filter` and the names of the enum `order`."""

    async def resolve(
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: Any = None,
        order_by: Sequence[Enum] | None = None,
    ) -> Any:
        context = info.context
        wish = wish_of(listing, context, reads_of(target()).object, filter, order_by)
        page = requested_page(context.cursors, wish.walk.scope, first=first, after=after, last=last, before=before)
        level = context.loaders.level(target(), wish.conditions, order=wish.order, reached=wish.reached)
        found = await context.loaders.root_page(level, target(), page, wish.given)

        async def count() -> Any:
            return await context.loaders.root_count(level, target(), wish.given)

        return Connection(found=Found(target(), page, found, wish.walk, context.cursors, count))

    arguments = dict(PAGE_ARGUMENTS)
    if filter is not None:
        arguments["filter"] = _optional(filter, "All that is given must hold; a list holds if one of its values does.")
    if order is not None:
        arguments["order_by"] = _optional(list[order], "Applied one after the other.")  # type: ignore[valid-type]  # made when the listing is declared
    root = declared(RootPage(listing, filter, order), signed(resolve, arguments), description)
    target = target_of(root)
    return root


async def tally_of(
    context: ReadContext, listing: Listing, target: type[Any], filter: Any, divisions: Sequence[str] = ()
) -> Tally:
    """How many the list with this filter has for this caller: the same conditions, the same rule; none is left out.

    Apart by the values of the listing's divisions of these names.
    """
    above = reads_of(target).object
    wish = wish_of(listing, context, above, filter)
    rests = [one for name in divisions for one in listing.divisions[name].rests]
    rules, given = _rules(context, above, rests)
    divided = [Divided(name, listing.division(name, context.loaders.dialect, rules)) for name in divisions]
    level = context.loaders.level(target, wish.conditions)
    return await context.loaders.root_tally(level, target, divided, {**wish.given, **given})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks of a listing. `form` names the text that it needs; None where its values are in the text."""

    walk: Walk
    order: tuple[Order, ...]
    conditions: tuple[Condition, ...]
    given: Mapping[str, Any]
    form: Hashable
    reached: Reached | None


def sought(
    target: type[Any], unique: Mapping[str, Attribute[Any]], given: Mapping[str, str | None]
) -> tuple[Attribute[Any] | None, Any]:
    """The unique column by which an object is asked for (None: by its key) and the value there."""
    name, value = _only(given)
    if name == "id":
        return None, decoded(types_by_tag([target]), value, "id")[1]
    problems = Problems()
    wanted = clean(problems, value, TITLE, to_camel_case(name))
    problems.raise_if_any()
    return unique[name], wanted


def wish_of(
    listing: Listing,
    context: ReadContext,
    object_name: str | None,
    filter: Any,
    order_by: Sequence[Enum] | None = None,
) -> Wish:
    """The conditions and the order of a list of rows of an object. Raises Refusal with all that is wrong with them."""
    problems = Problems()
    values = _given(filter, problems)
    given: dict[str, Any] = {}
    for name, value in values.items():
        try:
            given |= listing.parameter(name, value)
        except Refusal as refusal:
            problems.add(refusal.code, "filter", to_camel_case(name), **refusal.params)
    _refuse_repetitions(listing, order_by or (), problems)
    problems.raise_if_any()
    names = [chosen.name for chosen in order_by or ()]
    order = ordered(listing, names)
    rules, of_rules = _rules(context, object_name, listing.rests(values))
    given |= of_rules
    conditions = listing.conditions(values, context.loaders.dialect, context.search_key, rules)
    scope = listing.scope
    if scope is not None:
        conditions += (lambda row: scope.predicate(row, context.loaders.dialect),)
        given |= scope.values(context.actor)
    walk = Walk(listing.model, total_order(listing.model, order))
    reached, of_reach = context.loaders.reached(listing, object_name, walk.terms)
    form = listing.form(values, names)
    text = None if form is None else (form, reached is not None)
    return Wish(walk, order, conditions, given | of_reach, text, reached)


def _rules(
    context: ReadContext, above: str | None, rests: Iterable[Rests]
) -> tuple[dict[str, Condition], dict[str, Any]]:
    """The rules of what conditions rest on, by object, and the values that they name."""
    rules: dict[str, Condition] = {}
    values: dict[str, Any] = {}
    for one in rests:
        assert above is not None  # what all may see rests on nothing
        rule = context.loaders.rule_of(one, above)
        assert rule.condition is not None
        rules[one.object] = rule.condition
        values |= rule.values
    return rules, values


def _given(filter: Any, problems: Problems) -> dict[str, Any]:
    """The fields of a filter that say something: null says nothing."""
    given = {name: getattr(filter, name) for name in _names(filter.__class__)}
    given = {name: value for name, value in given.items() if value is not None and value is not strawberry.UNSET}
    for name, value in given.items():
        short = not isinstance(value, list) or len(value) <= MAX_PAGE
        problems.check(short, RefusalCode.TOO_MANY, "filter", to_camel_case(name), limit=MAX_PAGE)
        if type(value) is str:  # not the members of an enumeration
            given[name] = clean(problems, value, TITLE, "filter", to_camel_case(name))
    return given


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an input; none where there is none."""
    definition = get_object_definition(kind)
    return () if definition is None else tuple(one.python_name for one in definition.fields)


def ordered(listing: Listing, names: Iterable[str]) -> tuple[Order, ...]:
    """The order that these public names ask for, one after the other; by default the listing's own."""
    return tuple(term for name in names for term in listing.orders[name]) or listing.order


def _refuse_repetitions(listing: Listing, order_by: Sequence[Enum], problems: Problems) -> None:
    terms: list[Order] = []
    for position, chosen in enumerate(order_by):
        added = listing.orders[chosen.name]
        repeated = any(term.attribute is one.attribute for term in terms for one in added)
        problems.check(not repeated, RefusalCode.DUPLICATE, "orderBy", position)
        terms += added


def _only(given: Mapping[str, str | None]) -> tuple[str, str]:
    """The one argument that is given."""
    values = [(name, value) for name, value in given.items() if value is not None]
    if not values:
        raise invalid(RefusalCode.REQUIRED, "id")
    if len(values) > 1:
        raise invalid(RefusalCode.NOT_APPLICABLE, to_camel_case(values[1][0]))
    return values[0]


def types_by_tag(types: Sequence[type[Any]]) -> dict[str | None, type[Any]]:
    """The types that have global ids, by the tags of these."""
    return {reads_of(one).tag: one for one in types}


def decoded(by_tag: Mapping[str | None, type[Any]], id: str, *path: str | int) -> tuple[type[Any], Any]:
    """The type and the key that a global id names. Refuses BAD_ID with the path of the argument."""
    tag, key = decode_id(id) or (None, None)
    if key is None or tag not in by_tag:
        raise invalid(RefusalCode.BAD_ID, *path)
    return by_tag[tag], key


def decoded_all(types: Sequence[type[Any]], ids: Sequence[str]) -> list[tuple[type[Any], Any]]:
    """The types and the keys that global ids name. Refuses TOO_MANY, and BAD_ID with the place of the first bad one."""
    if len(ids) > MAX_PAGE:
        raise invalid(RefusalCode.TOO_MANY, "ids", limit=MAX_PAGE)
    by_tag = types_by_tag(types)
    return [decoded(by_tag, one, "ids", position) for position, one in enumerate(ids)]


def _optional(kind: Any, description: str) -> Any:
    return Annotated[kind | None, strawberry.argument(description=description)]
