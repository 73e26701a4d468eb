"""What an endpoint is pushed, in which order, how often, and what becomes of it when it does not take it."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.core.ids import decode_id
from app.webhooks.models import WebhookMessage
from tests.bed.procedure import CITY, OFFICER
from tests.bed.world import World
from tests.escalation.works import on_sqlite
from tests.web.test_oauth import ADMINISTRATOR, RIGHTS, ask, open_client, token
from tests.webhooks.bed import (
    account_of,
    delivered,
    dispatched,
    log,
    pending,
    postman_of,
    registered,
    row,
    verified,
)
from tests.webhooks.receiving import Inbox, Received, receiving

MINUTE = timedelta(minutes=1)
OTHER = "区生态环境局"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


@pytest.fixture
def other() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


def signed_by(request: Received, secret: str) -> list[bool]:
    """For each signature whether this secret made it: as a receiver checks it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return [given == expected for given in request.headers["webhook-signature"].split()]


async def test_what_its_unit_is_told_is_pushed_once_signed_and_in_order(world: World, inbox: Inbox) -> None:
    await dispatched(world)  # before there was anybody to tell
    async with postman_of(world) as postman, postman_of(world) as another:
        endpoint = await verified(world, postman, await account_of(world), inbox, at_once=4)
        cases = [await dispatched(world) for _ in range(3)]
        for case in cases:
            part = await world.as_("chengguan.handler").ask(
                "query C($id: ID!) { case(id: $id) { assignments { id } } }", id=case["id"]
            )
            await world.as_("chengguan.handler").do(
                "acknowledgeAssignment",
                "assignment { id }",
                assignment=part["case"]["assignments"][0]["id"],
                handler=world.person("chengguan.handler"),
            )
        await asyncio.gather(*(one.round() for one in (postman, another, postman, another)))
        await asyncio.gather(postman.finish(), another.finish())
        await delivered(postman)
    assert sorted(inbox.types) == ["assignment.acknowledged"] * 3 + ["case.dispatched"] * 3
    assert len({request.id for request in inbox.requests}) == 6
    by_case = {case["id"]: [] for case in cases}  # type: dict[str, list[str]]
    for request in inbox.requests:
        by_case[request.said["data"]["case"]].append(request.said["type"])
        assert signed_by(request, endpoint.secret) == [True]
    assert set(map(tuple, by_case.values())) == {("case.dispatched", "assignment.acknowledged")}
    assert {one["state"] for one in await log(world, endpoint)} == {"DELIVERED"}
    assert (await row(world, endpoint)).last_delivered_at == world.clock.real_now()


@on_sqlite
async def test_a_message_holds_ids_and_names_of_fields_and_what_they_mean_is_asked_back(
    world: World, inbox: Inbox
) -> None:
    async with postman_of(world) as postman:
        await verified(world, postman, await account_of(world), inbox)
        case = await dispatched(world, title="夜市油烟扰民")
        await delivered(postman)
    (request,) = inbox.requests
    said = request.said
    assert said["type"] == "case.dispatched"
    assert set(said["data"]) <= {"id", "case", "unit", "occurredOn", "changed"}
    assert said["data"]["case"] == case["id"]
    assert "status" in said["data"]["changed"]
    assert "油烟" not in request.body.decode()
    bearer = await token(world)
    asked = f'{{ node(id: "{said["data"]["id"]}") {{ ... on TimelineEntry {{ type case {{ title }} }} }} }}'
    found = (await ask(world, asked, bearer)).json()["data"]["node"]
    assert found == {"type": "case.dispatched", "case": {"title": "夜市油烟扰民"}}


