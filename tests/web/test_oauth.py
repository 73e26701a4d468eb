"""Outside systems get tokens for an assertion of their own key, and nothing else; what they lose, they lose at once."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.core.ids import decode_id, encode_id
from app.identity.models import Account, ClientKey
from app.web.floods import TokenBucket
from tests.bed.clients import CLIENT, FIRST, FIRST_KEY, FOREIGN, FORM, SECOND, SECOND_KEY, assertion
from tests.bed.procedure import CITY, OFFICER, approve, dispatch, propose, register
from tests.bed.world import World
from tests.escalation.works import on_sqlite
from tests.identity.bed import chain
from tests.updates.test_following import FOLLOW
from tests.web.sockets import accepted

ADMINISTRATOR, RIGHTS = "xitong", "quanxian"
CASES = "{ cases { edges { node { number } } } }"


async def open_client(world: World, *, unit: str | None = CITY) -> str:
    """The account of an outside system with its first key, and the role for a unit."""
    administrator = world.as_(ADMINISTRATOR)
    account = (await administrator.do("openServiceAccount", "account { id kind login }", login=CLIENT))["account"]
    assert (account["kind"], account["login"]) == ("SERVICE", CLIENT)
    await administrator.do("addClientKey", "clientKey { id }", account=account["id"], public_key=FIRST_KEY)
    if unit is not None:
        given = {"role": "SERVICE", "account": account["id"], "unit": world.unit(unit), "basis": "区政办〔2026〕9号"}
        await world.as_(RIGHTS).do("grantRole", "grant { id }", **given)
    key: str = account["id"]
    return key


async def ask_token(world: World, **fields: str) -> httpx.Response:
    form = FORM | {"client_assertion": assertion(world.clock.real_now())} | fields
    return await world.client.post("/oauth/token", data=form)


async def token(world: World, **fields: str) -> str:
    answer = await ask_token(world, **fields)
    assert answer.status_code == 200, answer.text
    told: str = answer.json()["access_token"]
    return told


async def ask(world: World, document: str, bearer: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"}
    return await world.client.post("/graphql", json={"query": document}, headers=headers)


async def test_a_client_sees_what_its_unit_sees(world: World) -> None:
    await register(world, title="另一件")
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    await open_client(world)
    answer = await ask_token(world)
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", world.settings.access_token_seconds)
    found = (await ask(world, CASES, told["access_token"])).json()
    assert [edge["node"]["number"] for edge in found["data"]["cases"]["edges"]] == ["道督〔2026〕2号"]
    keys = "{ clientKeys { edges { node { account { login } lastUsedAt removedAt } } } }"
    shown = {"account": {"login": CLIENT}, "lastUsedAt": "2026-06-15T01:00:00+00:00", "removedAt": None}
    assert (await world.as_(ADMINISTRATOR).ask(keys))["clientKeys"]["edges"] == [{"node": shown}]
    assert (await world.as_(OFFICER).ask(keys))["clientKeys"]["edges"] == []


@on_sqlite
async def test_without_a_role_it_sees_nothing(world: World) -> None:
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    await open_client(world, unit=None)
    assert (await ask(world, CASES, await token(world))).json()["data"]["cases"]["edges"] == []


@on_sqlite
async def test_what_is_wrong_with_an_assertion_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await open_client(world)
    now = world.clock.real_now()
    seconds = int(now.timestamp())
    wrong: dict[str, str] = {
        "another's key": assertion(now, FOREIGN),
        "nothing like one": "a.b.c",
        "empty": "-",
        "endless": "e" * 5_000,
        "no id": assertion(now, jti=None),
        "an empty id": assertion(now, jti=""),
        "an endless id": assertion(now, jti="j" * 201),
        "no end": assertion(now, exp=None),
        "over": assertion(now, exp=seconds - 31),
        "too long": assertion(now, exp=seconds + 3_700),
        "an end in words": assertion(now, exp="tomorrow"),
        "of the future": assertion(now, iat=seconds + 60),
        "not yet": assertion(now, nbf=seconds + 60),
        "no audience": assertion(now, aud=None),
        "another's audience": assertion(now, aud="https://elsewhere.example"),
        "two audiences": assertion(now, aud=["duban", "https://elsewhere.example"]),
        "another subject": assertion(now, sub="somebody"),
        "an unknown client": assertion(now, iss="nobody", sub="nobody"),
        "a person": assertion(now, iss=OFFICER, sub=OFFICER),
        "capitals": assertion(now, iss=CLIENT.upper(), sub=CLIENT.upper()),
    }
    monkeypatch.setattr(TokenBucket, "take", lambda *_: True)  # so many attempts are limited: below
    said = {"error": "invalid_client", "error_description": "the assertion was not accepted"}
    for name, text in wrong.items():
        answer = await ask_token(world, client_assertion=text)
        assert (name, answer.status_code, answer.json()) == (name, 401, said)
    async with world.database.read() as session:
        refused = [row for row in await chain(session) if row.action == "account.sign_in_refused"]
    assert {row.subject_id for row in refused} == {decode_id(account)[1]}  # type: ignore[index]  # it is an id


async def test_an_assertion_is_good_for_one_use(world: World) -> None:
    await open_client(world)
    once = assertion(world.clock.real_now())
    assert (await ask_token(world, client_assertion=once)).status_code == 200
    assert (await ask_token(world, client_assertion=once)).status_code == 401


@on_sqlite
async def test_it_names_us_or_the_token_end_point(world: World) -> None:
    await open_client(world)
    for audience in ("duban", ["duban"], "duban/oauth/token"):
        text = assertion(world.clock.real_now(), aud=audience)
        assert (await ask_token(world, client_assertion=text)).status_code == 200


@on_sqlite
async def test_other_requests_are_refused_by_name(world: World) -> None:
    wrong = {
        "unsupported_grant_type": {"grant_type": "password"},
        "invalid_client": {"client_assertion_type": "secret"},
        "invalid_scope": {"scope": "everything"},
    }
    for error, fields in wrong.items():
        assert (await ask_token(world, **fields)).json()["error"] == error
    assert (await ask_token(world, client_id="another")).json()["error"] == "invalid_client"
    form = "application/x-www-form-urlencoded"
    bodies = [b"", b"grant_type=a&grant_type=a", b"grant_type=%ff", b"x" * 20_000, "授权".encode()]
    for media, body in [("application/json", b"{}"), *((form, body) for body in bodies)]:
        answer = await world.client.post("/oauth/token", content=body, headers={"content-type": media})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@on_sqlite
async def test_attempts_are_limited_for_each_client(world: World) -> None:
    await open_client(world)
    statuses = [(await ask_token(world, client_assertion=assertion(world.clock.real_now(), FOREIGN))).status_code
                for _ in range(11)]  # fmt: skip
    assert statuses == [401] * 10 + [429]
    other = assertion(world.clock.real_now(), iss="nobody", sub="nobody")
    assert (await ask_token(world, client_assertion=other)).status_code == 401


async def test_keys_are_replaced_one_beside_the_other(world: World) -> None:
    account = await open_client(world)
    administrator = world.as_(ADMINISTRATOR)
    await administrator.do("addClientKey", "clientKey { id }", account=account, public_key=SECOND_KEY)
    for key in (FIRST, SECOND):
        await token(world, client_assertion=assertion(world.clock.real_now(), key))
    again = await administrator.refused("addClientKey", account=account, public_key=SECOND_KEY)
    assert again == ["input.publicKey DUPLICATE"]
    old = await token(world)
    async with world.database.read() as session:
        first = await session.scalar(select(ClientKey.id).where(ClientKey.public_key == FIRST_KEY))
    assert isinstance(first, UUID)
    await administrator.do("removeClientKey", "clientKey { removedAt }", key=encode_id("clientkey", first))
    assert (await ask(world, CASES, old)).status_code == 401
    assert (await ask_token(world)).status_code == 401
    await token(world, client_assertion=assertion(world.clock.real_now(), SECOND))


@on_sqlite
async def test_a_closed_account_is_out_at_once_its_open_sockets_too(world: World) -> None:
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    account = await open_client(world)
    seen = await world.feed.look(0)
    bearer = await token(world)
    async with accepted(world.application) as socket:
        await socket.initialise(bearer)
        socket.subscribe("1", FOLLOW)
        assert (await socket.hear())["payload"]["data"]["caseUpdates"]["node"]["type"] == "case.dispatched"
        await world.as_(ADMINISTRATOR).do("disableAccount", "account { disabledAt }", account=account)
        await world.feed.look(seen - 1)
        assert (await socket.hear())["type"] == "error"
        assert await socket.closed() == (4403, "Forbidden")
    assert (await ask(world, CASES, bearer)).status_code == 401
    assert (await ask_token(world)).status_code == 401
    refused = await world.as_(ADMINISTRATOR).refused("addClientKey", account=account, public_key=SECOND_KEY)
    assert refused == ["STATUS_CONFLICT"]


@on_sqlite
async def test_a_role_that_is_taken_back_is_lost_with_the_next_request(world: World) -> None:
    await dispatch(world, await approve(world, await propose(world, await register(world))))
    account = await open_client(world, unit=None)
    given = {"role": "SERVICE", "account": account, "unit": world.unit(CITY), "basis": "区政办〔2026〕9号"}
    grant = (await world.as_(RIGHTS).do("grantRole", "grant { id }", **given))["grant"]["id"]
    bearer = await token(world)
    assert len((await ask(world, CASES, bearer)).json()["data"]["cases"]["edges"]) == 1
    await world.as_(RIGHTS).do("revokeGrant", "grant { id }", grant=grant)
    assert (await ask(world, CASES, bearer)).json()["data"]["cases"]["edges"] == []


@on_sqlite
async def test_the_token_ends_and_is_not_renewed(world: World) -> None:
    await open_client(world)
    bearer = await token(world)
    world.clock.move(timedelta(seconds=world.settings.access_token_seconds + 31))
    assert (await ask(world, CASES, bearer)).status_code == 401
    await token(world)


@on_sqlite
async def test_who_asks_too_often_waits(world: World) -> None:
    await open_client(world)
    bearer = await token(world)
    at_once = int(5 * world.settings.service_requests_per_second) + 1
    statuses = [(await ask(world, "{ __typename }", bearer)).status_code for _ in range(at_once + 10)]
    assert statuses[:at_once] == [200] * at_once
    assert 429 in statuses[at_once:]
    async with world.database.read() as session:
        assert await session.scalar(select(Account.disabled_at).where(Account.login == CLIENT)) is None
