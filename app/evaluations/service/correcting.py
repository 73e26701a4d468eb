"""更正: what was published stays as it was; a new version, counted up to now, stands beside it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.evaluations.models import Evaluation
from app.evaluations.queries import units_assessed
from app.evaluations.rules import EvaluationStatus
from app.work import Work


@dataclass(frozen=True, slots=True)
class CorrectEvaluation:
    evaluation_id: UUID
    reason: str


async def correct_evaluation(work: Work, command: CorrectEvaluation) -> Evaluation:
    """Open a new version of a published one; the machine counts it. Refuses ALREADY_DONE where there is one."""
    before = await work.load(Evaluation, command.evaluation_id)
    await work.require("evaluation.correct", before)
    if before.status is not EvaluationStatus.PUBLISHED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=before.status.value, version=before.version)
    if await work.session.scalar(select(Evaluation.id).where(Evaluation.corrects_id == before.id)) is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=before.status.value, version=before.version)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    reason_id = put_text(work.session, reason, work.now)
    await work.session.flush()
    evaluation = Evaluation(
        id=new_id(),
        year=before.year,
        half=before.half,
        nth=before.nth + 1,
        status=EvaluationStatus.COMPUTING,
        first_on=before.first_on,
        last_on=before.last_on,
        cut_off=work.now,
        rule_set_id=before.rule_set_id,
        units_total=len(await units_assessed(work.session, before.first_on, before.last_on)),
        corrects_id=before.id,
        correction_reason_id=reason_id,
        created_at=work.now,
    )
    work.session.add(evaluation)
    await work.record(
        "evaluation.correction_opened", ("evaluation", evaluation.id), case=None, action="evaluation.correct"
    )
    return evaluation
