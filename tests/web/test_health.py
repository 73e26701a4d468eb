"""Liveness, readiness, metrics."""

import asyncio

import httpx
import pytest

from app.web.application import Application
from app.web.drain import Drain
from app.web.health import Health
from tests.web.toy import SECRET, toy_application


def client_of(application: Application, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=application, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://duban.test")


async def fine() -> bool:
    return True


async def failing() -> None:
    raise ConnectionError(SECRET)


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_alive() -> None:
    async with client_of(toy_application(checks={"database": failing})) as client:
        response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


async def test_ready_when_every_check_passes() -> None:
    async with client_of(toy_application(checks={"database": fine, "redis": fine})) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_unready_names_what_fails_and_not_why() -> None:
    async with client_of(toy_application(checks={"database": fine, "redis": failing, "calendar": failing})) as client:
        response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unready", "failing": ["redis", "calendar"]})


async def test_a_check_that_hangs_fails() -> None:
    health = Health({"database": hanging}, Drain(1), check_seconds=0.01)
    assert await health._failures() == ["database"]


async def test_checks_are_not_asked_for_every_caller() -> None:
    asked = 0

    async def counting() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)

    async with client_of(toy_application(checks={"database": counting})) as client:
        responses = await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
    assert {response.status_code for response in responses} == {200}
    assert asked == 1


async def test_draining_is_unready_and_closes_connections(application: Application) -> None:
    async with client_of(application) as client:
        before = await client.post("/graphql", json={"query": "{ hello }"})
        application.drain.begin()
        ready = await client.get("/readyz")
        alive = await client.get("/healthz")
        answer = await client.post("/graphql", json={"query": "{ hello }"})
    assert "connection" not in before.headers
    assert (ready.status_code, ready.json()["failing"]) == (503, ["draining"])
    assert (alive.status_code, answer.status_code) == (200, 200)
    assert {response.headers["connection"] for response in (ready, alive, answer)} == {"close"}


def test_a_drain_begins_once() -> None:
    now = 10.0
    drain = Drain(2.0, clock=lambda: now)
    assert (drain.begun, drain.over) == (False, False)
    drain.begin()
    now = 11.5
    drain.begin()
    assert (drain.begun, drain.over) == (True, False)
    now = 12.0
    assert drain.over


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.5", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.5"}, 404),
        ("a unix socket", {}, 404),
        ("127.0.0.1", {"forwarded": "for=10.0.0.5"}, 404),
    ],
)
async def test_metrics_are_for_this_machine(
    application: Application, address: str, headers: dict[str, str], status: int
) -> None:
    async with client_of(application, address) as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        response = await client.get("/metrics", headers=headers)
    assert response.status_code == status
    assert ('duban_graphql_requests_total{outcome="data",transport="http"}' in response.text) is (status == 200)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_health_is_only_read(application: Application, path: str) -> None:
    async with client_of(application) as client:
        response = await client.post(path)
        head = await client.head(path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert head.status_code == 200
