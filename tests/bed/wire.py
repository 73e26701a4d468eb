"""A POST handed straight to the application: a client library takes as long for it as most answers do."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.web.application import Application


class Reply(NamedTuple):
    status: int
    body: bytes


async def post(application: Application, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """The whole answer."""
    told = {"host": "duban.test", "content-length": str(len(body)), **headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
        "server": ("duban.test", 80),
        "client": ("127.0.0.1", 123),
    }
    coming = [{"type": "http.request", "body": body, "more_body": False}]
    answered, status, parts = asyncio.Event(), 0, list[bytes]()

    async def receive() -> dict[str, Any]:
        if coming:
            return coming.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                answered.set()

    await application(scope, receive, send)
    return Reply(status, b"".join(parts))
