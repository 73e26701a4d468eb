"""`python -m benchmarks.reads`: build what is missing, start the servers, compare their answers, measure, print."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from benchmarks.reads.comparison import compare
from benchmarks.reads.databases import on_postgres, on_sqlite
from benchmarks.reads.measuring import Plan
from benchmarks.reads.operations import OPERATIONS
from benchmarks.reads.table import table
from benchmarks.reads.variants import OURS, VARIANTS, Variant, node_is_ready


def main(arguments: Sequence[str] = ()) -> None:
    """By default every server on the smallest database of a PostgreSQL server."""
    chosen = _parser().parse_args(arguments)
    postgres = os.environ.get("DUBAN_TEST_POSTGRES_URL", "")
    if not postgres and not chosen.sqlite:
        print("not measured: DUBAN_TEST_POSTGRES_URL names no server")
        return
    asyncio.run(_measure_all(chosen, postgres))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reads")
    parser.add_argument("--cases", type=int, default=50_000, help="how many there are in the database")
    parser.add_argument("--sqlite", action="store_true", help="in a file instead of on the server")
    parser.add_argument("--servers", default="", help="some of them, separated by semicolons")
    parser.add_argument("--operations", default=",".join(OPERATIONS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="for which a server answers in a round")
    parser.add_argument("--submissions", type=int, default=150, help="reports that a server takes in a round")
    return parser


async def _measure_all(chosen: argparse.Namespace, postgres: str) -> None:
    url = await (on_sqlite(chosen.cases) if chosen.sqlite else on_postgres(postgres, chosen.cases))
    variants = _chosen(chosen)
    operations = {
        operation: [variant.name for variant in variants if operation in variant.operations]
        for operation in chosen.operations.split(",")
    }
    plan = Plan(operations, chosen.rounds, chosen.seconds, chosen.submissions)
    samples = await compare(plan, variants, postgres, url)
    where = "SQLite" if chosen.sqlite else "PostgreSQL"
    load = max(sample.load for taken in samples.values() for sample in taken)
    print(f"\n## {chosen.cases:,} cases on {where}, {plan.rounds} rounds, load of the machine up to {load:.0f}")
    print(table(samples))


def _chosen(chosen: argparse.Namespace) -> list[Variant]:
    """Ours is always among them: it signs in, and the others must answer as it does."""
    names = {OURS.name, *(name.strip() for name in chosen.servers.split(";"))} if chosen.servers else None
    found = [variant for variant in VARIANTS if names is None or variant.name in names]
    found = [variant for variant in found if variant.on_sqlite or not chosen.sqlite]
    if any(variant.on_node for variant in found) and not node_is_ready():
        return [variant for variant in found if not variant.on_node]
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
