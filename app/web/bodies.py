"""Bodies: read within a size and a time, decoded from JSON, and shaped to a request."""

import asyncio
from typing import Any

import orjson
from starlette.types import Receive

from app.graphql.engine import Request
from app.graphql.errors import bad_request

_LINGER = 8  # how many times its limit a body is read and dropped, so that an honest client reads our answer


class BodyTooLarge(Exception):  # noqa: N818  # said of the body
    pass


class BodyTooSlow(Exception):  # noqa: N818
    pass


class ClientGone(Exception):  # noqa: N818
    pass


async def read_body(receive: Receive, limit: int, seconds: float) -> bytes:
    """The body, which ends within `limit` bytes and `seconds`, whatever its declared length."""
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, limit)
    except TimeoutError:
        raise BodyTooSlow from None


async def _read(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
        more = message.get("more_body", False)
        if size > limit and (not more or size > limit * _LINGER):
            raise BodyTooLarge
        if not more:
            return b"".join(chunks)


def request_of(body: bytes) -> Request:
    """The request in a JSON body. Raises Rejected for whatever is not one."""
    try:
        parameters = orjson.loads(body)
    except orjson.JSONDecodeError:
        # bad UTF-8, lone surrogates, depth beyond 1,024 and numbers beyond a double end here too
        raise bad_request("请求体不是有效的JSON。", "The body is not valid JSON.") from None
    if isinstance(parameters, list):
        raise bad_request("不支持批量请求。", "Batches of operations are not supported.")
    if not isinstance(parameters, dict):
        raise bad_request("请求体须为JSON对象。", "The body must be a JSON object.")
    return shaped(parameters)


def shaped(parameters: dict[str, Any]) -> Request:
    """The parameters of a request, each of its type. Others than these are ignored, as the specification asks."""
    query = parameters.get("query")
    if not isinstance(query, str):
        raise bad_request("query须为字符串。", "query must be a string.")
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise bad_request("operationName须为字符串。", "operationName must be a string.")
    for key in ("variables", "extensions"):
        if not isinstance(parameters.get(key), (dict, type(None))):
            raise bad_request(f"{key}须为JSON对象。", f"{key} must be a JSON object.")
    return Request(query, name, parameters.get("variables") or {})
