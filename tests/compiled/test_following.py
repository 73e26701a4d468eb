"""What a subscription tells is the same, by plans or by graphql-core, from whatever cursor."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.core.refusals import Language
from app.graphql import reader, updates
from app.graphql.admission import Documents, Operation
from app.graphql.compiler import objects, roots
from app.graphql.compiler.draft import Draft
from app.graphql.context import Context
from app.graphql.engine import Call, Engine
from app.graphql.errors import Fault, Rejected
from app.graphql.execution import GraphQLCore, core_schema
from app.graphql.reader import COMPILED, SURPRISE, CompiledReads
from app.graphql.roots import wish_of
from app.reads import keyset, running
from tests.bed.opening import Ground
from tests.bed.world import World
from tests.compiled import district
from tests.compiled.comparing import LIMITS
from tests.reads.bed import DEEP

COUNT = 400 if DEEP else 6
ENOUGH = 25  # answers: the first of a second page is among them
ALL_TOLD = "ALL_TOLD"
Told = tuple[list[bytes], list[str]]


@pytest.fixture(autouse=True)
def ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it would wait for news a subscription ends; rights are those with which it began."""

    async def end(*_: Any) -> None:
        raise Rejected(Fault(ALL_TOLD, "", ""))  # type: ignore[arg-type]  # a code of its own

    async def as_it_is(self: Context) -> None:
        self.renewed_at = self.workplace.clock.real_now()

    monkeypatch.setattr(updates, "next_news", end)
    monkeypatch.setattr(reader, "next_news", end)
    monkeypatch.setattr(Context, "renew", as_it_is)


async def told(engine: Engine, operation: Operation, variables: Mapping[str, Any], context: Context) -> Told:
    """The first answers, or all and how it ended."""
    answers: list[bytes] = []
    async with aclosing(engine.answers(operation, variables, Call(context, Language.ZH, UUID(int=0)))) as stream:
        try:
            while len(answers) < ENOUGH:
                answers.append(orjson.dumps(await anext(stream)))
        except Rejected as rejected:
            return answers, [f"{fault.code} {fault.details}" for fault in rejected.faults]
    return answers, []


async def compare(world: World, ground: Ground, count: int) -> Counter[str]:
    await world.feed.look(-1)
    reasons: list[str] = []
    core, tally = GraphQLCore(ground.schema), Counter[str]()
    plain = Engine(ground.schema, introspection=True, executor=core)
    compiled = Engine(
        ground.schema, introspection=True, executor=CompiledReads(ground.schema, core, count=reasons.append)
    )
    documents, random = Documents(core_schema(ground.schema), LIMITS, introspection=True), Random(3)
    operations, contexts = await district.operations(world, ground.schema), await district.contexts(world)
    for _ in range(count):
        drawn = operations.draw_subscription(random)
        try:
            operation = documents.admit(drawn.text).operation(None)
        except Rejected:
            tally["not admitted"] += 1
            continue
        for context in random.choices(contexts, k=2):
            variables = drawn.variables(random)
            reasons.clear()
            found = await told(compiled, operation, variables, context())
            assert found == await told(plain, operation, variables, context()), (drawn.text, variables)
            assert SURPRISE not in reasons, (drawn.text, variables)
            tally[reasons[0]] += 1
            tally["updates"] += len(found[0])
    return tally


async def test_updates_are_the_same_both_ways(staged: World, ground: Ground) -> None:
    tally = await compare(staged, ground, COUNT)
    assert tally["not admitted"] < COUNT / 10, tally
    assert tally[COMPILED] > COUNT, tally
    assert tally["updates"] > 5 * COUNT, tally


def rule_of_the_list(patch: pytest.MonkeyPatch) -> None:
    make = Draft.branch
    patch.setattr(Draft, "branch", lambda self, level, *_, **named: make(self, replace(level, rule=None), *_, **named))


def place_of_the_update(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(objects, "spoken", lambda terms, values: keyset.spoken(terms, [UUID(int=0) for _ in values]))


def roles_of_another(patch: pytest.MonkeyPatch) -> None:
    plan = reader._Form.plan
    patch.setattr(reader._Form, "plan", lambda self, key, make: plan(self, key[:1], make))


def size_of_a_page(patch: pytest.MonkeyPatch) -> None:
    window = running._window
    patch.setattr(running, "_window", lambda rows, page, count: window(rows[1:], page, count))


def nothing_of_the_filter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(roots, "wish_of", lambda listing, context, name, *_: wish_of(listing, context, name, None))


MUTANTS = [rule_of_the_list, place_of_the_update, roles_of_another, size_of_a_page, nothing_of_the_filter]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("mutate", MUTANTS)
async def test_mistakes_are_found(
    staged: World,
    ground: Ground,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    mutate: Callable[[pytest.MonkeyPatch], None],
) -> None:
    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        await compare(staged, ground, 60)
