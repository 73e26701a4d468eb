"""What happens in both worlds afterwards, before the viewers' eyes: numbers, dates and histories go on as if alike."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.assignments.rules import FollowUpChannel
from app.assignments.service import RecordFollowUp
from app.cases.models import Case
from app.cases.rules import Handling
from app.circulars.models import Circular, CircularEdition
from app.circulars.rules import CircularEditionKind
from app.core.refusals import Refusal
from app.escalation.service import RecordExplanation, record_explanation
from app.evaluations.models import Evaluation, EvaluationSheet
from app.evaluations.rules import Criterion, SheetEdition
from app.evaluations.service import (
    AdjustSheet,
    ObjectToSheet,
    ShowEvaluation,
    adjust_sheet,
    object_to_sheet,
    show_evaluation,
)
from app.exchange.importing import import_tasks
from app.notifications.delivery import relay
from tests.reports.desk import BUILDING, CITY
from tests.twin.cast import DEPUTY, KEEPER
from tests.twin.hand import HIDDEN, Hand, Matter, ids_of
from tests.twin.hidden import FINISHED, PLANS
from tests.twin.known import Known

NEXT = Matter("排水防涝", (CITY, BUILDING), Handling.JOINT, registrar="duban.zheng")
AGAIN = Matter(FINISHED.mark, (CITY,), registrar="duban.zheng")  # titled and numbered as a hidden one is

Step = Callable[[Hand, Known], Awaitable[Any]]


async def tell_afterwards(hand: Hand, known: Known) -> list[str]:
    """Friday, 10 July. What came of each step, as who took it was told."""
    hand.at(7, 10)
    outcomes = []
    for step in (
        _next,
        _again,
        _imported,
        _acknowledged,
        _reported,
        _explained,
        _told,
        _evaluated,
        _shown,
        _circulated,
        _full,
        _heard,
    ):
        with ids_of(f"afterwards {step.__name__}"):
            try:
                outcome = await step(hand, known)
            except Refusal as refusal:
                outcome = f"{refusal.code} {refusal.state} {dict(refusal.params)}"
        outcomes.append(f"{step.__name__}: {outcome}")
    return outcomes


async def _next(hand: Hand, known: Known) -> Any:
    case = await hand.out(NEXT)
    known.cases["next"] = case.id
    return case.register_number, case.id


async def _again(hand: Hand, known: Known) -> Any:
    case = await hand.register(AGAIN)
    known.cases["again"] = case.id
    return case.register_number, case.id


async def _imported(hand: Hand, _known: Known) -> Any:
    found = [await hand.do("duban.zheng", import_tasks, plan) for plan in PLANS]
    return [(one.id, one.created, [item.case_id for item in one.items]) for one in found]


async def _acknowledged(hand: Hand, known: Known) -> Any:
    part = await hand.acknowledge(await hand.row(Case, known.cases["next"]), CITY, "chengguan.handler")
    return part.id, part.version


async def _reported(hand: Hand, known: Known) -> Any:
    report = await hand.submitted(await hand.row(Case, known.cases["separate"]))
    return report.id, report.version


async def _explained(hand: Hand, known: Known) -> Any:
    part = await hand.part(await hand.row(Case, known.cases["silent"]))
    told = RecordFollowUp(part.id, FollowUpChannel.PHONE, "来电说明。")
    explanation = await hand.do("duban.zheng", record_explanation, RecordExplanation(told))
    return explanation.id, explanation.version


async def _evaluated(hand: Hand, _known: Known) -> Any:
    """考核: the ordinary sheet of the viewers' unit is the same, whatever is hidden."""
    await hand.evaluated(2026)
    sheet = await _sheet(hand, SheetEdition.ORDINARY)
    assert sheet is not None
    return sheet.id, sheet.items, sheet.supporting_items, sheet.score


async def _shown(hand: Hand, _known: Known) -> Any:
    (evaluation,) = await hand.rows(Evaluation)
    shown = await hand.do("duban.zhu", show_evaluation, ShowEvaluation(evaluation.id, evaluation.version))
    return shown.id, shown.version


async def _full(hand: Hand, _known: Known) -> None:
    """Where a sheet counts what is hidden, those who know of it work on it."""
    sheet = await _sheet(hand, SheetEdition.FULL)
    if sheet is not None:
        await hand.do(DEPUTY, object_to_sheet, ObjectToSheet(sheet.id, f"{HIDDEN}另有原因。"))
        marks = AdjustSheet(sheet.id, sheet.version, Criterion.EFFECT, -5, f"{HIDDEN}影响较大。")
        await hand.do(KEEPER, adjust_sheet, marks)


async def _circulated(hand: Hand, _known: Known) -> Any:
    """定期通报: what everybody is told is the same, whatever is hidden."""
    await hand.circulated()
    (circular,) = [row for row in await hand.rows(Circular) if row.first_on is not None]
    ordinary = await hand.rows(CircularEdition, circular_id=circular.id, edition=CircularEditionKind.ORDINARY)
    return circular.id, circular.last_on, [edition.id for edition in ordinary]


async def _heard(hand: Hand, _known: Known) -> None:
    """More is told where there is more to tell, to those who know."""
    await relay(hand.workplace, hand.policy)


async def _sheet(hand: Hand, edition: SheetEdition) -> EvaluationSheet | None:
    found = await hand.rows(EvaluationSheet, unit_id=hand.district.units[CITY], edition=edition)
    return found[0] if found else None


async def _told(hand: Hand, _known: Known) -> Any:
    return await relay(hand.workplace, hand.policy)
