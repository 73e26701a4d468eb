"""Drawing up sheets: from what the ledger held of a unit's parts to its marks, with what every mark rests on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.core.levels import Classification
from app.evaluations.facts import parts_in, proofs_of
from app.evaluations.models import Evaluation, EvaluationSheet
from app.evaluations.rules import (
    Criterion,
    EvaluationFactKind,
    Finding,
    Part,
    SheetEdition,
    Span,
    Taken,
    belongs,
    findings_of,
    price_of,
)
from app.evaluations.service.counting import set_marks
from app.events.hindsight import Hindsight
from app.identity.models import Unit
from app.identity.queries import unit_names_on
from app.regulation.rules import Regulation

_RETURNS = frozenset({EvaluationFactKind.NOT_CARRIED_OUT, EvaluationFactKind.RETURNED_FOR_FORM})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet with what it rests on, before it is written."""

    sheet: EvaluationSheet
    items: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of parts: the facts of each, and the events that recorded them."""

    findings: Mapping[UUID, Sequence[Finding]]
    prices: Mapping[EvaluationFactKind, tuple[Criterion, int]]
    proofs: Mapping[tuple[UUID, UUID, bool], UUID]

    def proof(self, part: Part, finding: Finding) -> UUID | None:
        subject = finding.report_id or finding.subject[1]
        return self.proofs.get((part.case_id, subject, finding.kind in _RETURNS))


async def draw_up(
    session: AsyncSession, evaluation: Evaluation, units: Sequence[UUID], regulation: Regulation, since: Hindsight
) -> list[Drawn]:
    """The sheets of these units: an ordinary one each, and a full one where that one leaves something out."""
    span = Span(evaluation.first_on, evaluation.last_on, evaluation.cut_off)
    most = regulation.ladder.long_unresolved_urgings
    parts = [part for part in await parts_in(session, units, span, since) if belongs(part, span)]
    findings = {part.assignment_id: tuple(findings_of(part, span, most)) for part in parts}
    pairs = [(part, finding) for part in parts for finding in findings[part.assignment_id]]
    prices = {kind: price_of(kind, regulation.evaluation.deductions) for kind in EvaluationFactKind}
    found = _Found(findings, prices, await proofs_of(session, pairs, evaluation.cut_off))
    names = await unit_names_on(session, units, evaluation.last_on)
    own: dict[UUID, list[Part]] = defaultdict(list)
    for part in parts:
        own[part.unit_id].append(part)
    assessed = (await session.scalars(select(Unit).where(Unit.id.in_(units)).order_by(Unit.id))).all()
    counted = {unit.id: _editions(own[unit.id]) for unit in assessed}
    return [
        _drawn(_blank(evaluation, unit, names[unit.id], edition, counts), counts, found, regulation)
        for edition in SheetEdition  # one after the other: nothing of the first depends on whether there is a second
        for unit in assessed
        if (counts := counted[unit.id].get(edition)) is not None
    ]


def _editions(parts: Sequence[Part]) -> dict[SheetEdition, Sequence[Part]]:
    ordinary = [part for part in parts if part.ordinary]
    full = {SheetEdition.FULL: parts} if len(parts) > len(ordinary) else {}
    return {SheetEdition.ORDINARY: ordinary, **full}


def _blank(
    evaluation: Evaluation, unit: Unit, name: str, edition: SheetEdition, parts: Sequence[Part]
) -> EvaluationSheet:
    return EvaluationSheet(
        id=new_id(),
        evaluation_id=evaluation.id,
        unit_id=unit.id,
        edition=edition,
        unit_name=name,
        unit_kind=unit.kind,
        first_on=evaluation.first_on,
        items=sum(part.principal for part in parts),
        supporting_items=sum(not part.principal for part in parts),
        classification=max((part.classification for part in parts), default=Classification.INTERNAL),
        restricted=any(part.restricted for part in parts),
    )


def _drawn(sheet: EvaluationSheet, parts: Sequence[Part], found: _Found, regulation: Regulation) -> Drawn:
    drawn, taken = Drawn(sheet), list[Taken]()
    for part in parts:
        item: dict[str, Any] = {
            "id": new_id(),
            "sheet_id": sheet.id,
            "case_id": part.case_id,
            "assignment_id": part.assignment_id,
            "role": part.role,
        }
        drawn.items.append(item)
        for finding in found.findings[part.assignment_id]:
            criterion, points = found.prices[finding.kind]
            taken.append(Taken(item["id"], criterion, points))
            drawn.facts.append(
                {
                    "id": new_id(),
                    "sheet_id": sheet.id,
                    "item_id": item["id"],
                    "case_id": part.case_id,
                    "kind": finding.kind,
                    "criterion": criterion,
                    "points": points,
                    "subject_kind": finding.subject[0],
                    "subject_id": finding.subject[1],
                    "event_id": found.proof(part, finding),
                }
            )
    set_marks(sheet, taken, (), regulation.evaluation)
    return drawn
