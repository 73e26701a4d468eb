"""What only bytes on a socket show: heads, framing, slow clients, large messages, and the end of a server."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol

from app.core.settings import load_settings
from app.web import wire
from app.web.protocol import GuardedProtocol
from app.web.server import DrainingServer, build_server
from tests.web.toy import OPEN, SAVED, toy_application


class HurriedProtocol(GuardedProtocol):
    head_seconds = 0.3


@dataclass
class Running:
    server: DrainingServer
    thread: threading.Thread
    port: int

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()


def start() -> Running:
    settings = load_settings(port=1)
    server = build_server(toy_application(settings=settings), settings, HurriedProtocol)
    server.config.port = 0
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    return Running(server, thread, server.servers[0].sockets[0].getsockname()[1])


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    server = start()
    yield server
    server.stop()


LAST = b"Connection: close"  # so that the end of the answer shows at once
HELLO = b'{"query": "{ hello }"}'
SAVE = b'{"query": "mutation { save(input: {title: \\"smuggled\\"}) }"}'


def post(body: bytes = HELLO, *headers: bytes) -> bytes:
    lines = [b"POST /graphql HTTP/1.1", b"Host: duban.test", b"Content-Type: application/json", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


@asynccontextmanager
async def connection(running: Running) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def heard_from(reader: asyncio.StreamReader, patience: float) -> bytes:
    """Everything that the server says until it closes, or is silent for so long."""
    heard = b""
    with suppress(TimeoutError, ConnectionError):
        while part := await asyncio.wait_for(reader.read(65536), patience):
            heard += part
    return heard


async def exchange(running: Running, *pieces: bytes, pause: float = 0.0) -> bytes:
    async with connection(running) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await heard_from(reader, 3)


def statuses(heard: bytes) -> list[int]:
    return [int(part[:3]) for part in heard.split(b"HTTP/1.1 ")[1:]]


async def test_a_plain_request(running: Running) -> None:
    heard = await exchange(running, post(HELLO, LAST))
    assert statuses(heard) == [200]
    assert b'{"data":{"hello":"hello world"}}' in heard
    assert b"server:" not in heard.lower()


async def test_pipelined_requests_are_answered_in_turn(running: Running) -> None:
    assert statuses(await exchange(running, post() + post(b"null") + post(HELLO, LAST))) == [200, 400, 200]


async def test_a_request_in_small_pieces(running: Running) -> None:
    request = post(HELLO, LAST)
    pieces = [request[start : start + 40] for start in range(0, len(request), 40)]
    assert statuses(await exchange(running, *pieces, pause=0.01)) == [200]


async def test_expect_100_continue(running: Running) -> None:
    head, _, body = post(HELLO, LAST, b"Expect: 100-continue").partition(b"\r\n\r\n")
    assert statuses(await exchange(running, head + b"\r\n\r\n", body, pause=0.1)) == [100, 200]


OFFER = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__")


async def test_an_offer_of_another_protocol_is_ignored_and_its_body_is_no_request(running: Running) -> None:
    """Java's client offers HTTP/2 with its first request, and sends the body in a packet of its own."""
    offering = post(HELLO, *OFFER)
    heard = await exchange(running, offering + offering + post(HELLO, LAST))
    assert statuses(heard) == [200, 200, 200]
    SAVED.clear()
    head, _, body = post(post(SAVE), *OFFER).partition(b"\r\n\r\n")
    heard = await exchange(running, head + b"\r\n\r\n", body, post(HELLO, b"Upgrade: x", b"Connection: upgrade, close"))
    assert statuses(heard) == [400, 200]  # the body is not JSON, whatever else it looks like
    assert not SAVED


LONG_HEADS = {
    "one long header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "a header without end": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000,
    "many headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
    "a long path": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path without end": b"GET /" + b"a" * 200_000,
    "a megabyte": b"GET / HTTP/1.1\r\nHost: x\r\n" + (b"X: " + b"a" * 1000 + b"\r\n") * 1000,
    "after a good request": post() + b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n" + post(SAVE),
}


