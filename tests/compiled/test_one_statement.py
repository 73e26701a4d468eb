"""The lists below a single object: on PostgreSQL they come with it, and however they come, they are the same."""

from collections.abc import Generator
from typing import Any
from uuid import UUID

import pytest

from app.core.ids import encode_id
from app.core.prepared import Query
from app.graphql import reader
from app.graphql.execution import GraphQLCore
from app.graphql.reader import COMPILED
from app.reads.running import run
from tests.compiled import toy
from tests.compiled.comparing import BothWays
from tests.compiled.small import rows, units
from tests.reads.bed import Bed
from tests.reads.toy_schema import schema

# two pages of one field, a count alone, a list below a list, by way of a link table, and below what was joined
CASE = """query ($id: ID!, $after: String, $last: Int) {
  node(id: $id) { ... on Case {
    number labels { name } graded { grade case { labels { name } } }
    newest: reportPage(first: 2, after: $after) {
      totalCount { value } pageInfo { hasNextPage endCursor }
      edges { cursor node { id submittedAt unit { cases(first: 1) { edges { node { number labels { name } } } } } } }
    }
    oldest: reportPage(last: $last) { edges { node { grade } } pageInfo { hasPreviousPage } }
    number_of: reportPage(first: 1) { totalCount { value exact } }
    unit { cases(first: 3) { totalCount { value } edges { node { number reports { id } } } } }
    reopens { reports { grade case { number } } }
  } }
}"""
LISTS = 14


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements each compiled answer took."""
    numbers: list[int] = []

    def counting(*given: Any) -> Generator[Query, Any, bytes]:
        job = run(*given)
        numbers.append(0)
        try:
            query = next(job)
            while True:
                numbers[-1] += 1
                query = job.send((yield query))
        except StopIteration as end:
            written: bytes = end.value
            return written

    monkeypatch.setattr(reader, "run", counting)
    return numbers


def test_lists_below_one_object(bed: Bed, counted: list[int]) -> None:
    bed.fill(rows())
    both, core, one = BothWays(schema), GraphQLCore(schema), bed.dialect == "postgresql"

    async def ask(case: int, **variables: Any) -> Any:
        operation = both.admit(CASE)
        assert operation is not None
        given = {"id": encode_id("case", UUID(int=100 + case)), "last": 2, **variables}
        contexts = [toy.context(bed, toy.actors_of(units())[-1]) for _ in range(3)]
        assert await both.compare(operation, given, *contexts[:2]) == COMPILED
        answer = await core.execute(operation, given, contexts[2])
        assert answer.data is not None
        return answer.data["node"]

    async def check() -> None:
        found = [await ask(case) for case in range(8)]
        assert max(counted) == (1 if one else LISTS)
        pages = [case["newest"]["pageInfo"] for case in found if case is not None]
        cursor = next(page["endCursor"] for page in pages if page["hasNextPage"])
        for case, last in ((4, 1), (4, 3), (3, 2), (0, 2)):
            await ask(case, last=last)
        counted.clear()
        await ask(4, after=cursor)
        assert not one or counted == [3]  # a page beyond a cursor, and its number, on their own

    bed.run(check())
