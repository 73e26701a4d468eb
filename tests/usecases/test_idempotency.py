"""A repeated key answers as the first time and does nothing twice; with another input it is a conflict."""

import pytest

from tests.bed.dump import changed
from tests.bed.procedure import CHECKER, OFFICER, case_now
from tests.bed.world import World, shanghai
from tests.usecases.calls import done, good_calls, refused
from tests.usecases.mutations import MUTATIONS, input_of, today_of

KEYED = tuple(name for name in MUTATIONS if "idempotencyKey" in input_of(name).fields)


def test_every_mutation_takes_a_key() -> None:
    assert set(MUTATIONS) == set(KEYED)


@pytest.mark.parametrize("kind", ["sqlite"])  # that each of them asks for its key; how it is claimed is tried on both
@pytest.mark.parametrize("mutation", today_of(KEYED))
async def test_the_same_key_does_nothing_twice(staged: World, mutation: str) -> None:
    call = good_calls(staged)[mutation]
    client = staged.as_(call.login)
    given = {**call.input, "idempotency_key": "一次"}
    first = await client.do(mutation, "__typename recordedAct { id }", **given)
    after = await staged.everything()
    assert await client.do(mutation, "__typename recordedAct { id }", **given) == first
    assert changed(after, await staged.everything()) == {}


async def test_the_same_key_with_another_input_is_a_conflict(staged: World) -> None:
    await done(staged, "registerCase", "case { id }", idempotency_key="k")
    assert await refused(staged, "registerCase", idempotency_key="k", title="另一件") == ["IDEMPOTENCY_CONFLICT"]


async def test_keys_are_a_persons_and_a_mutations_own(staged: World) -> None:
    numbers = {
        (await done(staged, "registerCase", "case { number }", login, idempotency_key="k"))["case"]["number"]
        for login in (OFFICER, CHECKER)
    }
    await done(staged, "proposeHandling", "case { status }", idempotency_key="k")
    assert numbers == {"道督〔2026〕28号", "道督〔2026〕29号"}


async def test_a_key_is_forgotten_after_a_day(staged: World) -> None:
    first = await done(staged, "registerCase", "case { number }", idempotency_key="k")
    staged.at(6, 26, 9, 59)
    assert await done(staged, "registerCase", "case { number }", idempotency_key="k") == first
    staged.at(6, 26, 10, 1)
    again = await done(staged, "registerCase", "case { number }", idempotency_key="k")
    assert again["case"]["number"] == "道督〔2026〕29号"


async def test_a_refusal_is_not_remembered(staged: World) -> None:
    late = {"completion_due_on": "2026-06-01"}
    assert await refused(staged, "proposeHandling", None, **late, idempotency_key="k") == [
        "input.completionDueOn BAD_DATE"
    ]
    assert (await done(staged, "proposeHandling", "case { status }", idempotency_key="k"))["case"] == {
        "status": "PENDING_DECISION"
    }


async def test_the_answer_is_read_again_under_the_rights_of_today(staged: World) -> None:
    given = {"idempotency_key": "k", "people": [staged.person("duban.zheng")], "units": []}
    case = staged.stages["registered"]["case"]["id"]
    for _ in range(2):
        assert (await done(staged, "setAccessScope", "case { id }", None, **given))["case"] is None
    assert (await case_now(staged, {"id": case}, "restricted"))["restricted"] is True


async def test_an_entered_act_is_entered_once(staged: World) -> None:
    sheet = {
        "decided_by": staged.person("fuquzhang"),
        "occurred_at": shanghai(6, 25, 9),
        "medium": "PAPER",
        "evidence": staged.stages["files"][OFFICER]["id"],
    }
    given = {"recorded": sheet, "idempotency_key": "k"}
    acts = [
        (await done(staged, "decideHandling", "recordedAct { id }", OFFICER, **given))["recordedAct"] for _ in range(2)
    ]
    assert acts[0] == acts[1]


@pytest.mark.parametrize("key", ["", " ", "k" * 101, "a\x00b", "a\x1bb"])
async def test_a_key_is_a_short_plain_text(staged: World, key: str) -> None:
    (reason,) = await refused(staged, "registerCase", idempotency_key=key)
    assert reason.split()[0] == "input.idempotencyKey"
