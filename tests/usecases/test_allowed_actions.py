"""`allowedActions` and the use cases say the same: what is offered is not refused, and what is not offered is.

Every act that is offered on anything that stands at any stage is tried by a cast that knows the cases, and undone.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, NamedTuple

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Role
from app.core.database import Database
from app.core.ids import new_id
from app.core.refusals import RefusalCode, RefusalKind, kind_of
from app.identity.models import PostHolding, RoleGrant
from app.identity.rules import PostCapacity
from tests.bed.dump import changed
from tests.bed.ladder import MAYOR
from tests.bed.procedure import CHECKER, CITY, LEADER, OFFICE_HEAD, OFFICER
from tests.bed.world import World
from tests.usecases.calls import HANDLER, HEAD, SUPPORTING, good_calls
from tests.usecases.mutations import input_of

DEPUTY, ACTING = "taiping.handler", "jiaoyu.handler"  # of the unit that handles: neither, and both, head it today
CAST = (OFFICER, CHECKER, OFFICE_HEAD, "zhuren", LEADER, MAYOR, HANDLER, HEAD, SUPPORTING, DEPUTY, ACTING)
TYPES = {
    "Case": "case",
    "Assignment": "assignment",
    "Report": "report",
    "FormalTalk": "talk",
    "InspectionConclusion": "conclusion",
    "Circular": "circular",
    "AccountabilityProposal": "proposal",
}
# A draft may be sent back whatever it rests on: what it rests on stands against its approval alone.
_WHATEVER_STANDS = {"approveCircular": {"outcome": "RETURNED", "comment": "请补充。"}}
_OFFERED = "allowedActions { mutation allowed reason { code } }"
_NODES = "query Q($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename {} }} }}".format(
    " ".join(f"... on {name} {{ id {TYPES[name]}Status: status version {_OFFERED} }}" for name in TYPES)
)


class Offered(NamedTuple):
    """An act on an object, whether it is said to be allowed, or why not."""

    mutation: str
    kind: str
    id: str
    status: str
    version: int
    reason: str | None


@pytest.fixture
def kind() -> str:
    return "sqlite"  # the two readings of a rule are compared elsewhere, on both


@pytest.fixture
async def cast(staged: World) -> World:
    """Somebody is deputy of the unit that handles, somebody else acts as its head since today."""
    people, unit = staged.district.people, staged.district.units[CITY]
    async with staged.database.write() as session:
        for login, capacity in ((DEPUTY, PostCapacity.MEMBER), (ACTING, PostCapacity.ACTING)):
            session.add(
                PostHolding(
                    id=new_id(),
                    person_id=people[login],
                    unit_id=unit,
                    post="副局长",
                    capacity=capacity,
                    valid_from=date(2026, 6, 25),
                )
            )
            session.add(
                RoleGrant(
                    id=new_id(),
                    person_id=people[login],
                    role=Role.UNIT_DEPUTY,
                    unit_id=unit,
                    valid_from=staged.clock.now(),
                    basis="区政任〔2026〕5号",
                    pending=False,
                )
            )
    return staged


@pytest.fixture
async def undone(cast: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Nothing that is tried lasts."""
    for login in CAST:
        await cast.token(login)
    before = await cast.everything()

    @asynccontextmanager
    async def trial(database: Database) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(database.writer, expire_on_commit=False, autoflush=False) as session:
            await session.begin()
            yield session
            await session.rollback()

    monkeypatch.setattr(Database, "write", trial)
    yield cast
    assert changed(before, await cast.everything()) == {}


def everything_staged(world: World) -> list[str]:
    """The global ids of all that stands at a stage, each once."""
    found = (row["id"] for stage in world.stages.values() for row in stage.values() if isinstance(row, dict))
    return list(dict.fromkeys(found))


async def offered(world: World, login: str) -> list[Offered]:
    ids = everything_staged(world)
    found: list[Offered] = []
    for start in range(0, len(ids), 40):
        nodes = (await world.as_(login).ask(_NODES, ids=ids[start : start + 40]))["nodes"]
        found += [one for node in nodes if node and node["__typename"] in TYPES for one in _offered(node)]
    return found


def _offered(node: dict[str, Any]) -> Iterator[Offered]:
    kind = TYPES[node["__typename"]]
    for act in node["allowedActions"]:
        reason = None if act["allowed"] else act["reason"]["code"]
        yield Offered(act["mutation"], kind, node["id"], node[f"{kind}Status"], node["version"], reason)


@pytest.mark.parametrize("login", CAST)
async def test_what_is_offered_is_what_the_use_case_does(undone: World, login: str) -> None:
    calls = good_calls(undone)
    wrong = set()
    for act in _telling(await offered(undone, login)):
        given = dict(calls[act.mutation].input) | {act.kind: act.id} | _WHATEVER_STANDS.get(act.mutation, {})
        if "expectedVersion" in input_of(act.mutation).fields:
            given["expected_version"] = act.version
        body = await undone.as_(login).try_(act.mutation, "__typename", **given)
        if not _agree(act.reason, body["data"]["answer"].get("code")):
            wrong.add((_stage_of(undone, act.id), act.mutation, act.reason, body["data"]["answer"].get("code")))
    assert sorted(wrong, key=str) == []


def _telling(acts: list[Offered]) -> list[Offered]:
    """All that is offered, and each reason why something is not once for every state."""
    by_reason = {(act.mutation, act.status, act.reason): act for act in acts}
    return [act for act in acts if act.reason is None or by_reason[act.mutation, act.status, act.reason] is act]


def _agree(reason: str | None, refusal: str | None) -> bool:
    """What is offered may still want another input; why it is not offered is why it is refused, or one of two whys."""
    if reason is None:
        return refusal is None or kind_of(RefusalCode(refusal)) is RefusalKind.INVALID
    return refusal == reason or (refusal is not None and kind_of(RefusalCode(refusal)) is RefusalKind.INVALID)


def _stage_of(world: World, key: str) -> str:
    rows = ((name, row) for name, stage in world.stages.items() for row in stage.values() if isinstance(row, dict))
    return next(name for name, row in rows if row["id"] == key)
