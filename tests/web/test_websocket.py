"""`graphql-transport-ws`, message by message, and what a hostile client may try."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.web.application import Application
from tests.web.sockets import accepted
from tests.web.toy import OPEN, SAVED, SECRET, toy_application, toy_engine

INIT = {"type": "connection_init", "payload": {"authorization": "Bearer good"}}


async def test_a_subscription(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("1", "subscription ($to: Int!) { count(to: $to) }", variables={"to": 2})
        assert [await socket.hear() for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": 2}}},
            {"id": "1", "type": "complete"},
        ]


async def test_a_query_and_a_mutation_under_the_same_id_one_after_the_other(application: Application) -> None:
    SAVED.clear()
    async with accepted(application) as socket:
        await socket.initialise()
        for query, data in (
            ("{ hello }", {"hello": "hello world"}),
            ('mutation { save(input: {title: "a"}) }', {"save": "a"}),
        ):
            socket.subscribe("again", query)
            assert await socket.hear() == {"id": "again", "type": "next", "payload": {"data": data}}
            assert await socket.hear() == {"id": "again", "type": "complete"}
    assert SAVED == ["a"]


async def test_the_caller_the_language_and_an_id_for_each_operation(application: Application) -> None:
    async with accepted(application, headers={"accept-language": "en"}) as socket:
        await socket.initialise()
        seen = set()
        for operation_id in ("1", "2"):
            socket.subscribe(operation_id, "{ who }")
            principal, language, correlation_id = (await socket.hear())["payload"]["data"]["who"].split()
            assert (principal, language) == ("Li", "en")
            seen.add(correlation_id)
            await socket.hear()
        assert len(seen) == 2


async def test_operations_interleave(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("slow", "{ slow(seconds: 0.05) }")
        socket.subscribe("quick", "{ hello }")
        heard = [await socket.hear() for _ in range(4)]
        assert [(message["id"], message["type"]) for message in heard] == [
            ("quick", "next"),
            ("quick", "complete"),
            ("slow", "next"),
            ("slow", "complete"),
        ]


async def test_ping_and_pong(application: Application) -> None:
    async with accepted(application) as socket:
        socket.say({"type": "ping"})  # allowed before initialisation
        assert await socket.hear() == {"type": "pong"}
        await socket.initialise()
        socket.say({"type": "ping", "payload": {"at": 1}})
        assert await socket.hear() == {"type": "pong", "payload": {"at": 1}}
        socket.say({"type": "pong"})
        socket.say({"type": "pong", "payload": None})
        socket.say({"type": "ping", "payload": None})
        assert await socket.hear() == {"type": "pong"}


BROKEN: dict[str, Any] = {
    "a list": [],
    "null": None,
    "a string": "x",
    "a number": 5,
    "no type": {},
    "type a number": {"type": 1},
    "type a list": {"type": ["ping"]},
    "an unknown type": {"type": "hello"},
    "a server's message": {"type": "connection_ack"},
    "legacy start": {"id": "1", "type": "start", "payload": {"query": "{ hello }"}},
    "legacy terminate": {"type": "connection_terminate"},
    "ping with a string": {"type": "ping", "payload": "x"},
    "pong with a list": {"type": "pong", "payload": []},
    "init with a string": {"type": "connection_init", "payload": "Bearer good"},
    "subscribe without id": {"type": "subscribe", "payload": {"query": "{ hello }"}},
    "a numeric id": {"id": 1, "type": "subscribe", "payload": {"query": "{ hello }"}},
    "an empty id": {"id": "", "type": "subscribe", "payload": {"query": "{ hello }"}},
    "a long id": {"id": "x" * 129, "type": "subscribe", "payload": {"query": "{ hello }"}},
    "an object as id": {"id": {}, "type": "subscribe", "payload": {"query": "{ hello }"}},
    "a null id": {"id": None, "type": "subscribe", "payload": {"query": "{ hello }"}},
    "no payload": {"id": "1", "type": "subscribe"},
    "payload a string": {"id": "1", "type": "subscribe", "payload": "{ hello }"},
    "payload a list": {"id": "1", "type": "subscribe", "payload": []},
    "no query": {"id": "1", "type": "subscribe", "payload": {}},
    "a numeric query": {"id": "1", "type": "subscribe", "payload": {"query": 1}},
    "query null": {"id": "1", "type": "subscribe", "payload": {"query": None}},
    "list variables": {"id": "1", "type": "subscribe", "payload": {"query": "{ hello }", "variables": []}},
    "a numeric operationName": {"id": "1", "type": "subscribe", "payload": {"query": "{ hello }", "operationName": 1}},
    "a list of extensions": {"id": "1", "type": "subscribe", "payload": {"query": "{ hello }", "extensions": []}},
    "complete without id": {"type": "complete"},
    "complete with an object": {"id": {}, "type": "complete"},
    "complete with a number": {"id": 1, "type": "complete"},
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("initialised", [False, True])
async def test_a_message_that_the_protocol_does_not_know_closes_with_4400(
    application: Application, message: Any, initialised: bool
) -> None:
    async with accepted(application) as socket:
        if initialised:
            await socket.initialise()
        socket.say(message)
        code, reason = await socket.closed()
        assert code == 4400
        assert reason.startswith("Invalid message: ")
        assert len(reason.encode()) <= 123


@pytest.mark.parametrize("text", ["", "{", "NaN", "[" * 20_000, '{"type": "ping"} x', '{"type": "\\ud800"}'])
async def test_text_that_is_not_json_closes_with_4400(application: Application, text: str) -> None:
    async with accepted(application) as socket:
        socket.say_text(text)
        assert (await socket.closed())[0] == 4400


async def test_binary_closes_with_4400(application: Application) -> None:
    async with accepted(application) as socket:
        socket.say_bytes(b'{"type": "ping"}')
        assert await socket.closed() == (4400, "Invalid message: messages are text")


async def test_silence_closes_with_4408(fast: Application) -> None:
    async with accepted(fast) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_pings_do_not_put_initialisation_off(fast: Application) -> None:
    async with accepted(fast) as socket:
        socket.say({"type": "ping"})
        await asyncio.sleep(0.04)
        socket.say({"type": "ping"})
        assert (await socket.closed())[0] == 4408


async def test_time_does_not_end_an_initialised_socket(fast: Application) -> None:
    async with accepted(fast) as socket:
        await socket.initialise()
        await asyncio.sleep(0.1)
        socket.say({"type": "ping"})
        assert await socket.hear() == {"type": "pong"}


async def test_a_second_initialisation_closes_with_4429(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.say(INIT)
        assert await socket.closed() == (4429, "Too many initialisation requests")


async def test_subscribing_before_initialisation_closes_with_4401(application: Application) -> None:
    async with accepted(application) as socket:
        socket.subscribe("1", "{ hello }")
        assert await socket.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize("payload", [None, {}, {"authorization": None}, {"authorization": ""}, {"token": "good"}])
async def test_no_token_closes_with_4401(application: Application, payload: Any) -> None:
    async with accepted(application) as socket:
        socket.say({"type": "connection_init", "payload": payload})
        assert await socket.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize("authorization", ["Bearer bad", "good", "Basic Z29vZA==", "Bearer ", "Bearer a b"])
async def test_a_bad_token_closes_with_4403(application: Application, authorization: str) -> None:
    async with accepted(application) as socket:
        socket.say({"type": "connection_init", "payload": {"authorization": authorization}})
        assert await socket.closed() == (4403, "Forbidden")


async def test_a_token_that_is_no_string_closes_with_4400(application: Application) -> None:
    async with accepted(application) as socket:
        socket.say({"type": "connection_init", "payload": {"authorization": ["Bearer good"]}})
        assert (await socket.closed())[0] == 4400


async def test_the_token_may_stand_in_either_place(application: Application) -> None:
    async with accepted(application, headers={"authorization": "Bearer good"}) as socket:
        socket.say({"type": "connection_init"})
        assert await socket.hear() == {"type": "connection_ack"}
    async with accepted(application, headers={"authorization": "Bearer bad"}) as socket:
        socket.say({"type": "connection_init", "payload": {"Authorization": "Bearer good"}})
        assert await socket.hear() == {"type": "connection_ack"}


async def test_a_failing_sign_in_closes_with_1011_and_says_nothing(application: Application) -> None:
    with capture_logs() as logs:
        async with accepted(application) as socket:
            socket.say({"type": "connection_init", "payload": {"authorization": "Bearer broken"}})
            assert await socket.closed() == (1011, "Internal error")
    assert len(logs) == 1
    assert SECRET not in str(logs)


async def test_the_token_ends_the_socket_with_4401(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise("short")
        socket.subscribe("1", "subscription { endless }")
        began = asyncio.get_running_loop().time()
        assert await socket.closed() == (4401, "Token expired")
        assert 0.1 < asyncio.get_running_loop().time() - began < 1
        await asyncio.sleep(0.02)
        assert OPEN == []


async def test_an_id_in_use_closes_with_4409(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("界" * 100, "subscription { silent }")
        socket.subscribe("界" * 100, "{ hello }")
        code, reason = await socket.closed()
        assert code == 4409
        assert reason.startswith("Subscriber for 界")
        assert len(reason.encode()) <= 123


async def test_completing_stops_the_stream_and_frees_the_id(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("1", "subscription { endless }")
        assert (await socket.hear())["payload"] == {"data": {"endless": 1}}
        assert OPEN == ["endless"]
        socket.say({"id": "1", "type": "complete"})
        socket.subscribe("1", "{ hello }")
        while (message := await socket.hear())["payload"] == {"data": {"endless": 1}}:
            pass
        assert message == {"id": "1", "type": "next", "payload": {"data": {"hello": "hello world"}}}
        assert await socket.hear() == {"id": "1", "type": "complete"}
        assert OPEN == []
        await asyncio.sleep(0.03)
        assert socket.silent()


async def test_a_result_that_nobody_waits_for_is_not_sent(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("1", "{ slow(seconds: 0.05) }")
        socket.say({"id": "1", "type": "complete"})
        socket.say({"id": "unknown", "type": "complete"})
        await asyncio.sleep(0.1)
        assert socket.silent()


REQUEST_ERRORS: dict[str, tuple[str, dict[str, Any], str]] = {
    "syntax": ("{", {}, "PARSE_FAILED"),
    "no text": ("", {}, "PARSE_FAILED"),
    "validation": ("{ helo }", {}, "VALIDATION_FAILED"),
    "coercion": ("query ($l: Int!) { add(left: $l, right: 1) }", {"l": "x"}, "INVALID_INPUT"),
    "coercion of a subscription": ("subscription ($to: Int!) { count(to: $to) }", {"to": "x"}, "INVALID_INPUT"),
    "two root fields": ("subscription { count endless }", {}, "VALIDATION_FAILED"),
    "several operations": ("query A { hello } query B { hello }", {}, "BAD_REQUEST"),
    "limits": ("{ unit { page(first: 101) { edges { node { name } } } } }", {}, "LIMIT_EXCEEDED"),
    "many values": ("{ hello }", {"a": [0] * 6000}, "LIMIT_EXCEEDED"),
    "introspection": ("{ __schema { queryType { name } } }", {}, "VALIDATION_FAILED"),
    "a stream that may not begin": ("subscription { forbidden }", {}, "NOT_ALLOWED"),
}


@pytest.mark.parametrize(("query", "variables", "code"), REQUEST_ERRORS.values(), ids=REQUEST_ERRORS)
async def test_a_request_error_ends_the_operation_and_not_the_socket(
    application: Application, query: str, variables: dict[str, Any], code: str
) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.subscribe("1", query, variables=variables)
        message = await socket.hear()
        assert (message["id"], message["type"]) == ("1", "error")
        assert {error["extensions"]["code"] for error in message["payload"]} == {code}
        assert all(error["extensions"]["correlationId"] for error in message["payload"])
        socket.subscribe("1", "{ hello }")  # the id is free, and no complete follows an error
        assert (await socket.hear())["payload"] == {"data": {"hello": "hello world"}}


async def test_what_breaks_is_masked(application: Application) -> None:
    with capture_logs() as logs:
        async with accepted(application) as socket:
            await socket.initialise()
            socket.subscribe("field", "{ broken }")
            field = (await socket.hear())["payload"]
            assert await socket.hear() == {"id": "field", "type": "complete"}
            socket.subscribe("stream", "subscription { breaking }")
            assert (await socket.hear())["payload"] == {"data": {"breaking": 1}}
            stream = await socket.hear()
            socket.subscribe("unwritable", "{ unwritable }")
            unwritable = await socket.hear()
    assert field["data"] == {"broken": None}
    assert (stream["type"], unwritable["type"]) == ("error", "error")
    for [error] in (field["errors"], stream["payload"], unwritable["payload"]):
        assert error["extensions"]["code"] == "INTERNAL"
    assert len(logs) == 3
    assert SECRET not in str((field, stream, unwritable, logs))


async def test_an_operation_may_not_take_for_ever() -> None:
    async with accepted(toy_application(engine=toy_engine(seconds=0.05))) as socket:
        await socket.initialise()
        socket.subscribe("1", "{ slow(seconds: 5) }")
        assert (await socket.hear())["payload"][0]["extensions"]["code"] == "TIMEOUT"
