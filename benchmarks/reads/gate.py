"""The gate of CI: processor time for a request against the kit floor and stock Strawberry, on few cases.

It fails where a ratio is below half of the recorded one, twice in a row: a neighbour on the machine slows both sides.

    python -m benchmarks.reads.gate             compare with recorded.json
    python -m benchmarks.reads.gate --record    write what is measured there
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from benchmarks.reads.comparison import compare
from benchmarks.reads.databases import on_postgres
from benchmarks.reads.measuring import Plan, Samples
from benchmarks.reads.operations import QUERIES
from benchmarks.reads.table import ratio, speed_ratio
from benchmarks.reads.variants import KIT, OURS, STOCK

CASES = 6_000
RECORDED = Path(__file__).with_name("recorded.json")
_VARIANTS = (OURS, KIT, STOCK)
_PLAN = Plan(
    {operation: [variant.name for variant in _VARIANTS] for operation in QUERIES}, rounds=3, seconds=0.5, submissions=0
)
_TOLERATED = 0.5

Ratios = Mapping[str, Mapping[str, float]]  # by operation and server: how many times our speed is its speed


def ratios(samples: Samples) -> Ratios:
    return {
        operation: {
            variant.name: round(ratio(samples[operation, OURS.name], samples[operation, variant.name], speed_ratio), 4)
            for variant in (KIT, STOCK)
        }
        for operation in QUERIES
    }


def slower(measured: Ratios, recorded: Ratios) -> list[str]:
    """What has become too slow, a sentence each."""
    return [
        f"{operation}: {found:.3f} of the speed of {name}, recorded was {recorded[operation][name]:.3f}"
        for operation, by_name in measured.items()
        for name, found in by_name.items()
        if found < _TOLERATED * recorded[operation][name]
    ]


def main(record: bool) -> int:
    """The exit code: 1 where it has become too slow."""
    postgres = os.environ["DUBAN_TEST_POSTGRES_URL"]
    measured = asyncio.run(_measured(postgres))
    print(json.dumps(measured, indent=2))
    if record:
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        return 0
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    problems = slower(measured, recorded)
    if problems:
        print("too slow, measured once more:", *problems, sep="\n")
        problems = slower(asyncio.run(_measured(postgres)), recorded)
        print(*problems, sep="\n")
    return 1 if problems else 0


async def _measured(postgres: str) -> Ratios:
    """On a database that is gone afterwards: a machine that tests every change would keep many."""
    url = await on_postgres(postgres, CASES)
    try:
        return ratios(await compare(_PLAN, _VARIANTS, postgres, url))
    finally:
        connection = await asyncpg.connect(postgres)
        await connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
        await connection.close()


if __name__ == "__main__":
    sys.exit(main("--record" in sys.argv))
