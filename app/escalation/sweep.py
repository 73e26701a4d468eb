"""The sweep: looks for cases whose turn it is, decides anew about each date, and writes what follows in bulk.

A batch is read and decided on without a lock; then its cases are locked, and those whose chain has not grown since are
written, all in one transaction. Whatever bears on a date is recorded in the chain of its case, so a chain that has not
grown proves that the decision stands. Thus people wait for the writing alone, and on SQLite two processes share the
work. It may run never, once, twice or in several processes at a time. It writes nothing that only a person may do;
delivering an urging and drafting a talk follow from its messages.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Actor, Policy
from app.core.ids import new_id
from app.deadlines.dates import Reckoning
from app.deadlines.rules import DeadlineState, SubjectKind
from app.escalation.facts import Known, Moment, Place, facts_of, moment, read_known
from app.escalation.machine import machine_now
from app.escalation.queries import Claimed, Due, Part, Window, due_cases, hold, pending_dates
from app.escalation.recording import ACTION, Fact, Recorder, Sheet, write
from app.escalation.rules import DueClock, Step, StepKind, UrgingKind, automatic_key, decide
from app.regulation.service import rule_set_of
from app.work.opening import Workplace
from app.workdays import Calendar, current_calendar

BATCH = 500  # measured: 200 take a sixth more CPU for each case; larger ones keep people waiting longer for the writing
_PATIENCE = 3  # batches that others were at; the next tick looks again

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Round:
    """What one call works with, and where it takes its batches: two processes work from the two ends of the queue.

    `place` counts batches from that end. Beyond the ends the places shift whenever somebody takes a batch away before
    them, so they are for those who find both ends taken.
    """

    workplace: Workplace
    policy: Policy
    machine: Actor
    calendar: Calendar
    places: int = 50  # how many batches long the queue is thought to be
    place: int = 0
    newest_first: bool = field(default_factory=lambda: secrets.randbelow(2) == 1)

    def give_way(self, in_vain: int) -> None:
        """Somebody else is there: to the other end, then anywhere."""
        self.newest_first = not self.newest_first
        self.place = 0 if in_vain == 1 else secrets.randbelow(self.places)


async def escalate(workplace: Workplace, policy: Policy) -> int:
    """Do what is due now. Answers how many facts were recorded."""
    machine = await machine_now(workplace.database)
    async with workplace.database.read() as session:
        round_ = _Round(workplace, policy, machine, await current_calendar(session))
    recorded = in_vain = 0
    while in_vain < _PATIENCE and (sheets := await _decide_batch(round_)):
        written = await _write_batch(round_, sheets)
        recorded += sum(len(sheet.events) for sheet in written)
        if written:
            in_vain = 0
        else:
            in_vain += 1
            round_.give_way(in_vain)
    return recorded


async def _decide_batch(round_: _Round) -> list[Sheet]:
    """What is to be done about some of the cases whose turn it is."""
    now, real_now = round_.workplace.clock.now(), round_.workplace.clock.real_now()
    async with round_.workplace.database.read() as session:
        cases = await _some_due(session, round_, now)
        if not cases:
            return []
        dates = await pending_dates(session, [case.id for case in cases])
        known = await read_known(session, (due for due in dates if due.fire_at <= now))
        moments = await _moments(session, cases, round_.calendar, now)
    recorder = Recorder(round_.machine, now, real_now)
    by_case: dict[UUID, list[Due]] = defaultdict(list)
    for due in dates:
        by_case[due.case_id].append(due)
    return [recorder.sheet(case, _facts(case, by_case[case.id], known, moments[case.rule_set_id])) for case in cases]


async def _some_due(session: AsyncSession, round_: _Round, now: datetime) -> list[Claimed]:
    """A batch from this process's place."""
    kind, verb = ACTION.split(".")
    plan = round_.policy.plan(round_.machine.roles, kind, verb)
    while True:
        window = Window(BATCH, round_.place * BATCH, round_.newest_first)
        cases = await due_cases(session, plan, round_.machine, now, window)
        if cases or round_.place == 0:
            return cases
        round_.places = round_.place  # the queue is not that long
        round_.place = secrets.randbelow(round_.places)


