"""The way out of a socket. Sending waits for the reader, so nothing piles up here for a slow one."""

from typing import Any

import orjson
from starlette.types import Send

from app.web.messages import Close


class Outbox:
    """Writes messages until the socket is closed, from either side; then drops them."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._closed = False

    async def put(self, message: dict[str, Any]) -> None:
        text = orjson.dumps(message).decode()
        if not self._closed:
            try:
                await self._send({"type": "websocket.send", "text": text})
            except OSError:  # how the server says that the client is gone
                self._closed = True

    async def close(self, close: Close) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": int(close.code), "reason": close.reason})
