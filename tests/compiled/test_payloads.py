"""What came of a mutation is the same, told by a plan or by graphql-core. And it runs once, whoever tells."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSchema
from strawberry.types.base import get_object_definition

from app.graphql import reader
from app.graphql.compiler.draft import Draft
from app.graphql.declarations import kind_of
from app.graphql.reader import COMPILED, SURPRISE
from app.reads import writer
from app.reports import service
from app.web.metrics import READS
from tests.bed.opening import Ground
from tests.bed.records import events_of
from tests.bed.world import EMERGENCY, World, camel
from tests.compiled import district
from tests.compiled.comparing import BothWays, DifferenceError
from tests.compiled.outcomes import Happened, drawn, payload_of
from tests.reads.bed import DEEP
from tests.usecases.calls import good_calls
from tests.usecases.mutations import DATABASES

ROUNDS = 20 if DEEP else 1
MUTANT_ROUNDS = 10  # most mutants are dead in the first


def alike(schema: GraphQLSchema, mutations: Iterable[str]) -> list[list[str]]:
    """Mutations whose payloads read the same, together."""
    groups: dict[Hashable, list[str]] = {}
    for mutation in mutations:
        fields = get_object_definition(payload_of(schema, mutation), strict=True).fields
        groups.setdefault(tuple(kind_of(one) or one.name for one in fields), []).append(mutation)
    return list(groups.values())


async def compare_all(world: World, ground: Ground, rounds: int, turn: int, of: int) -> BothWays:
    """One mutation of each group that has its turn, with a document of its own, for who carries it out and others."""
    core, random = Happened(ground.schema), Random(1)
    both = BothWays(ground.schema, core)
    # the emergency account is nobody's, and so has no context here
    calls = {name: call for name, call in good_calls(world).items() if call.login != EMERGENCY}
    operations, others = await district.operations(world, ground.schema), await district.contexts(world)
    for _ in range(rounds):
        for group in alike(both.core_schema, calls)[turn::of]:
            mutation = random.choice(group)
            document = operations.draw_mutation(random, mutation, camel(calls[mutation].input))
            operation = both.admit(document.text)
            if operation is None:
                continue
            own = await district.contexts(world, calls[mutation].login)
            for context in (*random.choices(own, k=3), random.choice(others[:-1])):
                core.outcome = drawn(random, payload_of(both.core_schema, mutation), operations.values, context())
                variables = document.variables(random)
                if not both.heavy(operation, variables):
                    await both.compare(operation, variables, context(), context())
    return both


async def test_payloads_are_the_same_both_ways(staged: World, ground: Ground, kind: str) -> None:
    both = await compare_all(staged, ground, ROUNDS, *((0, 1) if DEEP else (DATABASES.index(kind), len(DATABASES))))
    assert both.tally.invalid < both.tally.operations / 10, both.tally
    assert both.tally.reasons[COMPILED] > 0.9 * both.tally.reasons.total(), both.tally
    assert both.tally.carrying > both.tally.reasons.total() / 4, both.tally


def rule_of_what_is_told(patch: pytest.MonkeyPatch) -> None:
    make = Draft.branch

    def unruled(self: Any, level: Any, *given: Any, looked_up: bool = False, **named: Any) -> Any:
        return make(self, replace(level, rule=None) if looked_up else level, *given, looked_up=looked_up, **named)

    patch.setattr(Draft, "branch", unruled)


def outcome_of_another_request(patch: pytest.MonkeyPatch) -> None:
    answer, first = reader._answer, dict[Any, Any]()

    async def frozen(compiled: Any, asking: Any) -> bytes:
        return await answer(compiled, replace(asking, outcome=first.setdefault(compiled, asking.outcome)))

    patch.setattr(reader, "_answer", frozen)


def type_of_another_outcome(patch: pytest.MonkeyPatch) -> None:
    plan = reader._Form.plan
    patch.setattr(reader._Form, "plan", lambda self, key, make: plan(self, key[:2], make))


MUTANTS = [rule_of_what_is_told, outcome_of_another_request, type_of_another_outcome]


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
    with pytest.raises(DifferenceError):
        await compare_all(staged, ground, MUTANT_ROUNDS, 0, 1)


SELECTION = "report { status version case { number } } case { status light assignments { unit { name } } }"


async def submitted(world: World) -> dict[str, Any]:
    call = good_calls(world)["submitReport"]
    return await world.as_(call.login).do("submitReport", SELECTION, **call.input)


def times(how: str) -> float:
    counted: float = READS.labels(how)._value.get()
    return counted


async def test_a_mutation_runs_once_even_where_its_plan_fails(staged: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before, surprised = len(await events_of(staged)), times(SURPRISE)
    with monkeypatch.context() as patch:
        patch.setattr(writer._Source, "object", lambda *_: "found['nothing']")
        answer = await submitted(staged)
    assert times(SURPRISE) == surprised + 1
    assert answer["report"]["status"] == "SUBMITTED"
    assert answer["case"]["assignments"] != []
    assert [event.type for event in (await events_of(staged))[before:]] == ["report.submitted"]


async def test_a_mutation_is_told_by_a_plan(staged: World) -> None:
    compiled = times(COMPILED)
    answer = await submitted(staged)
    assert times(COMPILED) == compiled + 1
    assert answer["report"]["status"] == "SUBMITTED"
    assert answer["report"]["case"]["number"].startswith("道督")


async def test_a_mutation_that_breaks_runs_once(staged: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    async def broken(*given: Any) -> None:
        calls.append(given)
        raise RuntimeError("broken")

    call = good_calls(staged)["submitReport"]
    monkeypatch.setattr(service, "submit_report", broken)
    body = await staged.as_(call.login).try_("submitReport", SELECTION, **call.input)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INTERNAL"]
    assert body["errors"][0]["path"] == ["answer"]
    assert body["data"] is None
    assert len(calls) == 1
