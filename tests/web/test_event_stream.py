"""Server-sent events: chosen only when they stand first, framed as clients read them, ended when they must be."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from app.web import event_stream
from app.web.application import Application
from app.web.websocket import SocketLimits
from tests.web.toy import OPEN, SECRET, toy_application

COMPLETE = "event: complete\ndata:\n\n"


class Stream:
    """A client that reads an answer piece by piece and may leave."""

    def __init__(self, query: str, accept: str, token: str | None) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self._incoming: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "http.request", "body": orjson.dumps({"query": query})})
        headers = {"host": "duban.test", "content-type": "application/json", "accept": accept}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "client": ("127.0.0.1", 50_000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

    async def receive(self) -> MutableMapping[str, Any]:
        return await self._incoming.get()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if message["body"]:
            self._pieces.put_nowait(message["body"].decode())
        if not message.get("more_body"):
            self._pieces.put_nowait(None)

    async def piece(self) -> str | None:
        return await asyncio.wait_for(self._pieces.get(), 2)

    async def rest(self) -> str:
        """Everything up to the end."""
        whole = ""
        while (piece := await self.piece()) is not None:
            whole += piece
        return whole

    def leave(self) -> None:
        self._incoming.put_nowait({"type": "http.disconnect"})


@asynccontextmanager
async def streaming(
    application: Application, query: str, accept: str = "text/event-stream", token: str | None = "good"
) -> AsyncIterator[Stream]:
    stream = Stream(query, accept, token)
    serving = asyncio.create_task(application(stream.scope, stream.receive, stream.send))
    try:
        yield stream
    finally:
        stream.leave()
        await asyncio.wait_for(serving, 2)


def told(*answers: Any) -> str:
    return "".join(f"event: next\ndata: {orjson.dumps(answer).decode()}\n\n" for answer in answers)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "TICK", 0.02)


async def test_a_subscription_is_told_event_by_event(application: Application) -> None:
    async with streaming(application, "subscription { count(to: 2) }") as stream:
        assert await stream.rest() == told({"data": {"count": 1}}, {"data": {"count": 2}}) + COMPLETE
    assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


async def test_a_query_is_one_event(application: Application) -> None:
    async with streaming(application, "{ hello }") as stream:
        assert await stream.rest() == told({"data": {"hello": "hello world"}}) + COMPLETE


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/event-stream, application/json", 200),
        ("application/graphql-response+json, text/event-stream", 400),  # who names events last means JSON
        ("application/json, text/event-stream", 400),
        ("text/event-stream;q=0, application/json", 400),
    ],
)
async def test_events_are_sent_only_where_they_stand_first(application: Application, accept: str, status: int) -> None:
    async with streaming(application, "subscription { count(to: 1) }", accept) as stream:
        text = await stream.rest()
    assert (stream.status, text.startswith("event: next")) == (status, status == 200)


@pytest.mark.parametrize(
    ("query", "token", "status", "code"),
    [
        ("subscription { count(", "good", 400, "PARSE_FAILED"),
        ("subscription { nothing }", "good", 400, "VALIDATION_FAILED"),
        ("subscription { count }", "bad", 401, "UNAUTHENTICATED"),
    ],
)
async def test_what_cannot_begin_is_answered_under_its_status(
    application: Application, query: str, token: str, status: int, code: str
) -> None:
    async with streaming(application, query, token=token) as stream:
        text = await stream.rest()
    assert (stream.status, stream.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert [error["extensions"]["code"] for error in orjson.loads(text)["errors"]] == [code]


@pytest.mark.parametrize(
    ("query", "count", "code"),
    [("subscription { forbidden }", 0, "NOT_ALLOWED"), ("subscription { breaking }", 1, "INTERNAL")],
)
async def test_what_ends_a_stream_is_its_last_event(
    application: Application, query: str, count: int, code: str
) -> None:
    async with streaming(application, query) as stream:
        text = await stream.rest()
    *events, last, end = text.split("\n\n")[:-1]
    assert (len(events), end) == (count, COMPLETE.strip())
    errors = orjson.loads(last.removeprefix("event: next\ndata: "))["errors"]
    assert [error["extensions"]["code"] for error in errors] == [code]
    assert SECRET not in text


async def test_who_leaves_ends_his_operation(application: Application) -> None:
    async with streaming(application, "subscription { endless }") as stream:
        assert await stream.piece() == told({"data": {"endless": 1}})
        assert OPEN == ["endless"]
    assert OPEN == []


async def test_silence_is_filled_for_proxies(application: Application) -> None:
    async with streaming(application, "subscription { silent }") as stream:
        assert await stream.piece() == ":\n\n"


@pytest.mark.parametrize("query", ["subscription { silent }", "subscription { endless }"])
async def test_it_ends_with_the_token(application: Application, query: str) -> None:
    async with streaming(application, query, token="short") as stream:
        text = await stream.rest()
    last, end = text.split("\n\n")[-3:-1]
    assert end == COMPLETE.strip()
    (error,) = orjson.loads(last.removeprefix("event: next\ndata: "))["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert OPEN == []


async def test_a_drain_ends_it_so_that_the_client_comes_back(application: Application) -> None:
    async with streaming(application, "subscription { silent }") as stream:
        while not stream.status:
            await asyncio.sleep(0.001)
        application.drain.begin()
        assert COMPLETE not in await stream.rest()


async def test_streams_of_one_caller_are_counted() -> None:
    application = toy_application(socket_limits=SocketLimits(sockets_per_caller=1))
    async with streaming(application, "subscription { endless }") as first:
        await first.piece()
        async with streaming(application, "{ hello }") as second:
            text = await second.rest()
        assert (second.status, orjson.loads(text)["errors"][0]["extensions"]["code"]) == (429, "LIMIT_EXCEEDED")
        async with streaming(application, "{ hello }", token="other") as another:
            assert COMPLETE in await another.rest()
    async with streaming(application, "{ hello }") as again:
        assert COMPLETE in await again.rest()
