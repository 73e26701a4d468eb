"""第二十七条 as people take it: the steps of a half-year's evaluation."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.core.ids import new_id
from app.escalation.machine import machine_now
from app.evaluations.models import Evaluation
from app.evaluations.rules import EvaluationStatus
from app.evaluations.sweep import evaluate
from tests.bed.procedure import OFFICE_HEAD, OFFICER, Row
from tests.bed.world import World

APPROVER = "zhuren"  # leads the government's office

_EVALUATION = "id status version nth unitsDone unitsTotal objectionsUntil circular { id status version kind }"
_FACT = "id kind criterion points case { id } event { type }"
_SHEET = (
    "id version edition unitName standing items supportingItems effect timeliness form support score proposedGrade "
    "grade unit { name } "
    f"facts(first: 20) {{ edges {{ node {{ {_FACT} }} }} totalCount {{ value }} }} "
    "corrections(first: 9) { edges { node { criterion points reason fact { kind } } } } "
    "objections(first: 9) { edges { node { id version text outcome answer } } }"
)
_EVALUATIONS = f"{{ evaluations(first: 9) {{ edges {{ node {{ {_EVALUATION} }} }} }} }}"
_SHEETS = (
    "query S($filter: EvaluationSheetFilter) { evaluationSheets(first: 20, filter: $filter, orderBy: [SCORE_DESC]) "
    f"{{ totalCount {{ value }} edges {{ node {{ {_SHEET} }} }} }} }}"
)


async def count(world: World) -> int:
    """What the worker does when it looks."""
    return await evaluate(world.workplace, world.policy)


async def evaluations(world: World, login: str = OFFICE_HEAD) -> list[Row]:
    return _nodes((await world.as_(login).ask(_EVALUATIONS))["evaluations"])


async def sheets(world: World, login: str = OFFICE_HEAD, **filter: Any) -> list[Row]:
    """Those that somebody sees, the best score first."""
    found = await world.as_(login).ask(_SHEETS, filter=filter)
    rows = _nodes(found["evaluationSheets"])
    assert found["evaluationSheets"]["totalCount"]["value"] == len(rows)
    return [{**row, **{name: _nodes(row[name]) for name in ("facts", "corrections", "objections")}} for row in rows]


async def sheet_of(world: World, unit: str, login: str = OFFICE_HEAD, **filter: Any) -> Row:
    (found,) = await sheets(world, login, units=[world.unit(unit)], edition="ORDINARY", **filter)
    return found


async def open_now(world: World, year: int) -> UUID:
    """A run over June 2026 as far as it has come, under the name of another year; the machine counts it at once."""
    machine = await machine_now(world.database)
    async with world.workplace.open(machine, world.policy) as work:
        evaluation = Evaluation(
            id=new_id(),
            year=year,
            half=1,
            status=EvaluationStatus.COMPUTING,
            first_on=date(2026, 6, 1),
            last_on=date(2026, 6, 30),
            cut_off=work.now,
            rule_set_id=(await work.rule_set()).id,
            created_at=work.now,
        )
        work.session.add(evaluation)
        await work.record("evaluation.opened", ("evaluation", evaluation.id), case=None)
    await count(world)
    return evaluation.id


async def let_objections_end(world: World, evaluation_id: UUID) -> None:
    """As if the days in which units may object were over."""
    machine = await machine_now(world.database)
    async with world.workplace.open(machine, world.policy) as work:
        (await work.reach(Evaluation, evaluation_id)).objections_until = work.today - timedelta(days=1)
        await work.record("evaluation.shown", ("evaluation", evaluation_id), case=None)


async def approve_and_publish(world: World, submitted: Row) -> None:
    given = {"circular": submitted["circular"]["id"], "expected_version": submitted["circular"]["version"]}
    approved = await world.as_(APPROVER).do("approveCircular", "circular { version }", **given, outcome="APPROVED")
    issued = {"circular": given["circular"], "expected_version": approved["circular"]["version"]}
    await world.as_(OFFICER).do("publishCircular", "circular { id }", **issued)


async def show(world: World, evaluation: Row) -> Row:
    return await _evaluation(world, "showEvaluation", evaluation)


async def submit(world: World, evaluation: Row) -> Row:
    return await _evaluation(world, "submitEvaluation", evaluation)


async def object_to(world: World, login: str, sheet: Row, text: str) -> Row:
    answer = await world.as_(login).do("objectToEvaluation", "objection { id version }", sheet=sheet["id"], text=text)
    found: Row = answer["objection"]
    return found


async def answer(world: World, objection: Row, outcome: str, reason: str, facts: list[str] | None = None) -> Row:
    given = {"objection": objection["id"], "expected_version": objection["version"], "outcome": outcome}
    told = await world.as_(OFFICE_HEAD).do(
        "answerEvaluationObjection", f"sheet {{ {_SHEET} }}", **given, reason=reason, facts=facts or []
    )
    found: Row = told["sheet"]
    return found


async def grade(world: World, sheet: Row, grade: str | None = None, reason: str | None = None) -> None:
    given = {"sheet": sheet["id"], "expected_version": sheet["version"], "grade": grade or sheet["proposedGrade"]}
    await world.as_(OFFICE_HEAD).do("gradeEvaluationSheet", "sheet { id }", **given, reason=reason)


async def grade_all(world: World, **filter: Any) -> None:
    """As proposed; by hand, 良好, where there were too few items."""
    for sheet in await sheets(world, edition="ORDINARY", **filter):
        if sheet["standing"] != "NONE" and sheet["grade"] is None:
            by_hand = sheet["proposedGrade"] is None
            await grade(world, sheet, "GOOD" if by_hand else None, "件数较少，综合评定。" if by_hand else None)


async def _evaluation(world: World, mutation: str, evaluation: Row) -> Row:
    given = {"evaluation": evaluation["id"], "expected_version": evaluation["version"]}
    found: Row = (await world.as_(OFFICE_HEAD).do(mutation, f"evaluation {{ {_EVALUATION} }}", **given))["evaluation"]
    return found


def _nodes(connection: Any) -> list[Row]:
    return [edge["node"] for edge in connection["edges"]]
