"""What exactly is wrong with an input value: every problem with its path, in words of our own.

graphql-core decides whether a value is good; this names the fault for the person who sent it. Its own messages are in
one language, hint at names, and quote the exceptions of scalars, so they are not shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import (
    SKIP,
    ArgumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    VisitorAction,
    is_input_object_type,
    is_input_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    replace_variables,
    type_from_ast,
)

from app.core.refusals import Refusal
from app.graphql.errors import ErrorCode, Fault, refusal_faults
from app.graphql.scalars import EXAMPLES

Path = tuple[str | int, ...]
Leaf = GraphQLScalarType | GraphQLEnumType


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One thing wrong with one value. The path begins with the name of the variable or argument."""

    path: Path
    chinese: str
    english: str

    def fault(self, locations: tuple[tuple[int, int], ...] = ()) -> Fault:
        place = ".".join(str(step) for step in self.path)
        return Fault(
            ErrorCode.INVALID_INPUT,
            f"{place}：{self.chinese}",
            f"{place}: {self.english}",
            locations=locations,
            details={"path": list(self.path)},
        )


class _Reader(Protocol):
    """How to look into a value: JSON of a variable, or a literal of the document."""

    def unknown(self, value: Any) -> bool: ...
    def null(self, value: Any) -> bool: ...
    def items(self, value: Any) -> list[Any] | None: ...
    def fields(self, value: Any) -> Mapping[str, Any] | None: ...
    def coerce(self, kind: Leaf, value: Any) -> Any: ...


class _Json:
    def unknown(self, value: Any) -> bool:
        return False

    def null(self, value: Any) -> bool:
        return value is None

    def items(self, value: Any) -> list[Any] | None:
        return value if isinstance(value, list) else None

    def fields(self, value: Any) -> Mapping[str, Any] | None:
        return value if isinstance(value, dict) else None

    def coerce(self, kind: Leaf, value: Any) -> Any:
        return kind.coerce_input_value(value)


class _Literal:
    def unknown(self, value: ValueNode) -> bool:
        return isinstance(value, VariableNode)  # known, and checked, with the variables

    def null(self, value: ValueNode) -> bool:
        return isinstance(value, NullValueNode)

    def items(self, value: ValueNode) -> list[Any] | None:
        return list(value.values) if isinstance(value, ListValueNode) else None

    def fields(self, value: ValueNode) -> Mapping[str, Any] | None:
        if not isinstance(value, ObjectValueNode):
            return None
        return {field.name.value: field.value for field in value.fields}

    def coerce(self, kind: Leaf, value: ValueNode) -> Any:
        if kind.coerce_input_literal is not None:
            return kind.coerce_input_literal(replace_variables(value))
        return kind.parse_literal(value)


def variable_problems(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[InputProblem]:
    """Everything that keeps these variables from being coerced to what the operation declares."""
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        kind = type_from_ast(schema, definition.type)
        if kind is None or not is_input_type(kind):
            continue  # validation refused the document
        if name in variables:
            yield from _problems(_JSON, kind, variables[name], (name,))
        elif is_non_null_type(kind) and definition.default_value is None:
            yield _required((name,))


class LiteralError(GraphQLError):
    """A validation error that knows its input problem."""

    def __init__(self, problem: InputProblem, node: ValueNode) -> None:
        super().__init__(problem.english, node)
        self.problem = problem


class LiteralsOfCorrectTypeRule(ValuesOfCorrectTypeRule):
    """Takes the place of graphql-core's rule, with our words and with paths."""

    _name = ""

    def enter_argument(self, node: ArgumentNode, *_args: Any) -> None:
        self._name = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: Any) -> None:
        self._name = node.variable.name.value

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        if input_type is not None:
            for problem in _problems(_LITERAL, input_type, node, (self._name,)):
                self.report_error(LiteralError(problem, node))
        return SKIP


_JSON = _Json()
_LITERAL = _Literal()


def _problems(reader: _Reader, kind: GraphQLInputType, value: Any, path: Path) -> Iterator[InputProblem]:
    if reader.unknown(value):
        return
    if reader.null(value):
        if is_non_null_type(kind):
            yield _required(path)
        return
    if is_non_null_type(kind):
        kind = kind.of_type
    if is_list_type(kind):
        items = reader.items(value)
        if items is None:  # one value stands for a list of one
            yield from _problems(reader, kind.of_type, value, path)
        for index, item in enumerate(items or ()):
            yield from _problems(reader, kind.of_type, item, (*path, index))
    elif is_input_object_type(kind):
        yield from _object_problems(reader, kind, value, path)
    else:
        assert isinstance(kind, (GraphQLScalarType, GraphQLEnumType))
        yield from _leaf_problems(reader, kind, value, path)


def _object_problems(reader: _Reader, kind: GraphQLInputObjectType, value: Any, path: Path) -> Iterator[InputProblem]:
    fields = reader.fields(value)
    if fields is None:
        yield _wrong(path, kind.name)
        return
    for name, definition in kind.fields.items():
        if name in fields:
            yield from _problems(reader, definition.type, fields[name], (*path, name))
        elif is_required_input_field(definition):
            yield _required((*path, name))
    for name in fields:
        if name not in kind.fields:
            yield InputProblem((*path, name), "没有此项。", "There is no such field.")
    if _is_one_of(kind):
        given = [fields[name] for name in fields if name in kind.fields]
        if len(given) != 1 or reader.null(given[0]):
            yield InputProblem(path, "必须且只能填写其中一项。", "Exactly one of its fields must be given.")


def _is_one_of(kind: GraphQLInputObjectType) -> bool:
    # Strawberry notes it beside the type, so that graphql-core does not know; its own rule fails inside fragments
    definition = kind.extensions.get("strawberry-definition")
    return kind.is_one_of or getattr(definition, "is_one_of", False)


def _leaf_problems(reader: _Reader, kind: Leaf, value: Any, path: Path) -> Iterator[InputProblem]:
    try:
        if reader.coerce(kind, value) is not Undefined:
            return
    except Refusal as refusal:
        for fault in refusal_faults(refusal):
            yield InputProblem(path, fault.chinese, fault.english)
        return
    except Exception:  # noqa: BLE001, S110  # whatever a scalar raises at a bad value says that the value is bad
        pass
    yield _wrong(path, kind.name)


def _required(path: Path) -> InputProblem:
    return InputProblem(path, "此项必填。", "This is required.")


def _wrong(path: Path, kind: str) -> InputProblem:
    if example := EXAMPLES.get(kind):
        return InputProblem(path, f"不是有效的{kind}，应如{example}。", f"Not a valid {kind}, as {example} is.")
    return InputProblem(path, f"不是有效的{kind}。", f"Not a valid {kind}.")