@on_sqlite
async def test_what_the_account_may_not_see_is_neither_sent_nor_hinted_at(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        account = await open_client(world, unit=OTHER)
        endpoint = await verified(world, postman, account, inbox)
        await dispatched(world)
        await delivered(postman)
    assert inbox.requests == []
    assert len(await log(world, endpoint)) == 1  # its code


@on_sqlite
async def test_a_role_that_was_lost_meanwhile_withholds_what_waits(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        account = await open_client(world, unit=None)
        given = {"role": "SERVICE", "account": account, "unit": world.unit(CITY), "basis": "区政办〔2026〕9号"}
        grant = (await world.as_(RIGHTS).do("grantRole", "grant { id }", **given))["grant"]["id"]
        endpoint = await verified(world, postman, account, inbox)
        await dispatched(world)
        inbox.answers = [503]
        await delivered(postman)
        await world.as_(RIGHTS).do("revokeGrant", "grant { id }", grant=grant)
        world.clock.move(timedelta(days=1))
        await delivered(postman)
        assert len(inbox.requests) == 1
        assert (await log(world, endpoint))[-1]["state"] == "WITHHELD"


@on_sqlite
async def test_a_closed_account_is_pushed_nothing(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        account = await account_of(world)
        await verified(world, postman, account, inbox)
        await dispatched(world)
        await world.as_(ADMINISTRATOR).do("disableAccount", "account { id }", account=account)
        await delivered(postman)
    assert inbox.requests == []


@on_sqlite
async def test_only_the_types_that_were_asked_for(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        await verified(world, postman, await account_of(world), inbox, event_types=["case.closed"])
        await dispatched(world)
        await delivered(postman)
    assert inbox.requests == []


@on_sqlite
async def test_what_is_not_taken_comes_again_under_the_same_id_and_holds_up_its_case_alone(
    world: World, inbox: Inbox
) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox, at_once=2)
        one = await dispatched(world)
        await world.as_("duban.zhu").do(
            "setAccessScope", "case { id }", case=one["id"], expected_version=one["version"], restricted=False
        )
        inbox.answers = [422]
        await delivered(postman)
        other_case = await dispatched(world)
        await delivered(postman)
        first, *others = inbox.requests
        assert [request.said["data"]["case"] for request in others] == [other_case["id"]]
        assert (await row(world, endpoint)).failures == 0
        world.clock.move(MINUTE)
        await delivered(postman)
    again = inbox.requests[2]
    assert (again.id, again.body) == (first.id, first.body)
    assert again.headers["webhook-timestamp"] != first.headers["webhook-timestamp"]
    assert sorted(entry["attempts"] for entry in (await log(world, endpoint))[1:]) == [1, 2]


@on_sqlite
async def test_a_receiver_that_fails_is_left_alone_for_a_while_and_then_tried_by_one(
    world: World, inbox: Inbox
) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox, at_once=5)
        for _ in range(3):
            await dispatched(world)
        inbox.answers = [(503, {"Retry-After": "120"})] * 3
        await delivered(postman)
        assert len(inbox.requests) == 3  # under way before any had failed
        world.clock.move(MINUTE)
        await delivered(postman)
        assert len(inbox.requests) == 3
        world.clock.move(MINUTE)
        inbox.answers = [500]
        await delivered(postman)
        assert len(inbox.requests) == 4
        world.clock.move(10 * MINUTE)
        await delivered(postman)
        assert await pending(world, endpoint) == 0
    assert len({request.id for request in inbox.requests}) == 3


@on_sqlite
async def test_after_days_a_message_is_given_up_and_can_be_sent_again_by_hand(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
        await dispatched(world)
        inbox.answers = [500] * 10
        for _ in range(10):
            await delivered(postman)
            world.clock.move(timedelta(days=2))
        dead = (await log(world, endpoint))[-1]
        assert (dead["state"], dead["attempts"], dead["lastStatus"]) == ("DEAD", 10, 500)
        await delivered(postman)
        assert len(inbox.requests) == 10
        administrator = world.as_(ADMINISTRATOR)
        await administrator.do("replayWebhook", "webhook { id }", webhook=endpoint.id, messages=[dead["id"]])
        await delivered(postman)
        assert (await log(world, endpoint))[-1]["state"] == "DELIVERED"
    assert {request.id for request in inbox.requests} == {dead["id"]}


@on_sqlite
async def test_a_time_is_sent_again_even_what_the_log_has_forgotten(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
        cases = []
        for _ in range(3):
            cases.append(await dispatched(world))
            world.clock.move(MINUTE)
        await delivered(postman)
        first = list(inbox.requests)
        async with world.database.write() as session:
            await session.delete(await session.get_one(WebhookMessage, _key(first[1])))
        since = world.clock.now() - 2 * MINUTE
        again = {"webhook": endpoint.id, "since": since, "until": world.clock.now()}
        await world.as_(ADMINISTRATOR).do("replayWebhook", "webhook { id }", **again)
        await delivered(postman)
    assert [request.id for request in inbox.requests[3:]] == [request.id for request in first[1:]]
    assert [request.body for request in inbox.requests[3:]] == [request.body for request in first[1:]]


def _key(request: Received) -> UUID:
    found = decode_id(request.id)
    assert found is not None
    return found[1]


@on_sqlite
async def test_a_receiver_that_is_gone_is_pushed_nothing_until_it_is_resumed(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
        await dispatched(world)
        inbox.answers = [410]
        await delivered(postman)
        assert (await row(world, endpoint)).state == "GONE"
        await dispatched(world)
        world.clock.move(MINUTE)
        await delivered(postman)
        assert len(inbox.requests) == 1
        await world.as_(ADMINISTRATOR).do("resumeWebhook", "webhook { state }", webhook=endpoint.id)
        await delivered(postman)
    assert len({request.id for request in inbox.requests}) == 2


@on_sqlite
async def test_a_pause_loses_nothing(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
        await world.as_(RIGHTS).do("pauseWebhook", "webhook { state }", webhook=endpoint.id)
        await dispatched(world)
        await delivered(postman)
        assert inbox.requests == []
        await world.as_(ADMINISTRATOR).do("resumeWebhook", "webhook { state }", webhook=endpoint.id)
        await delivered(postman)
    assert inbox.types == ["case.dispatched"]


@on_sqlite
async def test_a_new_secret_signs_beside_the_old_one_for_a_day(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
        administrator = world.as_(ADMINISTRATOR)
        new = (await administrator.do("rotateWebhookSecret", "secret", webhook=endpoint.id))["secret"]
        assert await administrator.refused("rotateWebhookSecret", webhook=endpoint.id) == ["ALREADY_DONE"]
        await dispatched(world)
        await delivered(postman)
        world.clock.move(timedelta(days=1))
        await dispatched(world)
        await delivered(postman)
    both, after = inbox.requests
    assert (signed_by(both, new), signed_by(both, endpoint.secret)) == ([True, False], [False, True])
    assert (signed_by(after, new), signed_by(after, endpoint.secret)) == ([True], [False])


@on_sqlite
async def test_a_receiver_that_hangs_slows_no_other(world: World, inbox: Inbox, other: Inbox) -> None:
    async with postman_of(world) as postman:
        account = await account_of(world)
        await verified(world, postman, account, inbox, at_once=10)
        await verified(world, postman, account, other)
        inbox.goes_on.clear()
        for _ in range(3):
            await dispatched(world)
        async with asyncio.timeout(3):
            await postman.round()
            while len(other.requests) < 3:
                await asyncio.sleep(0.01)
            await dispatched(world)
            await postman.round()
            while len(other.requests) < 4:
                await postman.round()
                await asyncio.sleep(0.01)
        inbox.goes_on.set()


async def test_what_somebody_had_in_hand_when_he_died_comes_again(world: World, inbox: Inbox) -> None:
    async with postman_of(world, lease=MINUTE) as postman:
        await verified(world, postman, await account_of(world), inbox)
        await dispatched(world)
        inbox.goes_on.clear()
        await postman.round()
        while not inbox.requests:
            await asyncio.sleep(0.01)
    inbox.goes_on.set()
    async with postman_of(world, lease=MINUTE) as another:
        await delivered(another)
        assert len(inbox.requests) == 1
        world.clock.move(MINUTE)
        await delivered(another)
    first, second = inbox.requests
    assert (first.id, first.body) == (second.id, second.body)
    async with world.database.read() as session:
        assert await session.scalar(select(func.sum(WebhookMessage.attempts))) == 3  # with that of the code


@on_sqlite
async def test_nothing_but_the_code_leaves_before_another_has_verified_it(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await registered(world, await account_of(world), inbox.url)
        await dispatched(world)
        await delivered(postman)
        (request,) = inbox.requests
        assert (request.said["type"], signed_by(request, endpoint.secret)) == ("webhook.verification", [True])
        wrong = await world.as_(RIGHTS).refused("verifyWebhook", webhook=endpoint.id, code="123456")
        assert wrong == ["input.code WRONG_CODE"]
        code = request.said["data"]["code"]
        assert await world.as_(ADMINISTRATOR).refused("verifyWebhook", webhook=endpoint.id, code=code) == [
            "NOT_ALLOWED SOD-40"
        ]
        await world.as_(RIGHTS).do("verifyWebhook", "webhook { state }", webhook=endpoint.id, code=code)
        again = await world.as_(RIGHTS).refused("verifyWebhook", webhook=endpoint.id, code=code)
        assert again == ["STATUS_CONFLICT ACTIVE"]
        await delivered(postman)
    assert len(inbox.requests) == 1


@on_sqlite
async def test_what_cannot_be_registered(world: World) -> None:
    account = await account_of(world)
    administrator = world.as_(ADMINISTRATOR)
    good = {"account": account, "url": "https://oa.example.gov.cn/a"}
    await administrator.do("registerWebhook", "webhook { id }", **good)
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({"url": "ftp://oa.example.gov.cn"}, ["input.url BAD_TEXT"]),
        ({"url": "https://x@oa.example.gov.cn"}, ["input.url BAD_TEXT"]),
        ({"at_once": 0}, ["input.atOnce OUT_OF_RANGE"]),
        ({"at_once": 11}, ["input.atOnce OUT_OF_RANGE"]),
        ({"event_types": ["case"]}, ["input.eventTypes.0 BAD_TEXT"]),
        ({"event_types": ["a.b"] * 21}, ["input.eventTypes TOO_MANY"]),
        ({}, ["input.url DUPLICATE"]),
    ]
    for changes, problems in wrong:
        assert await administrator.refused("registerWebhook", **good | changes) == problems
    people = await administrator.ask('{ accounts(filter: {login: "quanxian"}) { edges { node { id } } } }')
    person = people["accounts"]["edges"][0]["node"]["id"]
    assert await administrator.refused("registerWebhook", **good | {"account": person}) == ["STATUS_CONFLICT"]
    for number in range(4):
        await administrator.do("registerWebhook", "webhook { id }", account=account, url=f"{good['url']}{number}")
    assert await administrator.refused("registerWebhook", account=account, url="https://b.example") == [
        "input.account TOO_MANY"
    ]


@on_sqlite
async def test_its_own_system_sees_its_endpoint_and_nobody_the_secret(world: World, inbox: Inbox) -> None:
    async with postman_of(world) as postman:
        endpoint = await verified(world, postman, await account_of(world), inbox)
    asked = "{ webhooks { edges { node { id url state } } } webhookMessages { edges { node { state } } } }"
    seen = (await ask(world, asked, await token(world))).json()["data"]
    assert [edge["node"]["id"] for edge in seen["webhooks"]["edges"]] == [endpoint.id]
    assert [edge["node"]["state"] for edge in seen["webhookMessages"]["edges"]] == ["DELIVERED"]
    assert (await world.as_(OFFICER).ask(asked))["webhooks"]["edges"] == []
    assert endpoint.secret.removeprefix("whsec_") not in str(await world.everything())
