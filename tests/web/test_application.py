"""What every request meets before its endpoint: heads, origins, routes, failures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from app.web.application import Application
from tests.web.toy import SECRET, toy_application

HELLO = b'{"query": "{ hello }"}'
PAGE = "https://oa.example.gov.cn"


async def call(application: Application, headers: list[tuple[bytes, bytes]], path: str = "/graphql") -> tuple[int, Any]:
    """One POST with exactly these headers; httpx would tidy them."""
    sent: list[Any] = []
    incoming = [{"type": "http.request", "body": HELLO, "more_body": False}]

    async def receive() -> Any:
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "client": ("127.0.0.1", 1)}
    await application(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])


JSON = (b"content-type", b"application/json")
HOST = (b"host", b"duban.test")
LENGTH = (b"content-length", b"22")

HEADS: dict[str, tuple[list[tuple[bytes, bytes]], int]] = {
    "as it should be": ([HOST, JSON, LENGTH], 200),
    "no host": ([JSON, LENGTH], 200),
    "an address and a port": ([(b"host", b"[::1]:8000"), JSON], 200),
    "two hosts": ([HOST, HOST, JSON], 400),
    "a path in the host": ([(b"host", b"duban.test/x"), JSON], 400),
    "a space in the host": ([(b"host", b"duban test"), JSON], 400),
    "an empty host": ([(b"host", b""), JSON], 400),
    "user information in the host": ([(b"host", b"a@duban.test"), JSON], 400),
    "a question mark in the host": ([(b"host", b"duban.test?x"), JSON], 400),
    "two lengths": ([HOST, JSON, LENGTH, (b"content-length", b"23")], 400),
    "a length and chunks": ([HOST, JSON, LENGTH, (b"transfer-encoding", b"chunked")], 400),
    "two content types": ([HOST, JSON, (b"content-type", b"text/plain")], 400),
    "two tokens": ([HOST, JSON, (b"authorization", b"Bearer good"), (b"authorization", b"Bearer other")], 400),
    "two origins": ([HOST, JSON, (b"origin", b"null"), (b"origin", b"null")], 400),
    "two accepts": ([HOST, JSON, (b"accept", b"text/html"), (b"accept", b"application/json")], 200),
}


@pytest.mark.parametrize(("headers", "status"), HEADS.values(), ids=HEADS)
async def test_heads_that_two_servers_might_read_differently(
    application: Application, headers: list[tuple[bytes, bytes]], status: int
) -> None:
    answered, answer_headers = await call(application, headers)
    assert answered == status
    assert (answer_headers.get(b"connection") == b"close") is (status == 400)


@pytest.mark.parametrize("path", ["/graphql/", "/GRAPHQL", "/graphql/x", "/", "/x"])
async def test_other_paths_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path, content=HELLO, headers={"content-type": "application/json"})
    assert response.status_code == 404
    assert response.headers["x-correlation-id"]


async def test_pages_of_an_allowed_origin_may_read_answers(client: httpx.AsyncClient) -> None:
    preflight = await client.options(
        "/graphql",
        headers={
            "origin": PAGE,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": PAGE})
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{PAGE}.evil.example", "http://oa.example.gov.cn"])
async def test_pages_of_other_origins_may_not(client: httpx.AsyncClient, origin: str) -> None:
    preflight = await client.options("/graphql", headers={"origin": origin, "access-control-request-method": "POST"})
    assert preflight.status_code == 405
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": origin})
    for answer in (preflight, response):
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def _fail(_request: Request) -> PlainTextResponse:
    raise RuntimeError(SECRET)


async def _fail_halfway(_request: Request) -> StreamingResponse:
    async def body() -> Any:
        yield b"begun"
        raise RuntimeError(SECRET)

    return StreamingResponse(body())


async def _file(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.path_params["name"])


async def test_other_routes_get_the_same_headers_and_the_same_mask() -> None:
    routes = [Route("/fail", _fail), Route("/half", _fail_halfway), Route("/files/{name}", _file)]
    transport = httpx.ASGITransport(app=toy_application(routes=routes), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
        file = await client.get("/files/a")
        with capture_logs() as logs:
            failed = await client.get("/fail")
            await client.get("/half")
    assert (file.status_code, file.text) == (200, "a")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert failed.status_code == 500
    assert failed.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert failed.json()["errors"][0]["extensions"]["correlationId"] == failed.headers["x-correlation-id"]
    assert len(logs) == 2
    assert SECRET not in failed.text + str(logs)


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_not_answered(application: Application) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [HOST, JSON], "client": None}
    await application(scope, receive, send)
    assert sent == []


async def test_the_lifespan_of_the_composition_root_runs() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        events.append("begun")
        yield
        events.append("ended")

    incoming = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]

    async def receive() -> Any:
        return incoming.pop()

    async def send(message: Any) -> None:
        events.append(message["type"])

    await toy_application(lifespan=lifespan)({"type": "lifespan"}, receive, send)
    assert events == ["begun", "lifespan.startup.complete", "ended", "lifespan.shutdown.complete"]
