"""试算: what other weights and deductions would give. Nothing changes, nothing is recorded."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from app.evaluations.models import Evaluation
from app.evaluations.queries import FactRow, corrections_in, facts_in, sheets_of
from app.evaluations.rules import (
    Criterion,
    EvaluationFactKind,
    EvaluationGrade,
    Marks,
    Taken,
    marks_of,
    price_of,
    proposed_grade,
)
from app.regulation.rules import Weights
from app.work import Work


@dataclass(frozen=True, slots=True)
class SimulateEvaluation:
    """`points`: what some kinds of facts would take off, in marks; the others take what the regulation says."""

    evaluation_id: UUID
    weights: Weights | None = None
    points: tuple[tuple[EvaluationFactKind, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Simulated:
    sheet_id: UUID
    marks: Marks
    proposed_grade: EvaluationGrade | None


async def simulate_evaluation(work: Work, command: SimulateEvaluation) -> list[Simulated]:
    """The ordinary sheets under other parameters, the best first. Refuses NOT_ALLOWED, NOT_FOUND."""
    evaluation = await work.load(Evaluation, command.evaluation_id, lock=False)
    await work.require("evaluation.simulate", evaluation)
    parameters = (await work.rules_of(evaluation.rule_set_id)).evaluation
    if command.weights is not None:
        parameters = parameters.model_copy(update={"weights": command.weights})
    sheets = await sheets_of(work.session, evaluation.id)
    keys = [sheet.id for sheet in sheets]
    corrections = await corrections_in(work.session, keys)
    struck = {one.fact_id for one in corrections}
    prices = {kind: price_of(kind, parameters.deductions)[1] for kind in EvaluationFactKind} | dict(command.points)
    taken: dict[UUID, list[Taken]] = defaultdict(list)
    for fact in await facts_in(work.session, keys):
        if fact.id not in struck:
            taken[fact.sheet_id].append(_taken(fact, prices))
    added: dict[UUID, list[tuple[Criterion, int]]] = defaultdict(list)
    for one in corrections:
        if one.points is not None:
            added[one.sheet_id].append((one.criterion, one.points))
    found = []
    for sheet in sheets:
        marks = marks_of(sheet.items, sheet.supporting_items, taken[sheet.id], added[sheet.id], parameters)
        found.append(Simulated(sheet.id, marks, proposed_grade(sheet.standing, marks.score, parameters)))
    return sorted(found, key=lambda one: -1 if one.marks.score is None else one.marks.score, reverse=True)


def _taken(fact: FactRow, prices: dict[EvaluationFactKind, int]) -> Taken:
    return Taken(fact.item_id, fact.criterion, prices[fact.kind])
