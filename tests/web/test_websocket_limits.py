"""What a socket, a caller and a page may take of the websocket endpoint, and what stays when they leave."""

import asyncio

import pytest

from app.web.application import Application
from app.web.floods import TokenBucket
from tests.web.sockets import accepted, connect
from tests.web.toy import OPEN

INIT = {"type": "connection_init", "payload": {"authorization": "Bearer good"}}


async def test_a_socket_has_so_many_operations(fast: Application) -> None:
    async with accepted(fast) as socket:
        await socket.initialise()
        for operation_id in "abc":
            socket.subscribe(operation_id, "subscription { silent }")
        socket.subscribe("d", "{ hello }")
        message = await socket.hear()
        assert (message["id"], message["type"]) == ("d", "error")
        assert message["payload"][0]["extensions"]["limit"] == "operations"
        socket.say({"id": "a", "type": "complete"})
        socket.subscribe("d", "{ hello }")
        assert (await socket.hear())["type"] == "next"


async def test_a_caller_has_so_many_sockets(fast: Application) -> None:
    async with accepted(fast) as first, accepted(fast) as second:
        await first.initialise()
        await second.initialise()
        async with accepted(fast) as third:
            third.say(INIT)
            assert await third.closed() == (4429, "Too many sockets")
        async with accepted(fast) as somebody_else:
            await somebody_else.initialise("other")
    async with accepted(fast) as again:
        await again.initialise()


async def test_a_flood_closes_with_4429(fast: Application) -> None:
    async with accepted(fast) as socket:
        await socket.initialise()
        for _ in range(20_000):
            socket.say({"type": "ping"})
        assert await socket.closed() == (4429, "Too many messages")


def test_a_token_bucket() -> None:
    bucket = TokenBucket(rate=2, burst=3)
    assert [bucket.take(100.0) for _ in range(5)] == [True, True, True, False, False]
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]
    assert [bucket.take(200.0) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("GRAPHQL-TRANSPORT-WS",), ("soap", "graphql-ws")])
async def test_another_subprotocol_closes_with_4406(application: Application, protocols: tuple[str, ...]) -> None:
    async with connect(application, protocols=protocols) as socket:
        assert await socket.raw() == {"type": "websocket.accept", "subprotocol": None}
        assert await socket.closed() == (4406, "Subprotocol not acceptable")


async def test_ours_is_taken_from_several(application: Application) -> None:
    async with accepted(application, protocols=("graphql-ws", "graphql-transport-ws")) as socket:
        await socket.initialise()


ORIGINS = {
    "": True,
    "http://duban.test": True,
    "https://duban.test": True,
    "HTTPS://DUBAN.TEST": True,
    "https://oa.example.gov.cn": True,
    "https://evil.example": False,
    "http://oa.example.gov.cn": False,
    "https://oa.example.gov.cn.evil.example": False,
    "https://duban.test.evil.example": False,
    "https://evil.example/duban.test": False,
    "https://duban.test:8443": False,
    "https://duban.test@evil.example": False,
    "null": False,
    "duban.test": False,
}


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS.items())
async def test_other_pages_may_not_connect(application: Application, origin: str, allowed: bool) -> None:
    headers = {"origin": origin} if origin else {}
    async with connect(application, headers=headers) as socket:
        message = await socket.raw()
        assert message["type"] == ("websocket.accept" if allowed else "websocket.close")


async def test_other_paths_and_malformed_heads_are_refused(application: Application) -> None:
    async with connect(application, path="/healthz") as socket:
        assert (await socket.raw())["type"] == "websocket.close"
    async with connect(application, headers={"host": "a b"}) as socket:
        assert (await socket.raw())["type"] == "websocket.close"


async def test_nothing_stays_when_a_client_leaves(application: Application) -> None:
    for _ in range(100):
        async with accepted(application) as socket:
            await socket.initialise()
            socket.subscribe("1", "subscription { endless }")
            socket.subscribe("2", "{ slow(seconds: 5) }")
            await socket.hear()
    assert OPEN == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_reader_that_stalls_holds_no_memory_and_can_still_be_closed(application: Application) -> None:
    async with accepted(application) as socket:
        await socket.initialise()
        socket.stalled.clear()
        socket.subscribe("1", "subscription { count(to: 1000000) }")
        await asyncio.sleep(0.05)
        assert socket.silent()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_no_socket_is_opened_while_draining(application: Application) -> None:
    application.drain.begin()
    async with connect(application) as socket:
        assert (await socket.raw())["type"] == "websocket.close"
