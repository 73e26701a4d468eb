"""Rows and what they refer to: every declared field of a type that stands for a table becomes a node of the plan."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, GraphQLObjectType, GraphQLScalarType, get_named_type, is_leaf_type

from app.content.models import Content
from app.core.paging import requested_page
from app.graphql.compiler.arguments import argument_reader, declaration_of, object_of, target_of
from app.graphql.compiler.draft import Asking, Draft, Place
from app.graphql.compiler.memory import Path, Relation, answered
from app.graphql.compiler.selection import Fields, Uncompilable
from app.graphql.declarations import kind_of
from app.graphql.loaders import reads_of
from app.reads.branch import Asked, Call, Cell
from app.reads.circumstances import column_of_circumstance
from app.reads.filters import Condition
from app.reads.keyset import scope_of, spoken
from app.reads.kinds import (
    Column,
    Computed,
    GlobalId,
    Input,
    Judged,
    Meets,
    Part,
    Text,
    ToldMany,
    ToldThrough,
    ToMany,
    ToOne,
    ToPage,
)
from app.reads.plan import Constant, Cursor, Inner, Leaf, LookedUp, Many, Node, One, Paged, Parts, Shape
from app.reads.statement import Level
from app.reads.tables import Attribute, key_attribute
from app.reads.values import Serialize

_CURSORS = frozenset({Part.CURSOR, Part.START_CURSOR, Part.END_CURSOR})


@dataclass(frozen=True, slots=True)
class Objects:
    """Compiles objects into a draft."""

    draft: Draft

    def shape(self, kind: GraphQLObjectType, fields: Fields, place: Place) -> Shape:
        return tuple((name, self.node(kind, inner, place)) for name, inner in self.draft.selected.under(kind, fields))

    def node(  # noqa: PLR0911  # a table
        self, kind: GraphQLObjectType, fields: Fields, place: Place
    ) -> Node:
        declared = declaration_of(kind, fields)
        if declared is None:
            return Constant(kind.name)
        definition = kind.fields[fields[0].node.name.value]
        match kind_of(declared):
            case Column(attribute):
                return place.branch.cell(place.of, attribute, _serializer(definition))
            case Text() as text:
                return self.input(text, place)
            case GlobalId(tag):
                return place.branch.id(place.of, tag)
            case Computed() as computed:
                return self.computed(definition, fields, place, computed)
            case ToOne(attribute):
                return self.one(definition, declared, fields, place, attribute)
            case ToMany() as relation:
                return self.many(definition, declared, fields, place, relation)
            case ToPage() as relation:
                return self.page(definition, declared, fields, place, relation)
            case _:
                raise Uncompilable(f"{kind.name}.{fields[0].node.name.value}")

    # --- Values -------------------------------------------------------------------------------------------------------

    def input(self, one: Input, place: Place) -> Cell:
        branch = place.branch
        if isinstance(one, Text):
            content = branch.join(place.of, one.attribute, Content)
            return Cell(branch.place(content, Content.text.key), nullable=True)
        if isinstance(one, Judged):
            return Cell(branch.place(place.of, one.action, self.draft.verdict(one.action)), nullable=True)
        if isinstance(one, Meets):
            told = column_of_circumstance(one, self.draft.context.loaders.dialect)
            return Cell(branch.place(place.of, one.name, told), nullable=True)
        return branch.value(place.of, one)

    def computed(self, definition: GraphQLField, fields: Fields, place: Place, computed: Computed) -> Node:
        self.draft.need(computed.needs)
        cells = tuple(self.input(one, place) for one in computed.inputs)
        source = Call(computed.function, cells, computed.needs)
        return answered(self.draft.selected, definition, fields, source, None, self.looked_up)

    def looked_up(
        self, definition: GraphQLField, declared: Any, fields: Fields, path: Path, relation: Relation
    ) -> Node:
        """The rows whose keys objects in memory tell: a branch whose keys the request gives."""
        many, tell = isinstance(relation, ToldMany), relation.function
        target = reads_of(relation.via if isinstance(relation, ToldThrough) else target_of(declared))
        by = key_attribute(target.model)
        level = Level(target.model, by=by, rule=self.draft.rule(target))
        place = self.draft.branch(level, target, looked_up=True, alone=path.one and not many)
        branch = place.branch

        def key(one: Any) -> Any:
            told = tell(one.item)
            if many:
                return [branch.key_as_given(by, each) for each in told]
            return None if told is None else branch.key_as_given(by, told)

        def ask(asking: Asking) -> Asked:
            told = [key(one) for one in path.objects(asking)]
            keys = [each for several in told for each in several] if many else told
            return Asked(keys=[each for each in dict.fromkeys(keys) if each is not None])

        self.draft.asks[place.number] = ask
        if isinstance(relation, ToldThrough):
            return LookedUp(place.number, key, self.one(definition, declared, fields, place, relation.attribute))
        return LookedUp(place.number, key, self.shape(object_of(definition), fields, place), many=many)

    # --- Relations ----------------------------------------------------------------------------------------------------

    def one(
        self, definition: GraphQLField, declared: Any, fields: Fields, place: Place, attribute: Attribute[Any]
    ) -> One:
        """The row that a column refers to, joined under its own rule."""
        reads = reads_of(target_of(declared))
        of = place.branch.join(place.of, attribute, reads.model, self.draft.rule(reads))
        there = Place(place.number, place.branch, reads.object, of)
        self.draft.mark(there, reads)
        return One(place.branch.key_place(of), self.shape(object_of(definition), fields, there))

    def many(self, definition: GraphQLField, declared: Any, fields: Fields, place: Place, relation: ToMany) -> Node:
        """All rows that refer to this one, in a branch of their own."""
        target = reads_of(target_of(declared))
        level = Level(
            target.model,
            by=relation.by,
            through=relation.through,
            order=relation.order,
            rule=self.draft.rule(target, relation.by if relation.through is None else None, place),
            conditions=_where(relation.where),
        )
        key = place.branch.key_place(place.of)
        there = self.draft.branch(level, target, place, key)
        return Many(there.number, key, self.shape(object_of(definition), fields, there))

    def page(self, definition: GraphQLField, declared: Any, fields: Fields, place: Place, relation: ToPage) -> Node:
        """A page of the rows that refer to this one, in a branch of their own."""
        target = reads_of(target_of(declared))
        level = Level(
            target.model,
            by=relation.by,
            order=relation.order,
            rule=self.draft.rule(target, relation.by, place),
            conditions=_where(relation.where),
        )
        key = place.branch.key_place(place.of)
        there = self.draft.branch(level, target, place, key)
        arguments = argument_reader(self.draft.schema, definition, declared, fields)
        scope = scope_of(level.model, level.terms)

        def ask(asking: Asking) -> Asked:
            return Asked(page=requested_page(asking.context.cursors, scope, **arguments(asking.variables)))

        self.draft.asks[there.number] = ask
        return self.paged(definition, fields, there, key)

    # --- Pages -------------------------------------------------------------------------------------------------------

    def paged(self, definition: GraphQLField, fields: Fields, place: Place, key: int | None) -> Paged:
        place.branch.listed = False  # unless something of its rows is asked for
        return Paged(place.number, key, self.parts(object_of(definition), fields, place))

    def parts(self, kind: GraphQLObjectType, fields: Fields, place: Place) -> Parts:
        return tuple((name, self.part(kind, inner, place)) for name, inner in self.draft.selected.under(kind, fields))

    def part(self, kind: GraphQLObjectType, fields: Fields, place: Place) -> Constant | Leaf | Inner:
        declared = declaration_of(kind, fields)
        if declared is None:
            return Constant(kind.name)
        part = kind_of(declared)
        assert isinstance(part, Part)
        definition = kind.fields[fields[0].node.name.value]
        if part is Part.TOTAL_COUNT:
            place.branch.count_rows()
        elif part in (Part.EDGES, Part.PAGE_INFO):
            place.branch.listed = True
        if part is Part.NODE:
            return Inner(part, shape=self.shape(object_of(definition), fields, place))
        if not is_leaf_type(get_named_type(definition.type)):
            return Inner(part, self.parts(object_of(definition), fields, place))
        return Leaf(part, self.cursor(place) if part in _CURSORS else None)

    def cursor(self, place: Place) -> Cursor:
        """How the cursor of a row is written, of the columns by which the list is ordered."""
        level, cursors = place.branch.level, self.draft.context.cursors  # whose key is that of the process
        terms = level.terms
        scope = scope_of(level.model, terms)
        cells = tuple(place.branch.term(term) for term in terms if term.unsaid is None)
        return Cursor(lambda *values: cursors.write(scope, spoken(terms, values)), cells)

    def place(self, place: Place) -> Cursor:
        """Where a row stands, with what a cursor leaves out: for in here alone."""
        cells = tuple(place.branch.term(term) for term in place.branch.level.terms)
        return Cursor(lambda *values: values, cells)


def _serializer(definition: GraphQLField) -> Serialize:
    """Result coercion by the field's leaf type (§6.4.3)."""
    named = get_named_type(definition.type)
    assert isinstance(named, GraphQLScalarType | GraphQLEnumType)
    return named.coerce_output_value


def _where(condition: Condition | None) -> tuple[Condition, ...]:
    return () if condition is None else (condition,)
