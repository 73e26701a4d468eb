"""What the figures of a dashboard cost the database: 500,000 cases on PostgreSQL, one in ten of them open.

`python -m benchmarks.figures 50000` measures another number of cases. README.md of this folder says how to read it.
"""

import asyncio
import json
import os
import secrets
import statistics
import sys
from collections.abc import Generator, Mapping, Sequence
from datetime import date
from datetime import time as wall_time
from typing import Any

import asyncpg
from sqlalchemy import make_url, select, text

from app.authz import Actor, Policy
from app.cases.models import Case
from app.cases.policy import CASE
from app.cases.rules import OPEN_STATUSES
from app.core.clock import local_instant
from app.core.connections import Rows
from app.core.database import Database
from app.core.prepared import Query, prepare
from app.deadlines.rules import Light
from app.identity.models import Account
from app.identity.queries.principals import actor_of_person
from app.reads import statement
from app.reads.filters import Rests
from app.reads.statement import Divided, Level
from app.reads.visibility import rule_below, rule_of
from app.regulation import load_regulation
from app.statistics.listing import CASE_LISTING
from app.work.opening import load_policy
from benchmarks.crowd import Crowd, gather, settle

CASES, SEED, ROUNDS = 500_000, 1_000, 5
NOW = local_instant(date(2026, 7, 8), wall_time(10))
_FIRST, _LAST = date(2026, 1, 1), date(2026, 7, 8)
# Every seed row so often, each copy closed at another time of the last three years; every tenth is open.
_COPIES = """
CREATE TEMP TABLE copy AS
  SELECT c.id AS old_id, gen_random_uuid() AS id, n, row_number() OVER (ORDER BY random()) AS place
    FROM supervision_case c CROSS JOIN generate_series(1, {times}) n;
INSERT INTO supervision_case
  SELECT (jsonb_populate_record(c, jsonb_build_object(
            'id', copy.id, 'register_number', '道督〔2025〕' || copy.place || '号', 'register_seq', copy.place,
            'status', CASE WHEN copy.place % 10 = 0 THEN 'DISPATCHED' ELSE 'CLOSED' END,
            'matter_type', (ARRAY['INSPECTION_TASK', 'LEADER_INSTRUCTION', 'MAJOR_DECISION', 'OTHER'])[copy.n % 4 + 1],
            'registered_on', date '2026-07-01' - (copy.place % 1000)::int,
            'dispatched_at', timestamptz '2026-07-01' - (copy.place % 1000) * interval '1 day',
            'closed_at', CASE WHEN copy.place % 10 > 0
                              THEN timestamptz '2026-07-08' - (copy.place % 1000) * interval '1 day' END,
            'red_from', timestamptz '2026-07-20' - (copy.place % 30) * interval '1 day',
            'yellow_from', timestamptz '2026-07-17' - (copy.place % 30) * interval '1 day'))).*
    FROM copy JOIN supervision_case c ON c.id = copy.old_id;
CREATE TEMP TABLE part_copy AS
  SELECT a.id AS old_id, gen_random_uuid() AS id, copy.id AS case_id
    FROM copy JOIN assignment a ON a.case_id = copy.old_id;
INSERT INTO assignment
  SELECT (jsonb_populate_record(a, jsonb_build_object('id', part_copy.id, 'case_id', part_copy.case_id))).*
    FROM part_copy JOIN assignment a ON a.id = part_copy.old_id;
INSERT INTO case_participant
  SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'case_id', copy.id))).*
    FROM copy JOIN case_participant p ON p.case_id = copy.old_id;
"""


def main(cases: int = CASES) -> None:
    """Print the medians; without a PostgreSQL nothing is measured."""
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
    if not server:
        print("DUBAN_TEST_POSTGRES_URL is not set")
        return
    asyncio.run(_on_a_database_of_its_own(server, cases))


