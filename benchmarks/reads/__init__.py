"""Reads against what the database can give: the real server, floors, stock Strawberry, servers of other languages.

All of them on the project's own tables, under the same row rule and the same authentication, with the same answers
and, where a report is submitted, the same traces. Three commands, each with `python -m` before it:

    benchmarks.reads --help         the table: databases are built once for each size and kept
    benchmarks.reads.scaling 50000 500000 2000000
    benchmarks.reads.gate           what CI compares with recorded.json
"""


def main() -> None:
    """What `make bench` runs."""
    from benchmarks.reads.__main__ import main as measured  # which imports half of the project

    measured()
    measured(["--sqlite"])