@pytest.mark.parametrize("head", LONG_HEADS.values(), ids=LONG_HEADS)
async def test_a_head_has_a_limit(running: Running, head: bytes) -> None:
    SAVED.clear()
    async with connection(running) as (reader, writer):
        writer.write(head)
        heard = await heard_from(reader, 3)
    # the answer may be lost to the reset that closing on unread bytes sends; what counts is that nothing is served
    assert set(statuses(heard)[1 if head.startswith(post()) else 0 :]) <= {431}
    assert SAVED == []


async def test_a_head_just_within_the_limit(running: Running) -> None:
    assert statuses(await exchange(running, post(HELLO, LAST, b"X: " + b"a" * 15_000))) == [200]
    assert statuses(await exchange(running, post(HELLO, LAST, b"X: " + b"a" * 17_000))) == [431]


UNENDING = {
    "silence": [b""],
    "half a line": [b"POST /gra"],
    "half a head": [b"POST /graphql HTTP/1.1\r\nHost: x\r\n"],
    "drops of a head": [b"POST /graphql HTTP/1.1\r\n"] + [b"X: a\r\n"] * 20,
    "empty lines": [b"\r\n"] * 20,
    "drops after a good request": [post(), b"POST /graphql HTTP/1.1\r\n"] + [b"X: a\r\n"] * 20,
}


@pytest.mark.parametrize("pieces", UNENDING.values(), ids=UNENDING)
async def test_a_head_that_does_not_end_is_cut(running: Running, pieces: list[bytes]) -> None:
    began = asyncio.get_running_loop().time()
    async with connection(running) as (reader, writer):

        async def write() -> None:
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0.05)

        writing = asyncio.create_task(write())
        heard = await heard_from(reader, 3)
        writing.cancel()
    took = asyncio.get_running_loop().time() - began
    assert took < 2
    assert statuses(heard)[-1:] == [408]


SMUGGLED = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(SAVE),
    SAVE,
)
HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
AMBIGUOUS = {
    "length and chunks": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 4\r\n\r\n" + SMUGGLED,
    "a list of lengths": HEAD + b"Content-Length: 0, 4\r\n\r\n" + SMUGGLED,
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a signed length": HEAD + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a hexadecimal length": HEAD + b"Content-Length: 0x0\r\n\r\n" + SMUGGLED,
    "an endless length": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n" + SMUGGLED,
    "unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n" + SMUGGLED,
    "a space before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a folded header": HEAD + b"X: a\r\n Transfer-Encoding: chunked\r\n\r\n" + SMUGGLED,
    "a chunk size out of range": HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + SMUGGLED,
    "a chunk size that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + SMUGGLED,
    "a NUL in a header": HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a bare line feed": b"POST /graphql HTTP/1.1\nHost: x\nContent-Length: 0\n\n" + SMUGGLED,
    "no method": b" /graphql HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED,
    "an unknown method": b"SMUGGLE /graphql HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED,
    "HTTP/0.9": b"GET /graphql\r\n\r\n" + SMUGGLED,
    "HTTP/3": b"POST /graphql HTTP/3.0\r\nHost: x\r\n\r\n" + SMUGGLED,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SMUGGLED,
}


@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS)
async def test_ambiguous_framing_hides_no_second_request(running: Running, request_bytes: bytes) -> None:
    SAVED.clear()
    heard = await exchange(running, request_bytes)
    assert [status for status in statuses(heard) if status < 400] == []
    assert SAVED == []


async def test_an_honest_client_reads_413(running: Running) -> None:
    async with httpx.AsyncClient() as client:
        for size in (200_000, 900_000):
            response = await client.post(
                f"http://127.0.0.1:{running.port}/graphql",
                content=b"x" * size,
                headers={"content-type": "application/json"},
            )
            assert response.status_code == 413


