"""Does a page cost the same in a large house? The ledger of a unit and of the office, its first page and its 1,000th.

python -m benchmarks.reads.scaling 50000 500000 2000000
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.database import Database
from benchmarks.reads.comparison import backends_of
from benchmarks.reads.databases import on_postgres
from benchmarks.reads.measuring import Sample, median, sample
from benchmarks.reads.operations import PAGE, document
from benchmarks.reads.people import People, http_request, people_of, post
from benchmarks.reads.servers import Server, make_keys, running
from benchmarks.reads.variants import OURS, Place

_OFFICER, _DEEP, _STEP = "duban.wu", 1_000, 100
_ROUNDS, _SECONDS = 5, 2.0
_STATUSES = ["DISPATCHED"]


def main(sizes: list[int]) -> None:
    """One connection, so that the latency is that of the statement and not of a queue."""
    postgres = os.environ["DUBAN_TEST_POSTGRES_URL"]
    print("| cases | page | p50 ms | server µs | database µs |")
    print("|---:|---|---:|---:|---:|")
    for size in sizes:
        for page, taken in asyncio.run(_measured(postgres, size)).items():
            figures = (
                f"{median(taken, lambda one: one.p50):.1f}",
                f"{median(taken, lambda one: one.server):,.0f}",
                f"{median(taken, lambda one: one.database):,.0f}",
            )
            print(f"| {size:,} | {page} | {' | '.join(figures)} |", flush=True)


async def _measured(postgres: str, size: int) -> Mapping[str, list[Sample]]:
    url = await on_postgres(postgres, size)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(url, Path(folder))
        make_keys(place.folder)
        database = Database(place.driven())
        people = await people_of(database)
        await database.close()
        with running([OURS], place) as servers:
            return await asyncio.to_thread(_rounds, servers[OURS.name], people, place)


def _rounds(server: Server, people: People, place: Place) -> Mapping[str, list[Sample]]:
    people.sign_in([*people.cases, _OFFICER], server.port)
    pages = {
        "a unit's first": [_request(server, people, login) for login in people.cases],
        "the office's first": [_request(server, people, _OFFICER)],
        f"the office's {_DEEP:,}th": [_request(server, people, _OFFICER, _cursor_before(server, people))],
    }
    taken: dict[str, list[Sample]] = {page: [] for page in pages}
    for turn in range(-1, _ROUNDS):  # the first one warms up and is not counted
        for page, requests in pages.items():
            found = sample(server, requests, _SECONDS, backends_of(place), connections=1)
            if turn >= 0:
                taken[page].append(found)
    return taken


def _request(server: Server, people: People, login: str, after: str | None = None) -> bytes:
    variables = {"first": PAGE, "after": after, "statuses": _STATUSES}
    return http_request(server.port, people.token(login), {"query": document("deep"), "variables": variables})


def _cursor_before(server: Server, people: People) -> str | None:
    """Where the deep page begins: as clients get there, page by page."""
    query = document("deep").partition("edges")[0] + "pageInfo { hasNextPage endCursor } } }"
    after = None
    for _ in range((_DEEP - 1) * PAGE // _STEP):
        body: dict[str, Any] = {"query": query, "variables": {"first": _STEP, "after": after, "statuses": _STATUSES}}
        found = json.loads(post(server.port, body, people.token(_OFFICER))[1])["data"]["cases"]["pageInfo"]
        if not found["hasNextPage"]:  # a small house ends earlier: its last page is deep enough
            break
        after = found["endCursor"]
    return after


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
