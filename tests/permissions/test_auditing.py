"""第二十四条: the security auditor reads who administered what, who read what few may know of, who was refused what."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from app.audit.models import AccessLog
from app.cases.models import Case
from app.core.ids import decode_id, encode_id, new_id
from app.core.levels import Classification
from tests.bed.procedure import CHECKER, OFFICER
from tests.bed.world import World, reasons
from tests.usecases.calls import RIGHTS, good_calls

AUDITOR = "shenji"
ACCESS = """query Q($filter: AccessFilter) { accessLog(first: 50, filter: $filter) { totalCount { value } edges { node {
    outcome action rule person { name } account { login } subjectKind subject classification correlationId } } } }"""
RECORDS = """query Q($filter: AdminRecordFilter) { adminRecords(first: 1, filter: $filter) { edges { node {
    action rule policyVersion actorKind person { name } account { login } subjectKind subject recordedAt previous hash
    changes { table key deleted fields { name before after } } } } } }"""
ONE = "query Q($id: ID) { case(id: $id) { title } }"


@pytest.fixture(autouse=True)
async def fresh(staged: World) -> None:
    """What the preparation of the stages has left in the log is forgotten."""
    async with staged.database.write() as session:
        await session.execute(delete(AccessLog))


async def log(world: World, login: str = AUDITOR, **filter: Any) -> list[dict[str, Any]]:
    found = (await world.as_(login).ask(ACCESS, filter=filter))["accessLog"]
    assert found["totalCount"]["value"] == len(found["edges"])
    return [edge["node"] for edge in found["edges"]]


async def read_and_be_refused(world: World) -> tuple[str, str]:
    """The second officer reads the restricted case; the first one tries to decide on his own proposal."""
    restricted = world.stages["restricted"]["case"]["id"]
    await world.as_(CHECKER).ask(ONE, id=restricted)
    call = good_calls(world)["decideHandling"]
    await world.as_(OFFICER).try_("decideHandling", "__typename", **call.input)
    return restricted, world.stages["proposed"]["case"]["id"]


async def test_who_read_what_and_who_was_refused_what(staged: World) -> None:
    restricted, proposed = await read_and_be_refused(staged)
    noted = {entry["outcome"]: entry for entry in await log(staged)}
    for entry in noted.values():
        assert len(entry.pop("correlationId")) == 36
    assert noted == {
        "READ": {
            "outcome": "READ", "action": "case.view", "rule": None, "person": {"name": "郑磊"}, "account": None,
            "subjectKind": "case", "subject": restricted, "classification": "INTERNAL",
        },
        "DENIED": {
            "outcome": "DENIED", "action": "case.decide", "rule": "SOD-1", "person": {"name": "吴芳"}, "account": None,
            "subjectKind": "case", "subject": proposed, "classification": "INTERNAL",
        },
    }  # fmt: skip


async def test_he_finds_what_he_looks_for(staged: World) -> None:
    restricted, proposed = await read_and_be_refused(staged)
    for wanted, expected in (
        ({"outcomes": ["READ"]}, [restricted]),
        ({"actions": ["case.decide"]}, [proposed]),
        ({"people": [staged.person(CHECKER)]}, [restricted]),
        ({"cases": [proposed]}, [proposed]),
        ({"notedUntil": "2026-06-25T01:59:59Z"}, []),
        ({"notedFrom": "2026-06-25T02:00:00Z", "outcomes": ["DENIED"]}, [proposed]),
    ):
        assert (wanted, [entry["subject"] for entry in await log(staged, **wanted)]) == (wanted, expected)


async def test_of_the_thing_itself_he_sees_nothing(staged: World) -> None:
    restricted, _ = await read_and_be_refused(staged)
    assert (await staged.as_(AUDITOR).ask(ONE, id=restricted))["case"] is None
    assert len(await log(staged)) == 2  # his own look was none at the case


async def test_what_is_above_his_clearance_is_not_in_his_log(staged: World) -> None:
    restricted, proposed = await read_and_be_refused(staged)
    decoded = decode_id(restricted)
    assert decoded is not None
    async with staged.database.write() as session:
        await session.execute(
            update(Case).where(Case.id == decoded[1]).values(classification=Classification.STATE_CONFIDENTIAL)
        )
    assert [entry["subject"] for entry in await log(staged)] == [proposed]


@pytest.mark.parametrize("login", ["outsider", "chengguan.head", OFFICER, "quzhang", RIGHTS, "xitong", "anmi"])
async def test_nobody_else_reads_the_records(staged: World, login: str) -> None:
    await read_and_be_refused(staged)
    assert await log(staged, login) == []
    assert (await staged.as_(login).ask(RECORDS))["adminRecords"] == {"edges": []}
    assert reasons(await staged.as_nobody().post(ACCESS, {})) == ["UNAUTHENTICATED"]


async def test_who_administered_what(staged: World) -> None:
    call = good_calls(staged)["revokeGrant"]
    await staged.as_(call.login).do("revokeGrant", "__typename", **call.input)
    found = await staged.as_(AUDITOR).ask(RECORDS, filter={"actions": ["grant.revoked"]})
    (record,) = [edge["node"] for edge in found["adminRecords"]["edges"]]
    assert [len(record.pop(name)) for name in ("previous", "hash")] == [64, 64]
    (change,) = record.pop("changes")
    revoked = {field["name"]: (field["before"], field["after"]) for field in change["fields"]}
    assert record == {
        "action": "grant.revoked", "rule": "GRANT-R1", "policyVersion": 1, "actorKind": "PERSON",
        "person": {"name": "钱进"}, "account": None, "subjectKind": "grant", "subject": call.input["grant"],
        "recordedAt": "2026-06-25T02:00:00+00:00",
    }  # fmt: skip
    assert (change["table"], change["deleted"], revoked["revoked_at"]) == (
        "role_grant",
        False,
        (None, '"2026-06-25T02:00:00+00:00"'),
    )


async def test_a_wrong_filter_is_refused(staged: World) -> None:
    client = staged.as_(AUDITOR)
    for wanted in ({"people": ["督办"]}, {"cases": [encode_id("unit", new_id())]}):
        assert [reason.split()[-1] for reason in reasons(await client.post(ACCESS, {"filter": wanted}))] == [
            "INVALID_INPUT"
        ]
