"""One request from text to answer: admit, execute, name the errors. What HTTP and WebSocket share."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import strawberry
from graphql import ExecutionResult

from app.core.refusals import Language
from app.graphql.admission import Documents, Operation
from app.graphql.coercion import variable_problems
from app.graphql.errors import (
    INVALID_ARGUMENT,
    TIMED_OUT,
    Rejected,
    answer_errors,
    exception_faults,
    field_faults,
)
from app.graphql.execution import Executor, GraphQLCore, Take, core_schema
from app.graphql.limits import Limits, refuse_large_variables


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends: the parameters of GraphQL over HTTP and of a `subscribe` message."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """For whom an operation runs, and how its errors are written."""

    context: Any
    language: Language
    correlation_id: UUID


class Engine:
    """Admits requests and answers them. Raises Rejected where nothing was executed."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        introspection: bool,
        limits: Limits | None = None,
        executor: Executor | None = None,
        seconds: float = 30.0,
    ) -> None:
        self._schema = core_schema(schema)
        self._limits = limits or Limits()
        self._executor = executor or GraphQLCore(schema)
        self._seconds = seconds
        self.documents = Documents(self._schema, self._limits, introspection=introspection)

    def admit(self, request: Request) -> Operation:
        """The operation that the request asks for, within all limits."""
        refuse_large_variables(request.variables, self._limits)
        operation = self.documents.admit(request.query).operation(request.operation_name)
        self.documents.refuse_excess(operation, request.variables)
        return operation

    async def answer(self, operation: Operation, variables: Mapping[str, Any], call: Call) -> dict[str, Any]:
        """The response to a query or a mutation."""
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._executor.execute(operation, variables, call.context)
        except TimeoutError:
            raise Rejected(TIMED_OUT) from None
        self._refuse_unless_executed(result, operation, variables)
        return self._written(result, operation, call)

    async def answers(
        self, operation: Operation, variables: Mapping[str, Any], call: Call, take: Take | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The responses of a subscription, but what `take` took. Raises Rejected when it cannot begin or breaks."""
        stream = await self._executor.subscribe(operation, variables, call.context, take)
        if isinstance(stream, ExecutionResult):
            self._refuse_unless_executed(stream, operation, variables)
            raise Rejected(*field_faults(stream.errors or (), call.correlation_id, operation.name))
        async with aclosing(stream) as results:  # type: ignore[type-var]  # an async generator, as graphql-core types it loosely
            try:
                async for result in results:
                    yield self._written(result, operation, call)
            except Exception as error:  # noqa: BLE001  # whatever ends the stream is named or masked
                raise Rejected(*exception_faults(error, call.correlation_id)) from None

    def _refuse_unless_executed(
        self, result: ExecutionResult, operation: Operation, variables: Mapping[str, Any]
    ) -> None:
        """An admitted operation fails before its first field, without a path, for its variables only."""
        if result.data is not None or not result.errors or any(error.path for error in result.errors):
            return
        problems = variable_problems(self._schema, operation.definition, variables)
        faults = [problem.fault() for problem in islice(problems, self._limits.errors)]
        raise Rejected(*(faults or (INVALID_ARGUMENT,)))

    def _written(self, result: ExecutionResult, operation: Operation, call: Call) -> dict[str, Any]:
        if not result.errors:
            return {"data": result.data}
        faults = field_faults(result.errors, call.correlation_id, operation.name)
        return {"errors": answer_errors(faults, call.language, call.correlation_id), "data": result.data}
