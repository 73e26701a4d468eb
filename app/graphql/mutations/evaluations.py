"""考核 (第二十七条): shown, adjusted, graded, objected to, answered, laid before who approves, corrected.

Approved and published it is as a circular: `approveCircular`, `publishCircular`.
"""

from typing import Annotated, TypeAlias

import strawberry

from app.evaluations import service
from app.evaluations.models import EvaluationObjection as ObjectionRow
from app.evaluations.rules import Criterion, EvaluationGrade, ObjectionOutcome
from app.graphql.context import Info
from app.graphql.evaluations import Evaluation, EvaluationObjection, EvaluationSheet
from app.graphql.mutations.payloads import Payload, changed, of_changed
from app.graphql.performing import key_of, keys_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."


@strawberry.interface(description="A payload whose changed object is an evaluation.")
class EvaluationPayload(Payload):
    evaluation: Evaluation | None = changed(description="The evaluation.")


@strawberry.interface(description="A payload whose changed object is a sheet.")
class SheetPayload(Payload):
    sheet: EvaluationSheet | None = changed(description="The sheet, counted again.")


@strawberry.interface(description="A payload whose changed object is an objection.")
class ObjectionPayload(Payload):
    objection: EvaluationObjection | None = changed(description="The objection.")
    sheet: EvaluationSheet | None = of_changed(
        EvaluationObjection,
        ObjectionRow.sheet_id,
        description="The sheet, counted again where the objection was upheld.",
    )


@strawberry.input(description="An evaluation whose sheets units may see.")
class ShowEvaluationInput:
    evaluation: strawberry.ID = strawberry.field(description="The evaluation.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Marks to add to a criterion of a sheet, or to take (调整).")
class AdjustEvaluationSheetInput:
    sheet: strawberry.ID = strawberry.field(description="The sheet.")
    expected_version: int = strawberry.field(description=_VERSION)
    criterion: Criterion = strawberry.field(description="Of which criterion.")
    points: int = strawberry.field(description="Whole marks, -100 to 100, not 0.")
    reason: str = strawberry.field(description="Why; the unit reads it.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The grade of a unit (等次).")