async def _on_a_database_of_its_own(server: str, cases: int) -> None:
    name = f"figures_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(server)
    await connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(server).set(database=name, drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    database = Database(url)
    try:
        await _fill(database, cases)
        await _measure(database, cases)
    finally:
        await database.close()
        await connection.execute(f'DROP DATABASE "{name}"')
        await connection.close()


async def _fill(database: Database, cases: int) -> None:
    regulation, policy = load_regulation(), load_policy()
    units = await settle(database, regulation, policy, NOW)
    crowd = Crowd(SEED, 2, date(2026, 6, 1), date(2026, 6, 15))
    await gather(database, regulation, units, [crowd])
    async with database.write() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        for part in _COPIES.format(times=cases // SEED).split(";\n")[:-1]:
            await session.execute(text(part))
    async with database.writer.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("VACUUM ANALYZE"))  # as the database itself does after a while


async def _measure(database: Database, cases: int) -> None:
    print(f"PostgreSQL, {cases:,} cases, medians of {ROUNDS}; load of the machine {os.getloadavg()[0]:.1f}")
    open_ = {"statuses": list(OPEN_STATUSES)}
    period = {"closed_from": _FIRST, "closed_until": _LAST}
    figures: Sequence[tuple[str, Mapping[str, Any], tuple[str, ...]]] = (
        ("open, by state, kind and light", open_, ("status", "matter_type", "light")),
        ("open, by unit and light", open_, ("unit", "light")),
        ("red", open_ | {"lights": [Light.RED]}, ()),
        ("turning red", open_ | {"turns_red_until": date(2026, 7, 12)}, ()),
        ("closed this year, by state, kind and light", period, ("status", "matter_type", "light")),
        ("closed this year, by day of dispatch and closing", period, ("dispatched_on", "closed_on")),
        ("all, by state, kind and light", {}, ("status", "matter_type", "light")),
    )
    policy = load_policy()
    for login in ("duban.wu", "chengguan.handler"):
        async with database.read() as session:
            person = (await session.scalars(select(Account.person_id).where(Account.login == login))).one()
            assert person is not None
            actor = await actor_of_person(session, person, NOW)
        print(f"  {login}")
        for name, asked, divisions in figures:
            taken, rows = await _taken(database, policy, actor, asked, divisions)
            print(f"    {name}: {taken:.1f} ms, {rows:,} rows")


async def _taken(
    database: Database, policy: Policy, actor: Actor, asked: Mapping[str, Any], divisions: tuple[str, ...]
) -> tuple[float, int]:
    dialect = database.dialect.name
    named = [*CASE_LISTING.rests(asked), *(one for name in divisions for one in CASE_LISTING.divisions[name].rests)]
    rules = {one.object: _below(policy, actor, one, dialect) for one in named}
    conditions = {name: rule.condition for name, rule in rules.items() if rule.condition is not None}
    own = rule_of(policy, actor, NOW, CASE.name, dialect)
    level = Level(Case, rule=own.condition, conditions=CASE_LISTING.conditions(asked, dialect, b"", conditions))
    divided = [Divided(name, CASE_LISTING.division(name, dialect, conditions)) for name in divisions]
    values: dict[str, Any] = {**statement.parameters(None, None, NOW), **own.values}
    for rule in rules.values():
        values |= rule.values
    for name, value in asked.items():
        values |= CASE_LISTING.parameter(name, value)
    counting = statement.tally(level, divided)
    query = prepare(counting.statement, database.dialect).query(values)
    return await database.direct.run(_timed(query, len(counting.labels)))  # a connection like those of the server


def _timed(query: Query, count: int) -> Generator[Query, Rows, tuple[float, int]]:
    """Milliseconds by the database's own clock, and how many rows are counted: the numbers in that column."""
    times = []
    for _ in range(ROUNDS):
        ((plan,),) = yield Query(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {query.text}", query.arguments)
        times.append(json.loads(plan)[0]["Execution Time"])
    if os.environ.get("DUBAN_BENCH_PLANS"):
        for (line,) in (yield Query(f"EXPLAIN (ANALYZE, BUFFERS) {query.text}", query.arguments)):
            print("        ", line)
    counted = yield query
    return statistics.median(times), sum(row[count] for row in counted)


def _below(policy: Policy, actor: Actor, rests: Rests, dialect: str) -> Any:
    return rule_below(policy, actor, NOW, rests, CASE.name, dialect)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
