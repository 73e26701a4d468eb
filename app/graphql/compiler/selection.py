"""What an operation selects, collected by graphql-core itself, and on what besides the document that depends.

`collect_fields` and `collect_subfields` are CollectFields and CollectSubfields of the specification (§6.3.2): merging,
fragments, type conditions, @skip and @include are theirs. They are called once for each plan, not for each request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from app.graphql.admission import Operation

Fields: TypeAlias = list[FieldDetails]
TYPENAME = "__typename"
MAX_SWITCHES = 4  # Boolean variables in directives: each doubles the number of plans


class Uncompilable(Exception):  # noqa: N818  # an answer: graphql-core is to do it
    """Raised with the reason, a name from the schema or from this code."""


def switches(operation: Operation) -> tuple[str, ...]:
    """The variables in @skip and @include: with their values the selection changes."""
    found = _Switches()
    visit(operation.document, found)
    if len(found.names) > MAX_SWITCHES:
        raise Uncompilable("many switches")
    return tuple(found.names)


def said_once(operation: Operation, name: str) -> bool:
    """Whether a variable stands in one place alone."""
    found = _Uses()
    visit(operation.document, found)
    return found.names.count(name) == 1


class _Uses(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_variable(self, node: VariableNode, key: Any, *_: Any) -> None:
        if key != "variable":  # its definition
            self.names.append(node.name.value)


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: Any, *_: Any) -> None:
        for argument in node.arguments:
            if isinstance(argument.value, VariableNode):
                self.names[argument.value.name.value] = None


def bare(operation: Operation, fields: Fields) -> Operation:
    """The operation with one root field alone, of whose object no more is asked than its type."""
    alone = tuple(_bare(one.node) for one in fields)
    given = operation.definition
    definition = OperationDefinitionNode(
        operation=given.operation,
        variable_definitions=given.variable_definitions,
        selection_set=SelectionSetNode(selections=alone),
    )
    return replace(operation, name=None, document=DocumentNode(definitions=(definition,)), definition=definition)


def _bare(node: FieldNode) -> FieldNode:
    only = SelectionSetNode(selections=(FieldNode(name=NameNode(value=TYPENAME)),))
    return FieldNode(alias=node.alias, name=node.name, arguments=node.arguments, selection_set=only, loc=node.loc)


@dataclass(frozen=True, slots=True)
class Selected:
    """The fields of an operation under the values of its switches."""

    schema: GraphQLSchema
    definition: OperationDefinitionNode  # not the Operation: plans would keep alive what they are forgotten with
    variables: VariableValues
    fragments: Mapping[str, FragmentDetails]

    @classmethod
    def of(cls, schema: GraphQLSchema, operation: Operation, variables: VariableValues) -> "Selected":
        fragments = {
            one.name.value: FragmentDetails(one)
            for one in operation.document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        return cls(schema, operation.definition, variables, fragments)

    def root(self, kind: GraphQLObjectType) -> Iterator[tuple[str, Fields]]:
        """The root fields by response name, in the order of the answer."""
        return _checked(
            collect_fields(
                self.schema,
                dict(self.fragments),
                self.variables,
                kind,
                self.definition,
            )
        )

    def under(self, kind: GraphQLObjectType, fields: Fields) -> Iterator[tuple[str, Fields]]:
        """The fields of an object of this type."""
        return _checked(
            collect_subfields(self.schema, dict(self.fragments), self.variables, self.definition, kind, fields)
        )


def _checked(collected: CollectedFields) -> Iterator[tuple[str, Fields]]:
    if collected.new_defer_usages:
        raise Uncompilable("@defer")
    return iter(collected.grouped_field_set.items())
