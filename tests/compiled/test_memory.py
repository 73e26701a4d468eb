"""Endless different documents leave no more behind than the few that are remembered."""

import gc
import tracemalloc
from itertools import pairwise

from app.graphql.admission import Documents
from app.graphql.execution import GraphQLCore, core_schema
from app.graphql.limits import Limits
from app.graphql.reader import CompiledReads
from tests.compiled import toy
from tests.compiled.small import rows, units
from tests.reads.bed import DEEP, Bed
from tests.reads.toy_schema import schema

REMEMBERED = 50
ROUND = 33_000 if DEEP else REMEMBERED


def test_what_is_kept_of_documents_and_plans_is_bounded(sqlite: Bed) -> None:
    sqlite.fill(rows())
    documents = Documents(core_schema(schema), Limits(), introspection=False, max_count=REMEMBERED)
    reads = CompiledReads(schema, GraphQLCore(schema))
    actor = toy.actors_of(units())[0]

    async def ask(begin: int, end: int) -> int:
        for number in range(begin, end):
            # each is asked for twice, so that its plan is kept; switches and orders make more than one
            fields = (
                f"a{number}: cases(first: 1, orderBy: $order) {{ edges {{ node {{ number title @skip(if: $yes) }} }} }}"
            )
            text = f"query ($yes: Boolean!, $order: [CaseOrder!]) {{ {fields} }}"
            operation = documents.admit(text).operation(None)
            for variables in ({"yes": True}, {"yes": False, "order": ["DUE_ON_ASC"]}):
                result = await reads.execute(operation, variables, toy.context(sqlite, actor))
                assert result.errors is None
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        begin = 3 * REMEMBERED
        held = [sqlite.run(ask(0, begin))]
        for _ in range(3):
            held.append(sqlite.run(ask(begin, begin + ROUND)))
            begin += ROUND
    finally:
        tracemalloc.stop()
    assert len(documents) == REMEMBERED
    assert len(reads._forms) <= REMEMBERED + 1  # and the last one, which is still at hand
    # what is never let go of grows in every round; what a library sets up once, in one
    assert min(after - before for before, after in pairwise(held)) < held[0] / 10
