"""The run of a half-year: opened once by the machine, then a few units a transaction until every unit has its sheet.

What counts was recorded before the cut-off, so it does not matter when, how often or by how many processes this runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Actor, Policy, Role
from app.core.bulk import insert_rows
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode
from app.deadlines.dates import Reckoning, working
from app.escalation.machine import machine_now
from app.evaluations.drawing import Drawn, draw_up
from app.evaluations.facts import looking_back
from app.evaluations.models import Evaluation, EvaluationFact, EvaluationItem
from app.evaluations.queries import (
    computing,
    first_issued,
    opened,
    rule_set_at,
    units_assessed,
    units_done,
)
from app.evaluations.rules import EvaluationStatus, HalfYear, half_year_of, step
from app.evaluations.service.counting import carry_corrections
from app.events.hindsight import Hindsight
from app.regulation.service import rule_set_of
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work
from app.work.opening import Workplace

EVALUATION_EVERY = timedelta(minutes=1)
BATCH = 25  # units in one transaction: seconds of work, which is what a killed worker loses
_ACTION = "evaluation.compute"
_ITEM, _FACT = (cast("Table", model.__table__) for model in (EvaluationItem, EvaluationFact))


@dataclass(frozen=True, slots=True)
class _Batch:
    evaluation_id: UUID
    units: Sequence[UUID]
    drawn: Sequence[Drawn]
    last: bool


async def evaluate(workplace: Workplace, policy: Policy) -> int:
    """Do what is due now. Answers how many units got their sheets."""
    machine = await machine_now(workplace.database)
    await _open_due(workplace, policy, machine)
    done, since = 0, dict[UUID, Hindsight]()
    while (batch := await _draw(workplace, since)) is not None:
        done += await _write(workplace, policy, machine, batch)
    return done


# ── opening ──


async def _open_due(workplace: Workplace, policy: Policy, machine: Actor) -> None:
    """One run for each half-year that ended since the ledger came into use. A unique key makes it one."""
    async with workplace.database.read() as session:
        due = await _due(session, local_date(workplace.clock.now()))
    for half_year in due:
        try:
            async with workplace.open(machine, policy) as work:
                await _open(work, half_year)
        except Refusal as refusal:
            if refusal.code is not RefusalCode.VERSION_CONFLICT:  # another process was faster
                raise


async def _due(session: AsyncSession, today: date) -> list[HalfYear]:
    known, current = await opened(session), half_year_of(today)
    if any(half_year.next == current for half_year in known):  # they are opened in their order
        return []
    since = await first_issued(session)
    if since is None:
        return []
    due, half_year = [], half_year_of(local_date(since))
    while half_year < current:
        due += [] if half_year in known else [half_year]
        half_year = half_year.next
    return due


async def _open(work: Work, half_year: HalfYear) -> None:
    """The run of a half-year, under the parameters that were in force on its last day."""
    key = await rule_set_at(work.session, half_year.last, half_year.end) or (await work.rule_set()).id
    evaluation = Evaluation(
        id=new_id(),
        year=half_year.year,
        half=half_year.half,
        nth=1,
        status=EvaluationStatus.COMPUTING,
        first_on=half_year.first,
        last_on=half_year.last,
        cut_off=half_year.end,
        rule_set_id=key,
        units_total=len(await units_assessed(work.session, half_year.first, half_year.last)),
        created_at=work.now,
    )
    work.session.add(evaluation)
    await work.require(_ACTION, evaluation)
    await work.record("evaluation.opened", ("evaluation", evaluation.id), case=None, action=_ACTION)


# ── counting ──


async def _draw(workplace: Workplace, since: dict[UUID, Hindsight]) -> _Batch | None:
    """The sheets of the next units, read without a lock: what they rest on does not change any more."""
    async with workplace.database.read() as session:
        evaluation = await computing(session)
        if evaluation is None:
            return None
        known = await units_done(session, evaluation.id)
        assessed = await units_assessed(session, evaluation.first_on, evaluation.last_on)
        waiting = [unit for unit in assessed if unit not in known]
        units = list(islice(waiting, BATCH))
        if evaluation.id not in since:
            since[evaluation.id] = await looking_back(session, evaluation.cut_off)
        regulation = await rule_set_of(session, evaluation.rule_set_id)
        drawn = await draw_up(session, evaluation, units, regulation, since[evaluation.id])
        return _Batch(evaluation.id, units, drawn, last=len(units) == len(waiting))


async def _write(workplace: Workplace, policy: Policy, machine: Actor, batch: _Batch) -> int:
    """All of a batch, or nothing where another process was faster."""
    async with workplace.open(machine, policy) as work:
        evaluation = await work.reach(Evaluation, batch.evaluation_id)
        known = await units_done(work.session, evaluation.id)
        if evaluation.status is not EvaluationStatus.COMPUTING or known & set(batch.units):
            return 0
        await work.require(_ACTION, evaluation)
        await _put(work, evaluation, batch.drawn)
        evaluation.units_done += len(batch.units)
        if batch.last:
            await _finish(work, evaluation)
        kind = "evaluation.computed" if batch.last else "evaluation.progressed"
        await work.record(kind, ("evaluation", evaluation.id), case=None, action=_ACTION)
    return len(batch.units)


async def _put(work: Work, evaluation: Evaluation, drawn: Sequence[Drawn]) -> None:
    for one in drawn:
        one.sheet.created_at = work.now
    work.session.add_all(one.sheet for one in drawn)
    await work.session.flush()
    connection = await work.session.connection()
    await insert_rows(connection, _ITEM, [row for one in drawn for row in one.items])
    await insert_rows(connection, _FACT, [row for one in drawn for row in one.facts])
    if evaluation.corrects_id is not None:
        await carry_corrections(work, evaluation, [one.sheet for one in drawn])


async def _finish(work: Work, evaluation: Evaluation) -> None:
    evaluation.status = step(evaluation.status, EvaluationStatus.DRAFT)
    evaluation.computed_at = work.now
    evaluation.version += 1
    reckoning = Reckoning(work.regulation, (await work.rule_set()).id, await work.calendar())
    due = working(reckoning, work.today, reckoning.regulation.office.analysis_workdays)
    open_todo(
        work.session,
        TodoAction.SHOW_EVALUATION,
        ("evaluation", evaluation.id),
        case_id=None,
        since=work.now,
        role=Role.SUPERVISION_HEAD.value,
        due_on=due.due_on,
        due_at=due.due_at,
    )
