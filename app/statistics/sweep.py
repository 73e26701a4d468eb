"""定期通报: the machine drafts one for each period that is over, once, from the ledger as of the period's end.

What counts was recorded before the cut-off, so it does not matter when, how often or by how many processes this runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Policy
from app.circulars.models import Circular, CircularEdition, CircularItem
from app.circulars.rules import CircularEditionKind, CircularKind, CircularScope, CircularStatus
from app.circulars.service.waiting import wait_for_office
from app.content.service import put_blocks, put_text
from app.core.bulk import insert_rows
from app.core.clock import local_date
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.escalation.machine import machine_now
from app.evaluations.facts import looking_back, parts_in
from app.evaluations.queries import first_issued, units_assessed
from app.evaluations.rules import Span, belongs, findings_of
from app.identity.queries import unit_names_on
from app.statistics.periods import Names, Period, Told, after, first_day, period_from, tables_of, title_of, words_of
from app.statistics.queries import last_period, regulation_on
from app.todos.rules import TodoAction
from app.work import Work
from app.work.opening import Workplace

CIRCULARS_EVERY = timedelta(minutes=1)
_ACTION = "circular.draft"
_ITEM = cast("Table", CircularItem.__table__)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a period's ledger held, for everybody and, where that leaves something out, for who may know of all."""

    period: Period
    names: Names
    editions: dict[CircularEditionKind, Sequence[Told]] = field(default_factory=dict)


async def draft_periodic(workplace: Workplace, policy: Policy) -> int:
    """Draft what is due now. Answers how many were drafted."""
    done = 0
    while (drawn := await _next(workplace)) is not None:
        done += await put(workplace, policy, drawn)
    return done


async def _next(workplace: Workplace) -> Drawn | None:
    """The earliest period without a draft that is over, read without a lock: what it rests on changes no more."""
    async with workplace.database.read() as session:
        period = await _due(session)
        if period is None or local_date(workplace.clock.now()) <= period.last:
            return None
        return await draw_up(session, period)


async def _due(session: AsyncSession) -> Period | None:
    """They follow one another without a gap, each by the parameters of its first day."""
    drafted = await last_period(session)
    if drafted is not None:
        start = after(drafted)
        return period_from(start, (await regulation_on(session, start)).circular.periodic)
    since = await first_issued(session)
    if since is None:
        return None
    periodic = (await regulation_on(session, local_date(since))).circular.periodic
    return period_from(first_day(local_date(since), periodic), periodic)


async def draw_up(session: AsyncSession, period: Period) -> Drawn:
    span = Span(period.first, period.last, period.end)
    most = (await regulation_on(session, period.last)).ladder.long_unresolved_urgings
    units = await units_assessed(session, period.first, period.last)
    parts = await parts_in(session, units, span, await looking_back(session, period.end))
    told = [
        Told(part, tuple(finding.kind for finding in findings_of(part, span, most)))
        for part in parts
        if belongs(part, span)
    ]
    ordinary = [one for one in told if one.part.ordinary]
    drawn = Drawn(period, await unit_names_on(session, units, period.last))
    drawn.editions[CircularEditionKind.ORDINARY] = ordinary
    if len(told) > len(ordinary):
        drawn.editions[CircularEditionKind.FULL] = told
    return drawn


async def put(workplace: Workplace, policy: Policy, drawn: Drawn) -> int:
    """All of it, or nothing where another process was faster: a unique key makes it one."""
    machine = await machine_now(workplace.database)
    try:
        async with workplace.open(machine, policy) as work:
            circular = await _put_circular(work, drawn)
            await _put_edition(work, circular, CircularEditionKind.ORDINARY, drawn)
            await wait_for_office(work, None, circular, TodoAction.REVISE_CIRCULAR)
            await work.record("circular.drafted", ("circular", circular.id), case=None, action=_ACTION)
            if CircularEditionKind.FULL in drawn.editions:  # last: nothing else depends on whether there is one
                await _put_edition(work, circular, CircularEditionKind.FULL, drawn)
    except Refusal as refusal:
        if refusal.code is not RefusalCode.VERSION_CONFLICT:
            raise
        return 0
    return 1


async def _put_circular(work: Work, drawn: Drawn) -> Circular:
    told = drawn.editions[CircularEditionKind.ORDINARY]
    blocks = words_of(drawn.period, told, drawn.names)
    title_id = put_text(work.session, title_of(drawn.period), work.now)
    body_id = put_blocks(work.session, [block.as_json() for block in blocks], work.now)
    await work.session.flush()
    circular = Circular(
        id=new_id(),
        kind=CircularKind.PERIODIC,
        scope=CircularScope.GOVERNMENT_SYSTEM,
        status=CircularStatus.DRAFT,
        first_on=drawn.period.first,
        last_on=drawn.period.last,
        title_id=title_id,
        body_id=body_id,
        classification=Classification.INTERNAL,
        restricted=False,
        created_at=work.now,
    )
    await work.require(_ACTION, circular)
    work.session.add(circular)
    await work.session.flush()
    return circular


async def _put_edition(work: Work, circular: Circular, kind: CircularEditionKind, drawn: Drawn) -> None:
    told = drawn.editions[kind]
    tables = [block.as_json() for block in tables_of(drawn.period, told, drawn.names)]
    tables_id = put_blocks(work.session, tables, work.now)
    await work.session.flush()
    edition = CircularEdition(
        id=new_id(),
        circular_id=circular.id,
        edition=kind,
        cut_off=drawn.period.end,
        tables_id=tables_id,
        classification=max((one.part.classification for one in told), default=Classification.INTERNAL),
        restricted=any(one.part.restricted for one in told),
        created_at=work.now,
    )
    work.session.add(edition)
    await work.session.flush()
    await insert_rows(await work.session.connection(), _ITEM, [_item(edition.id, one) for one in told])


def _item(edition_id: UUID, told: Told) -> dict[str, Any]:
    return {
        "id": new_id(),
        "edition_id": edition_id,
        "case_id": told.part.case_id,
        "assignment_id": told.part.assignment_id,
        "unit_id": told.part.unit_id,
        "grounds": [ground.value for ground in told.grounds],
    }
