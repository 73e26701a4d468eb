"""A websocket client in the same process. It behaves as uvicorn does: a close by the server ends the reading too."""

import asyncio
from collections.abc import AsyncIterator, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson

from app.web.application import Application
from app.web.outbox import AT_ONCE

PROTOCOL = "graphql-transport-ws"
Closed = tuple[int, str]


class ToySocket:
    def __init__(self) -> None:
        self._incoming: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self.stalled = asyncio.Event()
        self.stalled.set()
        self.waiting = asyncio.Event()  # once something waits for a stalled reader

    async def receive(self) -> MutableMapping[str, Any]:
        return await self._incoming.get()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if not self.stalled.is_set():
            self.waiting.set()
        await self.stalled.wait()
        self._outgoing.put_nowait(message)
        if message["type"] == "websocket.close":
            self._incoming.put_nowait({"type": "websocket.disconnect", "code": message["code"]})

    def write_at_once(self, text: bytes) -> bool:
        if not self.stalled.is_set():
            return False
        self._outgoing.put_nowait({"type": "websocket.send", "text": text.decode()})
        return True

    def say(self, message: Any) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": orjson.dumps(message).decode()})

    def say_text(self, text: str) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, data: bytes) -> None:
        self._incoming.put_nowait({"type": "websocket.receive", "bytes": data})

    def leave(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def raw(self) -> MutableMapping[str, Any]:
        return await asyncio.wait_for(self._outgoing.get(), 2)

    async def hear(self) -> Any:
        """The next message. Fails if the server closed instead."""
        message = await self.raw()
        assert message["type"] == "websocket.send", message
        return orjson.loads(message["text"])

    async def closed(self) -> Closed:
        """The close that ends the socket, whatever was said before it."""
        while (message := await self.raw())["type"] != "websocket.close":
            pass
        return message["code"], message.get("reason", "")

    def silent(self) -> bool:
        return self._outgoing.empty()

    async def initialise(self, token: str = "good") -> None:
        self.say({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, operation_id: str, query: str, **parameters: Any) -> None:
        self.say({"id": operation_id, "type": "subscribe", "payload": {"query": query, **parameters}})


@asynccontextmanager
async def connect(
    application: Application,
    *,
    path: str = "/graphql",
    protocols: Sequence[str] = (PROTOCOL,),
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[ToySocket]:
    """Open a socket; leave it, and wait for the server's side to end, at the end of the block."""
    socket = ToySocket()
    scope = {
        "type": "websocket",
        "path": path,
        "scheme": "ws",
        "client": ("127.0.0.1", 50_000),
        "headers": [
            (name.encode(), value.encode()) for name, value in {"host": "duban.test", **(headers or {})}.items()
        ],
        "subprotocols": list(protocols),
        "extensions": {AT_ONCE: socket.write_at_once},
    }
    server = asyncio.create_task(application(scope, socket.receive, socket.send))
    try:
        yield socket
    finally:
        socket.leave()
        await asyncio.wait_for(server, 2)


@asynccontextmanager
async def accepted(application: Application, **options: Any) -> AsyncIterator[ToySocket]:
    async with connect(application, **options) as socket:
        assert await socket.raw() == {"type": "websocket.accept", "subprotocol": PROTOCOL}
        yield socket
