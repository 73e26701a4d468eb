"""What one operation may ask for, counted before anything runs.

One walk over the operation, one remembered result per fragment: a fragment that spreads the next one twice, thirty
times over, costs thirty results here and 2^30 in a rule that forgets. All counts are taken after fragments are spread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from app.core.paging import DEFAULT_PAGE, MAX_PAGE
from app.graphql.errors import limit_exceeded

_PAGE_ARGUMENTS = ("first", "last")
_LIST_ARGUMENTS = ("ids", "units")
_FIGURE = "CappedCount"
_INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings. `cost` counts field values: a field is 1 plus its size times what it selects."""

    tokens: int = 3000
    comments: int = 200
    depth: int = 15
    nesting: int = 60  # selection sets within each other, fragments included: bounds our own recursion
    fields: int = 1000
    aliases: int = 30
    directives: int = 30
    mutations: int = 10
    introspections: int = 2
    cost: int = 25_000
    page: int = MAX_PAGE
    default_page: int = DEFAULT_PAGE  # what a page without `first` and `last` holds
    figure: int = 20  # what a count weighs that no page answers: a statement of its own
    plain_list: int = 10  # what a list without arguments is taken to hold; the rules of the domain bound it
    errors: int = 5
    variable_values: int = 5000
    variable_depth: int = 16


class Load(NamedTuple):
    """What a selection set asks for, fragments spread."""

    depth: int = 0
    width: int = 0  # fields of the set itself
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    introspections: int = 0
    introspection_aliases: int = 0
    cost: int = 0

    def beside(self, other: "Load") -> "Load":
        return Load(max(self.depth, other.depth), *(mine + its for mine, its in zip(self[1:], other[1:], strict=True)))


_NOTHING = Load()
_CHECKED = ("depth", "fields", "aliases", "directives", "introspections", "cost")


class Meter:
    """Weighs the operations of one document. Without variables, every page size by variable counts as the largest."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        limits: Limits,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._limits = limits
        self._variables = variables
        self._remembered: dict[str, Load] = {}
        self._open: set[str] = set()
        self.size_variables: set[str] = set()

    def weigh(self, operation: OperationDefinitionNode) -> Load:
        root = self._schema.get_root_type(operation.operation)
        own = len(operation.directives or ()) + sum(
            len(variable.directives or ()) for variable in operation.variable_definitions or ()
        )
        return self._selections(operation.selection_set, root, 0).beside(Load(directives=own))

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> Load:
        if nesting > self._limits.nesting:
            raise limit_exceeded("nesting", self._limits.nesting)
        total = _NOTHING
        for node in selections.selections:
            if isinstance(node, FieldNode):
                load = self._field(node, parent, nesting)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                load = self._selections(node.selection_set, inner, nesting + 1)
            else:
                assert isinstance(node, FragmentSpreadNode)
                load = self._fragment(node.name.value, nesting)
            total = total.beside(load).beside(Load(directives=len(node.directives or ())))
        return total

    def _fragment(self, name: str, nesting: int) -> Load:
        if name in self._remembered:
            return self._remembered[name]
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:  # unknown, or a circle: validation says so
            return _NOTHING
        self._open.add(name)
        condition = self._schema.get_type(fragment.type_condition.name.value)
        load = self._selections(fragment.selection_set, condition, nesting + 1)
        self._open.discard(name)
        self._remembered[name] = load.beside(Load(directives=len(fragment.directives or ())))
        return self._remembered[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Load:
        name = node.name.value
        definition = self._schema.get_field(parent, name) if parent and is_composite_type(parent) else None
        inner = _NOTHING
        if node.selection_set:
            child = get_named_type(definition.type) if definition else None
            inner = self._selections(node.selection_set, child, nesting + 1)
        inside_introspection = parent is not None and parent.name.startswith("__")
        opens_introspection = name in _INTROSPECTION_FIELDS
        return Load(
            depth=1 if opens_introspection else inner.depth + 1,  # graphql-core bounds the depth of introspection
            width=1,
            fields=inner.fields + 1,
            aliases=inner.aliases + (node.alias is not None),
            directives=inner.directives,
            introspections=inner.introspections + opens_introspection,
            introspection_aliases=inner.introspection_aliases + (inside_introspection and node.alias is not None),
            cost=1 + inner.cost * self._size(node, definition, parent),
        )

    def _size(self, node: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None) -> int:
        """How many objects the field may yield for one parent."""
        if definition is None:
            return 1
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if any(name in definition.args for name in _PAGE_ARGUMENTS):
            sizes = [self._number(given[name], _as_count) for name in _PAGE_ARGUMENTS if name in given]
            return max((size for size in sizes if size is not None), default=self._limits.default_page)
        for name in _LIST_ARGUMENTS:
            if name in definition.args and name in given:
                return self._number(given[name], _as_length) or 0
        if get_named_type(definition.type).name == _FIGURE and not _is_of_a_page(parent):
            return self._limits.figure
        return self._limits.plain_list if _is_open_list(definition, parent) else 1

    def _number(self, node: ValueNode, read: Callable[[Any], int | None]) -> int | None:
        """The size that an argument's value stands for; None if it is null or absent."""
        if not isinstance(node, VariableNode):
            return self.checked(_literal_size(node))
        self.size_variables.add(node.name.value)
        if self._variables is None:
            return self._limits.page
        return read(self._variables.get(node.name.value))

    def checked(self, size: int | None) -> int | None:
        if size is not None and size > self._limits.page:
            raise limit_exceeded("page", self._limits.page)
        return size


