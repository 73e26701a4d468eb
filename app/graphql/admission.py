"""Query documents: parsed, validated and weighed once, then remembered within a count and a number of bytes."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
    value_from_ast_untyped,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from app.graphql.coercion import LiteralError, LiteralsOfCorrectTypeRule
from app.graphql.errors import (
    INVALID_ARGUMENT,
    ErrorCode,
    Fault,
    Rejected,
    bad_request,
    limit_exceeded,
    locations_of,
)
from app.graphql.limits import Limits, Load, Meter, refuse_excess, size_of_variable

_RULES = (
    *(LiteralsOfCorrectTypeRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules),
    MaybeNullValidationRule,
)
_TOO_MANY = "Document contains more than"  # how graphql-core begins its refusal of tokens and comments
_HINT = " Did you mean "  # one rule of graphql-core gives hints even when told to hide them
_MAX_DETAIL = 300

# The rule compares each pair of fields that share a response name. graphql-core's budget for that is half a million,
# which is most of a second; ours is a tenth of a second, and hundreds of times what real documents need.
_MERGE_BUDGET = 40_000
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = _MERGE_BUDGET  # how graphql-core wants it set


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Operation:
    """One operation of an admitted document: what the executor gets."""

    document_id: str
    document: DocumentNode
    definition: OperationDefinitionNode
    name: str | None
    kind: OperationType
    sizes: Mapping[str, Any]  # variables that stand for page sizes, with their default values
    weighed_by_request: bool  # whether only the values of those variables show what it costs


@dataclass(frozen=True, slots=True, eq=False)
class QueryDocument:
    """A valid document within the limits."""

    operations: Mapping[str | None, Operation]
    size: int

    def operation(self, name: str | None) -> Operation:
        """GetOperation of the specification: several operations need a name."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise bad_request("文档含有多个操作，须指明operationName。", "Several operations: operationName is needed.")
        if name not in self.operations:
            raise bad_request("文档中没有该名称的操作。", "There is no operation of that name.")
        return self.operations[name]


class Documents:
    """Admits documents. The least recently used ones are forgotten; refused ones are never remembered."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        *,
        introspection: bool,
        max_count: int = 500,
        max_bytes: int = 256 * 1024,  # of text; parsed, a document takes about 150 times its text
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._remembered: OrderedDict[str, QueryDocument] = OrderedDict()
        self._bytes = 0

    def admit(self, source: str) -> QueryDocument:
        """The document of this text. Raises Rejected with at most `Limits.errors` faults."""
        document = self._remembered.get(source)
        if document is None:
            document = self._check(source)
            self._remember(source, document)
        else:
            self._remembered.move_to_end(source)
        return document

    def refuse_excess(self, operation: Operation, variables: Mapping[str, Any]) -> None:
        """The part of the limits that only the values of the variables decide."""
        if not operation.sizes:
            return
        effective = {**operation.sizes, **variables}
        for name in operation.sizes:
            if size_of_variable(effective.get(name)) > self._limits.page:
                raise limit_exceeded("page", self._limits.page)
        if operation.weighed_by_request:
            self._check_load(self._meter(operation.document, effective).weigh(operation.definition), operation.kind)

    def __len__(self) -> int:
        return len(self._remembered)

    def _check(self, source: str) -> QueryDocument:
        node = self._parse(source)
        document_id = hashlib.sha256(source.encode()).hexdigest()
        definitions = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
        if not definitions:
            raise bad_request("文档中没有操作。", "The document holds no operation.")
        # before validation, some of whose rules are quadratic
        operations = [self._operation(document_id, node, definition) for definition in definitions]
        self._validate(node)
        return QueryDocument({operation.name: operation for operation in operations}, len(source.encode()))

    def _parse(self, source: str) -> DocumentNode:
        try:
            return parse(source, max_lexical_tokens=self._limits.tokens, max_comments=self._limits.comments)
        except GraphQLSyntaxError as error:
            if error.description.startswith(_TOO_MANY):
                raise limit_exceeded("tokens", self._limits.tokens) from None
            raise Rejected(_fault(ErrorCode.PARSE_FAILED, "查询语法错误", error)) from None

    def _operation(self, document_id: str, node: DocumentNode, definition: OperationDefinitionNode) -> Operation:
        sizes, by_request = self._admit_weight(node, definition)
        defaults = {
            variable.variable.name.value: value_from_ast_untyped(variable.default_value)
            for variable in definition.variable_definitions or ()
            if variable.default_value is not None
        }
        return Operation(
            document_id=document_id,
            document=node,
            definition=definition,
            name=definition.name.value if definition.name else None,
            kind=definition.operation,
            sizes={name: defaults.get(name) for name in sizes},
            weighed_by_request=by_request,
        )

    def _admit_weight(self, node: DocumentNode, definition: OperationDefinitionNode) -> tuple[set[str], bool]:
        """The variables that stand for sizes, and whether their largest values would cost too much."""
        meter = self._meter(node, None)
        load = meter.weigh(definition)
        by_request = load.cost > self._limits.cost and bool(meter.size_variables)
        self._check_load(load._replace(cost=0) if by_request else load, definition.operation)
        return meter.size_variables, by_request

    def _check_load(self, load: Load, kind: OperationType) -> None:
        refuse_excess(load, self._limits, mutation=kind is OperationType.MUTATION)

    def _meter(self, node: DocumentNode, variables: Mapping[str, Any] | None) -> Meter:
        fragments = {one.name.value: one for one in node.definitions if isinstance(one, FragmentDefinitionNode)}
        return Meter(self._schema, fragments, self._limits, variables)

    def _validate(self, node: DocumentNode) -> None:
        errors = validate(self._schema, node, self._rules, max_errors=self._limits.errors, hide_suggestions=True)
        if errors:
            raise Rejected(*(_validation_fault(error) for error in islice(errors, self._limits.errors)))

    def _remember(self, source: str, document: QueryDocument) -> None:
        if document.size > self._max_bytes:
            return
        self._remembered[source] = document
        self._bytes += document.size
        while len(self._remembered) > self._max_count or self._bytes > self._max_bytes:
            _, oldest = self._remembered.popitem(last=False)
            self._bytes -= oldest.size


def _validation_fault(error: GraphQLError) -> Fault:
    if isinstance(error, LiteralError):
        return error.problem.fault(locations_of(error))
    if isinstance(error, StrawberryInputCoercionError):
        return INVALID_ARGUMENT
    if isinstance(error, ValidationAbortedError):
        return limit_exceeded("merging", _MERGE_BUDGET).faults[0]
    return _fault(ErrorCode.VALIDATION_FAILED, "查询不符合接口", error)


def _fault(code: ErrorCode, chinese: str, error: GraphQLError) -> Fault:
    detail = error.message.partition(_HINT)[0][:_MAX_DETAIL]  # it quotes the document, which may be one long name
    return Fault(code, f"{chinese}：{detail}", detail, locations=locations_of(error))
