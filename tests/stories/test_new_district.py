"""A district from nothing: four administrators, and by their hands a unit that gets its first case.

第五条, 第二十四条: who gives roles opens no accounts, who opens accounts gives no roles, and a leader's role takes two.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.authz import Role
from app.core.ids import decode_id, encode_id
from app.demo.district import GOVERNMENT, OFFICE, District
from app.identity.passwords import Passwords
from app.identity.service import Administrator, admin_bootstrap
from tests.bed.opening import Ground, open_world, settle
from tests.bed.procedure import CITY, LEADER, OFFICER, acknowledge, dispatched, part_of
from tests.bed.world import World

RIGHTS, ACCOUNTS, SECURITY, AUDITOR = "quanxian", "xitong", "anmi", "shenji"
HANDLER = "chengguan.handler"
BASIS = "区政办〔2026〕1号"
OWN_PASSWORD = "各人自己的密码 2026"


@pytest.fixture
def world_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """A new database, in which nobody is."""
    with request.getfixturevalue(f"{kind}_server").database() as url:
        yield url


@pytest.fixture
async def world(world_url: str, ground: Ground) -> AsyncIterator[World]:
    empty = replace(ground, district=District())
    await settle(world_url, empty)
    async with open_world(world_url, empty) as world:
        yield world


async def test_a_district_is_set_up_by_its_first_administrators(world: World) -> None:
    await bootstrap(world)
    rights, security = world.as_(RIGHTS), world.as_(SECURITY)

    # 第二条: the units, one under the other
    government = await unit(world, GOVERNMENT, "GOVERNMENT")
    for name, kind in ((OFFICE, "SUPERVISION_OFFICE"), (CITY, "DEPARTMENT")):
        await unit(world, name, kind, parent=government)

    # people, each with a post; an account is the system administrator's to open
    await person(world, LEADER, "王海涛", GOVERNMENT, "副区长", system="GOVERNMENT")
    await person(world, OFFICER, "吴芳", OFFICE, "督办员")
    await person(world, HANDLER, "杜鹃", CITY, "承办人")
    assert await rights.refused("openAccount", person=world.person(HANDLER), login="du") == ["NOT_ALLOWED"]
    passwords = {login: await account(world, login) for login in (LEADER, OFFICER, HANDLER)}

    # whoever has an account has no right by it: the handler signs in and changes his password first
    await enter(world, HANDLER, passwords[HANDLER])
    assert await viewer(world, HANDLER) == {"name": "杜鹃", "units": [{"name": CITY}], "roles": []}

    # roles: business roles by one person, a leader's by two
    city = world.unit(CITY)
    await rights.do(
        "grantRole", "grant { id }", role="UNIT_HANDLER", person=world.person(HANDLER), unit=city, basis=BASIS
    )
    await rights.do("grantRole", "grant { id }", role="SUPERVISION_OFFICER", person=world.person(OFFICER), basis=BASIS)
    leader = {"role": "DISTRICT_LEADER", "person": world.person(LEADER), "basis": BASIS}
    assert await rights.refused("grantRole", **leader) == ["NOT_ALLOWED"]
    proposed = (await rights.do("proposeGrant", "grant { id state }", **leader))["grant"]
    assert proposed["state"] == "PENDING"
    assert await rights.refused("approveGrant", grant=proposed["id"]) == ["NOT_ALLOWED SOD-27"]
    for login in (LEADER, OFFICER):
        await enter(world, login, passwords[login])
    assert (await viewer(world, LEADER))["roles"] == []
    approved = (await security.do("approveGrant", "grant { state }", grant=proposed["id"]))["grant"]
    assert approved == {"state": "IN_FORCE"}
    assert (await viewer(world, LEADER))["roles"] == [{"role": "district_leader", "unit": None}]
    assert (await viewer(world, HANDLER))["roles"] == [{"role": "unit_handler", "unit": {"name": CITY}}]

    # who holds what, on what basis, is for the auditor to read
    assert await held(world) == [
        ("DISTRICT_LEADER", "王海涛", BASIS, RIGHTS, SECURITY),
        ("SUPERVISION_OFFICER", "吴芳", BASIS, RIGHTS, None),
        ("UNIT_HANDLER", "杜鹃", BASIS, RIGHTS, None),
    ]

    # and the first case goes out: registered, proposed, decided, dispatched, acknowledged
    case = await dispatched(world)
    assert case["number"] == "道督〔2026〕1号"
    mine = "{ cases(first: 5) { edges { node { number } } } todos(first: 5) { edges { node { action } } } }"
    seen = await world.as_(HANDLER).ask(mine)
    assert seen["cases"]["edges"] == [{"node": {"number": case["number"]}}]
    assert {"node": {"action": "ACKNOWLEDGE"}} in seen["todos"]["edges"]
    assert (await acknowledge(world, await part_of(world, case)))["status"] == "ACKNOWLEDGED"


async def test_who_leaves_is_out_at_once_and_who_forgets_is_let_in_again(world: World) -> None:
    await bootstrap(world)
    await unit(world, CITY, "DEPARTMENT")
    post = await person(world, HANDLER, "杜鹃", CITY, "承办人")
    first = await account(world, HANDLER)
    await enter(world, HANDLER, first)
    rights, accounts = world.as_(RIGHTS), world.as_(ACCOUNTS)
    given = {"role": "UNIT_HANDLER", "person": world.person(HANDLER), "unit": world.unit(CITY), "basis": BASIS}
    grant = (await rights.do("grantRole", "grant { id }", **given))["grant"]["id"]

    # a lost telephone: what was signed in on it is worth nothing at the next request
    listed = "{ sessions(first: 9) { edges { node { id revokedAt account { login } } } } }"
    own = [edge["node"] for edge in (await world.as_(HANDLER).ask(listed))["sessions"]["edges"]]
    assert {session["account"]["login"] for session in own} == {HANDLER}
    for session in own:
        if session["revokedAt"] is None:
            ended = await accounts.do("revokeSession", "session { revokedReason }", session=session["id"])
            assert ended["session"] == {"revokedReason": "REVOKED"}
    (fault,) = (await world.as_(HANDLER).post(listed, {}))["errors"]
    assert fault["extensions"]["code"] == "UNAUTHENTICATED"

    # a forgotten password: the old one and the open session are worth nothing from now on
    mine = encode_id("account", world.district.accounts[HANDLER])
    renewed = await accounts.do("renewPassword", "oneTimePassword", account=mine, idempotency_key="k")
    again = await accounts.do("renewPassword", "oneTimePassword", account=mine, idempotency_key="k")
    assert again["oneTimePassword"] is None
    assert (await answer(world, "signIn", {"login": HANDLER, "password": OWN_PASSWORD}))["code"] == "SIGN_IN_REFUSED"
    await enter(world, HANDLER, renewed["oneTimePassword"])

    # he leaves: the post ends today, the role and the account at once
    last_day = {"post": post, "last_day": "2026-06-15"}
    assert (await rights.do("endPost", "post { validUntil }", **last_day))["post"]["validUntil"] == "2026-06-15"
    revoked = await rights.do("revokeGrant", "grant { state revokedBy { name } }", grant=grant)
    assert revoked["grant"] == {"state": "REVOKED", "revokedBy": {"name": "钱进"}}
    await accounts.do("disableAccount", "account { disabledAt }", account=mine)
    refused = await answer(world, "signIn", {"login": HANDLER, "password": OWN_PASSWORD})
    assert refused["code"] == "SIGN_IN_REFUSED"


async def test_nobody_alone_signs_in_as_an_administrator(world: World) -> None:
    await bootstrap(world)
    accounts, security = world.as_(ACCOUNTS), world.as_(SECURITY)
    auditor = {"account": encode_id("account", world.district.accounts[AUDITOR])}
    assert await accounts.refused("renewPassword", **auditor) == ["NOT_ALLOWED SOD-31"]

    # proposed: who proposed it is told the password, which opens nothing yet; whose account it is hears of it
    told = "oneTimePassword renewal { id state person { name } }"
    proposed = await accounts.do("proposePasswordRenewal", told, **auditor)
    renewal = proposed["renewal"]
    assert (renewal["state"], renewal["person"]) == ("PENDING", {"name": "罗严"})
    wrong = {"login": AUDITOR, "password": proposed["oneTimePassword"]}
    assert (await answer(world, "signIn", wrong))["code"] == "SIGN_IN_REFUSED"
    listed = "{ passwordRenewals(first: 9) { edges { node { state proposedBy { name } } } } }"
    (heard,) = (await world.as_(AUDITOR).ask(listed))["passwordRenewals"]["edges"]
    assert heard["node"] == {"state": "PENDING", "proposedBy": {"name": "高远"}}
    assert (await world.as_(RIGHTS).refused("approvePasswordRenewal", renewal=renewal["id"])) == [
        "SECURITY_ADMIN_REQUIRED"
    ]

    # approved by somebody else: now it is the account's
    approved = await security.do(
        "approvePasswordRenewal", "renewal { state approvedBy { name } }", renewal=renewal["id"]
    )
    assert approved["renewal"] == {"state": "APPROVED", "approvedBy": {"name": "林静"}}
    assert (await answer(world, "signIn", {"login": AUDITOR, "password": OWN_PASSWORD}))["code"] == "SIGN_IN_REFUSED"
    await enter(world, AUDITOR, proposed["oneTimePassword"])


async def test_a_unit_is_renamed_and_closed_and_keeps_its_past(world: World) -> None:
    await bootstrap(world)
    key, rights = await unit(world, "区建设局", "DEPARTMENT"), world.as_(RIGHTS)
    named = {"unit": key, "name": "区住房和城乡建设局", "short_name": "区住建局"}
    assert await rights.refused("renameUnit", **named, valid_from="2026-06-16") == ["input.validFrom BAD_DATE"]
    assert await rights.refused("renameUnit", **named, valid_from="2022-01-01") == ["input.validFrom BAD_DATE"]
    renamed = await rights.do("renameUnit", "unit { name shortName }", **named, valid_from="2026-06-15")
    assert renamed["unit"] == {"name": "区住房和城乡建设局", "shortName": "区住建局"}
    assert await rights.refused("closeUnit", unit=key, last_day="2026-06-14") == ["input.lastDay BAD_DATE"]
    closed = await rights.do("closeUnit", "unit { validUntil }", unit=key, last_day="2026-06-30")
    assert closed["unit"] == {"validUntil": "2026-06-30"}
    assert await rights.refused("closeUnit", unit=key, last_day="2026-07-01") == ["ALREADY_DONE"]
    assert await rights.refused("renameUnit", **named | {"name": "别名"}, valid_from="2026-06-15") == [
        "STATUS_CONFLICT"
    ]


async def bootstrap(world: World) -> None:
    """The four are made on the server, and each signs in with what was printed there."""
    four = [
        Administrator(Role.PERMISSION_ADMIN, "钱进", RIGHTS),
        Administrator(Role.SYSTEM_ADMIN, "高远", ACCOUNTS),
        Administrator(Role.SECURITY_ADMIN, "林静", SECURITY),
        Administrator(Role.SECURITY_AUDITOR, "罗严", AUDITOR),
    ]
    passwords = Passwords(memory_kib=8, iterations=1)
    issued = await admin_bootstrap(world.database, world.clock, passwords, four)
    passwords.close()
    for one in issued:
        await enter(world, one.login, one.password)


async def enter(world: World, login: str, one_time: str) -> None:
    """Sign in with a one-time password, which opens nothing but the way to a password of one's own."""
    signed_in = await answer(world, "signIn", {"login": login, "password": one_time})
    assert signed_in["mustChangePassword"] is True
    token = signed_in["accessToken"]
    changed = await answer(world, "changePassword", {"current": one_time, "new": OWN_PASSWORD}, token)
    assert changed == {"__typename": "DonePayload"}
    signed_in = await answer(world, "signIn", {"login": login, "password": OWN_PASSWORD})
    assert signed_in["mustChangePassword"] is False
    mine = "query Q($login: String) { accounts(filter: { login: $login }) { edges { node { id person { id } } } } }"
    (own,) = (await ask(world, mine, {"login": login}, signed_in["accessToken"]))["accounts"]["edges"]
    world.district.accounts[login] = key_in("account", own["node"]["id"])
    world.district.people[login] = key_in("person", own["node"]["person"]["id"])


