"""What breaks in the middle of a compiled read: the answer is right all the same, and nothing stays broken."""

import asyncio
from collections.abc import Generator
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult
from sqlalchemy import text

from app.core.prepared import Query
from app.core.settings import Settings
from app.graphql import reader
from app.graphql.execution import GraphQLCore
from app.graphql.reader import CompiledReads
from app.main import _executor as executor_of
from app.reads import writer
from app.reads.running import run
from tests.compiled import toy
from tests.compiled.comparing import BothWays
from tests.compiled.small import rows, units
from tests.reads.bed import Bed
from tests.reads.toy_schema import ToyContext, schema

LEDGER = "{ cases(first: 3) { edges { node { number reports { id } } } } }"
KILLED = Query("SELECT pg_terminate_backend(pg_backend_pid())", ())
WAITS = {
    "postgresql": Query("SELECT pg_sleep(20)", ()),
    "sqlite": Query(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT count(*) FROM n", ()
    ),
}


class Asked:
    """The ledger, asked for by somebody who sees some of it."""

    def __init__(self, bed: Bed) -> None:
        self.bed = bed
        self.reasons: list[str] = []
        self.both = BothWays(schema)
        found = self.both.admit(LEDGER)
        assert found is not None
        self.operation = found
        self.core = GraphQLCore(schema)
        self.reads = CompiledReads(schema, self.core, count=self.reasons.append)

    def context(self) -> ToyContext:
        return toy.context(self.bed, toy.actors_of(units())[-1])

    async def answer(self) -> ExecutionResult:
        return await self.reads.execute(self.operation, {}, self.context())

    async def is_right(self, reason: str) -> None:
        """The next answer is that of graphql-core, and came about in this way."""
        self.reasons.clear()
        found, wanted = await self.answer(), await self.core.execute(self.operation, {}, self.context())
        assert wanted.data is not None
        assert len(wanted.data["cases"]["edges"]) == 3
        assert (orjson.dumps(found.data), found.errors) == (orjson.dumps(wanted.data), None)
        assert self.reasons == [reason]


@pytest.fixture
def asked(bed: Bed) -> Asked:
    bed.fill(rows())
    return Asked(bed)


def interrupted(patch: pytest.MonkeyPatch, query: Query) -> None:
    """Every plan begins with this statement."""

    def with_it(*given: Any) -> Generator[Query, Any, bytes]:
        yield query
        return (yield from run(*given))

    patch.setattr(reader, "run", with_it)


async def still_running(bed: Bed) -> int:
    """How many statements the server goes on with though nobody waits for them."""
    if bed.dialect == "sqlite":
        return 0  # a thread that counts to the end
    async with bed.database.read() as session:
        query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        found: int = (await session.execute(text(f"{query} AND datname = current_database()"))).scalar_one()
        return found


def test_a_surprise_is_answered_by_graphql_core(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(writer._Source, "object", lambda *_: "found['nothing']")
            await asked.is_right("surprise")
        asked.reads = CompiledReads(schema, asked.core, count=asked.reasons.append)
        await asked.is_right("compiled")

    asked.bed.run(ask())


def test_a_statement_that_fails_is_answered_by_graphql_core(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> None:
        await asked.is_right("compiled")
        with monkeypatch.context() as patch:
            interrupted(patch, Query("SELECT nothing FROM nowhere", ()))
            await asked.is_right("surprise")
        await asked.is_right("compiled")

    asked.bed.run(ask())


def test_a_connection_that_dies_in_the_middle_or_while_idle_is_replaced(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked.bed.dialect == "sqlite":
        return  # nobody ends the connections of a file

    async def ask() -> None:
        await asked.is_right("compiled")
        with monkeypatch.context() as patch:
            interrupted(patch, KILLED)
            await asked.is_right("surprise")
        await asked.is_right("compiled")
        idle = asked.bed.database.direct._idle  # type: ignore[attr-defined]  # of PostgreSQL
        pids = [connection.get_server_pid() for connection in idle]
        assert pids
        async with asked.bed.database.write() as session:
            connection = await session.connection()
            await connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM unnest(ARRAY{pids}) pid")
        for _ in pids:  # in either way: the end of each may not have been heard of yet
            assert (await asked.answer()).errors is None
        await asked.is_right("compiled")

    asked.bed.run(ask())


def test_requests_that_are_given_up_leave_the_connections_whole(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> None:
        await asked.is_right("compiled")
        with monkeypatch.context() as patch:
            interrupted(patch, WAITS[asked.bed.dialect])
            given_up = [asyncio.create_task(asked.answer()) for _ in range(25)]
            await asyncio.sleep(0.1)
            for one in given_up:
                one.cancel()
            ends = await asyncio.gather(*given_up, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)
        for _ in range(100):  # far less than the statements would take
            if not await still_running(asked.bed):
                break
            await asyncio.sleep(0.1)
        assert not await still_running(asked.bed)
        found = await asyncio.gather(*(asked.answer() for _ in range(25)))
        assert len({orjson.dumps(one.data) for one in found}) == 1
        await asked.is_right("compiled")

    asked.bed.run(ask())


def test_without_the_compiler_graphql_core_answers() -> None:
    """The answers are the same, as all other tests here show."""
    assert isinstance(executor_of(schema, Settings(compiled_reads=False)), GraphQLCore)
    assert isinstance(executor_of(schema, Settings()), CompiledReads)
