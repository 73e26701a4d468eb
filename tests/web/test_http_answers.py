"""What an answer is: media types, statuses, headers, identity, the words of errors."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs

from tests.web.toy import SAVED, SECRET, toy_application, toy_engine

GRAPHQL = "application/graphql-response+json; charset=utf-8"
JSON = "application/json; charset=utf-8"
CORRELATION = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

ACCEPTS: dict[str, str | None] = {
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    "application/json": JSON,
    "application/graphql-response+json": GRAPHQL,
    "application/graphql-response+json, application/json;q=0.9": GRAPHQL,
    "application/json, application/graphql-response+json": GRAPHQL,
    "application/json, application/graphql-response+json;q=0.5": JSON,
    "application/graphql-response+json, */*": GRAPHQL,
    "application/graphql-response+json;q=0, application/json": JSON,
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, "
    "multipart/mixed": GRAPHQL,
    "text/html, */*;q=0.1": JSON,
    "text/html": None,
    "text/event-stream": "text/event-stream; charset=utf-8",
    "application/json;q=0": None,
    "application/json;q=abc": None,
}


@pytest.mark.parametrize(("accept", "content_type"), ACCEPTS.items())
async def test_accept_decides_the_media_type(client: httpx.AsyncClient, accept: str, content_type: str | None) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"accept": accept})
    if content_type is None:
        assert response.status_code == 406
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    else:
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)


async def test_every_answer_carries_the_same_headers(client: httpx.AsyncClient) -> None:
    for response in (
        await client.post("/graphql", json={"query": "{ hello }"}),
        await client.post("/graphql", content=b"null", headers={"content-type": "application/json"}),
        await client.get("/graphql"),
        await client.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": "Bearer bad"}),
    ):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-length"] == str(len(response.content))
        assert UUID(response.headers["x-correlation-id"]).version == 4


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (CORRELATION, True),
        (CORRELATION.upper(), True),
        (CORRELATION.replace("-", ""), False),
        ("{" + CORRELATION + "}", False),
        ("urn:uuid:" + CORRELATION, False),
        (CORRELATION + "0", False),
        (CORRELATION[:-1] + "g", False),
        ("1", False),
        ("<script>", False),
    ],
)
async def test_a_correlation_id_is_taken_if_it_is_a_uuid(client: httpx.AsyncClient, given: str, taken: bool) -> None:
    response = await client.post("/graphql", json={"query": "{ helo }"}, headers={"x-correlation-id": given})
    echoed = response.headers["x-correlation-id"]
    assert (echoed == CORRELATION) is taken
    assert response.json()["errors"][0]["extensions"]["correlationId"] == echoed


async def test_the_context_gets_principal_language_and_correlation_id(client: httpx.AsyncClient) -> None:
    headers = {"authorization": "Bearer good", "accept-language": "en-GB", "x-correlation-id": CORRELATION}
    response = await client.post("/graphql", json={"query": "{ who }"}, headers=headers)
    assert response.json() == {"data": {"who": f"Li en {CORRELATION}"}}


async def test_no_token_is_anonymous(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ who private }"})
    body = response.json()
    assert response.status_code == 200
    assert body["data"]["who"].startswith("anonymous zh-CN ")
    assert body["data"]["private"] is None
    [error] = body["errors"]
    assert (error["path"], error["extensions"]["code"], error["message"]) == (
        ["private"],
        "UNAUTHENTICATED",
        "请先登录。",
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer bad",
        "Bearer",
        "Bearer ",
        "bearer a b",
        "Basic Z29vZDpnb29k",
        "good",
        "Bearer good, Bearer good",
        "Bearer é",
    ],
)
@pytest.mark.parametrize("query", ["{ hello }", "{ helo }", "{"])
async def test_a_bad_token_is_401_whatever_is_asked(client: httpx.AsyncClient, authorization: str, query: str) -> None:
    headers = {b"authorization": authorization.encode()}
    response = await client.post("/graphql", json={"query": query}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    body = response.json()
    assert set(body) == {"errors"}
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("authorization", ["Bearer good", "bearer good", "BEARER  good"])
async def test_the_scheme_is_read_in_any_case(client: httpx.AsyncClient, authorization: str) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": authorization})
    assert response.status_code == 200


LANGUAGES = {
    "": "zh",
    "en": "en",
    "en-US,en;q=0.9,zh-CN;q=0.8": "en",
    "zh-CN,zh;q=0.9,en;q=0.8": "zh",
    "zh-Hant-TW": "zh",
    "fr, en;q=0.3": "en",
    "fr": "zh",
    "*": "zh",
    "en;q=0": "zh",
    "en;q=0.5, zh;q=0.5": "en",  # equal: the first one named
    ";;;,q=": "zh",
}


@pytest.mark.parametrize(("accept_language", "language"), LANGUAGES.items())
async def test_errors_speak_the_language_asked_for(
    client: httpx.AsyncClient, accept_language: str, language: str
) -> None:
    headers = {"accept-language": accept_language}
    query = "query ($l: Int!) { add(left: $l, right: 2) }"
    response = await client.post("/graphql", json={"query": query}, headers=headers)
    message = response.json()["errors"][0]["message"]
    assert message == {"zh": "l：此项必填。", "en": "l: This is required."}[language]


UNEXPECTED = {
    "{ broken }": {"broken": None},
    "{ brokenAlways }": None,
    "{ missing }": None,  # null where the schema promises a value
}


@pytest.mark.parametrize(("query", "data"), UNEXPECTED.items())
async def test_what_breaks_is_masked_and_logged_once(client: httpx.AsyncClient, query: str, data: Any) -> None:
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": query}, headers={"x-correlation-id": CORRELATION})
    assert response.status_code == 200
    assert SECRET not in response.text
    body = response.json()
    assert body["data"] == data
    [error] = body["errors"]
    assert error["message"] == "服务器内部错误。请稍后重试，或将编号告知管理员。"
    assert error["extensions"] == {"code": "INTERNAL", "correlationId": CORRELATION}
    [entry] = logs
    assert entry["correlation_id"] == CORRELATION
    assert entry["log_level"] == "error"
    assert SECRET not in str(entry)


async def test_many_failures_of_one_operation_are_one_log_entry_without_variables(client: httpx.AsyncClient) -> None:
    query = "query Many($name: String!) { a: broken b: broken hello(name: $name) }"
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": query, "variables": {"name": "王五"}})
    assert [error["path"] for error in response.json()["errors"]] == [["a"], ["b"]]
    assert response.json()["data"] == {"a": None, "b": None, "hello": "hello 王五"}
    [entry] = logs
    assert (entry["count"], entry["operation"], entry["path"], entry["exception"]) == (
        2,
        "Many",
        ["a"],
        "builtins.ValueError",
    )
    assert re.search(r"toy\.py:\d+ broken$", entry["frames"][-1])
    assert "王五" not in str(entry)


@pytest.mark.parametrize(
    ("query", "authorization"), [("{ unwritable }", "Bearer good"), ("{ hello }", "Bearer broken")]
)
async def test_what_breaks_outside_execution_is_500(client: httpx.AsyncClient, query: str, authorization: str) -> None:
    with capture_logs() as logs:
        response = await client.post("/graphql", json={"query": query}, headers={"authorization": authorization})
    assert response.status_code == 500
    assert SECRET not in response.text
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["INTERNAL"]
    assert len(logs) == 1
    assert SECRET not in str(logs)


async def test_a_refusal_at_a_query_root_names_code_and_rule(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ audit }"}, headers={"x-correlation-id": CORRELATION})
    assert response.json() == {
        "errors": [
            {
                "message": "无权办理。",
                "locations": [{"line": 1, "column": 3}],
                "path": ["audit"],
                "extensions": {
                    "code": "NOT_ALLOWED",
                    "refusal": "NOT_ALLOWED",
                    "rule": "R-7",
                    "correlationId": CORRELATION,
                },
            }
        ],
        "data": {"audit": None},
    }


async def test_an_operation_may_not_take_for_ever() -> None:
    transport = httpx.ASGITransport(app=toy_application(engine=toy_engine(seconds=0.05)))
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
        response = await client.post("/graphql", json={"query": "{ slow(seconds: 5) }"})
    assert response.status_code == 503
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["TIMEOUT"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_mutation(client: httpx.AsyncClient) -> None:
    SAVED.clear()
    query = "mutation ($input: SaveInput!) { save(input: $input) }"
    response = await client.post("/graphql", json={"query": query, "variables": {"input": {"title": "督办"}}})
    assert response.content == '{"data":{"save":"督办"}}'.encode()
    assert SAVED == ["督办"]
