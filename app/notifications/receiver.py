"""The second channel: an outside system that is told of every message over HTTP, and honours its key."""

import asyncio
import http.client
from typing import Any
from urllib.parse import urlsplit

import orjson

_TIMEOUT = 15.0
_SUCCESS = range(200, 300)


class NotTakenError(Exception):
    """The receiver did not say that it has taken the message."""


class Receiver:
    """Posts to one URL. The header `Idempotency-Key` is the same however often a message comes."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port = parts.hostname or "", parts.port
        self._path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"

    async def send(self, key: str, body: dict[str, Any]) -> None:
        """At least once: whoever receives tells repetitions by the key. Raises NotTakenError."""
        try:
            status = await asyncio.to_thread(self._post, key, orjson.dumps(body))
        except (OSError, http.client.HTTPException) as error:
            raise NotTakenError(type(error).__name__) from error
        if status not in _SUCCESS:
            raise NotTakenError(status)

    def _post(self, key: str, body: bytes) -> int:
        connection = self._connection(self._host, self._port, timeout=_TIMEOUT)
        try:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            connection.request("POST", self._path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()