async def answer(world: World, mutation: str, input: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    kind = mutation[0].upper() + mutation[1:]
    told = "... on SessionPayload { accessToken mustChangePassword }" if mutation == "signIn" else ""
    document = (
        f"mutation M($input: {kind}Input!) {{ answer: {mutation}(input: $input) "
        f"{{ __typename {told} ... on Refusal {{ code }} }} }}"
    )
    found: dict[str, Any] = (await ask(world, document, {"input": input}, token))["answer"]
    return found


async def ask(world: World, document: str, variables: dict[str, Any], token: str | None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = (
        await world.client.post("/graphql", json={"query": document, "variables": variables}, headers=headers)
    ).json()
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


async def unit(world: World, name: str, kind: str, **given: Any) -> str:
    given |= {"kind": kind, "subordination": "DISTRICT", "valid_from": "2022-01-01"}
    found: str = (await world.as_(RIGHTS).do("registerUnit", "unit { id }", name=name, **given))["unit"]["id"]
    world.district.units[name] = key_in("unit", found)
    return found


async def person(world: World, login: str, name: str, unit: str, post: str, **given: Any) -> str:
    """Somebody with a post; the post."""
    rights = world.as_(RIGHTS)
    registered = await rights.do("registerPerson", "person { id }", name=name, **given)
    world.district.people[login] = key_in("person", registered["person"]["id"])
    held = {"unit": world.unit(unit), "post": post, "capacity": "MEMBER", "valid_from": "2026-06-15"}
    found: str = (await rights.do("appointToPost", "post { id }", person=world.person(login), **held))["post"]["id"]
    return found


async def account(world: World, login: str) -> str:
    """The one-time password of a new account."""
    given = {"person": world.person(login), "login": login}
    opened = await world.as_(ACCOUNTS).do("openAccount", "oneTimePassword account { login }", **given)
    assert opened["account"] == {"login": login}
    found: str = opened["oneTimePassword"]
    return found


async def viewer(world: World, login: str) -> dict[str, Any]:
    document = "{ viewer { name units { name } roles { role unit { name } } } }"
    found: dict[str, Any] = (await world.as_(login).ask(document))["viewer"]
    return found


async def held(world: World) -> list[tuple[Any, ...]]:
    """Every role that was given by somebody, as the auditor reads it."""
    told = "role state basis person { name } grantedBy { id } approvedBy { id }"
    found = await world.as_(AUDITOR).ask(f"{{ grants(first: 50) {{ edges {{ node {{ {told} }} }} }} }}")
    logins = {world.person(login): login for login in world.district.people}
    grants = [edge["node"] for edge in found["grants"]["edges"]]
    assert {grant["state"] for grant in grants} == {"IN_FORCE"}
    return sorted(
        (
            grant["role"],
            grant["person"]["name"],
            grant["basis"],
            logins[grant["grantedBy"]["id"]],
            grant["approvedBy"] and logins[grant["approvedBy"]["id"]],
        )
        for grant in grants
        if grant["grantedBy"]
    )


def key_in(tag: str, value: str) -> UUID:
    decoded = decode_id(value)
    assert decoded is not None
    assert decoded[0] == tag
    return decoded[1]
