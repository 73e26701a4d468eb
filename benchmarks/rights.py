"""What the rules cost: a page under the row rule beside the same page without any, building a rule, deciding, offering.

`python -m benchmarks.rights 500000` measures another number of cases. README.md of this folder says how to read it.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, make_url, select

from app.authz import Actor, Policy, Role, load_facts
from app.cases.models import Case, CaseParticipant
from app.cases.policy import CASE
from app.core.clock import SystemClock
from app.core.connections import Rows
from app.core.database import Database
from app.core.paging import Page
from app.core.prepared import Query, prepare
from app.identity.models import Account, RoleGrant
from app.identity.queries.principals import actor_of_person
from app.reads import statement
from app.reads.keyset import descending
from app.reads.statement import CAP, LIMIT, Level
from app.reads.verdicts import verdicts
from app.reads.visibility import Rule, rule_of
from app.work.opening import load_policy
from benchmarks.reads.databases import on_postgres, on_sqlite

CASES, ROUNDS, PAGE, OFFERED = 50_000, 30, 50, 8
_NEWEST = (descending(Case.updated_at),)


class Viewer(NamedTuple):
    name: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Place:
    """A database full of cases, at one instant, under the shipped policy."""

    database: Database
    policy: Policy
    now: datetime

    @property
    def dialect(self) -> str:
        return self.database.dialect.name


def main(cases: int = CASES) -> None:
    """Print the medians on each database that is there."""
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
    asyncio.run(_measure("SQLite", make_url(asyncio.run(on_sqlite(cases))).set(drivername="sqlite+aiosqlite"), cases))
    if server:
        url = make_url(asyncio.run(on_postgres(server, cases))).set(drivername="postgresql+asyncpg")
        asyncio.run(_measure("PostgreSQL", url, cases))


async def _measure(name: str, url: Any, cases: int) -> None:
    database = Database(url.render_as_string(hide_password=False))
    place = Place(database, load_policy(), SystemClock().now())
    print(f"{name}, {cases:,} cases, medians of {ROUNDS}; load of the machine {os.getloadavg()[0]:.1f}")
    for viewer in await _viewers(place):
        ruled, free = [await _page(place, viewer, ruled=with_rule) for with_rule in (True, False)]
        ratio = f"{ruled:.2f} ms; without a rule {free:.2f} ms, ratio {ruled / free:.2f}"
        print(f"  page of {PAGE} for {viewer.name}: {ratio}")
    office = (await _viewers(place))[0]
    print(f"  building the rule of the page: {_building(place, office):.3f} ms")
    print(
        f"  deciding once, facts at hand, {len(place.policy.text.rules)} rules: {await _deciding(place, office):.3f} ms"
    )
    print(f"  {OFFERED} actions offered for {PAGE} rows: {await _offering(place, office):.2f} ms")
    await database.close()


async def _viewers(place: Place) -> list[Viewer]:
    """The office, and who handles matters in the unit with the most cases and in the one with the fewest."""
    handlers = (
        select(RoleGrant.person_id, RoleGrant.unit_id)
        .where(RoleGrant.role == Role.UNIT_HANDLER, RoleGrant.person_id.is_not(None))
        .subquery()
    )
    busy = (
        select(handlers.c.person_id, func.count().label("cases"))
        .join(CaseParticipant, CaseParticipant.unit_id == handlers.c.unit_id)
        .group_by(handlers.c.person_id)
        .order_by(func.count().desc(), handlers.c.person_id)
    )
    async with place.database.read() as session:
        officer = (await session.scalars(select(Account.person_id).where(Account.login == "duban.wu"))).one()
        units = (await session.execute(busy)).all()
        people: list[tuple[str, UUID | None]] = [
            ("the office", officer),
            (f"a unit with {units[0].cases:,} of them", units[0].person_id),
            (f"a unit with {units[-1].cases:,} of them", units[-1].person_id),
        ]
        return [Viewer(name, await actor_of_person(session, person, place.now)) for name, person in people if person]


async def _page(place: Place, viewer: Viewer, *, ruled: bool) -> float:
    """Milliseconds of the database for the newest cases that the viewer sees, or for the newest of all."""
    rule = rule_of(place.policy, viewer.actor, place.now, CASE.name, place.dialect) if ruled else Rule()
    page = Page(PAGE)
    level = Level(Case, order=_NEWEST, rule=rule.condition)
    text: Select[Any] = statement.rows(level, place.dialect, page)
    prepared = prepare(text, place.database.dialect, in_text={LIMIT: PAGE + 1, CAP: statement.COUNT_CAP + 1})
    query = prepared.query({**statement.parameters(None, page, place.now), **rule.values})
    if place.database.sqlite:
        return _of_sqlite(place, query)
    return await place.database.direct.run(_of_postgresql(query))


def _of_sqlite(place: Place, query: Query) -> float:
    with closing(sqlite3.connect(make_url(place.database.url).database or "")) as connection:
        return _median(lambda: connection.execute(*query).fetchall())


def _of_postgresql(query: Query) -> Generator[Query, Rows, float]:
    """By the server's own clock."""
    taken = []
    for _ in range(ROUNDS):
        lines = yield Query(f"EXPLAIN (ANALYZE, TIMING OFF) {query.text}", query.arguments)
        taken.append(next(float(line[0].split()[2]) for line in lines if line[0].startswith("Execution Time")))
    return statistics.median(taken)


def _building(place: Place, viewer: Viewer) -> float:
    """From the rules of the caller's roles to a condition, with nothing remembered."""
    source = Case.__table__.alias()

    def build() -> None:
        plan = place.policy._make_plan(viewer.actor.roles, CASE.name, "view")  # noqa: SLF001  # `plan` remembers it
        plan.where(source, place.dialect)

    return _median(build)


async def _deciding(place: Place, viewer: Viewer) -> float:
    """Casbin's own answer on one row."""
    async with place.database.read() as session:
        row = (await session.scalars(select(Case).limit(1))).one()
        facts = await load_facts(session, place.policy, viewer.actor, CASE.name, "propose", [row])
    return _median(lambda: place.policy.decide(viewer.actor, place.now, CASE.name, "propose", row, facts))


async def _offering(place: Place, viewer: Viewer) -> float:
    """What may be done to each row of a page, facts and rows read along."""
    actions = [f"{CASE.name}.{verb}" for verb in sorted(CASE.actions)[:OFFERED]]
    async with place.database.read() as session:
        keys = list((await session.scalars(select(Case.id).limit(PAGE))).all())

    async def offer() -> None:
        async with place.database.read() as session:
            await verdicts(session, place.policy, viewer.actor, place.now, Case, actions, keys)

    return await _median_of(offer)


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


async def _median_of(work: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
