"""How long a dry run takes: until something is counted and can be read, and until all is.

`python -m benchmarks.dry_run` measures 50,000 cases, with another number as many. README.md says how to read it.
"""

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, make_url, select

from app.authz import Policies
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.versions import next_number
from app.core.clock import SystemClock
from app.core.database import Database
from app.core.ids import new_id
from app.identity.models import Account
from app.permissions.dry_runs import dry_run
from app.permissions.editing import PolicyEdit, PolicyPart, edited
from app.permissions.models import DryRunState, PolicyDryRun
from app.regulation import load_regulation
from app.work.opening import Workplace, load_policy
from benchmarks.reads.databases import on_postgres, on_sqlite

CASES = 50_000
_EDITS = {
    "all handlers may see what went out": (
        PolicyEdit(PolicyPart.RULES, "p, unit_handler, case, view, dispatched, allow, CASE-V20"),
        PolicyEdit(PolicyPart.CLAUSES, "CASE-V20,第二十条,题,A title"),
    ),
    "nobody in a unit sees a case": (PolicyEdit(PolicyPart.RULES, "CASE-V5", remove=True),),
    "the office sees none": (PolicyEdit(PolicyPart.RULES, "CASE-V1", remove=True),),
}


def main(cases: int = CASES) -> None:
    """Print the seconds on each database that is there."""
    server = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
    asyncio.run(_measure("SQLite", make_url(asyncio.run(on_sqlite(cases))).set(drivername="sqlite+aiosqlite"), cases))
    if server:
        url = make_url(asyncio.run(on_postgres(server, cases))).set(drivername="postgresql+asyncpg")
        asyncio.run(_measure("PostgreSQL", url, cases))


async def _measure(name: str, url: Any, cases: int) -> None:
    database = Database(url.render_as_string(hide_password=False))
    workplace = Workplace(database, SystemClock(), load_regulation(), b"k" * 32)
    policies = Policies(database, load_policy())
    print(f"{name}, {cases:,} cases; load of the machine {os.getloadavg()[0]:.1f}")
    for what, edits in _EDITS.items():
        run, version = await _asked(workplace, policies, edits)
        began = time.perf_counter()
        watching = asyncio.create_task(_first_counts(database, run, began))
        rounds = 0
        while (await _found(database, run)).state is not DryRunState.DONE:
            await dry_run(workplace, policies)
            rounds += 1
        took, found = time.perf_counter() - began, await _found(database, run)
        watching.cancel()
        first = took
        with suppress(asyncio.CancelledError):
            first = await watching
        print(f"  {what}: {found.counted} counts, the first within {first:.1f} s, all in {took:.1f} s, {rounds} rounds")
        async with database.write() as session:
            await session.execute(delete(PolicyDryRun).where(PolicyDryRun.id == run))
            await session.execute(delete(PolicyVersion).where(PolicyVersion.id == version))
    await database.close()


async def _asked(workplace: Workplace, policies: Policies, edits: tuple[PolicyEdit, ...]) -> tuple[Any, Any]:
    now = workplace.clock.now()
    async with workplace.database.write() as session:
        active = (await session.scalars(select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ACTIVE))).one()
        asks = (await session.scalars(select(Account.person_id).where(Account.login == "quanxian"))).first()
        assert asks is not None
        text = replace(edited(policies.shipped.text, edits))
        version = PolicyVersion(
            id=new_id(),
            number=await next_number(session),
            rows=text.as_json(),
            digest=text.digest,
            status=PolicyStatus.DRAFT,
            created_at=now,
        )
        session.add(version)
        await session.flush()
        run = PolicyDryRun(
            id=new_id(),
            version_id=version.id,
            digest=text.digest,
            against_number=active.number,
            requested_by=asks,
            requested_at=now,
            state=DryRunState.WAITING,
        )
        session.add(run)
        return run.id, version.id


async def _first_counts(database: Database, run: Any, began: float) -> float:
    while not (await _found(database, run)).counted:  # noqa: ASYNC110  # it is the row that tells
        await asyncio.sleep(0.1)
    return time.perf_counter() - began


async def _found(database: Database, run: Any) -> PolicyDryRun:
    async with database.read() as session:
        return await session.get_one(PolicyDryRun, run)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
