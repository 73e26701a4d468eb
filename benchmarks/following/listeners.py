"""Many subscribers in one process: bare websockets that note when each update came, and in what order.

    python -m benchmarks.following.listeners PORT < a line of JSON for each: {"token": …, "query": …, "id": …}

Then one word a line: `counts` answers how many updates have come, `report` by update when the first and the last
socket had it, and what each socket was told, as one digest for all its ids in their order.
"""

import asyncio
import base64
import hashlib
import json
import re
import resource
import sys
import time
from typing import Any

_UPDATE = re.compile(rb'"node":\{"id":"([^"]+)"')
_AT_ONCE = 50  # connections that are being opened


class Listener(asyncio.Protocol):
    """One socket."""

    def __init__(self, wish: dict[str, str], told: "Told") -> None:
        self._wish, self._told = wish, told
        self._buffer = b""
        self._open = False
        self.acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.updates, self.digest = 0, hashlib.blake2b(digest_size=8)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        key = base64.b64encode(b"0123456789abcdef").decode()
        transport.write(
            f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        self._told.lost += 1
        if not self.acknowledged.done():
            self.acknowledged.set_exception(error or ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._open, self._buffer = True, rest
            authorization = {"authorization": f"Bearer {self._wish['token']}"}
            self._say({"type": "connection_init", "payload": authorization})
        while (frame := self._frame()) is not None:
            self._hear(*frame)

    def _frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1], 2
        if length == 126:
            length, start = int.from_bytes(buffer[2:4]), 4
        elif length == 127:
            length, start = int.from_bytes(buffer[2:10]), 10
        if len(buffer) < start + length:
            return None
        self._buffer = buffer[start + length :]
        return buffer[0] & 15, buffer[start : start + length]

    def _hear(self, opcode: int, text: bytes) -> None:
        if opcode == 9:
            self._write(10, text)
        elif opcode == 8:
            self._transport.close()
        elif b'"type":"next"' in text[:90] or b'"type": "next"' in text[:90]:
            found = _UPDATE.search(text)
            assert found is not None, text
            self.updates += 1
            self.digest.update(found[1])
            self._told.note(found[1])
        elif b"connection_ack" in text:
            wish = self._wish
            self._say({"id": wish["id"], "type": "subscribe", "payload": {"query": wish["query"]}})
            self.acknowledged.set_result(None)
        else:
            raise RuntimeError(text.decode())

    def _say(self, message: dict[str, Any]) -> None:
        self._write(1, json.dumps(message).encode())

    def _write(self, opcode: int, text: bytes) -> None:
        length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2)
        self._transport.write(bytes([0x80 | opcode]) + length + bytes(4) + text)  # masked with nothing


class Told:
    """When updates came: the first and the last time of each, and how often."""

    def __init__(self) -> None:
        self.total = self.lost = 0
        self.updates: dict[bytes, list[float]] = {}

    def note(self, update: bytes) -> None:
        now = time.clock_gettime(time.CLOCK_MONOTONIC)
        self.total += 1
        kept = self.updates.get(update)
        if kept is None:
            self.updates[update] = [now, now, 1]
        else:
            kept[1] = now
            kept[2] += 1


async def listen(port: int, wishes: list[dict[str, str]]) -> None:
    loop, told, opening = asyncio.get_running_loop(), Told(), asyncio.Semaphore(_AT_ONCE)

    async def one(wish: dict[str, str]) -> Listener:
        async with opening:
            _, listener = await loop.create_connection(lambda: Listener(wish, told), "127.0.0.1", port)
            await listener.acknowledged
        return listener

    listeners = await asyncio.gather(*map(one, wishes))
    print("open", flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while word := (await lines.readline()).strip():
        if word == b"counts":
            print(json.dumps({"total": told.total, "lost": told.lost}), flush=True)
        else:
            updates = {name.decode(): kept for name, kept in told.updates.items()}
            sockets = [[listener.updates, listener.digest.hexdigest()] for listener in listeners]
            print(json.dumps({"updates": updates, "sockets": sockets}), flush=True)
            told.updates.clear()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    port, count = int(sys.argv[1]), int(sys.argv[2])
    wishes = [json.loads(sys.stdin.readline()) for _ in range(count)]
    asyncio.run(listen(port, wishes))


if __name__ == "__main__":
    main()