class GradeEvaluationSheetInput:
    sheet: strawberry.ID = strawberry.field(description="The unit's ordinary sheet.")
    expected_version: int = strawberry.field(description=_VERSION)
    grade: EvaluationGrade = strawberry.field(description="The grade.")
    reason: str | None = strawberry.field(
        default=None, description="Why; required where it is not the grade that the score proposes."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What a unit has against its sheet (异议).")
class ObjectToEvaluationInput:
    sheet: strawberry.ID = strawberry.field(description="The sheet.")
    text: str = strawberry.field(description="The words.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The answer to an objection.")
class AnswerEvaluationObjectionInput:
    objection: strawberry.ID = strawberry.field(description="The objection.")
    expected_version: int = strawberry.field(description=_VERSION)
    outcome: ObjectionOutcome = strawberry.field(description="Upheld or rejected.")
    reason: str = strawberry.field(description="Why; the unit reads it.")
    facts: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="With UPHELD: the facts that do not count any more; at least one."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A graded evaluation to lay before who approves it.")
class SubmitEvaluationInput:
    evaluation: strawberry.ID = strawberry.field(description="The evaluation.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A published evaluation to correct by a new version beside it (更正).")
class CorrectEvaluationInput:
    evaluation: strawberry.ID = strawberry.field(description="The published evaluation.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The evaluation, as units see it now.")
class ShowEvaluationPayload(EvaluationPayload):
    pass


@strawberry.type(description="The sheet as adjusted.")
class AdjustEvaluationSheetPayload(SheetPayload):
    pass


@strawberry.type(description="The sheet as graded.")
class GradeEvaluationSheetPayload(SheetPayload):
    pass


@strawberry.type(description="The objection as filed.")
class ObjectToEvaluationPayload(ObjectionPayload):
    pass


@strawberry.type(description="The objection as answered.")
class AnswerEvaluationObjectionPayload(ObjectionPayload):
    pass


@strawberry.type(description="The evaluation, with the circular that waits for its approval.")
class SubmitEvaluationPayload(EvaluationPayload):
    pass


@strawberry.type(description="The new version, which the machine counts.")
class CorrectEvaluationPayload(EvaluationPayload):
    pass


ShowEvaluationResult: TypeAlias = Annotated[
    ShowEvaluationPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ShowEvaluationResult")
]
AdjustEvaluationSheetResult: TypeAlias = Annotated[
    AdjustEvaluationSheetPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("AdjustEvaluationSheetResult"),
]
GradeEvaluationSheetResult: TypeAlias = Annotated[
    GradeEvaluationSheetPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("GradeEvaluationSheetResult"),
]
ObjectToEvaluationResult: TypeAlias = Annotated[
    ObjectToEvaluationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ObjectToEvaluationResult"),
]
AnswerEvaluationObjectionResult: TypeAlias = Annotated[
    AnswerEvaluationObjectionPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("AnswerEvaluationObjectionResult"),
]
SubmitEvaluationResult: TypeAlias = Annotated[
    SubmitEvaluationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("SubmitEvaluationResult"),
]
CorrectEvaluationResult: TypeAlias = Annotated[
    CorrectEvaluationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CorrectEvaluationResult"),
]

_CLAUSE = "第二十七条"


@strawberry.type
class EvaluationMutations:
    @mutation("Let every unit see its own sheet (考核单给单位看).", "evaluation.show", _CLAUSE)
    async def show_evaluation(self, info: Info, input: ShowEvaluationInput) -> ShowEvaluationResult:
        command = service.ShowEvaluation(
            key_of("evaluation", input.evaluation, "evaluation"), input.expected_version
        )  # fmt: skip
        return ShowEvaluationPayload(
            done=await perform(info, "showEvaluation", service.show_evaluation, command, input)
        )

    @mutation("Add marks to a criterion, or take some, with a reason (调整).", "evaluation_sheet.adjust", _CLAUSE)
    async def adjust_evaluation_sheet(
        self, info: Info, input: AdjustEvaluationSheetInput
    ) -> AdjustEvaluationSheetResult:
        command = service.AdjustSheet(
            key_of("sheet", input.sheet, "sheet"), input.expected_version, input.criterion, input.points, input.reason
        )
        return AdjustEvaluationSheetPayload(
            done=await perform(info, "adjustEvaluationSheet", service.adjust_sheet, command, input)
        )

    @mutation("Decide the grade of a unit (评定等次).", "evaluation_sheet.grade", _CLAUSE)
    async def grade_evaluation_sheet(self, info: Info, input: GradeEvaluationSheetInput) -> GradeEvaluationSheetResult:
        command = service.GradeSheet(
            key_of("sheet", input.sheet, "sheet"), input.expected_version, input.grade, input.reason
        )
        return GradeEvaluationSheetPayload(
            done=await perform(info, "gradeEvaluationSheet", service.grade_sheet, command, input)
        )

    @mutation("Object to one's unit's sheet (提出异议).", "evaluation_sheet.object", _CLAUSE)
    async def object_to_evaluation(self, info: Info, input: ObjectToEvaluationInput) -> ObjectToEvaluationResult:
        command = service.ObjectToSheet(key_of("sheet", input.sheet, "sheet"), input.text)
        return ObjectToEvaluationPayload(
            done=await perform(info, "objectToEvaluation", service.object_to_sheet, command, input)
        )

    @mutation("Uphold or reject an objection (答复异议).", "evaluation_sheet.answer_objection", _CLAUSE)
    async def answer_evaluation_objection(
        self, info: Info, input: AnswerEvaluationObjectionInput
    ) -> AnswerEvaluationObjectionResult:
        command = service.AnswerObjection(
            objection_id=key_of("objection", input.objection, "objection"),
            expected_version=input.expected_version,
            outcome=input.outcome,
            reason=input.reason,
            fact_ids=keys_of("fact", input.facts, "facts"),
        )
        return AnswerEvaluationObjectionPayload(
            done=await perform(info, "answerEvaluationObjection", service.answer_objection, command, input)
        )

    @mutation("Lay a graded evaluation before who approves it (考核报批).", "evaluation.submit", _CLAUSE)
    async def submit_evaluation(self, info: Info, input: SubmitEvaluationInput) -> SubmitEvaluationResult:
        command = service.SubmitEvaluation(
            key_of("evaluation", input.evaluation, "evaluation"), input.expected_version
        )  # fmt: skip
        return SubmitEvaluationPayload(
            done=await perform(info, "submitEvaluation", service.submit_evaluation, command, input)
        )

    @mutation("Correct a published evaluation by a new version (更正考核).", "evaluation.correct", _CLAUSE)
    async def correct_evaluation(self, info: Info, input: CorrectEvaluationInput) -> CorrectEvaluationResult:
        command = service.CorrectEvaluation(key_of("evaluation", input.evaluation, "evaluation"), input.reason)
        return CorrectEvaluationPayload(
            done=await perform(info, "correctEvaluation", service.correct_evaluation, command, input)
        )
