"""Whatever is sent: a coded answer, no 5xx of our own making, no library's words about our insides."""

import asyncio
import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.toy import SECRET, toy_application

APPLICATION = toy_application()
LEAKS = (SECRET, "Traceback", "Error(", "codec", "invalid literal", "NoneType", "Did you mean", "object at 0x")

WORDS = """
    { } ( ) [ ] : ! $ @ & | = ... query mutation subscription fragment F on Query hello add save unit name page first
    left input title $v Int SaveInput null true "a" 1 -1e400 __typename __schema @skip(if: true) ...F choose choice
    isRed RED # \"""
"""
pieces = st.sampled_from(WORDS.split())
queries = st.lists(pieces, max_size=25).map(" ".join) | st.text(max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
HELD = "mutation ($input: SaveInput!) { save(input: $input) }"
inputs = st.fixed_dictionaries(
    {},
    optional={
        "title": json_values,
        "dueOn": json_values,
        "colour": json_values,
        "even": json_values,
        "parts": json_values,
        "tag": json_values,
    },
)
bodies = st.one_of(
    st.fixed_dictionaries({"query": queries}, optional={"variables": json_values, "operationName": json_values}),
    inputs.map(lambda value: {"query": HELD, "variables": {"input": value}}),
    json_values,
)


async def _post(**request: Any) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=APPLICATION), base_url="http://duban.test"
    ) as client:
        return await client.post("/graphql", headers={"content-type": "application/json"}, **request)


def _check(response: httpx.Response) -> None:
    assert response.status_code in (200, 400)
    assert not [leak for leak in LEAKS if leak in response.text]
    for error in response.json().get("errors", ()):
        assert error["extensions"]["code"] != "INTERNAL"
        assert error["extensions"]["correlationId"]


@given(bodies)
@settings(max_examples=300, deadline=None)
def test_any_json(body: Any) -> None:
    # as Python writes it: infinities, and integers and surrogates that orjson would not write
    _check(asyncio.run(_post(content=json.dumps(body).encode())))


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_bytes(body: bytes) -> None:
    _check(asyncio.run(_post(content=body)))
