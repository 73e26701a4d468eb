"""Websockets on the wire: uvicorn's protocol, with a way to write a message without waiting, and slimmer.

What thousands are told at once is written to each in a call, not in a task of his own that must be woken. Most of them
hear nothing for hours; for these some kilobytes each are saved, which asyncio's queue and the handshake would keep.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.web.outbox import AT_ONCE

_TEXT = 0x81  # the last frame of its message, and text
_MIDDLING, _LONG = 126, 1 << 16  # lengths that are written in two bytes more, and in eight


class PromptWire(WebSocketsSansIOProtocol):
    """Offers the extension. Messages are not compressed (`server.py`), so a frame is its head and the text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue: Any = _Messages()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # which says that it was refused
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[AT_ONCE] = self.write_at_once

    def start_keepalive(self) -> None:
        """What is called when the socket was accepted: the handshake is over."""
        super().start_keepalive()
        self.request.headers.clear()  # the parser holds on to it
        del self.request, self.response

    def write_at_once(self, text: bytes) -> bool:
        """False where the reader has not taken what was written before, or is gone."""
        if self.close_sent or self.disconnected or self.transport.is_closing() or not self.writable.is_set():
            return False
        self.transport.write(_head(len(text)) + text)
        return True


def _head(length: int) -> bytes:
    """That of a whole text frame from a server, which is not masked (RFC 6455 §5.2)."""
    if length < _MIDDLING:
        return bytes((_TEXT, length))
    if length < _LONG:
        return b"%c\x7e%b" % (_TEXT, length.to_bytes(2))
    return b"%c\x7f%b" % (_TEXT, length.to_bytes(8))


class _Messages:
    """What uvicorn wants of a queue, for one reader."""

    __slots__ = ("_kept", "_reader")

    def __init__(self) -> None:
        self._kept: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._kept

    def put_nowait(self, message: Any) -> None:
        self._kept.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        while not self._kept:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._kept.pop(0)
