"""GraphQL over WebSocket by the protocol `graphql-transport-ws`: queries, mutations and subscriptions.

A socket is for one signed-in caller. It ends with the token that opened it.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.types import Receive, Scope, Send

from app.core.clock import Clock
from app.graphql.engine import Engine
from app.graphql.errors import log_failure
from app.web.authentication import (
    Admitted,
    Authenticate,
    ContextFactory,
    Denied,
    Exhausted,
    MalformedAuthorization,
    RequestFacts,
    Transport,
    bearer_token,
)
from app.web.floods import Callers, TokenBucket
from app.web.head import Head, head_of
from app.web.messages import (
    SUBPROTOCOL,
    ClientMessage,
    Close,
    CloseCode,
    Complete,
    ConnectionInit,
    Ping,
    Subscribe,
    read_message,
)
from app.web.metrics import SOCKETS
from app.web.operations import Operations
from app.web.outbox import Outbox


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one socket, and one caller, may take. The size of a message is bounded by the server (64 KiB)."""

    init_seconds: float = 3.0
    operations: int = 50
    sockets_per_caller: int = 20
    messages_per_second: float = 20.0
    burst: int = 100


class SocketEndpoint:
    """Accepts sockets."""

    def __init__(
        self,
        engine: Engine,
        authenticate: Authenticate,
        context_factory: ContextFactory,
        *,
        clock: Clock,
        limits: SocketLimits,
        callers: Callers,
    ) -> None:
        self.engine = engine
        self.authenticate = authenticate
        self.context_factory = context_factory
        self.clock = clock
        self.limits = limits
        self.callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        offered = SUBPROTOCOL in scope.get("subprotocols", ())
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if offered else None})
        outbox = Outbox(send, scope)
        if not offered:
            await outbox.close(Close(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable"))
            return
        with SOCKETS.track_inprogress():
            await _Connection(self, head_of(scope), receive, outbox).run()


class _Connection:
    """One socket, from acceptance to its end."""

    def __init__(self, endpoint: SocketEndpoint, head: Head, receive: Receive, outbox: Outbox) -> None:
        self._endpoint = endpoint
        self._head = head
        self._receive = receive
        self._outbox = outbox
        self._admitted: Admitted | None = None
        self._authorization = ""
        self._operations = Operations(endpoint.engine, outbox, head.language, endpoint.limits.operations)
        self._bucket = TokenBucket(endpoint.limits.messages_per_second, endpoint.limits.burst)

    async def run(self) -> None:
        """Converse until the client leaves, breaks the protocol, or its time is up: to initialise, or of its token."""
        deadline = asyncio.timeout(self._endpoint.limits.init_seconds)
        try:
            async with deadline:
                await self._converse(deadline)
        except Close as close:
            await self._outbox.close(close)
        except TimeoutError:
            await self._outbox.close(self._time_is_up())
        except Exception as error:  # noqa: BLE001  # nobody else would close the socket
            log_failure(error, self._head.correlation_id)
            await self._outbox.close(Close(CloseCode.INTERNAL_ERROR, "Internal error"))
        finally:
            if self._admitted is not None:
                self._endpoint.callers.leave(self._admitted.key)
            await self._operations.end()

    def _time_is_up(self) -> Close:
        if self._admitted is None:
            return Close(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout")
        return Close(CloseCode.UNAUTHORIZED, "Token expired")

    async def _converse(self, deadline: asyncio.Timeout) -> None:
        while (frame := await self._receive())["type"] != "websocket.disconnect":
            if not self._bucket.take(asyncio.get_running_loop().time()):
                raise Close(CloseCode.TOO_MANY, "Too many messages")
            await self._act(read_message(frame.get("text")), deadline)

    async def _act(self, message: ClientMessage, deadline: asyncio.Timeout) -> None:
        match message:
            case ConnectionInit(payload):
                await self._initialise(payload, deadline)
            case Ping(payload):
                await self._outbox.put({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})
            case Subscribe() if self._admitted is None:
                raise Close(CloseCode.UNAUTHORIZED, "Unauthorized")
            case Subscribe(operation_id, request):
                self._admitted = await self._admit(self._authorization)  # his rights may be others than at first
                await self._operations.begin(operation_id, request, self._context_of)
            case Complete(operation_id):
                self._operations.complete(operation_id)

    def _context_of(self, correlation_id: UUID) -> Any:
        assert self._admitted is not None
        return self._endpoint.context_factory(self._admitted.principal, self._head.language, correlation_id)

    async def _initialise(self, payload: dict[str, Any], deadline: asyncio.Timeout) -> None:
        if self._admitted is not None:
            raise Close(CloseCode.TOO_MANY, "Too many initialisation requests")
        self._authorization = _authorization(payload) or self._head.text(b"authorization")
        admitted = await self._admit(self._authorization)
        if not self._endpoint.callers.enter(admitted.key):
            raise Close(CloseCode.TOO_MANY, "Too many sockets")
        self._admitted = admitted
        deadline.reschedule(admitted.ends(self._endpoint.clock))
        await self._outbox.put({"type": "connection_ack"})

    async def _admit(self, authorization: str) -> Admitted:
        facts = RequestFacts(
            client=self._head.client,
            user_agent=self._head.text(b"user-agent"),
            correlation_id=self._head.correlation_id,
            language=self._head.language,
            transport=Transport.WEBSOCKET,
        )
        try:
            token = bearer_token(authorization)
        except MalformedAuthorization:
            raise Close(CloseCode.FORBIDDEN, "Forbidden") from None
        if token is None:
            raise Close(CloseCode.UNAUTHORIZED, "Unauthorized")
        admission = await self._endpoint.authenticate(token, facts)
        if isinstance(admission, Denied):
            raise Close(CloseCode.FORBIDDEN, "Forbidden")
        if isinstance(admission, Exhausted):
            raise Close(CloseCode.TOO_MANY, "Too many requests")
        return admission


def _authorization(payload: dict[str, Any]) -> str:
    """Browsers cannot set headers on a websocket, so the token may come in the first message."""
    value = payload.get("authorization", payload.get("Authorization")) or ""
    if not isinstance(value, str):
        raise Close(CloseCode.BAD_REQUEST, "Invalid message: authorization is a string")
    return value
