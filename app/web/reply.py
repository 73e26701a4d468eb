"""How a whole answer is sent over ASGI."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.types import Send

Header = tuple[bytes, bytes]
CLOSE: Header = (b"connection", b"close")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer over HTTP."""

    status: int
    body: bytes
    media_type: bytes
    headers: Sequence[Header] = field(default=())

    async def send(self, send: Send) -> None:
        headers = [
            (b"content-type", self.media_type),
            (b"content-length", b"%d" % len(self.body)),
            (b"cache-control", b"no-store"),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
