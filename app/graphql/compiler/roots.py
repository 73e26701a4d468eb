"""Where reads begin, and the finished plan.

A plan serves one document under one set of switches and choices and one role shape. What is not declared is not
compiled: the whole operation is then graphql-core's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLObjectType

from app.core.paging import Page, requested_page
from app.graphql.compiler.arguments import Root, object_of, object_type, target_of
from app.graphql.compiler.draft import Asking, Compiled, Draft
from app.graphql.compiler.memory import Path, answered, shape_of
from app.graphql.compiler.objects import Objects
from app.graphql.compiler.selection import Selected, Uncompilable
from app.graphql.loaders import ReadContext, reads_of
from app.graphql.roots import decoded, decoded_all, ordered, sought, types_by_tag, wish_of
from app.reads.branch import Asked, Call
from app.reads.keyset import Order
from app.reads.kinds import Computed, Followed, RootNode, RootNodes, RootObject, RootPage
from app.reads.plan import Constant, Each, Items, LookedUp, Node, Single, Various
from app.reads.running import AT_ONCE
from app.reads.statement import Level
from app.reads.tables import Attribute, key_attribute


def compile_operation(
    schema: strawberry.Schema, selected: Selected, roots: Sequence[Root], choices: Sequence[Any], context: ReadContext
) -> Compiled:
    """The plan of an operation. Raises Uncompilable for what only graphql-core can do."""
    draft = Draft(schema, selected, context)
    compiler = _Roots(draft, Objects(draft))
    nodes = [compiler.node(root, nth, choice) for nth, (root, choice) in enumerate(zip(roots, choices, strict=True))]
    return draft.finished(tuple((root.name, node) for root, node in zip(roots, nodes, strict=True)))


def compile_payload(
    schema: strawberry.Schema, selected: Selected, root: Root, kind: GraphQLObjectType, context: ReadContext
) -> Compiled:
    """The plan for what came of a mutation: an object in memory of this type, and the rows whose keys it tells."""
    draft = Draft(schema, selected, context)
    path = Path(lambda asking: [asking.outcome])
    shape = shape_of(selected, kind, root.fields, path, Objects(draft).looked_up)
    payload = Items(draft.give(lambda asking: asking.outcome), shape, many=False, nullable=False)
    return draft.finished(((root.name, payload),))


def compile_following(schema: strawberry.Schema, selected: Selected, root: Root, context: ReadContext) -> Compiled:
    """The plan for a list that is followed: some rows beyond a place, each an answer of its own."""
    draft = Draft(schema, selected, context)
    if not isinstance(root.kind, Followed):
        raise Uncompilable(f"{root.parent.name}.{root.field_name}")
    return draft.finished(((root.name, _Roots(draft, Objects(draft)).followed(root, root.kind)),))


@dataclass(frozen=True, slots=True)
class _Roots:
    """Compiles root fields into a draft."""

    draft: Draft
    objects: Objects

    def node(self, root: Root, nth: int, choice: Any) -> Node:
        match root.kind:
            case None:
                return Constant(root.parent.name)  # __typename
            case RootNodes(types):
                return self.various(root, types, nth, choice)
            case RootNode(types):
                by_tag = types_by_tag(types)
                if choice not in by_tag:
                    raise Uncompilable("an id of no kind")
                return self.single(
                    root, by_tag[choice], lambda asking: (None, decoded(by_tag, asking.roots[nth]["id"], "id")[1])
                )
            case RootObject(unique):
                target = target_of(root.declared)
                return self.single(root, target, lambda asking: sought(target, unique, asking.roots[nth]))
            case RootPage() as kind:
                return self.listing(root, kind, nth, ordered(kind.listing, choice))
            case Computed(inputs=()) as computed:
                return self.made(root, computed)
            case _:
                raise Uncompilable(f"{root.parent.name}.{root.field_name}")

    def single(
        self, root: Root, target: type[Any], seek: Callable[[Asking], tuple[Attribute[Any] | None, Any]]
    ) -> Node:
        """The row with a key, or with a value in a unique column."""
        reads = reads_of(target)
        by_key, rule = key_attribute(reads.model), self.draft.rule(reads)
        place = self.draft.branch(Level(reads.model, by=by_key, rule=rule), reads, alone=True)

        def ask(asking: Asking) -> Asked:
            by, key = seek(asking)
            by = by_key if by is None else by
            level = Level(reads.model, by=by, rule=rule)
            return Asked(keys=[place.branch.key_as_given(by, key)], level=level, form=by.key)

        self.draft.asks[place.number] = ask
        return Single(place.number, self.objects.shape(object_type(self.draft.schema, target), root.fields, place))

    def various(self, root: Root, types: Sequence[type[Any]], nth: int, targets: Sequence[type[Any]]) -> Node:
        """The rows with a list of global ids, those of each type in a branch of its own."""

        def wanted(asking: Asking) -> list[tuple[type[Any], Any]]:
            return decoded_all(types, asking.roots[nth]["ids"])

        kinds = tuple((target, self.of_type(root, target, wanted)) for target in targets)
        return Various(self.draft.give(wanted), kinds)

    def of_type(
        self, root: Root, target: type[Any], wanted: Callable[[Asking], list[tuple[type[Any], Any]]]
    ) -> LookedUp:
        """The rows of one type among those that are wanted."""
        reads = reads_of(target)
        by = key_attribute(reads.model)
        place = self.draft.branch(Level(reads.model, by=by, rule=self.draft.rule(reads)), reads, looked_up=True)

        def key(pair: tuple[type[Any], Any]) -> Any:
            return place.branch.key_as_given(by, pair[1])

        def ask(asking: Asking) -> Asked:
            return Asked(keys=list(dict.fromkeys(key(pair) for pair in wanted(asking) if pair[0] is target)))

        self.draft.asks[place.number] = ask
        shape = self.objects.shape(object_type(self.draft.schema, target), root.fields, place)
        return LookedUp(place.number, key, shape)

    def listing(self, root: Root, kind: RootPage, nth: int, order: tuple[Order, ...]) -> Node:
        """A list, page by page, in the order that was chosen."""
        reads = reads_of(target_of(root.declared))
        rule = self.draft.rule(reads)
        place = self.draft.branch(Level(reads.model, order=order, rule=rule), reads)

        def ask(asking: Asking) -> Asked:
            given = dict(asking.roots[nth])
            asked = given.pop("filter", None), given.pop("order_by", None)
            wish = wish_of(kind.listing, asking.context, reads.object, *asked)
            page = requested_page(asking.context.cursors, wish.walk.scope, **given)
            level = Level(reads.model, order=order, rule=rule, conditions=wish.conditions, reached=wish.reached)
            return Asked(page=page, level=level, form=wish.form, values=wish.given)

        self.draft.asks[place.number] = ask
        return self.objects.paged(root.definition, root.fields, place, None)

    def followed(self, root: Root, kind: Followed) -> Node:
        """The rows of a list beyond a place."""
        reads = reads_of(kind.target)
        rule, order = self.draft.rule(reads), kind.listing.order
        place = self.draft.branch(Level(reads.model, order=order, rule=rule), reads)

        def ask(asking: Asking) -> Asked:
            wish = wish_of(kind.listing, asking.context, reads.object, asking.roots[0].get("filter"))
            level = Level(reads.model, order=order, rule=rule, conditions=wish.conditions)
            return Asked(page=Page(AT_ONCE, start=asking.place), level=level, form=wish.form, values=wish.given)

        self.draft.asks[place.number] = ask
        parts = self.objects.parts(object_of(root.definition), root.fields, place)
        return Each(place.number, self.objects.place(place), parts)

    def made(self, root: Root, computed: Computed) -> Node:
        """An object in memory, of what the request tells alone: the caller."""
        self.draft.need(computed.needs)
        source = Call(computed.function, (), computed.needs)
        return answered(
            self.draft.selected,
            root.definition,
            root.fields,
            source,
            Path(lambda asking: [computed.function(*(asking.needed[need] for need in computed.needs))]),
            self.objects.looked_up,
        )
