"""The seam: one executor for both transports, given admitted operations only."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

import httpx
import orjson
import pytest
import strawberry
from graphql import ExecutionResult, OperationType
from strawberry.extensions import SchemaExtension

from app.graphql.admission import Operation
from app.graphql.engine import Engine
from app.graphql.execution import GraphQLCore, Take
from tests.web.sockets import accepted
from tests.web.toy import Query, ToyContext, toy_application, toy_schema

BYTES = b'{"hello":"\xe7\x9d\xa3\xe5\x8a\x9e"}'


class Quick:
    """Answers `hello` from bytes that it has, and hands the rest on."""

    def __init__(self, rest: GraphQLCore) -> None:
        self._rest = rest
        self.seen: list[tuple[str | None, OperationType, dict[str, Any], str]] = []

    async def execute(self, operation: Operation, variables: Mapping[str, Any], context: ToyContext) -> ExecutionResult:
        self.seen.append((operation.name, operation.kind, dict(variables), context.principal))
        if operation.name == "Quick":
            return ExecutionResult(cast("Any", orjson.Fragment(BYTES)), None)
        return await self._rest.execute(operation, variables, context)

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], context: ToyContext, take: Take | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        return await self._rest.subscribe(operation, variables, context, take)


async def test_both_transports_pass_by_the_executor() -> None:
    quick = Quick(GraphQLCore(toy_schema()))
    application = toy_application(engine=Engine(toy_schema(), introspection=False, executor=quick))
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
        response = await client.post("/graphql", json={"query": "query Quick { hello }", "variables": {"a": 1}})
        assert response.content == b'{"data":' + BYTES + b"}"
        response = await client.post("/graphql", json={"query": "{ hello }"})
        assert response.json() == {"data": {"hello": "hello world"}}
        await client.post("/graphql", json={"query": "{ helo }"})
        await client.post("/graphql", json={"query": "subscription { count }"})
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("1", "query Quick { hello }")
        assert (await socket.hear())["payload"] == {"data": {"hello": "督办"}}
    query = OperationType.QUERY
    assert quick.seen == [
        ("Quick", query, {"a": 1}, "anonymous"),
        (None, query, {}, "anonymous"),
        ("Quick", query, {}, "Li"),
    ]


def test_one_text_is_one_operation() -> None:
    engine = Engine(toy_schema(), introspection=False)
    first, again, other = (
        engine.documents.admit(text).operation(None) for text in ("{ hello }", "{ hello }", "{hello}")
    )
    assert first is again
    assert first.document_id != other.document_id


def test_a_schema_with_extensions_is_refused() -> None:
    schema = strawberry.Schema(query=Query, extensions=[SchemaExtension], config=toy_schema().config)
    with pytest.raises(ValueError, match="schema extensions"):
        Engine(schema, introspection=False)