async def _write_batch(round_: _Round, sheets: list[Sheet]) -> list[Sheet]:
    async with round_.workplace.database.write() as session:
        held = await hold(session, [sheet.case.id for sheet in sheets], round_.workplace.clock.now())
        standing = [sheet for sheet in sheets if held.get(sheet.case.id) == sheet.read_seq]
        await write(session, standing)
    return standing


async def _moments(
    session: AsyncSession, cases: Iterable[Claimed], calendar: Calendar, now: datetime
) -> Mapping[UUID, Moment]:
    """Each case has the hours of the parameters under which it runs."""
    return {
        key: moment(Reckoning(await rule_set_of(session, key), key, calendar), now)
        for key in {case.rule_set_id for case in cases}
    }


def _facts(case: Claimed, dates: list[Due], known: Known, at: Moment) -> list[Fact]:
    """Decide about every due date of a case, and when to look at it next."""
    looks = [due.fire_at for due in dates if due.fire_at > at.now]
    facts: list[Fact] = []
    urged: dict[tuple[UUID, date], list[tuple[Due, Part]]] = defaultdict(list)
    for due in dates:
        if due.fire_at > at.now:
            continue
        place = known.place_of(due)
        step = _decide(case, due, place, known, at)
        if step.until is not None:
            looks.append(step.until)
        elif step.kind is StepKind.URGE and place.part is not None:
            urged[place.part.id, due.due_on].append((due, place.part))
        else:
            facts.append(_fact(step, due, place))
    case.next_fire_at = min(looks, default=None)
    return facts + [_urging(dues, at) for dues in urged.values()]


def _decide(case: Claimed, due: Due, place: Place, known: Known, at: Moment) -> Step:
    if case.rule_id is None:
        _log.warning("escalation_not_allowed", case=str(case.id))
        return Step(StepKind.REST, until=at.hours.again_at)
    return decide(due.stage, due.subject_kind, facts_of(due, place, case, known, at))


def _fact(step: Step, due: Due, place: Place) -> Fact:
    if step.kind is StepKind.DROP:
        fact = Fact("deadline.overtaken", ("deadline", due.id), f"overtaken:{due.id}", {})
        fact.end(due, DeadlineState.CANCELLED)
        return fact
    if step.kind is StepKind.DRAFT_TALK:
        payload: dict[str, Any] = {"urging": str(due.subject_id)}
        fact = Fact("urging.unanswered", ("urging", due.subject_id), f"unanswered:{due.id}", payload)
    else:
        payload = {
            "audiences": [audience.value for audience in step.audiences],
            "subject": [due.subject_kind.value, str(due.subject_id)],
            "unit": str(place.part.unit_id) if place.part else None,
        }
        fact = Fact("deadline.passed", ("deadline", due.id), f"passed:{due.id}", payload)
    fact.end(due, DeadlineState.FIRED)
    return fact


def _urging(dues: list[tuple[Due, Part]], at: Moment) -> Fact:
    """One urging for one date of one unit, from whichever of its clocks; the report's names it where both ran out."""
    first, part = min(dues, key=_precedence)
    of_report = first.subject_kind is not SubjectKind.COMPLETION
    clock = DueClock.REPORT if of_report else DueClock.COMPLETION
    key = new_id()
    row = {
        "id": key,
        "key": automatic_key(clock, first.subject_id, first.generation),
        "case_id": first.case_id,
        "assignment_id": part.id,
        "unit_id": part.unit_id,
        "slot_id": first.subject_id if of_report else None,
        "clock": clock,
        "for_due_on": first.due_on,
        "kind": UrgingKind.AUTOMATIC,
        "issued_at": at.now,
    }
    fact = Fact("urging.issued", ("urging", key), str(row["key"]), {"urging": str(key)}, urging=row)
    for due, _ in dues:
        fact.end(due, DeadlineState.FIRED)
    return fact


def _precedence(due: tuple[Due, Part]) -> tuple[bool, UUID]:
    return due[0].subject_kind is SubjectKind.COMPLETION, due[0].id
