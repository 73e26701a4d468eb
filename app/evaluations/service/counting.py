"""What a sheet comes to: its facts without those that do not count, and what people added or took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.evaluations.models import Evaluation, EvaluationCorrection, EvaluationSheet
from app.evaluations.queries import FactRow, corrections_in, facts_in
from app.evaluations.rules import Criterion, EvaluationFactKind, Taken, marks_of, proposed_grade, standing_of
from app.regulation.rules import Evaluation as Parameters
from app.work import Work


def set_marks(
    sheet: EvaluationSheet,
    taken: Iterable[Taken],
    adjustments: Iterable[tuple[Criterion, int]],
    parameters: Parameters,
) -> None:
    """Marks, score and the grade that it proposes."""
    marks = marks_of(sheet.items, sheet.supporting_items, taken, adjustments, parameters)
    sheet.effect, sheet.timeliness, sheet.form = marks.effect, marks.timeliness, marks.form
    sheet.support, sheet.score = marks.support, marks.score
    sheet.standing = standing_of(sheet.items, sheet.supporting_items, parameters)
    sheet.proposed_grade = proposed_grade(sheet.standing, marks.score, parameters)


async def correct(
    work: Work, evaluation: Evaluation, sheet: EvaluationSheet, corrections: Sequence[EvaluationCorrection]
) -> None:
    """Put corrections on a sheet and count it again. A grade that was decided on other marks is open again."""
    work.session.add_all(corrections)
    await work.session.flush()
    await _recount(work, evaluation, [sheet])
    sheet.grade = sheet.grade_reason_id = sheet.graded_by = sheet.graded_at = None
    sheet.version += 1


async def carry_corrections(work: Work, evaluation: Evaluation, sheets: Sequence[EvaluationSheet]) -> None:
    """What people corrected in the version before stays corrected, where the same fact is found again."""
    earlier = await _earlier_sheets(work, evaluation, sheets)
    known = [sheet.id for sheet in earlier.values()]
    facts = {fact.id: fact for fact in await facts_in(work.session, known)}
    again = {
        (fact.sheet_id, fact.kind, fact.subject_id): fact.id
        for fact in await facts_in(work.session, [sheet.id for sheet in sheets])
    }
    made: dict[UUID, list[EvaluationCorrection]] = defaultdict(list)
    for correction in await corrections_in(work.session, known):
        made[correction.sheet_id].append(correction)
    changed = []
    for sheet in sheets:
        before = earlier.get((sheet.unit_id, sheet.edition))
        copies = [_copied(one, sheet.id, facts, again) for one in made[before.id]] if before else []
        kept = [copy for copy in copies if copy is not None]
        work.session.add_all(kept)
        changed += [sheet] if kept else []
    await work.session.flush()
    await _recount(work, evaluation, changed)


async def _earlier_sheets(
    work: Work, evaluation: Evaluation, sheets: Sequence[EvaluationSheet]
) -> dict[tuple[UUID, str], EvaluationSheet]:
    statement = select(EvaluationSheet).where(
        EvaluationSheet.evaluation_id == evaluation.corrects_id,
        EvaluationSheet.unit_id.in_([sheet.unit_id for sheet in sheets]),
    )
    return {(sheet.unit_id, sheet.edition): sheet for sheet in await work.session.scalars(statement)}


def _copied(
    correction: EvaluationCorrection,
    sheet_id: UUID,
    facts: Mapping[UUID, FactRow],
    again: Mapping[tuple[UUID, EvaluationFactKind, UUID], UUID],
) -> EvaluationCorrection | None:
    fact = facts.get(correction.fact_id) if correction.fact_id else None
    found = again.get((sheet_id, fact.kind, fact.subject_id)) if fact else None
    if correction.fact_id is not None and found is None:
        return None
    return EvaluationCorrection(
        id=new_id(),
        sheet_id=sheet_id,
        criterion=correction.criterion,
        points=correction.points,
        fact_id=found,
        objection_id=correction.objection_id,
        reason_id=correction.reason_id,
        made_by=correction.made_by,
        made_at=correction.made_at,
    )


async def _recount(work: Work, evaluation: Evaluation, sheets: Sequence[EvaluationSheet]) -> None:
    parameters = (await work.rules_of(evaluation.rule_set_id)).evaluation
    keys = [sheet.id for sheet in sheets]
    facts, corrections = await facts_in(work.session, keys), await corrections_in(work.session, keys)
    struck = {one.fact_id for one in corrections if one.fact_id is not None}
    for sheet in sheets:
        taken = [
            Taken(fact.item_id, fact.criterion, fact.points)
            for fact in facts
            if fact.sheet_id == sheet.id and fact.id not in struck
        ]
        added = [
            (one.criterion, one.points)
            for one in corrections
            if one.sheet_id == sheet.id and one.points is not None
        ]  # fmt: skip
        set_marks(sheet, taken, added, parameters)
