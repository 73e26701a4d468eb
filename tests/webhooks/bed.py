"""An outside system with endpoints, in a world; and a postman who may speak to this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.authz import Policy
from app.core.ids import decode_id
from app.core.keys import webhook_key
from app.webhooks.addresses import networks_of
from app.webhooks.delivering import LEASE, Postman
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import MessageState
from app.webhooks.sending import Sender
from tests.bed.procedure import CITY, Row, approve, dispatch, propose, register
from tests.bed.world import World
from tests.web.test_oauth import ADMINISTRATOR, RIGHTS, open_client
from tests.webhooks.receiving import Inbox

LOOPBACK = networks_of(["127.0.0.0/8"])
LOG = """query Q($f: WebhookMessageFilter) { webhookMessages(first: 50, filter: $f) { edges { node {
  id state attempts lastStatus lastFault } } } }"""


@asynccontextmanager
async def postman_of(world: World, *, lease: timedelta = LEASE, seconds: float = 5.0) -> AsyncIterator[Postman]:
    key = webhook_key(world.settings)

    async def policy() -> Policy:
        return world.policy

    postman = Postman(world.workplace, policy, Sender(LOOPBACK, seconds), key, lease=lease)
    try:
        yield postman
    finally:
        await postman.close()


async def delivered(postman: Postman) -> None:
    """All that is due."""
    await postman.round()
    await postman.finish()


@dataclass(frozen=True, slots=True)
class Endpoint:
    id: str
    secret: str

    @property
    def key(self) -> UUID:
        found = decode_id(self.id)
        assert found is not None
        return found[1]


async def account_of(world: World, *units: str) -> str:
    """The account of an outside system that works for these units."""
    account = await open_client(world, unit=None)
    for unit in units or (CITY,):
        given = {"role": "SERVICE", "account": account, "unit": world.unit(unit), "basis": "区政办〔2026〕9号"}
        await world.as_(RIGHTS).do("grantRole", "grant { id }", **given)
    return account


async def registered(world: World, account: str, url: str, **wishes: Any) -> Endpoint:
    told = await world.as_(ADMINISTRATOR).do(
        "registerWebhook", "secret webhook { id state }", account=account, url=url, **wishes
    )
    assert told["webhook"]["state"] == "UNVERIFIED"
    return Endpoint(told["webhook"]["id"], told["secret"])


async def verified(world: World, postman: Postman, account: str, inbox: Inbox, **wishes: Any) -> Endpoint:
    """Registered, sent its code, verified by another; the inbox is empty again."""
    endpoint = await registered(world, account, inbox.url, **wishes)
    await delivered(postman)
    code = inbox.requests.pop().said["data"]["code"]
    await world.as_(RIGHTS).do("verifyWebhook", "webhook { state }", webhook=endpoint.id, code=code)
    world.clock.move(timedelta(seconds=1))  # what comes is later in the log than the code
    return endpoint


async def log(world: World, endpoint: Endpoint, *states: str) -> list[dict[str, Any]]:
    """The messages, oldest first, as the administrator sees them."""
    wanted = {"webhooks": [endpoint.id]} | ({"states": list(states)} if states else {})
    found = await world.as_(ADMINISTRATOR).ask(LOG, f=wanted)
    return [edge["node"] for edge in reversed(found["webhookMessages"]["edges"])]


async def row(world: World, endpoint: Endpoint) -> WebhookEndpoint:
    async with world.database.read() as session:
        return await session.get_one(WebhookEndpoint, endpoint.key)


async def pending(world: World, endpoint: Endpoint) -> int:
    waiting = (WebhookMessage.endpoint_id == endpoint.key, WebhookMessage.state == MessageState.PENDING)
    async with world.database.read() as session:
        return await session.scalar(select(func.count()).where(*waiting)) or 0


async def dispatched(world: World, **matter: Any) -> Row:
    return await dispatch(world, await approve(world, await propose(world, await register(world, **matter))))
