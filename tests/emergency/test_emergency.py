"""The sealed emergency account: opened by both halves of its secret, for two hours, good for next to nothing, heard."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from app.authz import Role
from app.core.database import Base
from app.core.ids import encode_id, new_id
from app.emergency.models import EmergencySeal
from app.identity.models import Account, RoleGrant
from app.identity.rules import AccountKind
from app.worker.gauges import refresh
from app.worker.sweeps import Sweeper
from tests.bed.dump import changed
from tests.bed.emergency import AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN, open_account, seal, try_to_open
from tests.bed.records import administered_in, check_records
from tests.bed.world import World, reasons
from tests.usecases.calls import RIGHTS

SEALS = "{ emergencySeals(first: 9) { edges { node { id standing restorations reason openedAt openUntil closedAt "
SEALS += "begunBy { name } completedBy { name } closedBy { name } } } } }"
RESTORE = """mutation M($input: RestoreAccountInput!) { answer: restoreAccount(input: $input) {
 __typename ... on RestoreAccountPayload { oneTimePassword account { login } } ... on Refusal { code } } }"""
SIGN_IN = """mutation M($input: SignInInput!) { answer: signIn(input: $input) {
 __typename ... on SessionPayload { mustChangePassword } ... on Refusal { code } } }"""
TOLD = "{ notifications(first: 99) { edges { node { topic } } } }"
HOURS = timedelta(hours=1)


async def seals(world: World, by: str = AUDITOR) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await world.as_(by).ask(SEALS))["emergencySeals"]["edges"]]


async def by_token(world: World, token: str, document: str, **input: Any) -> Any:
    sent = {"query": document, "variables": {"input": input}}
    answer = await world.client.post("/graphql", json=sent, headers={"Authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer.status_code


async def restored(world: World, token: str, login: str) -> Any:
    account = encode_id("account", world.district.accounts[login])
    return (await by_token(world, token, RESTORE, account=account))["data"]["answer"]


async def alarms(world: World, login: str) -> list[str]:
    told = (await world.as_(login).ask(TOLD))["notifications"]["edges"]
    return sorted(edge["node"]["topic"] for edge in told if edge["node"]["topic"].startswith("emergency."))


async def test_two_hours_of_an_emergency(world: World) -> None:
    first = await seal(world)
    (listed,) = await seals(world)
    names = {listed[which]["name"] for which in ("begunBy", "completedBy")}
    assert (listed["id"], listed["standing"], len(names)) == (first.id, "SEALED", 2)
    before = len(await administered_in(world))
    with capture_logs() as logs:
        opened = await open_account(world, first.halves)
    assert [(line["event"], line["what"], line["log_level"]) for line in logs if "what" in line] == [
        ("emergency_account", "emergency.opened", "critical")
    ]
    token = opened["accessToken"]
    assert opened["sessionExpiresAt"] == (world.clock.now() + 2 * HOURS).isoformat()
    (listed,) = await seals(world)
    assert (listed["standing"], listed["reason"]) == ("OPEN", "系统管理员无法登录，由两人启封。")

    # good for letting administrators in again, and for nothing else
    mine = "{ viewer { name clearance units { id } roles { role } } cases(first: 9) { edges { node { id } } } "
    mine += "accounts(first: 99) { edges { node { login } } } }"
    seen = (await by_token(world, token, mine))["data"]
    assert seen["viewer"] == {
        "name": "emergency account", "clearance": "PUBLIC", "units": [], "roles": [{"role": "emergency"}]
    }  # fmt: skip
    assert seen["cases"]["edges"] == []
    assert {edge["node"]["login"] for edge in seen["accounts"]["edges"]} == {
        SYSTEM_ADMIN, SECURITY_ADMIN, RIGHTS, "emergency account"
    }  # fmt: skip
    assert (await restored(world, token, AUDITOR))["code"] == "NOT_FOUND"
    assert (await restored(world, token, "duban.wu"))["code"] == "NOT_FOUND"
    told = await restored(world, token, SYSTEM_ADMIN)
    assert told["account"] == {"login": SYSTEM_ADMIN}
    entering = {"input": {"login": SYSTEM_ADMIN, "password": told["oneTimePassword"]}}
    entered = await world.as_nobody().post(SIGN_IN, entering)
    assert entered["data"]["answer"] == {"__typename": "SessionPayload", "mustChangePassword": True}
    assert (await restored(world, token, SECURITY_ADMIN))["__typename"] == "RestoreAccountPayload"
    assert (await restored(world, token, RIGHTS))["code"] == "EMERGENCY_USED_UP"

    # everybody who must hears of it, and the chain tells it
    assert (await administered_in(world))[before:] == [
        "emergency.opened", "emergency.account_restored", "account.sign_in", "emergency.account_restored"
    ]  # fmt: skip
    world.clock.move(timedelta(minutes=1))
    assert await alarms(world, AUDITOR) == ["emergency.account_restored"] * 2 + ["emergency.opened"]
    assert await alarms(world, RIGHTS) == []
    await check_records(world)

    # it ends by itself, and its secret is used up
    world.clock.move(timedelta(minutes=14))
    refreshing = "mutation M($input: RefreshSessionInput!) { answer: refreshSession(input: $input) { __typename "
    refreshing += "... on SessionPayload { accessToken } ... on Refusal { code } } }"
    renewed = await world.as_nobody().post(refreshing, {"input": {"refreshToken": opened["refreshToken"]}})
    token = renewed["data"]["answer"]["accessToken"]
    world.clock.move(2 * HOURS)
    assert await by_token(world, token, mine) == 401
    assert [one["standing"] for one in await seals(world)] == ["ENDED"]
    assert reasons(await try_to_open(world, first.halves)) == ["SIGN_IN_REFUSED"]


async def test_all_three_administrators_hear_of_it(world: World) -> None:
    await open_account(world, (await seal(world)).halves)
    assert [await alarms(world, login) for login in (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR)] == [
        ["emergency.opened"]
    ] * 3


async def test_what_does_not_open_it(world: World) -> None:
    before = await world.everything()
    assert reasons(await try_to_open(world, ("x", "y"))) == ["SIGN_IN_REFUSED"]  # never sealed
    assert changed(before, await world.everything()) == {}
    first = await seal(world)
    one, other = first.halves
    before = await world.everything()
    for wrong in (("", ""), (one, one), (other, other), (one, "x"), ("x", other), (one + other, ""), (one[:-1], other)):
        assert reasons(await try_to_open(world, wrong)) == ["SIGN_IN_REFUSED"], wrong
    assert (await world.everything())["role_grant"] == before["role_grant"]
    assert reasons(await try_to_open(world, first.halves, reason=" ")) == ["input.reason REQUIRED"]
    assert (await administered_in(world))[-7:] == ["emergency.opening_refused"] * 7
    assert await alarms(world, AUDITOR) == ["emergency.opening_refused"]  # once a day, whoever floods

    # a new seal replaces the old one when it is complete, not before
    begun = await world.as_(SYSTEM_ADMIN).do("beginEmergencySeal", "half")
    assert reasons(await try_to_open(world, (begun["half"], begun["half"]))) == ["SIGN_IN_REFUSED"]
    assert sorted(one["standing"] for one in await seals(world)) == ["HALF_SEALED", "SEALED"]
    second = await seal(world)
    assert sorted(one["standing"] for one in await seals(world)) == ["DROPPED", "DROPPED", "SEALED"]
    assert reasons(await try_to_open(world, first.halves)) == ["SIGN_IN_REFUSED"]
    await open_account(world, (second.halves[1], second.halves[0]))  # in whichever order


async def figures(world: World) -> dict[str, float | None]:
    await refresh(Sweeper(world.database, world.clock, ()), world.database, world.clock)
    return {
        standing: REGISTRY.get_sample_value("duban_emergency_account", {"standing": standing})
        for standing in ("SEALED", "OPEN")
    }


async def test_who_watches_figures_sees_how_it_stands(world: World) -> None:
    assert await figures(world) == {"SEALED": 0, "OPEN": 0}
    made = await seal(world)
    assert await figures(world) == {"SEALED": 1, "OPEN": 0}
    await open_account(world, made.halves)
    assert await figures(world) == {"SEALED": 0, "OPEN": 1}
    await seal(world)
    assert await figures(world) == {"SEALED": 1, "OPEN": 1}
    world.clock.move(2 * HOURS)
    assert await figures(world) == {"SEALED": 1, "OPEN": 0}


async def test_closed_before_its_time(world: World) -> None:
    made = await seal(world)
    closing = {"emergency_seal": made.id}
    assert await world.as_(RIGHTS).refused("closeEmergencyAccount", **closing) == ["STATUS_CONFLICT"]
    token = (await open_account(world, made.halves))["accessToken"]
    await world.as_(RIGHTS).do("closeEmergencyAccount", "emergencySeal { standing }", **closing)
    assert await by_token(world, token, "{ viewer { name } }") == 401
    (listed,) = await seals(world)
    assert (listed["standing"], listed["closedBy"] is not None) == ("ENDED", True)
    assert await world.as_(RIGHTS).refused("closeEmergencyAccount", **closing) == ["STATUS_CONFLICT"]
    assert await world.as_(SECURITY_ADMIN).refused("completeEmergencySeal", **closing) == ["STATUS_CONFLICT"]
    second = await seal(world)
    assert sorted(one["standing"] for one in await seals(world)) == ["ENDED", "SEALED"]
    await open_account(world, second.halves)


async def test_it_is_opened_once(world: World) -> None:
    made = await seal(world)
    answers = await asyncio.gather(*(try_to_open(world, made.halves) for _ in range(3)))
    kinds = sorted(answer["data"]["answer"]["__typename"] for answer in answers)
    assert kinds == ["NotAllowed", "NotAllowed", "SessionPayload"]


async def test_no_secret_is_kept_and_each_half_is_told_once(world: World) -> None:
    key = {"idempotency_key": "一次"}
    begun = await world.as_(SYSTEM_ADMIN).do("beginEmergencySeal", "half emergencySeal { id }", **key)
    again = await world.as_(SYSTEM_ADMIN).do("beginEmergencySeal", "half emergencySeal { id }", **key)
    assert (again["half"], again["emergencySeal"]) == (None, begun["emergencySeal"])
    stored = str(await world.everything())
    assert begun["half"] not in stored
    async with world.database.read() as session:
        (row,) = (await session.scalars(select(EmergencySeal))).all()
        account = await session.get_one(Account, row.account_id)
    assert row.first_hash is not None
    assert (account.kind, account.password_hash, account.person_id) == (AccountKind.EMERGENCY, None, None)


async def test_it_is_no_account_for_anything_else(world: World) -> None:
    made = await seal(world)
    listed = "{ accounts(first: 1, filter: { kinds: [EMERGENCY] }) { edges { node { id login } } } }"
    (edge,) = (await world.as_(SYSTEM_ADMIN).ask(listed))["accounts"]["edges"]
    account = {"account": edge["node"]["id"]}
    accounts = world.as_(SYSTEM_ADMIN)
    for mutation in ("disableAccount", "renewPassword"):
        assert await accounts.refused(mutation, **account) == ["STATUS_CONFLICT"]
    assert await accounts.refused("proposePasswordRenewal", **account) == ["NOT_ALLOWED"]
    given = {"basis": "试", **account}
    assert await world.as_(RIGHTS).refused("grantRole", role="SERVICE", **given) == ["input.account BAD_ID"]
    assert await world.as_(RIGHTS).refused("grantRole", role="EMERGENCY", **given) == ["NOT_ALLOWED"]
    person = {"person": world.person("duban.wu"), "basis": "试"}
    assert await world.as_(RIGHTS).refused("proposeGrant", role="EMERGENCY", **person) == ["NOT_ALLOWED"]
    for half in made.halves:
        body = await world.as_nobody().post(SIGN_IN, {"input": {"login": edge["node"]["login"], "password": half}})
        assert body["data"]["answer"]["code"] == "SIGN_IN_REFUSED"


async def test_the_database_knows_it_too(world: World) -> None:
    made = await seal(world)
    async with world.database.read() as session:
        row = (await session.scalars(select(EmergencySeal))).one()
    assert encode_id("emergencyseal", row.id) == made.id
    now = world.clock.now()
    held = {"id": new_id(), "account_id": row.account_id, "role": Role.EMERGENCY, "valid_from": now, "basis": "试"}
    same = {"account_id": row.account_id, "begun_by": row.begun_by, "begun_at": now, "restorations": 0}
    person = {"person_id": row.begun_by, "account_id": None, "valid_until": now + HOURS}
    wrong: list[tuple[type[Base], dict[str, Any]]] = [
        (RoleGrant, held | {"pending": False}),
        (RoleGrant, held | {"pending": False} | person),
        (Account, {"id": new_id(), "kind": AccountKind.EMERGENCY, "login": "another", "created_at": now}),
        (EmergencySeal, same | {"state": "SEALED", "first_hash": "a", "second_hash": "b"}),
        (EmergencySeal, same | {"state": "HALF_SEALED", "first_hash": "a", "completed_by": row.begun_by}),
        (EmergencySeal, same | {"state": "OPENED", "opened_at": now}),
        (EmergencySeal, same | {"state": "DROPPED", "restorations": 3}),
    ]
    for model, values in wrong:
        with pytest.raises(IntegrityError):
            async with world.database.write() as session:
                await session.execute(insert(model).values(**values))
