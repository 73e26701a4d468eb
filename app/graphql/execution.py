"""The seam between transports and execution: `Executor` carries out one admitted operation.

Whatever answers operations faster than graphql-core (compiled reads) is an Executor too: it takes what it can and
hands the rest to the `GraphQLCore` that it was given.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, Protocol, TypeGuard, cast

import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute, subscribe
from strawberry.execution import optimized_is_awaitable

from app.graphql.admission import Operation

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Executor(Protocol):
    """Carries out operations. `data` of a result may be an `orjson.Fragment`."""

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
        """A query or a mutation. Variables that cannot be coerced give a result without data and without paths."""
        ...

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        """A stream of results, or the one result that says why there is no stream."""
        ...


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema inside, to which Strawberry gives no public way."""
    return schema._schema  # noqa: SLF001


class GraphQLCore:
    """Executes field by field."""

    def __init__(self, schema: strawberry.Schema) -> None:
        if schema.extensions or schema.directives:
            # they run inside `strawberry.Schema.execute`, which parses and validates each time and is not called here
            raise ValueError("this endpoint runs no schema extensions and no operation directives")
        self._schema = core_schema(schema)
        self._executor_class = schema.execution_context_class

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
            executor_class=self._executor_class,
            is_awaitable=_is_awaitable,
            hide_suggestions=True,
        )
        return await result if isawaitable(result) else result

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        stream = subscribe(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
            executor_class=self._executor_class,
            hide_suggestions=True,
        )
        return await stream if isawaitable(stream) else stream
