"""One POST: nobody makes this server speak to where it must not, and whatever a receiver does ends in time."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from app.core.posting import NotSentError
from app.webhooks.addresses import networks_of
from app.webhooks.sending import Sender
from tests.webhooks.receiving import receiving

LOOPBACK = networks_of(["127.0.0.0/8"])
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def fault(url: str, *, allowed: Any = LOOPBACK, seconds: float = 5.0) -> str:
    sender = Sender(allowed, seconds)
    with pytest.raises(NotSentError) as raised:
        await sender.post(url, {}, b"{}")
    sender.close()
    return raised.value.fault


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """Something that listens, and answers so; it ends with the block, whatever it is about."""
    running: set[asyncio.Task[Any] | None] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())
        with suppress(asyncio.CancelledError, OSError):
            await answer(reader, writer)
        writer.transport.abort()

    listening = await asyncio.start_server(handle, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    finally:
        listening.close()
        tasks = [task for task in running if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_message_is_posted_as_it_was_signed() -> None:
    sender = Sender(LOOPBACK)
    with receiving() as inbox:
        inbox.answers = [(429, {"Retry-After": "7"})]
        answer = await sender.post(f"{inbox.url}?a=b", {"webhook-id": "x"}, b'{"a": 1}')
    sender.close()
    assert (answer.status, answer.retry_after) == (429, "7")
    (request,) = inbox.requests
    assert (request.body, request.headers["webhook-id"]) == (b'{"a": 1}', "x")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == inbox.url.split("/")[2]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_the_house_itself_is_not_spoken_to_unless_it_is_listed(host: str) -> None:
    with receiving() as inbox:
        port = inbox.url.split(":")[2].split("/")[0]
        assert await fault(f"http://{host}:{port}/", allowed=()) == "ADDRESS_REFUSED"
        assert await fault(f"https://{host}:8443/", allowed=networks_of(["10.0.0.0/8"])) == "ADDRESS_REFUSED"
        assert inbox.requests == []


async def test_a_name_is_refused_if_any_of_its_addresses_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def two(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    assert await fault("http://changing.example:80/") == "ADDRESS_REFUSED"
    assert asked == ["changing.example"]


async def test_a_name_is_asked_once_and_the_connection_goes_where_it_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as inbox:
        port = inbox.url.split(":")[2].split("/")[0]
        answers = [[(0, 0, 0, "", ("127.0.0.1", int(port)))]]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.pop())
        connected: list[str] = []
        connect = asyncio.open_connection

        async def noted(host: str, *args: Any, **more: Any) -> Any:
            connected.append(host)
            monkeypatch.undo()
            return await connect(host, *args, **more)

        monkeypatch.setattr(asyncio, "open_connection", noted)
        sender = Sender(LOOPBACK)
        assert (await sender.post(f"http://rebinding.example:{port}/", {}, b"{}")).status == 204
        sender.close()
    assert connected == ["127.0.0.1"]
    assert inbox.requests[0].headers["host"] == f"rebinding.example:{port}"


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    sender = Sender(LOOPBACK)
    with receiving() as inbox, receiving() as other:
        inbox.answers = [(307, {"Location": other.url})]
        assert (await sender.post(inbox.url, {}, b"{}")).status == 307
        assert other.requests == []
    sender.close()


async def test_whatever_a_receiver_does_ends_in_time() -> None:
    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.close()
        await writer.wait_closed()

    async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await reader.read()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000)
        await reader.read()

    async def drops(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await asyncio.sleep(0.01)

    for answer, expected in (
        (nothing, "NOT_HTTP"), (silence, "TIMEOUT"), (noise, "NOT_HTTP"), (endless, "NOT_HTTP"), (drops, "TIMEOUT")
    ):  # fmt: skip
        async with server(answer) as url:
            assert (answer.__name__, await fault(url, seconds=0.3)) == (answer.__name__, expected)
    assert await fault("http://127.0.0.1:9/") == "CONNECTION"
    async with server(noise) as url:
        assert await fault(url.replace("http:", "https:")) == "TLS"
