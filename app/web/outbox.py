"""The way out of a socket. Sending waits for the reader, so nothing piles up here for a slow one."""

from collections.abc import Callable
from typing import Any, TypeAlias

import orjson
from starlette.types import Scope, Send

from app.web.messages import Close

AT_ONCE = "duban.at_once"  # an extension of ASGI (`wire.py`): writes a text message without waiting, or answers False
WriteAtOnce: TypeAlias = Callable[[bytes], bool]


class Outbox:
    """Writes messages until the socket is closed, from either side; then drops them."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._at_once: WriteAtOnce | None = scope.get("extensions", {}).get(AT_ONCE)
        self._closed = False

    async def put(self, message: dict[str, Any]) -> None:
        text = orjson.dumps(message).decode()
        if not self._closed:
            try:
                await self._send({"type": "websocket.send", "text": text})
            except OSError:  # how the server says that the client is gone
                self._closed = True

    def taker(self, operation_id: str) -> Callable[[bytes], bool] | None:
        """What writes an answer of an operation at once, its data given as JSON, where the reader has taken all before.

        None where the server cannot.
        """
        write = self._at_once
        if write is None:
            return None
        head = b'{"id":%b,"type":"next","payload":{"data":' % orjson.dumps(operation_id)

        def take(data: bytes) -> bool:
            return not self._closed and write(b"%b%b}}" % (head, data))

        return take

    async def close(self, close: Close) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": int(close.code), "reason": close.reason})
