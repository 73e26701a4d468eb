"""Facts: one SELECT for each relation, whatever the number of rows, and nothing that was not asked for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from app.authz import Actor, ActorKind, Grant, load_facts, read_facts
from app.core.levels import Classification
from tests.authz.bed import DIALECTS, Bed, examples, open_bed
from tests.authz.readings import store
from tests.authz.toy import MATTERS, NOW, PERSONS, UNITS, Base, Matter, Member, Paper, Status, World, worlds
from tests.authz.toy_policy import FIXED

OFFICER = Actor(
    ActorKind.PERSON,
    UUID(int=1),
    PERSONS[0],
    "某人",
    Classification.INTERNAL,
    frozenset(),
    (Grant("supervision_officer"),),
)


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, Base.metadata, "authz_facts") as opened:
        yield opened


@settings(max_examples=examples(15, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(most_actors=1))
def test_facts_are_the_related_rows(bed: Bed, world: World) -> None:
    def compare(session: Session) -> tuple[dict[Any, set[Any]], dict[Any, set[Any]]]:
        store(session, world)
        plan = FIXED.plan(OFFICER.roles, "paper", "view")
        facts = read_facts(session, [plan], world.papers)
        matters = {paper.matter_id for paper in world.papers if paper.matter_id}
        found = {id_: {row.id for row in facts.related("toy_matter.id", id_)} for id_ in matters}
        session.rollback()
        return found, {id_: {matter.id for matter in world.matters if matter.id == id_} for id_ in matters}

    found, expected = bed.within(compare)
    assert found == expected


async def test_one_select_for_each_relation() -> None:
    engine = create_async_engine("sqlite+aiosqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        matters = [
            Matter(
                id=id_,
                level=Classification.PUBLIC,
                restricted=True,
                status=Status.OPEN,
                unit_id=UNITS[0],
            )
            for id_ in MATTERS
        ]
        papers = [Paper(id=UUID(int=n), matter_id=MATTERS[n], unit_id=UNITS[0], draft=False) for n in range(4)]
        member = Member(id=UUID(int=7), matter_id=MATTERS[0], person_id=PERSONS[0], lead=False)
        session.add_all([*matters, *papers, member])
        await session.flush()
        statements: list[str] = []
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        facts = await load_facts(session, FIXED, OFFICER, "paper", "view", papers)
    await engine.dispose()
    assert [statement.split("FROM ")[1].split(" ")[0].strip() for statement in statements] == [
        "toy_matter",
        "toy_member",
    ]
    checks = FIXED.plan(OFFICER.roles, "paper", "view").checker(facts, OFFICER, NOW)
    assert [checks(paper) for paper in papers] == [True, False, False, False]
