"""评定等次 (第二十七条): 优秀, 良好 or 较差. The score proposes; somebody who holds no post in the unit decides."""

from dataclasses import dataclass
from uuid import UUID

from app.content.service import put_optional
from app.core.refusals import Problems, RefusalCode
from app.core.texts import PARAGRAPH, clean_optional
from app.evaluations.models import EvaluationSheet
from app.evaluations.queries import load_sheet
from app.evaluations.rules import EvaluationGrade, SheetEdition
from app.evaluations.service.adjusting import check_open
from app.work import Work


@dataclass(frozen=True, slots=True)
class GradeSheet:
    """`reason` is required where the grade is not the one that the score proposes."""

    sheet_id: UUID
    expected_version: int
    grade: EvaluationGrade
    reason: str | None = None


async def grade_sheet(work: Work, command: GradeSheet) -> EvaluationSheet:
    """Decide the grade of a unit, on its ordinary sheet. Refuses as every decision does."""
    evaluation, sheet = await load_sheet(work, command.sheet_id)
    await work.require("evaluation_sheet.grade", sheet)
    work.expect_version(sheet, command.expected_version)
    check_open(evaluation, sheet)
    problems = Problems()
    problems.check(sheet.edition is SheetEdition.ORDINARY, RefusalCode.NOT_APPLICABLE, "input", "sheet")
    reason = clean_optional(problems, command.reason, PARAGRAPH, "input", "reason")
    as_proposed = command.grade is sheet.proposed_grade
    problems.check(as_proposed or reason is not None, RefusalCode.REQUIRED, "input", "reason")
    problems.raise_if_any()
    reason_id = put_optional(work.session, reason, work.now)
    await work.session.flush()
    sheet.grade, sheet.grade_reason_id = command.grade, reason_id
    sheet.graded_by, sheet.graded_at = work.actor.person_id, work.now
    sheet.version += 1
    await work.record("evaluation.graded", ("evaluation_sheet", sheet.id), case=None, action="evaluation_sheet.grade")
    return sheet
