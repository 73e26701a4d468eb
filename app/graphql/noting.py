"""An executor that notes who was shown what few may know of, before the answer leaves (第二十四条)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import ExecutionResult

from app.cases.service.noting import note_reading, restricted_among
from app.graphql.admission import Operation
from app.graphql.context import Context
from app.graphql.execution import Executor, Take
from app.reads.seen import Seen


class Noting:
    """Around the executor that does the work. What cannot be noted is not told."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: Context) -> ExecutionResult:
        result = await self._inner.execute(operation, variables, context)
        await _note(context)
        return result

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: Context, take: Take | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        stream = await self._inner.subscribe(operation, variables, context, take)
        return stream if isinstance(stream, ExecutionResult) else _noted(stream, context)


async def _noted(stream: AsyncIterator[ExecutionResult], context: Context) -> AsyncIterator[ExecutionResult]:
    async for result in stream:
        await _note(context)
        yield result


async def _note(context: Context) -> None:
    seen, context.loaders.seen = context.loaders.seen, Seen()
    read = seen.restricted
    if unknown := seen.unknown():
        async with context.database.read() as session:
            read |= await restricted_among(session, unknown)
    if read:
        async with context.database.write() as session:
            note_reading(session, context.actor, read, context.workplace.clock.real_now(), context.correlation_id)
