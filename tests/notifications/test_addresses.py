"""Where reminders of somebody go: who says so, who may know of it, and what cannot be switched off."""

from typing import Any

from tests.bed.world import World
from tests.escalation.works import on_sqlite
from tests.notifications.bed import HANDLER, HEAD, MOBILES, reachable

ADMINISTRATOR = "xitong"
ASK = "query Q($id: ID!) { node(id: $id) { ... on Person { notificationAddresses { channel address kinds } } } }"
MAIL = {"channel": "SMTP", "address": "lin@example.gov.cn"}


async def known(world: World, login: str) -> list[dict[str, Any]]:
    """The handler's, as somebody sees them."""
    found = await world.as_(login).ask(ASK, id=world.person(HANDLER))
    addresses: list[dict[str, Any]] = found["node"]["notificationAddresses"]
    return addresses


@on_sqlite
async def test_one_says_it_oneself_or_the_system_administrator_does_and_nobody_else_knows(world: World) -> None:
    await reachable(world, HANDLER)
    given = MAIL | {"person": world.person(HANDLER), "kinds": ["NEWS", "URGING"]}
    done = await world.as_(ADMINISTRATOR).do("setNotificationAddress", "address { kinds person { id } }", **given)
    assert done["address"] == {"kinds": ["NEWS", "URGING"], "person": {"id": world.person(HANDLER)}}
    expected = [
        {"channel": "SMS", "address": MOBILES[HANDLER], "kinds": ["DUTY", "NEWS", "URGING"]},
        {"channel": "SMTP", "address": "lin@example.gov.cn", "kinds": ["NEWS", "URGING"]},
    ]
    seen = {login: await known(world, login) for login in (HANDLER, ADMINISTRATOR, HEAD, "quanxian", "shenji")}
    assert seen == {HANDLER: expected, ADMINISTRATOR: expected, HEAD: [], "quanxian": [], "shenji": []}
    assert await world.as_(HEAD).refused("setNotificationAddress", **given) == ["NOT_ALLOWED"]


@on_sqlite
async def test_what_is_mandatory_keeps_a_channel_until_there_is_none(world: World) -> None:
    person = world.as_(HANDLER)
    lacking = ["input.kinds MANDATORY_REMINDER"]
    assert await person.refused("setNotificationAddress", **MAIL, kinds=["NEWS"]) == lacking
    await reachable(world, HANDLER)
    await person.do("setNotificationAddress", "address { id }", **MAIL, kinds=["NEWS"])
    assert await person.refused("setNotificationAddress", channel="SMS") == lacking
    mobile = {"channel": "SMS", "address": "13900000000"}
    assert await person.refused("setNotificationAddress", **mobile, kinds=["URGING"]) == lacking
    await person.do("setNotificationAddress", "address { id }", **mobile, kinds=["URGING", "DUTY"])
    await person.do("setNotificationAddress", "address { id }", channel="SMTP")
    gone = await person.do("setNotificationAddress", "address { id }", channel="SMS")
    assert gone["address"] is None
    assert await known(world, HANDLER) == []


@on_sqlite
async def test_what_makes_no_sense_is_refused_and_no_record_holds_an_address(world: World) -> None:
    person = world.as_(HANDLER)
    await reachable(world, HANDLER)
    same = {"channel": "SMS", "address": MOBILES[HANDLER]}
    assert await person.refused("setNotificationAddress", **same) == ["ALREADY_DONE"]
    assert await person.refused("setNotificationAddress", channel="WECOM") == ["ALREADY_DONE"]
    both = {"channel": "SMS", "kinds": ["NEWS"]}
    assert await person.refused("setNotificationAddress", **both) == ["input.kinds NOT_APPLICABLE"]
    wrong = {"channel": "SMS", "address": "12345"}
    assert await person.refused("setNotificationAddress", **wrong) == ["input.address BAD_TEXT"]
    records = await world.as_("shenji").ask("{ adminRecords(first: 1) { edges { node { action } } } }")
    assert records["adminRecords"]["edges"][0]["node"]["action"] == "notification_address.set"
    everything = await world.everything()
    holding = {table for table, rows in everything.items() if MOBILES[HANDLER] in str(rows)}
    assert holding == {"notification_address"}
