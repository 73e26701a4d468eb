"""考核 as the schema shows it: runs, sheets, and every mark with the case and the event on which it rests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from app.cases.rules import AssignmentRole
from app.core.refusals import RefusalCode, invalid
from app.evaluations import models
from app.evaluations.rules import (
    FULL,
    HUNDREDTHS,
    Criterion,
    EvaluationFactKind,
    EvaluationGrade,
    EvaluationStatus,
    ObjectionOutcome,
    SheetEdition,
    SheetStanding,
    points,
)
from app.evaluations.service import Simulated, SimulateEvaluation, simulate_evaluation
from app.graphql.acts import TimelineEntry
from app.graphql.allowed import AllowedAction, Possible, allowed
from app.graphql.assignments import Assignment
from app.graphql.cases import Case
from app.graphql.context import Context, Info
from app.graphql.declarations import (
    column,
    computed,
    from_graphql_core,
    global_id,
    reads,
    text,
    to_one,
    to_page,
)
from app.graphql.escalation import Circular
from app.graphql.node import Connection, Node
from app.graphql.performing import key_of
from app.graphql.roots import visible
from app.graphql.units import Person, Unit
from app.identity.rules import UnitKind
from app.reads.filters import Listing, equals, one_of, one_of_ids
from app.reads.keyset import ascending, descending
from app.regulation.rules import Weights
from app.work import Work

_SIMULATED = "counted in memory from the facts of the sheets"

EVALUATION_ACTIONS = (
    Possible("evaluation.show", "showEvaluation", frozenset({EvaluationStatus.DRAFT})),
    Possible("evaluation.submit", "submitEvaluation", frozenset({EvaluationStatus.SHOWN})),
    Possible("evaluation.correct", "correctEvaluation", frozenset({EvaluationStatus.PUBLISHED})),
)


@strawberry.type(description="What somebody changed about a sheet, and why (修正).")
@reads(models.EvaluationCorrection, object="evaluation_correction")
class EvaluationCorrection(Node):
    id: strawberry.ID = global_id("correction")
    criterion: Criterion = column(models.EvaluationCorrection.criterion, description="Of which criterion.")
    points: int | None = column(
        models.EvaluationCorrection.points, description="Marks added or taken; null where a fact was struck out."
    )
    reason: str | None = text(models.EvaluationCorrection.reason_id, description="Why (理由).")
    made_at: datetime = column(models.EvaluationCorrection.made_at, description="When.")
    made_by: Person | None = to_one(models.EvaluationCorrection.made_by, description="By whom.")
    fact: Annotated["EvaluationFact", strawberry.lazy("app.graphql.evaluations")] | None = to_one(
        models.EvaluationCorrection.fact_id, description="The fact that does not count any more."
    )


@strawberry.type(description="A unit's objection to its sheet, and the answer (异议).")
@reads(models.EvaluationObjection, object="evaluation_objection")
class EvaluationObjection(Node):
    id: strawberry.ID = global_id("objection")
    answer: str | None = text(models.EvaluationObjection.answer_id, description="The reason that was given.")
    text: str | None = text(models.EvaluationObjection.text_id, description="The words.")
    filed_at: datetime = column(models.EvaluationObjection.filed_at, description="When it was filed.")
    outcome: ObjectionOutcome | None = column(models.EvaluationObjection.outcome, description="How it was answered.")
    answered_at: datetime | None = column(models.EvaluationObjection.answered_at, description="When it was answered.")
    version: int = column(models.EvaluationObjection.version, description="Counts up; for `expectedVersion`.")
    filed_by: Person | None = to_one(models.EvaluationObjection.filed_by, description="By whom it was filed.")


@strawberry.type(description="A part of a case that counts in a sheet (考核件).")
@reads(models.EvaluationItem, object="evaluation_item")
class EvaluationItem(Node):
    id: strawberry.ID = global_id("item")
    role: AssignmentRole = column(models.EvaluationItem.role, description="What the unit is in the case.")
    case: Case | None = to_one(models.EvaluationItem.case_id, description="The case.")
    assignment: Assignment | None = to_one(models.EvaluationItem.assignment_id, description="The unit's part.")


@strawberry.type(description="A fact of the ledger that takes marks off an item (扣分事实).")
@reads(models.EvaluationFact, object="evaluation_fact")
class EvaluationFact(Node):
    id: strawberry.ID = global_id("fact")
    kind: EvaluationFactKind = column(models.EvaluationFact.kind, description="What happened.")
    criterion: Criterion = column(models.EvaluationFact.criterion, description="In which criterion it counts.")
    points: int = column(models.EvaluationFact.points, description="How many marks it takes off this item.")
    case: Case | None = to_one(models.EvaluationFact.case_id, description="The case.")
    item: EvaluationItem | None = to_one(models.EvaluationFact.item_id, description="The item.")
    event: TimelineEntry | None = to_one(
        models.EvaluationFact.event_id, description="What recorded it; null where nothing ever came."
    )


@strawberry.type(description="What a unit's half-year was worth (考核单).")
@reads(models.EvaluationSheet, object="evaluation_sheet")
class EvaluationSheet(Node):
    id: strawberry.ID = global_id("sheet")
    edition: SheetEdition = column(
        models.EvaluationSheet.edition, description="What it counts: what is ordinary, or everything."
    )
    unit_name: str = column(models.EvaluationSheet.unit_name, description="The unit's name on the last day.")
    unit_kind: UnitKind = column(models.EvaluationSheet.unit_kind, description="Kind of unit.")
    first_on: date = column(models.EvaluationSheet.first_on, description="The first day of the half-year.")
    standing: SheetStanding = column(models.EvaluationSheet.standing, description="Whether it is assessed.")
    items: int = column(models.EvaluationSheet.items, description="Items that it had to handle.")
    supporting_items: int = column(models.EvaluationSheet.supporting_items, description="Items that it supported.")
    effect: float | None = computed(points, models.EvaluationSheet.effect, description="落实效果, of 100.")
    timeliness: float | None = computed(points, models.EvaluationSheet.timeliness, description="时限要求, of 100.")
    form: float | None = computed(points, models.EvaluationSheet.form, description="行文规范, of 100.")
    support: float | None = computed(points, models.EvaluationSheet.support, description="协办配合, of 100.")
    score: float | None = computed(points, models.EvaluationSheet.score, description="The weighted sum (总分).")
    proposed_grade: EvaluationGrade | None = column(
        models.EvaluationSheet.proposed_grade, description="What the score proposes; null for too few items."
    )
    grade: EvaluationGrade | None = column(models.EvaluationSheet.grade, description="The grade decided (等次).")
    grade_reason: str | None = text(models.EvaluationSheet.grade_reason_id, description="Why, where it differs.")
    graded_at: datetime | None = column(models.EvaluationSheet.graded_at, description="When it was decided.")
    version: int = column(models.EvaluationSheet.version, description="Counts up with each change.")
    graded_by: Person | None = to_one(models.EvaluationSheet.graded_by, description="Who decided it.")
    unit: Unit | None = to_one(models.EvaluationSheet.unit_id, description="The unit.")
    evaluation: Annotated["Evaluation", strawberry.lazy("app.graphql.evaluations")] | None = to_one(
        models.EvaluationSheet.evaluation_id, description="The evaluation."
    )
    counted: Connection[EvaluationItem] = to_page(
        models.EvaluationItem.sheet_id,
        order=[ascending(models.EvaluationItem.case_id)],
        description="The items that it counts, as far as the caller may see their cases.",
    )
    facts: Connection[EvaluationFact] = to_page(
        models.EvaluationFact.sheet_id,
        order=[ascending(models.EvaluationFact.case_id)],
        description="What takes marks off, as far as the caller may see the cases.",
    )
    corrections: Connection[EvaluationCorrection] = to_page(
        models.EvaluationCorrection.sheet_id,
        order=[ascending(models.EvaluationCorrection.made_at)],
        description="What people changed about it.",
    )
    objections: Connection[EvaluationObjection] = to_page(
        models.EvaluationObjection.sheet_id,
        order=[ascending(models.EvaluationObjection.filed_at)],
        description="What the unit objected.",
    )


@strawberry.type(description="考核 of one half-year (第二十七条).")
@reads(models.Evaluation, object="evaluation")
class Evaluation(Node):
    id: strawberry.ID = global_id("evaluation")
    year: int = column(models.Evaluation.year, description="Year.")
    half: int = column(models.Evaluation.half, description="1: January to June (上半年); 2: July to December (下半年).")
    nth: int = column(models.Evaluation.nth, description="Its version: 1, and more for corrections (更正).")
    status: EvaluationStatus = column(models.Evaluation.status, description="State.")
    first_on: date = column(models.Evaluation.first_on, description="First day.")
    last_on: date = column(models.Evaluation.last_on, description="Last day.")
    cut_off: datetime = column(models.Evaluation.cut_off, description="What was recorded later does not count.")
    units_done: int = column(models.Evaluation.units_done, description="Units whose sheets are drawn up (进度).")
    units_total: int = column(models.Evaluation.units_total, description="Units in all.")
    computed_at: datetime | None = column(models.Evaluation.computed_at, description="When all sheets were there.")
    shown_at: datetime | None = column(models.Evaluation.shown_at, description="When units could see their sheets.")
    objections_until: date | None = column(
        models.Evaluation.objections_until, description="Until when units may object, that day included."
    )
    published_at: datetime | None = column(models.Evaluation.published_at, description="When it was published.")
    correction_reason: str | None = text(
        models.Evaluation.correction_reason_id, description="Why a published one is corrected."
    )
    version: int = column(models.Evaluation.version, description="Counts up with each change; for `expectedVersion`.")
    corrects: Annotated["Evaluation", strawberry.lazy("app.graphql.evaluations")] | None = to_one(
        models.Evaluation.corrects_id, description="The version that it corrects."
    )
    circular: Circular | None = to_one(
        models.Evaluation.circular_id, description="The circular in which it is approved and published (考核通报)."
    )
    sheets: Connection[EvaluationSheet] = to_page(
        models.EvaluationSheet.evaluation_id,
        order=[descending(models.EvaluationSheet.score), ascending(models.EvaluationSheet.unit_name)],
        description="Its sheets, the best score first (排名).",
    )

    allowed_actions: list[AllowedAction] = allowed(EVALUATION_ACTIONS, models.Evaluation.status)


# half-years, newest first; a correction stands before what it corrects
EVALUATIONS = Listing(
    model=models.Evaluation,
    order=(descending(models.Evaluation.first_on), descending(models.Evaluation.nth)),
    filters={"years": one_of(models.Evaluation.year), "statuses": one_of(models.Evaluation.status)},
    orders={},
)
SHEETS = Listing(
    model=models.EvaluationSheet,
    order=(descending(models.EvaluationSheet.first_on), descending(models.EvaluationSheet.score)),
    filters={
        "evaluations": one_of_ids(models.EvaluationSheet.evaluation_id, "evaluation"),
        "units": one_of_ids(models.EvaluationSheet.unit_id, "unit"),
        "unit_kinds": one_of(models.EvaluationSheet.unit_kind),
        "grades": one_of(models.EvaluationSheet.grade),
        "edition": equals(models.EvaluationSheet.edition),
    },
    orders={
        "SCORE_DESC": (descending(models.EvaluationSheet.score),),
        "PERIOD_ASC": (ascending(models.EvaluationSheet.first_on),),
        "PERIOD_DESC": (descending(models.EvaluationSheet.first_on),),
        "UNIT_KIND_ASC": (ascending(models.EvaluationSheet.unit_kind),),
    },
)


@strawberry.input(description="Which evaluations.")
class EvaluationFilter:
    years: list[int] | None = strawberry.field(default=None, description="Years.")
    statuses: list[EvaluationStatus] | None = strawberry.field(default=None, description="States.")


@strawberry.input(description="Which sheets.")
class EvaluationSheetFilter:
    evaluations: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these evaluations.")
    units: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these units.")
    unit_kinds: list[UnitKind] | None = strawberry.field(default=None, description="Of units of these kinds.")
    grades: list[EvaluationGrade] | None = strawberry.field(default=None, description="With these grades.")
    edition: SheetEdition | None = strawberry.field(default=None, description="Of this edition.")


@strawberry.enum(description="Orders of sheets: ranking (排名), trend over half-years (趋势), by kind of unit.")
class EvaluationSheetOrder(Enum):
    SCORE_DESC = "SCORE_DESC"
    PERIOD_ASC = "PERIOD_ASC"
    PERIOD_DESC = "PERIOD_DESC"
    UNIT_KIND_ASC = "UNIT_KIND_ASC"


# ── 试算 ──


@strawberry.input(description="Other weights of the three criteria (权重); together 100.")
class WeightsInput:
    effect: int = strawberry.field(description="落实效果.")
    timeliness: int = strawberry.field(description="时限要求.")
    form: int = strawberry.field(description="行文规范.")


@strawberry.input(description="What a kind of fact would take off (扣分).")
class DeductionInput:
    kind: EvaluationFactKind = strawberry.field(description="The fact.")
    points: int = strawberry.field(description="Marks, 0 to 100.")


@from_graphql_core(_SIMULATED)
@strawberry.type(description="What a sheet would come to under other parameters (试算).")
class SimulatedSheet:
    found: strawberry.Private[Simulated]
    seen: strawberry.Private[EvaluationSheet]

    @strawberry.field(description="The sheet as it is.")
    @from_graphql_core(_SIMULATED)
    def sheet(self) -> EvaluationSheet:
        return self.seen

    @strawberry.field(description="What the score would be; null where nothing was there to be marked.")
    @from_graphql_core(_SIMULATED)
    def score(self) -> float | None:
        score = self.found.marks.score
        return None if score is None else score / HUNDREDTHS

    @strawberry.field(description="The grade that it would propose.")
    @from_graphql_core(_SIMULATED)
    def proposed_grade(self) -> EvaluationGrade | None:
        return self.found.proposed_grade


_EvaluationId = Annotated[strawberry.ID, strawberry.argument(description="The evaluation.")]
_MaybeWeights = Annotated[WeightsInput | None, strawberry.argument(description="Other weights; else those in force.")]
_MaybeDeductions = Annotated[
    list[DeductionInput] | None, strawberry.argument(description="Other deductions; the rest as in force.")
]


@from_graphql_core(_SIMULATED)
async def simulated(
    info: Info, evaluation: _EvaluationId, weights: _MaybeWeights = None, deductions: _MaybeDeductions = None
) -> list[SimulatedSheet] | None:
    context = info.context
    command = SimulateEvaluation(
        key_of("evaluation", evaluation), _weights(weights), tuple(map(_deduction, deductions or ()))
    )
    async with _looking(context) as work:
        found = await simulate_evaluation(work, command)
    shown = [(one, await visible(context, EvaluationSheet, one.sheet_id)) for one in found]
    return [SimulatedSheet(found=one, seen=sheet) for one, sheet in shown if sheet is not None]


def _weights(given: WeightsInput | None) -> Weights | None:
    if given is None:
        return None
    parts = (given.effect, given.timeliness, given.form)
    if min(parts) < 0 or sum(parts) != FULL:
        raise invalid(RefusalCode.OUT_OF_RANGE, "weights", low=0, high=FULL)
    return Weights(effect=given.effect, timeliness=given.timeliness, form=given.form)


def _deduction(given: DeductionInput) -> tuple[EvaluationFactKind, int]:
    if not 0 <= given.points <= FULL:
        raise invalid(RefusalCode.OUT_OF_RANGE, "deductions", low=0, high=FULL)
    return given.kind, given.points


@asynccontextmanager
async def _looking(context: Context) -> AsyncIterator[Work]:
    async with context.workplace.look(context.actor, context.policy, correlation_id=context.correlation_id) as work:
        yield work
