"""What a request may be: everything else is refused with a coded error, and nothing is executed."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from app.core.clock import FixedClock
from app.web.drain import Drain
from app.web.floods import Callers
from app.web.head import read_head
from app.web.http import HttpEndpoint
from tests.web.toy import NOW, SAVED, SECRET, ToyContext, authenticate, toy_application, toy_engine

JSON = {"content-type": "application/json"}
HELLO = b'{"query": "{ hello }"}'
SAVE = 'mutation { save(input: {title: "x"}) }'


@pytest.fixture(autouse=True)
def nothing_saved() -> Any:
    SAVED.clear()
    yield
    assert SAVED == []


def codes(response: httpx.Response) -> list[str]:
    body = response.json()
    assert "data" not in body
    assert all(error["extensions"]["correlationId"] for error in body["errors"])
    return [error["extensions"]["code"] for error in body["errors"]]


CONTENT_TYPES = {
    "application/json": 200,
    "application/json; charset=utf-8": 200,
    'Application/JSON;charset="UTF-8"': 200,
    "application/json; charset=gbk": 415,
    "application/json; charset=utf-16": 415,
    "application/jsonx": 415,
    "x/application/json": 415,
    "application/json, text/plain": 415,
    "application/graphql": 415,
    "application/graphql-response+json": 415,
    "text/plain": 415,
    "text/plain; application/json": 415,
    "application/x-www-form-urlencoded": 415,
    "multipart/form-data; boundary=x": 415,
    "multipart/form-data; boundary=application/json": 415,
    "": 415,
}


@pytest.mark.parametrize(("content_type", "status"), CONTENT_TYPES.items())
async def test_only_json_in_utf_8(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    response = await client.post("/graphql", content=HELLO, headers={"content-type": content_type})
    assert response.status_code == status
    if status == 415:
        assert codes(response) == ["BAD_REQUEST"]
    else:
        assert response.json() == {"data": {"hello": "hello world"}}


async def test_no_content_type_is_415(client: httpx.AsyncClient) -> None:
    assert (await client.post("/graphql", content=HELLO)).status_code == 415


FORGERIES: dict[str, dict[str, Any]] = {
    "a form": {"data": {"query": SAVE}},
    "multipart": {"files": {"query": (None, SAVE)}},
    "multipart upload": {"files": {"operations": (None, json.dumps({"query": SAVE})), "map": (None, "{}")}},
    "text": {"content": json.dumps({"query": SAVE}), "headers": {"content-type": "text/plain"}},
    "a beacon": {"content": json.dumps({"query": SAVE})},
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_what_another_page_can_send_without_asking_is_refused(
    client: httpx.AsyncClient, forgery: dict[str, Any]
) -> None:
    response = await client.post("/graphql", **forgery)
    assert (response.status_code, codes(response)) == (415, ["BAD_REQUEST"])


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_other_methods_are_405(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", params={"query": SAVE})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert codes(response) == ["BAD_REQUEST"]


@pytest.mark.parametrize(("encoding", "status"), {"gzip": 415, "br, gzip": 415, "Identity": 200}.items())
async def test_a_compressed_body_is_415(client: httpx.AsyncClient, encoding: str, status: int) -> None:
    headers = {"content-type": "application/json", "content-encoding": encoding}
    assert (await client.post("/graphql", content=HELLO, headers=headers)).status_code == status


async def test_head_is_405(client: httpx.AsyncClient) -> None:
    assert (await client.head("/graphql")).status_code == 405


UNDECODABLE: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a number": b"5",
    "a string": b'"{ hello }"',
    "true": b"true",
    "a batch": b"[" + HELLO + b"]",
    "an empty batch": b"[]",
    "half an object": HELLO[:-1],
    "two objects": HELLO + HELLO,
    "invalid UTF-8": b'{"query": "{ hello(name: \\"\xff\xfe\\") }"}',
    "UTF-16": '{"query": "{ hello }"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + HELLO,
    "gzip": gzip.compress(HELLO),
    "100,000 levels": b'{"query": "{ hello }", "variables": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    "100,000 brackets": b"[" * 50_000 + b"]" * 50_000,
    "an integer of 10,000 digits": b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 10_000 + b"}}",
    "an infinite number": b'{"query": "{ hello }", "variables": {"a": 1e999}}',
    "NaN": b'{"query": "{ hello }", "variables": {"a": NaN}}',
    "a lone surrogate": rb'{"query": "{ hello }", "variables": {"a": "\ud800"}}',
    "a lone surrogate in the query": rb'{"query": "{ hello(name: \"\udc00\") }"}',
    "no query": b'{"qeury": "{ hello }"}',
    "query null": b'{"query": null}',
    "query a number": b'{"query": 1}',
    "query a list": b'{"query": ["{ hello }"]}',
    "query an object": b'{"query": {}}',
    "operationName a number": b'{"query": "{ hello }", "operationName": 1}',
    "operationName an object": b'{"query": "{ hello }", "operationName": {}}',
    "variables a list": b'{"query": "{ hello }", "variables": [7]}',
    "variables a string": b'{"query": "{ hello }", "variables": "{}"}',
    "extensions a list": b'{"query": "{ hello }", "extensions": []}',
    "a persisted query": b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}',
}


@pytest.mark.parametrize("body", UNDECODABLE.values(), ids=UNDECODABLE)
async def test_a_body_that_is_no_request_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers=JSON)
    assert (response.status_code, codes(response)) == (400, ["BAD_REQUEST"])


async def test_null_parameters_are_absent_and_unknown_ones_ignored(client: httpx.AsyncClient) -> None:
    request = {"query": "{ hello }", "operationName": None, "variables": None, "extensions": None, "more": [1]}
    response = await client.post("/graphql", json=request)
    assert (response.status_code, response.json()) == (200, {"data": {"hello": "hello world"}})


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no text": ({"query": ""}, "PARSE_FAILED"),
    "white space": ({"query": "  \n"}, "PARSE_FAILED"),
    "syntax": ({"query": "{"}, "PARSE_FAILED"),
    "a NUL": ({"query": "{ hello \u0000 }"}, "PARSE_FAILED"),
    "a lone surrogate as a literal": ({"query": '{ hello(name: "\\ud800") }'}, "PARSE_FAILED"),
    "deep nesting": ({"query": "{unit" + "{parent" * 250 + "{name}" + "}" * 251}, "PARSE_FAILED"),
    "unknown field": ({"query": "{ helo }"}, "VALIDATION_FAILED"),
    "unknown argument": ({"query": '{ hello(nam: "x") }'}, "VALIDATION_FAILED"),
    "only a fragment": ({"query": "fragment F on Query { hello }"}, "BAD_REQUEST"),
    "a type definition": ({"query": "type Query { a: Int }"}, "BAD_REQUEST"),
    "several operations": ({"query": "query A { hello } query B { hello }"}, "BAD_REQUEST"),
    "no such operation": ({"query": "query A { hello }", "operationName": "B"}, "BAD_REQUEST"),
    "empty name": ({"query": "query A { hello }", "operationName": ""}, "BAD_REQUEST"),
    "a subscription": ({"query": "subscription { count }"}, "BAD_REQUEST"),
    "a bad literal": ({"query": '{ add(left: "one", right: 2) }'}, "INVALID_INPUT"),
    "a missing variable": ({"query": "query ($l: Int!) { add(left: $l, right: 2) }"}, "INVALID_INPUT"),
    "introspection": ({"query": "{ __schema { queryType { name } } }"}, "VALIDATION_FAILED"),
    "a type by introspection": ({"query": '{ __type(name: "Query") { name } }'}, "VALIDATION_FAILED"),
    "a mutation beside a bad query": (
        {"query": f"{SAVE} query Q {{ helo }}", "operationName": "Q"},
        "VALIDATION_FAILED",
    ),
}
STATUS = {
    "application/graphql-response+json": 400,
    "*/*": 400,
    "application/json": 200,  # clients that know only this read errors under 200
}


@pytest.mark.parametrize(("request_body", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_request_that_cannot_be_executed(
    client: httpx.AsyncClient, request_body: dict[str, Any], code: str
) -> None:
    headers = {"accept": "application/graphql-response+json"}
    response = await client.post("/graphql", json=request_body, headers=headers)
    assert (response.status_code, set(codes(response))) == (400, {code})
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


@pytest.mark.parametrize(("accept", "status"), STATUS.items())
@pytest.mark.parametrize("query", ["{", "{ helo }", "query ($l: Int!) { add(left: $l, right: 2) }"])
async def test_the_status_of_a_refusal_follows_accept(
    client: httpx.AsyncClient, accept: str, status: int, query: str
) -> None:
    response = await client.post("/graphql", json={"query": query}, headers={"accept": accept})
    assert response.status_code == status
    assert codes(response)


async def test_a_named_operation_among_several(client: httpx.AsyncClient) -> None:
    query = 'query A { hello } query B { hello(name: "b") }'
    response = await client.post("/graphql", json={"query": query, "operationName": "B"})
    assert response.json() == {"data": {"hello": "hello b"}}


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 4096):
        yield body[start : start + 4096]


@pytest.mark.parametrize("chunked", [False, True])
async def test_the_body_has_a_limit(client: httpx.AsyncClient, chunked: bool) -> None:
    limit = 128 * 1024
    filling = limit - len(orjson.dumps({"query": "{ hello }", "operationName": None, "x": ""}))
    fitting, exceeding = (
        orjson.dumps({"query": "{ hello }", "operationName": None, "x": "x" * size}) for size in (filling, filling + 1)
    )
    response = await client.post("/graphql", content=_pieces(fitting) if chunked else fitting, headers=JSON)
    assert response.status_code == 200
    response = await client.post("/graphql", content=_pieces(exceeding) if chunked else exceeding, headers=JSON)
    assert (response.status_code, codes(response)) == (413, ["TOO_LARGE"])
    assert response.headers["connection"] == "close"


async def test_a_body_far_beyond_the_limit_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * 1024 * 1024:
            sent += 65536
            yield b"x" * 65536

    response = await client.post("/graphql", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert sent < 2 * 1024 * 1024


async def test_no_exception_leaks_and_each_answer_says_which_language() -> None:
    transport = httpx.ASGITransport(app=toy_application(engine=toy_engine(introspection=True)))
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
        query = "query ($input: SaveInput!) { __typename } mutation M($input: SaveInput!) { save(input: $input) }"
        body = {"query": query, "operationName": "M", "variables": {"input": {"title": "x", "even": 3}}}
        chinese = await client.post("/graphql", json=body)
        english = await client.post("/graphql", json=body, headers={"accept-language": "en"})
    assert SECRET not in chinese.text + english.text
    assert codes(chinese) == codes(english)


async def test_a_body_that_does_not_end_is_408() -> None:
    sent: list[Any] = []
    pieces = [{"type": "http.request", "body": HELLO[:5], "more_body": True}]

    async def receive() -> Any:
        if not pieces:
            await asyncio.sleep(60)
        return pieces.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    endpoint = HttpEndpoint(
        toy_engine(),
        authenticate,
        ToyContext,
        clock=FixedClock(NOW),
        callers=Callers(1),
        drain=Drain(1),
        max_body_bytes=1000,
        body_seconds=0.05,
    )
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [(b"host", b"duban.test")]}
    read_head(scope)
    await endpoint(scope, receive, send)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert [error["extensions"]["code"] for error in orjson.loads(sent[1]["body"])["errors"]] == ["TIMEOUT"]
