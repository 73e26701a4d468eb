"""The whole way in: what every request meets first, and which endpoint it goes to."""

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.drain import Drain
from app.web.head import Head, read_head
from app.web.http import failure, malformed
from app.web.origins import Origins
from app.web.reply import CLOSE, Header, Reply

_NO_SNIFFING: Header = (b"x-content-type-options", b"nosniff")


class Application:
    """An ASGI application. `endpoints` and `sockets` by exact path; all else, and the lifespan, goes to `others`."""

    def __init__(
        self,
        endpoints: Mapping[str, ASGIApp],
        sockets: Mapping[str, ASGIApp],
        others: ASGIApp,
        *,
        drain: Drain,
        origins: Origins,
    ) -> None:
        self.drain = drain
        self._endpoints = dict(endpoints)
        self._sockets = dict(sockets)
        self._others = others
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._others(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = read_head(scope)
        answer = _Answer(send, self._headers(head), self.drain)
        try:
            await self._route(head, scope, receive, answer)
        except Exception as error:  # noqa: BLE001  # the last place that can answer
            reply = failure(error, head)
            if answer.begun:
                raise _CutShort from None  # the server closes the connection: half an answer must not look whole
            await reply.send(answer)

    async def _route(self, head: Head, scope: Scope, receive: Receive, send: Send) -> None:
        if head.malformed:
            await malformed(head).send(send)
        elif scope["method"] == "OPTIONS" and (preflight := self._origins.preflight(head)):
            await Reply(200, b"", b"text/plain", preflight).send(send)
        else:
            endpoint = self._endpoints.get(scope["path"], self._others)
            await endpoint(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = read_head(scope)
        endpoint = self._sockets.get(scope["path"])
        if endpoint is None or head.malformed or self.drain.begun or not self._origins.may_connect(head):
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before acceptance: HTTP 403
            return
        await endpoint(scope, receive, send)

    def _headers(self, head: Head) -> list[Header]:
        correlation: Header = (b"x-correlation-id", str(head.correlation_id).encode())
        return [correlation, _NO_SNIFFING, *self._origins.headers(head)]


class _Answer:
    """`send`, which adds to every answer what all answers carry."""

    def __init__(self, send: Send, headers: Sequence[Header], drain: Drain) -> None:
        self._send = send
        self._headers = headers
        self._drain = drain
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            closing = (CLOSE,) if self._drain.begun else ()
            message["headers"] = [*message.get("headers", ()), *self._headers, *closing]
        await self._send(message)


class _CutShort(Exception):  # noqa: N818
    """Raised to the server; what went wrong is already logged."""