def refuse_excess(load: Load, limits: Limits, *, mutation: bool) -> None:
    """Raise for the first ceiling that the operation breaks."""
    for name in _CHECKED:
        if getattr(load, name) > getattr(limits, name):
            raise limit_exceeded(name, getattr(limits, name))
    if load.introspection_aliases:
        raise limit_exceeded("introspectionAliases", 0)
    if mutation and load.width > limits.mutations:
        raise limit_exceeded("mutations", limits.mutations)


def refuse_large_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Bound the values and the depth of the variables before anything walks them by recursion."""
    values = 0
    level: list[Any] = [variables]
    for _ in range(limits.variable_depth):
        inner: list[Any] = []
        for container in level:
            values += len(container)
            if values > limits.variable_values:
                raise limit_exceeded("variableValues", limits.variable_values)
            items = container.values() if isinstance(container, Mapping) else container
            inner.extend(item for item in items if isinstance(item, (dict, list)))
        if not inner:
            return
        level = inner
    raise limit_exceeded("variableDepth", limits.variable_depth)


def size_of_variable(value: Any) -> int:
    """What a variable that stands for a page size or a list of ids may yield; other values fail in coercion."""
    return _as_count(value) or _as_length(value) or 0


def _as_count(value: Any) -> int | None:
    return max(int(value), 0) if isinstance(value, (int, float)) else None


def _as_length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _literal_size(node: ValueNode) -> int | None:
    if isinstance(node, IntValueNode):
        return _digits(node.value)
    if isinstance(node, ListValueNode):
        return len(node.values)
    return None if isinstance(node, NullValueNode) else 1


def _digits(text: str) -> int:
    # a literal may be longer than Python converts; ten digits already exceed every limit
    return 0 if text.startswith("-") else int(text[:10])


def _is_open_list(definition: GraphQLField, parent: GraphQLNamedType | None) -> bool:
    kind = definition.type.of_type if is_non_null_type(definition.type) else definition.type
    if not is_list_type(kind) or parent is None:
        return False
    # the lists of a page are counted by the page's size, and introspection has the size of the schema
    return not (_is_of_a_page(parent) or parent.name.startswith("__"))


def _is_of_a_page(parent: GraphQLNamedType | None) -> bool:
    return parent is not None and parent.name.endswith("Connection")
