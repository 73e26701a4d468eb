"""The SELECTs of the evaluation use cases: runs and sheets locked in that order, and what sheets rest on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment
from app.core.database import among
from app.evaluations.models import (
    Evaluation,
    EvaluationCorrection,
    EvaluationFact,
    EvaluationObjection,
    EvaluationSheet,
)
from app.evaluations.rules import (
    Criterion,
    EvaluationFactKind,
    EvaluationStatus,
    HalfYear,
    SheetEdition,
    SheetStanding,
)
from app.identity.models import Unit
from app.identity.rules import UnitKind
from app.regulation.models import RuleSet
from app.talks.service.issuing import OPEN_TO
from app.work import Work


async def load_sheet(work: Work, sheet_id: UUID) -> tuple[Evaluation, EvaluationSheet]:
    """A sheet that the actor may see, with its run: locked in the order run, sheet."""
    seen = await work.load(EvaluationSheet, sheet_id, lock=False)
    evaluation = await work.reach(Evaluation, seen.evaluation_id)
    return evaluation, await work.reach(EvaluationSheet, sheet_id)


async def sheets_of(
    session: AsyncSession, evaluation_id: UUID, edition: SheetEdition = SheetEdition.ORDINARY
) -> Sequence[EvaluationSheet]:
    """The sheets of one edition, the best score first and those without any last."""
    statement = select(EvaluationSheet).where(
        EvaluationSheet.evaluation_id == evaluation_id, EvaluationSheet.edition == edition
    )
    by_rank = (EvaluationSheet.score.desc().nulls_last(), EvaluationSheet.unit_name)
    return (await session.scalars(statement.order_by(*by_rank))).all()


class FactRow(NamedTuple):
    """A fact, as far as marks go by it."""

    id: UUID
    sheet_id: UUID
    item_id: UUID
    kind: EvaluationFactKind
    subject_id: UUID
    criterion: Criterion
    points: int


async def facts_in(session: AsyncSession, sheet_ids: Sequence[UUID]) -> list[FactRow]:
    """Of hundreds of sheets at a time, so no objects are made of them."""
    columns = EvaluationFact.__table__.c
    listed = among(columns.sheet_id, sheet_ids, session.get_bind().dialect.name)
    statement = select(*(columns[name] for name in FactRow._fields)).where(listed).order_by(columns.id)
    return [FactRow(*row) for row in await session.execute(statement)]


async def corrections_in(session: AsyncSession, sheet_ids: Sequence[UUID]) -> Sequence[EvaluationCorrection]:
    listed = among(EvaluationCorrection.__table__.c.sheet_id, sheet_ids, session.get_bind().dialect.name)
    return (await session.scalars(select(EvaluationCorrection).where(listed).order_by(EvaluationCorrection.id))).all()


async def unanswered_objection(session: AsyncSession, sheet_id: UUID) -> EvaluationObjection | None:
    statement = select(EvaluationObjection).where(
        EvaluationObjection.sheet_id == sheet_id, EvaluationObjection.outcome.is_(None)
    )
    return await session.scalar(statement)


async def objections_unanswered(session: AsyncSession, evaluation_id: UUID) -> bool:
    statement = (
        select(EvaluationObjection.id)
        .join(EvaluationSheet, EvaluationSheet.id == EvaluationObjection.sheet_id)
        .where(EvaluationSheet.evaluation_id == evaluation_id, EvaluationObjection.outcome.is_(None))
    )
    return (await session.scalars(statement.limit(1))).first() is not None


async def grades_missing(session: AsyncSession, evaluation_id: UUID) -> bool:
    statement = select(EvaluationSheet.id).where(
        EvaluationSheet.evaluation_id == evaluation_id,
        EvaluationSheet.edition == SheetEdition.ORDINARY,
        EvaluationSheet.standing != SheetStanding.NONE,
        EvaluationSheet.grade.is_(None),
    )
    return (await session.scalars(statement.limit(1))).first() is not None


async def evaluation_of_circular(session: AsyncSession, circular_id: UUID) -> Evaluation | None:
    return await session.scalar(select(Evaluation).where(Evaluation.circular_id == circular_id))


async def first_issued(session: AsyncSession) -> datetime | None:
    """Since when the ledger has been in use."""
    return await session.scalar(select(func.min(Assignment.issued_at)))


async def opened(session: AsyncSession) -> frozenset[HalfYear]:
    """The half-years that have a run."""
    found = await session.execute(select(Evaluation.year, Evaluation.half).distinct())
    return frozenset(HalfYear(year, half) for year, half in found)


async def computing(session: AsyncSession) -> Evaluation | None:
    """The oldest run that is not finished."""
    statement = select(Evaluation).where(Evaluation.status == EvaluationStatus.COMPUTING)
    return await session.scalar(statement.order_by(Evaluation.cut_off, Evaluation.id).limit(1))


async def units_assessed(session: AsyncSession, first: date, last: date) -> list[UUID]:
    """Who is assessed (domain §2): the district's own units that were there in the period, by their keys."""
    statement = select(Unit.id).where(
        Unit.subordination.in_(OPEN_TO),
        Unit.kind != UnitKind.GOVERNMENT,
        Unit.valid_from <= last,
        or_(Unit.valid_until.is_(None), Unit.valid_until >= first),
    )
    return list(await session.scalars(statement.order_by(Unit.id)))


async def units_done(session: AsyncSession, evaluation_id: UUID) -> frozenset[UUID]:
    statement = select(EvaluationSheet.unit_id).where(EvaluationSheet.evaluation_id == evaluation_id)
    return frozenset(await session.scalars(statement))


async def rule_set_at(session: AsyncSession, day: date, at: datetime) -> UUID | None:
    """The parameters known then that were in force on a day; None where none were recorded yet."""
    statement = (
        select(RuleSet.id)
        .where(RuleSet.effective_from <= day, RuleSet.recorded_at <= at)
        .order_by(RuleSet.recorded_at.desc(), RuleSet.id)
    )
    return await session.scalar(statement.limit(1))
