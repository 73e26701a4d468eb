"""How long a half-year's evaluation takes: 200 units over 100,000 cases on PostgreSQL, in the batches of the worker.

`python -m benchmarks.evaluation 2000` measures fewer cases. README.md of this folder says how to read the figures.
"""

import asyncio
import os
import secrets
import sys
import time
from datetime import date
from datetime import time as wall_time

import asyncpg
from sqlalchemy import func, insert, make_url, select, text

from app.core.clock import FixedClock, local_instant
from app.core.database import Database
from app.core.ids import new_id
from app.evaluations.models import Evaluation, EvaluationFact, EvaluationItem, EvaluationSheet
from app.evaluations.sweep import evaluate
from app.identity.models import Unit
from app.identity.rules import Subordination, UnitKind
from app.regulation import load_regulation
from app.work.opening import Workplace, load_policy
from benchmarks.crowd import Crowd, gather, settle

CASES, UNITS = 100_000, 200
JULY = local_instant(date(2026, 7, 1), wall_time(1))
# What people and the machine did to the crowd: seven of ten in time, one late, one returned, one of which nothing came;
# the last three urged. Each leaves the event by which it is known.
_LIVES = """
CREATE TEMP TABLE life AS
  SELECT a.id, a.case_id, a.completion_due_at AS ends_at, a.completion_due_on AS ends_on, s.id AS slot_id,
         row_number() OVER (ORDER BY a.id) % 10 AS fate, gen_random_uuid() AS report_id, gen_random_uuid() AS urging_id
    FROM assignment a JOIN report_slot s ON s.assignment_id = a.id;
UPDATE assignment a SET unit_id = u.id FROM (
    SELECT life.id AS assignment_id, unit.id FROM life JOIN (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM unit WHERE subordination = 'DISTRICT'
           AND kind <> 'GOVERNMENT') unit ON unit.place = 1 + abs(hashtext(life.id::text)) % 200) u
  WHERE u.assignment_id = a.id;
UPDATE assignment a SET status = 'COMPLETED', completed_at = ends_at, completed_on_time = fate < 8
  FROM life WHERE life.id = a.id AND fate < 9;
UPDATE report_slot s SET state = 'MET', met_at = ends_at + (CASE WHEN fate < 8 THEN -1 ELSE 24 END) * interval '1 hour',
       met_on_time = fate < 8 FROM life WHERE life.slot_id = s.id AND fate < 9;
INSERT INTO report (id, case_id, assignment_id, unit_id, contribution, content, status, missing_contributions,
                    return_grounds, submitted_at, version, created_at, updated_at)
  SELECT report_id, life.case_id, life.id, a.unit_id, false, 'RESULT',
         CASE WHEN fate = 7 THEN 'RETURNED' ELSE 'ACCEPTED' END, '[]',
         CASE WHEN fate = 7 THEN '["BAD_FORM"]'::jsonb ELSE '[]'::jsonb END,
         ends_at + (CASE WHEN fate < 8 THEN -1 ELSE 24 END) * interval '1 hour', 1, ends_at, ends_at
    FROM life JOIN assignment a ON a.id = life.id WHERE fate < 9;
INSERT INTO report_coverage (report_id, slot_id) SELECT report_id, slot_id FROM life WHERE fate < 9;
INSERT INTO urging (id, key, case_id, assignment_id, unit_id, slot_id, clock, for_due_on, kind, issued_at, delivered_at)
  SELECT urging_id, urging_id::text, life.case_id, life.id, a.unit_id, slot_id, 'REPORT', ends_on, 'AUTOMATIC', ends_at,
         ends_at FROM life JOIN assignment a ON a.id = life.id WHERE fate > 6;
INSERT INTO event (id, type, case_id, case_seq, subject_kind, subject_id, actor_kind, occurred_on, recorded_at, changes)
  SELECT gen_random_uuid(), 'report.submitted', case_id, 1, 'report', report_id, 'PERSON', ends_on, ends_at, '[]'::jsonb
    FROM life WHERE fate < 9
  UNION ALL
  SELECT gen_random_uuid(), 'urging.delivered', case_id, 2, 'urging', urging_id, 'MACHINE', ends_on, ends_at,
         '[]'::jsonb FROM life WHERE fate > 6;
DROP TABLE life;
ANALYZE
"""


def main(cases: int = CASES) -> None:
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL")
    if server is None:
        print("PostgreSQL: DUBAN_TEST_POSTGRES_URL is not set")
        return
    asyncio.run(_measure(server, cases))


async def _measure(server: str, cases: int) -> None:
    name = f"evaluation_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(server)
    await admin.execute(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    )
    url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
    try:
        await _run(url.render_as_string(hide_password=False), cases)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


async def _run(url: str, cases: int) -> None:
    regulation, policy, database = load_regulation(), load_policy(), Database(url)
    dispatched = date(2026, 6, 8)
    at = local_instant(dispatched, wall_time(8))
    units = await settle(database, regulation, policy, at)
    await _more_units(database, UNITS)
    await gather(database, regulation, units, [Crowd(cases, 1, dispatched, date(2026, 6, 12))])
    async with database.write() as session:
        for statement in _LIVES.split(";\n"):
            await session.execute(text(statement))
    workplace = Workplace(database, FixedClock(JULY), regulation, b"k" * 32)
    began, used = time.perf_counter(), time.process_time()
    done = await evaluate(workplace, policy)
    took, used = time.perf_counter() - began, time.process_time() - used
    async with database.read() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(model))
            for model in (EvaluationSheet, EvaluationItem, EvaluationFact)
        ]
        status = await session.scalar(select(Evaluation.status))
    await database.close()
    load = os.getloadavg()[0]
    print(f"{done} units, {cases} cases: {took:.1f} s ({used:.1f} s of CPU beside the database), load {load:.1f}")
    print(f"{counts[0]} sheets, {counts[1]} items, {counts[2]} facts; {status}")


async def _more_units(database: Database, number: int) -> None:
    """As many units that are assessed as are asked for, the demo's own among them."""
    async with database.write() as session:
        assessed = (
            Unit.subordination.in_((Subordination.DISTRICT, Subordination.DUAL)),
            Unit.kind != UnitKind.GOVERNMENT,
        )
        there = await session.scalar(select(func.count()).select_from(Unit).where(*assessed)) or 0
        rows = [
            {
                "id": new_id(),
                "kind": UnitKind.DEPARTMENT,
                "subordination": Subordination.DISTRICT,
                "name": f"第{place}办公室",
                "valid_from": date(2022, 1, 1),
                "version": 1,
                "updated_at": JULY,
            }
            for place in range(number - there)
        ]
        await session.execute(insert(Unit), rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
