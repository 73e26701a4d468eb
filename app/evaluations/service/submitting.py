"""报批: the graded evaluation as a circular (通报), laid before who approves it; what the table says, sheets say."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.circulars.models import Circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.circulars.service.waiting import wait_for_approval
from app.content.service import put_blocks, put_text
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.documents.rules import Block, BlockKind
from app.evaluations.models import Evaluation, EvaluationSheet
from app.evaluations.queries import grades_missing, objections_unanswered, sheets_of
from app.evaluations.rules import EvaluationGrade, EvaluationStatus, HalfYear, SheetStanding, printed_mark, step
from app.todos.service import close_todos
from app.work import Work

_PRINTED = {
    EvaluationGrade.EXCELLENT: "优秀",
    EvaluationGrade.GOOD: "良好",
    EvaluationGrade.POOR: "较差",
}
_COLUMNS = ("名次", "单位", "得分", "等次")


@dataclass(frozen=True, slots=True)
class SubmitEvaluation:
    evaluation_id: UUID
    expected_version: int


async def submit_evaluation(work: Work, command: SubmitEvaluation) -> Evaluation:
    """Lay it before who approves it. Refuses GRADE_MISSING, OBJECTION_PENDING, and as every decision does."""
    evaluation = await work.load(Evaluation, command.evaluation_id)
    await work.require("evaluation.submit", evaluation)
    work.expect_version(evaluation, command.expected_version)
    state, version = evaluation.status.value, evaluation.version
    evaluation.status = step(evaluation.status, EvaluationStatus.SUBMITTED)
    open_still = evaluation.objections_until is None or work.today <= evaluation.objections_until
    if open_still or await objections_unanswered(work.session, evaluation.id):
        raise Refusal(RefusalCode.OBJECTION_PENDING, state=state, version=version)
    if await grades_missing(work.session, evaluation.id):
        raise Refusal(RefusalCode.GRADE_MISSING, state=state, version=version)
    circular = await _write(work, evaluation)
    evaluation.circular_id = circular.id
    evaluation.version += 1
    subject = ("evaluation", evaluation.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await wait_for_approval(work, None, circular)
    await work.record("evaluation.submitted", subject, case=None, action="evaluation.submit")
    return evaluation


async def _write(work: Work, evaluation: Evaluation) -> Circular:
    """The draft that was sent back, or a new one."""
    title, blocks = _words(evaluation, await sheets_of(work.session, evaluation.id))
    title_id = put_text(work.session, title, work.now)
    body_id = put_blocks(work.session, [block.as_json() for block in blocks], work.now)
    await work.session.flush()
    if evaluation.circular_id is not None:
        circular = await work.reach(Circular, evaluation.circular_id)
        circular.title_id, circular.body_id, circular.drafted_by = title_id, body_id, work.actor.person_id
        circular.version += 1
        return circular
    circular = Circular(
        id=new_id(),
        kind=CircularKind.EVALUATION,
        scope=CircularScope.GOVERNMENT_SYSTEM,
        status=CircularStatus.DRAFT,
        title_id=title_id,
        body_id=body_id,
        drafted_by=work.actor.person_id,
        classification=Classification.INTERNAL,
        restricted=False,
        created_at=work.now,
    )
    await work.require("circular.draft", circular)
    work.session.add(circular)
    await work.session.flush()
    return circular


def _words(evaluation: Evaluation, sheets: Sequence[EvaluationSheet]) -> tuple[str, list[Block]]:
    name = HalfYear(evaluation.year, evaluation.half).name
    again = "（更正）" if evaluation.nth > 1 else ""
    assessed = [sheet for sheet in sheets if sheet.standing is not SheetStanding.NONE]
    left_out = [sheet.unit_name for sheet in sheets if sheet.standing is SheetStanding.NONE]
    blocks = [
        Block(BlockKind.PARAGRAPH, f"现将{name}督办工作考核结果通报如下。"),
        Block(BlockKind.TABLE, f"{name}考核结果", rows=(_COLUMNS, *_ranked(assessed))),
    ]
    if left_out:
        blocks.append(Block(BlockKind.PARAGRAPH, f"没有承办督办事项、不参加考核的单位：{'、'.join(left_out)}。"))
    return f"关于{name}督办工作考核情况的通报{again}", blocks


def _ranked(sheets: Sequence[EvaluationSheet]) -> list[tuple[str, ...]]:
    """By score; equal scores share a rank. Too few items: no score is printed, the grade was given by hand."""
    scores = sorted((sheet.score or 0 for sheet in sheets if sheet.standing is SheetStanding.ASSESSED), reverse=True)
    rows: list[tuple[str, ...]] = []
    for sheet in sheets:
        ranked = sheet.standing is SheetStanding.ASSESSED and sheet.score is not None
        rank = str(scores.index(sheet.score or 0) + 1) if ranked else "－"
        mark = printed_mark(sheet.score) if ranked and sheet.score is not None else "样本不足"
        rows.append((rank, sheet.unit_name, mark, _PRINTED[sheet.grade] if sheet.grade else "－"))
    return rows
