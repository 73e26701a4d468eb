"""The operations that run over one socket: begun, answered message by message, completed by either side."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

from graphql import OperationType

from app.core.ids import new_id
from app.core.refusals import Language
from app.graphql.engine import Call, Engine, Request
from app.graphql.errors import ErrorCode, Fault, answer_errors, exception_faults, limit_exceeded
from app.web.messages import Close, CloseCode
from app.web.metrics import REQUESTS, SUBSCRIPTIONS
from app.web.outbox import Outbox


class Operations:
    """By their ids. An id is free again as soon as its operation has ended, before the client hears of the end."""

    def __init__(self, engine: Engine, outbox: Outbox, language: Language, limit: int) -> None:
        self._engine = engine
        self._outbox = outbox
        self._language = language
        self._limit = limit
        self._running: dict[str, asyncio.Task[None]] = {}

    async def begin(self, operation_id: str, request: Request, context_of: Callable[[UUID], Any]) -> None:
        if operation_id in self._running:
            raise Close(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {operation_id} already exists")
        if len(self._running) >= self._limit:
            await self._refuse(operation_id, limit_exceeded("operations", self._limit).faults, new_id())
            return
        self._running[operation_id] = asyncio.create_task(self._run(operation_id, request, context_of))

    def complete(self, operation_id: str) -> None:
        """The client has heard enough. Unknown ids are those of operations that ended meanwhile."""
        task = self._running.pop(operation_id, None)
        if task is not None:
            task.cancel()

    async def end(self) -> None:
        tasks = list(self._running.values())
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @SUBSCRIPTIONS.track_inprogress()
    async def _run(self, operation_id: str, request: Request, context_of: Callable[[UUID], Any]) -> None:
        correlation_id = new_id()
        try:
            await self._answer(operation_id, request, Call(context_of(correlation_id), self._language, correlation_id))
        except Exception as error:  # noqa: BLE001  # named or masked; the socket stays open
            faults = exception_faults(error, correlation_id)
            del self._running[operation_id]
            await self._refuse(operation_id, faults, correlation_id)
            if faults[0].code is ErrorCode.UNAUTHENTICATED:  # his session ended meanwhile
                await self._outbox.close(Close(CloseCode.FORBIDDEN, "Forbidden"))
        else:
            del self._running[operation_id]
            await self._outbox.put({"id": operation_id, "type": "complete"})

    async def _answer(self, operation_id: str, request: Request, call: Call) -> None:
        operation = self._engine.admit(request)
        if operation.kind is not OperationType.SUBSCRIPTION:
            await self._next(operation_id, await self._engine.answer(operation, request.variables, call))
            return
        take = self._outbox.taker(operation_id)
        async with aclosing(self._engine.answers(operation, request.variables, call, take)) as answers:
            async for answer in answers:
                await self._next(operation_id, answer)

    async def _next(self, operation_id: str, answer: dict[str, Any]) -> None:
        REQUESTS.labels("websocket", "errors" if "errors" in answer else "data").inc()
        await self._outbox.put({"id": operation_id, "type": "next", "payload": answer})

    async def _refuse(self, operation_id: str, faults: Sequence[Fault], correlation_id: UUID) -> None:
        REQUESTS.labels("websocket", faults[0].code.value.lower()).inc()
        payload = answer_errors(faults, self._language, correlation_id)
        await self._outbox.put({"id": operation_id, "type": "error", "payload": payload})
