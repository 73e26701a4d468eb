"""HTTP/1.1 on the wire: uvicorn's httptools protocol with a bound on the size and the time of a request's head.

httptools refuses ambiguous framing by itself (Content-Length beside Transfer-Encoding), which h11 lets pass, and is
faster; but it takes heads of any length, and uvicorn waits for one for ever. And it stops before the body wherever a
client offers another protocol, as Java's does with h2c in its first request: what follows would be read as a request.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEADER_OVERHEAD = 32  # what HTTP/2 counts for a header beside its bytes
_OF_THE_OFFER = (b"connection", b"upgrade", b"http2-settings")


class GuardedProtocol(HttpToolsProtocol):
    """Answers 431 to a head that is too long and 408 to one that does not end, and closes."""

    head_bytes = 16 * 1024
    head_seconds = 10.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._head_size = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self.parser: Any = _DecliningParser(self.parser, self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._watch_head()
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > self.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def declines_upgrade(self) -> bool:
        """Whether the head just read offers a protocol other than websockets: the offer is ignored (RFC 9110 §7.8)."""
        return bool(self.parser.should_upgrade()) and not self._should_upgrade()

    def head_without_offer(self) -> bytes:
        """The head just read, as if nothing had been offered."""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (method, self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] not in _OF_THE_OFFER]
        if any(name == b"connection" and b"close" in value.lower() for name, value in self.headers):
            lines.append(b"connection: close")
        return b"\r\n".join([*lines, b"", b""])

    def on_headers_complete(self) -> None:
        if self.declines_upgrade():
            return  # the same head comes again
        self._in_head = False
        self._stop_watching()
        size = len(self.url) + sum(len(name) + len(value) + _HEADER_OVERHEAD for name, value in self.headers)
        if size > self.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise _HeadTooLarge  # stops the parser, which may hold more requests
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.declines_upgrade():
            return
        super().on_message_complete()
        self._in_head = True
        self._head_size = 0

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _watch_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _stop_watching(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        if self.transport.is_closing():
            return
        if not self._is_answering():
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, status.phrase.encode())
            )
        self.transport.close()

    def _is_answering(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, whatever its annotation says
        return cycle is not None and not cycle.response_complete


class _DecliningParser:
    """uvicorn's parser; where it gives way to a protocol that is not spoken here, another one reads on."""

    def __init__(self, parser: Any, protocol: GuardedProtocol) -> None:
        self._parser = parser
        self._protocol = protocol

    def feed_data(self, data: bytes) -> None:
        while data:
            try:
                self._parser.feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:
                if not self._protocol.declines_upgrade():
                    raise
                data = self._protocol.head_without_offer() + data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self._protocol)
                self._parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


class _HeadTooLarge(Exception):  # noqa: N818
    pass
