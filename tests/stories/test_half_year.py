"""第二十七条: a half-year's evaluation, with one objection upheld and one rejected, approved and made known."""

from tests.bed.halves import (
    answer,
    approve_and_publish,
    count,
    evaluations,
    grade_all,
    object_to,
    sheet_of,
    sheets,
    show,
    submit,
)
from tests.bed.procedure import CITY, OFFICE_HEAD, OFFICER, accept, dispatched, part_of, reported, send_back
from tests.bed.stages import ENVIRONMENT, TASK
from tests.bed.world import World

HEAD, OTHER_HEAD, TOWN = "chengguan.head", "huanbao.head", "太平镇人民政府"


async def test_a_half_year_is_marked_objected_to_graded_and_published(world: World) -> None:
    # 城管局: one in time, one urged and late, one returned for its form; 环境局: two in time, one nothing ever came of
    for unit in (CITY, ENVIRONMENT):
        case = await dispatched(world, unit, matter=TASK)
        await accept(world, await reported(world, await part_of(world, case, unit)))
    late = await dispatched(world, CITY, matter=TASK, tier="URGENT")  # due on the 17th
    returned = await dispatched(world, CITY, matter=TASK)
    first = await send_back(world, await reported(world, await part_of(world, returned)), grounds=["BAD_FORM"])
    assert first["status"] == "RETURNED"
    await accept(world, await reported(world, await part_of(world, returned)))
    await dispatched(world, ENVIRONMENT, matter=TASK)  # due on the 23rd
    third = await dispatched(world, ENVIRONMENT, matter=TASK)
    await accept(world, await reported(world, await part_of(world, third, ENVIRONMENT)))
    await world.on(6, 18)  # urged
    await accept(world, await reported(world, await part_of(world, late)))

    await world.on(6, 24)  # the one of which nothing came is urged

    # on the first of July the machine counts, once however often it looks
    await world.on(7, 1)
    assert await count(world) == 18  # 17 units under the district or under two, and 督查办 itself
    assert await count(world) == 0
    (evaluation,) = await evaluations(world)
    assert (evaluation["status"], evaluation["unitsDone"], evaluation["unitsTotal"]) == ("DRAFT", 18, 18)

    # 落实效果 100, 时限要求 (100 + 30 + 100) / 3, 行文规范 (100 + 100 + 75) / 3; 50, 30 and 20 of a hundred
    city = await sheet_of(world, CITY)
    assert (city["items"], city["effect"], city["timeliness"], city["form"]) == (3, 100.0, 76.67, 91.67)
    assert (city["score"], city["proposedGrade"]) == (91.34, "EXCELLENT")
    assert sorted((fact["kind"], fact["points"], fact["event"]["type"]) for fact in city["facts"]) == [
        ("COMPLETED_LATE", 40, "report.submitted"),
        ("REPORTED_LATE", 20, "report.submitted"),
        ("RETURNED_FOR_FORM", 25, "report.returned"),
        ("URGED", 10, "urging.delivered"),
    ]
    other = await sheet_of(world, ENVIRONMENT)
    assert sorted((fact["kind"], fact["event"] and fact["event"]["type"]) for fact in other["facts"]) == [
        ("NOT_COMPLETED", None),  # nothing came, so nothing recorded it
        ("REPORTED_LATE", None),
        ("URGED", "urging.delivered"),
    ]
    idle = await sheet_of(world, TOWN)
    assert (idle["standing"], idle["score"], idle["proposedGrade"]) == ("NONE", None, None)

    # no unit sees anything before the office shows it; then each sees its own
    assert await sheets(world, HEAD) == []
    assert await evaluations(world, HEAD) == []
    shown = await show(world, evaluation)
    assert shown["objectionsUntil"] == "2026-07-08"
    assert [sheet["unitName"] for sheet in await sheets(world, HEAD)] == [CITY]
    await world.tick()
    inbox = await world.as_(HEAD).ask("{ notifications(first: 9) { edges { node { topic } } } }")
    assert "evaluation.shown" in [edge["node"]["topic"] for edge in inbox["notifications"]["edges"]]

    # 异议: one is upheld, and what does not count any more is struck out; one is rejected with its reason
    urged = next(fact["id"] for fact in city["facts"] if fact["kind"] == "URGED")
    upheld = await object_to(world, HEAD, await sheet_of(world, CITY, HEAD), "催办前已电话说明情况。")
    rejected = await object_to(world, OTHER_HEAD, await sheet_of(world, ENVIRONMENT, OTHER_HEAD), "协调困难。")
    again = {"sheet": city["id"], "text": "再次提出。"}
    assert await world.as_(HEAD).refused("objectToEvaluation", **again) == ["ALREADY_DONE SHOWN v1"]
    corrected = await answer(world, upheld, "UPHELD", "经核，催办前确已说明。", [urged])
    assert (corrected["timeliness"], corrected["score"]) == (80.0, 92.33)
    await answer(world, rejected, "REJECTED", "应当事先申请延期。")
    (told,) = (await sheet_of(world, ENVIRONMENT, OTHER_HEAD))["objections"]
    assert (told["outcome"], told["answer"]) == ("REJECTED", "应当事先申请延期。")

    # 等次: decided by people, one by one; too few items, or another grade than proposed, need a reason
    named = {"sheet": city["id"], "expected_version": corrected["version"], "grade": "POOR"}
    assert await world.as_(OFFICE_HEAD).refused("gradeEvaluationSheet", **named) == ["input.reason REQUIRED"]
    laid = {"evaluation": evaluation["id"], "expected_version": shown["version"]}
    assert await world.as_(OFFICE_HEAD).refused("submitEvaluation", **laid) == ["OBJECTION_PENDING SHOWN v3"]
    world.at(7, 9)
    assert await world.as_(OFFICE_HEAD).refused("submitEvaluation", **laid) == ["GRADE_MISSING SHOWN v3"]
    await grade_all(world)
    submitted = await submit(world, shown)
    assert (submitted["status"], submitted["circular"]["kind"]) == ("SUBMITTED", "EVALUATION")
    adjust = {"sheet": city["id"], "expected_version": 3, "criterion": "FORM", "points": 5, "reason": "另有加分。"}
    assert await world.as_(OFFICER).refused("adjustEvaluationSheet", **adjust) == ["STATUS_CONFLICT SUBMITTED v3"]

    # approved by who leads the office, numbered, published inside the government
    await approve_and_publish(world, submitted)
    (published,) = await evaluations(world, "taiping.handler")
    assert published["status"] == "PUBLISHED"
    seen = await world.as_("taiping.handler").ask(
        "{ circulars(first: 1) { edges { node { document { number body { kind text rows } } } } } }"
    )
    document = seen["circulars"]["edges"][0]["node"]["document"]
    table = next(block["rows"] for block in document["body"] if block["kind"] == "TABLE")
    assert table == [
        ["名次", "单位", "得分", "等次"],
        ["1", CITY, "92.33", "优秀"],
        ["2", ENVIRONMENT, "87.00", "良好"],
    ]
    assert [sheet["unitName"] for sheet in await sheets(world, "taiping.handler")] == [TOWN]
    assert await world.as_(OFFICER).refused("adjustEvaluationSheet", **adjust) == ["STATUS_CONFLICT PUBLISHED v3"]
