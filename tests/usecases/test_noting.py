"""第二十四条: who was shown what few may know of is on record, however he asked; nobody else's reading is."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.audit.models import AccessLog
from app.core.ids import decode_id
from app.graphql import noting
from app.graphql.compiler.selection import Uncompilable
from app.graphql.reader import CompiledReads
from tests.bed.procedure import CHECKER, OFFICER, propose
from tests.bed.world import World

HANDLER = "chengguan.handler"
ONE = "query Q($id: ID) { case(id: $id) { title } }"
BELOW = "query Q($id: ID!) { node(id: $id) { ... on Case { timeline(first: 5) { edges { node { type } } } } } }"
JOINED = "{ recordedActs(first: 50) { edges { node { case { number } } } } }"
LIST = "{ cases(first: 100) { edges { node { number } } } }"
PARTS = "query Q($id: ID!) { caseUpdates(first: 9, filter: {cases: [$id]}) { edges { node { type } } } }"
COUNT = "{ cases(first: 100) { totalCount { value } } }"


@pytest.fixture(autouse=True)
async def fresh(staged: World) -> None:
    """What the preparation of the stages has read is forgotten."""
    async with staged.database.write() as session:
        await session.execute(delete(AccessLog))


async def noted(world: World) -> list[tuple[str, UUID | None, UUID | None]]:
    """What was read and by whom."""
    async with world.database.read() as session:
        reads = select(AccessLog).where(AccessLog.outcome == "READ").order_by(AccessLog.at)
        found = (await session.scalars(reads)).all()
    return [(entry.action, entry.subject_id, entry.person_id) for entry in found]


def restricted(world: World) -> tuple[str, UUID]:
    case: str = world.stages["restricted"]["case"]["id"]
    decoded = decode_id(case)
    assert decoded is not None
    return case, decoded[1]


@pytest.fixture(params=["compiled", "graphql-core"])
def way(request: pytest.FixtureRequest, staged: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of reading note what they show."""
    way: str = request.param
    if way == "graphql-core":

        def nothing(*_: Any) -> Any:
            raise Uncompilable("for comparison")

        monkeypatch.setattr(CompiledReads, "_form", nothing)
    return way


@pytest.mark.parametrize("query", [ONE, BELOW, LIST, PARTS])
async def test_it_is_noted_once_for_each_answer(staged: World, way: str, query: str) -> None:
    case, key = restricted(staged)
    await staged.feed.look(0)
    for count in (1, 2):
        await staged.as_(CHECKER).ask(query, **({"id": case} if "$id" in query else {}))
        assert await noted(staged) == [("case.view", key, staged.district.people[CHECKER])] * count, way


async def test_a_count_shows_nobody_a_case(staged: World) -> None:
    await staged.as_(CHECKER).ask(COUNT)
    assert await noted(staged) == []


async def test_who_may_not_see_it_leaves_no_reading(staged: World, way: str) -> None:
    case, _ = restricted(staged)
    await staged.feed.look(0)
    for query in (ONE, BELOW, LIST, PARTS, JOINED):
        await staged.as_("taiping.head").ask(query, **({"id": case} if "$id" in query else {}))
    assert await noted(staged) == [], way


async def test_ordinary_cases_are_not_noted(staged: World, way: str) -> None:
    ordinary = staged.stages["dispatched"]["case"]["id"]
    await staged.as_(HANDLER).ask(ONE, id=ordinary)
    assert await noted(staged) == [], way


async def test_the_answer_to_an_act_is_noted_too(staged: World) -> None:
    case, key = restricted(staged)
    version = staged.stages["restricted"]["case"]["version"]
    await propose(staged, {"id": case, "version": version})
    assert await noted(staged) == [("case.view", key, staged.district.people[OFFICER])]


async def test_what_cannot_be_noted_is_not_told(staged: World, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(noting, "note_reading", broken)
    body = await staged.as_(CHECKER).post(ONE, {"id": restricted(staged)[0]})
    assert body.get("data") is None, way
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INTERNAL"]
