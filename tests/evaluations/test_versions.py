"""试算 changes nothing; what was published stays as it was, and a correction stands beside it."""

from tests.bed.dump import changed
from tests.bed.halves import approve_and_publish, count, evaluations, grade_all, sheet_of, show, submit
from tests.bed.procedure import CITY, OFFICE_HEAD, OFFICER, accept, dispatched, part_of, reported
from tests.bed.records import check_records
from tests.bed.stages import TASK
from tests.bed.world import World

SIMULATED = """
query S($evaluation: ID!, $weights: WeightsInput, $deductions: [DeductionInput!]) {
  simulateEvaluation(evaluation: $evaluation, weights: $weights, deductions: $deductions) {
    score proposedGrade sheet { unitName score }
  }
}
"""
PROMPT = {"effect": 20, "timeliness": 60, "form": 20}


async def test_other_weights_show_what_they_would_give_and_change_nothing(world: World) -> None:
    await counted(world)
    (run,) = await evaluations(world)
    await world.token(OFFICER)
    before = await world.everything()
    # one late item among three: 时限要求 is 80 (completed late 40, reported late 20)
    asked = {"evaluation": run["id"], "weights": PROMPT}
    found = (await world.as_(OFFICER).ask(SIMULATED, **asked))["simulateEvaluation"][0]
    assert found == {"score": 88.0, "proposedGrade": "GOOD", "sheet": {"unitName": CITY, "score": 94.0}}
    milder = asked | {"deductions": [{"kind": "COMPLETED_LATE", "points": 10}]}
    assert (await world.as_(OFFICER).ask(SIMULATED, **milder))["simulateEvaluation"][0]["score"] == 94.0
    assert changed(before, await world.everything()) == {}
    wrong = await world.as_(OFFICER).post(SIMULATED, {"evaluation": run["id"], "weights": PROMPT | {"form": 30}})
    assert wrong["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    denied = await world.as_("fuquzhang").post(SIMULATED, {"evaluation": run["id"]})
    assert denied["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_a_correction_stands_beside_what_was_published(world: World) -> None:
    await counted(world)
    (run,) = await evaluations(world)
    shown = await show(world, run)
    sheet = await sheet_of(world, CITY)
    marks = {"sheet": sheet["id"], "expected_version": sheet["version"], "criterion": "TIMELINESS", "points": 5}
    await world.as_(OFFICER).do("adjustEvaluationSheet", "sheet { id }", **marks, reason="主动补办。")
    world.at(7, 9)
    await grade_all(world)
    await approve_and_publish(world, await submit(world, shown))
    published = await sheet_of(world, CITY)
    wish = {"evaluation": run["id"], "reason": "一件计错。"}
    await world.as_(OFFICE_HEAD).do("correctEvaluation", "evaluation { id }", **wish)
    assert await world.as_(OFFICE_HEAD).refused("correctEvaluation", **wish) == ["ALREADY_DONE PUBLISHED v5"]
    await count(world)
    second, first = await evaluations(world)
    assert [(one["nth"], one["status"]) for one in (second, first)] == [(2, "DRAFT"), (1, "PUBLISHED")]
    assert await sheet_of(world, CITY, evaluations=[first["id"]]) == published
    again = await sheet_of(world, CITY, evaluations=[second["id"]])
    assert [(one["points"], one["reason"]) for one in again["corrections"]] == [(5, "主动补办。")]  # carried over
    assert (again["score"], again["grade"]) == (published["score"], None)
    await check_records(world)


async def counted(world: World) -> None:
    """Two in time and one late, which nobody urged."""
    for _ in range(2):
        case = await dispatched(world, matter=TASK)
        await accept(world, await reported(world, await part_of(world, case)))
    late = await dispatched(world, matter=TASK, tier="URGENT")
    world.at(6, 18)
    await accept(world, await reported(world, await part_of(world, late)))
    world.at(7, 1)
    await count(world)
