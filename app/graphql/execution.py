"""The seam between transports and execution: `Executor` carries out one admitted operation.

Whatever answers operations faster than graphql-core (compiled reads) is an Executor too: it takes what it can and
hands the rest to the `GraphQLCore` that it was given.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from inspect import isawaitable
from typing import Any, Protocol, TypeAlias, TypeGuard, cast

import strawberry
from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, execute, subscribe
from strawberry.execution import optimized_is_awaitable

from app.graphql.admission import Operation

Take: TypeAlias = Callable[[bytes], bool]  # takes the data of one answer, or says that it cannot now

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Executor(Protocol):
    """Carries out operations. `data` of a result may be an `orjson.Fragment`."""

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
        """A query or a mutation. Variables that cannot be coerced give a result without data and without paths."""
        ...

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any, take: Take | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        """A stream of results, or the one result that says why there is no stream.

        What many are told at once may be given to `take` instead; what it does not take is in the stream.
        """
        ...


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema inside, to which Strawberry gives no public way."""
    return schema._schema  # noqa: SLF001


class Once:
    """Middleware of graphql-core for a mutation: each of its resolvers runs once, however often it is executed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, Exception | None]] = {}

    def outcome(self, name: str) -> Any:
        """What the resolver answered for this response name. Raises what it raised."""
        answer, error = self._kept[name]
        if error is not None:
            raise error
        return answer

    def resolve(
        self, resolver: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Any:
        if info.path.prev is not None:
            return resolver(source, info, **arguments)
        return self._resolved(str(info.path.key), partial(resolver, source, info, **arguments))

    async def _resolved(self, name: str, run: Callable[[], Any]) -> Any:
        if name not in self._kept:
            try:
                answer = run()
                self._kept[name] = (await answer if isawaitable(answer) else answer), None
            except Exception as error:  # noqa: BLE001  # raised below, each time
                self._kept[name] = None, error
        return self.outcome(name)


class GraphQLCore:
    """Executes field by field."""

    def __init__(self, schema: strawberry.Schema) -> None:
        if schema.extensions or schema.directives:
            # they run inside `strawberry.Schema.execute`, which parses and validates each time and is not called here
            raise ValueError("this endpoint runs no schema extensions and no operation directives")
        self._schema = core_schema(schema)
        self._executor_class = schema.execution_context_class

    async def execute(
        self, operation: Operation, variables: Mapping[str, Any], context: Any, once: Once | None = None
    ) -> ExecutionResult:
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
            middleware=None if once is None else [once],
            executor_class=self._executor_class,
            is_awaitable=_is_awaitable,
            hide_suggestions=True,
        )
        return await result if isawaitable(result) else result

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Any, take: Take | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        stream = subscribe(  # each for himself: it knows not who is told the same
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation.name,
            executor_class=self._executor_class,
            hide_suggestions=True,
        )
        return await stream if isawaitable(stream) else stream