async def test_thirty_megabytes_are_cut(running: Running) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n"
    sent = 0
    async with connection(running) as (_, writer):
        writer.write(head)
        with suppress(ConnectionError):
            while sent < 30_000_000:
                writer.write(b"x" * 100_000)
                await writer.drain()
                sent += 100_000
                await asyncio.sleep(0.001)
    assert sent < 20_000_000


@asynccontextmanager
async def socket_to(running: Running, **options: Any) -> AsyncIterator[ClientConnection]:
    async with connect(
        f"ws://127.0.0.1:{running.port}/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        **options,
    ) as socket:
        yield socket


async def initialise(socket: ClientConnection) -> None:
    await socket.send(b'{"type": "connection_init", "payload": {"authorization": "Bearer good"}}'.decode())
    assert orjson.loads(await socket.recv()) == {"type": "connection_ack"}


async def closed(socket: ClientConnection) -> tuple[int, str]:
    await asyncio.wait_for(socket.wait_closed(), 5)
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


async def test_a_real_client_subscribes_without_compression(running: Running) -> None:
    async with socket_to(running) as socket:
        assert socket.subprotocol == "graphql-transport-ws"
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers
        await initialise(socket)
        await socket.send('{"id": "1", "type": "subscribe", "payload": {"query": "subscription { count(to: 1) }"}}')
        assert orjson.loads(await socket.recv()) == {"id": "1", "type": "next", "payload": {"data": {"count": 1}}}
        assert orjson.loads(await socket.recv()) == {"id": "1", "type": "complete"}


async def test_close_codes_arrive(running: Running) -> None:
    async with socket_to(running) as socket:
        await socket.send("[]")
        assert (await closed(socket))[0] == 4400
    async with socket_to(running) as socket:
        await socket.send('{"type": "connection_init", "payload": {"authorization": "Bearer bad"}}')
        assert await closed(socket) == (4403, "Forbidden")
    async with socket_to(running) as socket:
        await socket.send('{"type": "connection_init", "payload": {"authorization": "Bearer short"}}')
        assert await closed(socket) == (4401, "Token expired")


@pytest.mark.parametrize(("size", "code"), [(64 * 1024, 4400), (64 * 1024 + 1, 1009), (1_000_000, 1009)])
async def test_a_message_has_a_limit(running: Running, size: int, code: int) -> None:
    async with socket_to(running) as socket:
        await socket.send("x" * size)
        assert (await closed(socket))[0] == code


async def test_a_page_of_another_origin_gets_403(running: Running) -> None:
    with pytest.raises(InvalidStatus) as raised:
        async with socket_to(running, origin="https://evil.example"):
            pass
    assert raised.value.response.status_code == 403


async def test_aborted_sockets_leave_nothing(running: Running) -> None:
    for _ in range(50):
        async with socket_to(running) as socket:
            await initialise(socket)
            await socket.send('{"id": "1", "type": "subscribe", "payload": {"query": "subscription { endless }"}}')
            await socket.recv()
            socket.transport.abort()
    for _ in range(100):
        if not OPEN and not running.server.server_state.connections:
            break
        await asyncio.sleep(0.02)
    assert OPEN == []
    assert not running.server.server_state.connections


async def test_the_end_of_the_server_closes_sockets_with_1012_and_answers_what_is_under_way() -> None:
    running = start()
    async with socket_to(running) as socket, httpx.AsyncClient() as client:
        await initialise(socket)
        url = f"http://127.0.0.1:{running.port}/graphql"
        slow = asyncio.create_task(client.post(url, json={"query": "{ slow(seconds: 0.5) }"}))
        await asyncio.sleep(0.1)
        running.server.should_exit = True
        assert (await closed(socket))[0] == 1012
        assert (await slow).json() == {"data": {"slow": "late"}}
    await asyncio.to_thread(running.stop)


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_message_that_is_written_at_once_is_framed_as_any_other(length: int) -> None:
    text = b"x" * length
    assert wire._head(length) + text == Frame(Opcode.TEXT, text).serialize(mask=False)
