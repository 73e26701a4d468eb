"""Which pages may call: those of this server, and those that the operator allows."""

from collections.abc import Collection
from urllib.parse import urlsplit

from app.web.head import Head
from app.web.reply import Header

_EXPOSED = b"x-correlation-id"
_ACCEPTED = b"authorization, content-type, accept-language, x-correlation-id"


class Origins:
    """Browsers say the page that a request comes from; other clients say nothing and are let through."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = frozenset(origin.lower().rstrip("/") for origin in allowed)

    def may_connect(self, head: Head) -> bool:
        """Whether a websocket may be opened. Browsers open them across origins without asking, so the server asks."""
        origin = head.text(b"origin").lower()
        if not origin or origin in self._allowed:
            return True
        # by host: behind a proxy the scheme that we see need not be the one that the browser saw
        return "://" in origin and urlsplit(origin).netloc == head.text(b"host").lower()

    def headers(self, head: Head) -> tuple[Header, ...]:
        """What lets the page of an allowed origin read the answer."""
        origin = head.headers.get(b"origin", b"")
        if origin.decode("latin-1").lower() not in self._allowed:
            return ()
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"Origin"),
        )

    def preflight(self, head: Head) -> tuple[Header, ...]:
        """The answer's headers if this is a preflight from an allowed origin; none otherwise."""
        method = head.headers.get(b"access-control-request-method")
        if method is None or not self.headers(head):
            return ()
        return (
            (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
            (b"access-control-allow-headers", _ACCEPTED),
            (b"access-control-max-age", b"600"),
        )
