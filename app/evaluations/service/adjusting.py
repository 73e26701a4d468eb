"""调整: the office adds marks to a criterion or takes some, with its reason on record."""

from dataclasses import dataclass
from uuid import UUID

from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.evaluations.models import Evaluation, EvaluationCorrection, EvaluationSheet
from app.evaluations.queries import load_sheet
from app.evaluations.rules import FULL, OPEN_TO_PEOPLE, Criterion, SheetStanding
from app.evaluations.service.counting import correct
from app.work import Work


@dataclass(frozen=True, slots=True)
class AdjustSheet:
    """`points`: whole marks of the criterion, negative to take some."""

    sheet_id: UUID
    expected_version: int
    criterion: Criterion
    points: int
    reason: str


async def adjust_sheet(work: Work, command: AdjustSheet) -> EvaluationSheet:
    """Change a mark, with a reason. Refuses as every decision does; STATUS_CONFLICT for who is not assessed."""
    evaluation, sheet = await load_sheet(work, command.sheet_id)
    await work.require("evaluation_sheet.adjust", sheet)
    work.expect_version(sheet, command.expected_version)
    check_open(evaluation, sheet)
    reason = _checked_reason(sheet, command)
    assert work.actor.person_id is not None
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    correction = EvaluationCorrection(
        id=new_id(),
        sheet_id=sheet.id,
        criterion=command.criterion,
        points=command.points,
        reason_id=reason_id,
        made_by=work.actor.person_id,
        made_at=work.now,
    )
    await correct(work, evaluation, sheet, [correction])
    await work.record(
        "evaluation.adjusted", ("evaluation_sheet", sheet.id), case=None, action="evaluation_sheet.adjust"
    )
    return sheet


def check_open(evaluation: Evaluation, sheet: EvaluationSheet) -> None:
    """Sheets are worked on until they are laid before who approves. Refuses STATUS_CONFLICT."""
    if evaluation.status not in OPEN_TO_PEOPLE:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=evaluation.status.value, version=sheet.version)
    if sheet.standing is SheetStanding.NONE:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=sheet.standing.value, version=sheet.version)


def _checked_reason(sheet: EvaluationSheet, command: AdjustSheet) -> str:
    problems = Problems()
    fine = command.points != 0 and -FULL <= command.points <= FULL
    problems.check(fine, RefusalCode.OUT_OF_RANGE, "input", "points", low=-FULL, high=FULL)
    marked = sheet.supporting_items if command.criterion is Criterion.SUPPORT else sheet.items
    problems.check(bool(marked), RefusalCode.NOT_APPLICABLE, "input", "criterion")
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    return reason
