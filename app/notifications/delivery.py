"""The relay: messages leave the outbox, each with what follows from it. Safe to run in several processes at a time.

Claimed in a transaction of its own; reacted to in another, which also marks the message, so that each has its effect
once. Outside systems are told by webhooks, which read the feed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.authz import Actor, Policy
from app.cases.models import Case
from app.deadlines.dates import Reckoning
from app.escalation.machine import machine_now
from app.events.outbox import Message, claim, mark_failed, mark_sent, put_off
from app.notifications.occasion import Occasion, occasions
from app.notifications.reactions import concerns_somebody, reaction_to
from app.notifications.rules import is_urgent
from app.regulation.service import rule_set_id
from app.work.opening import Workplace
from app.workdays import current_calendar

BATCH = 20
_ROUND = timedelta(seconds=15)  # shorter than a worker that is to end, or a tick, is waited for
LEASE = timedelta(seconds=120)  # longer than a batch can take

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Round:
    workplace: Workplace
    policy: Policy
    machine: Actor
    reckoning: Reckoning


async def relay(workplace: Workplace, policy: Policy, *, lease: timedelta = LEASE) -> int:
    """Deliver what is due now; of very much, a part: the next tick goes on. Answers how many were taken in hand.

    What somebody had in hand when he died is taken up when his lease is over.
    """
    machine = await machine_now(workplace.database)
    async with workplace.database.read() as session:
        calendar = await current_calendar(session)
    regulation = workplace.regulation
    reckoning = Reckoning(regulation, rule_set_id(regulation), calendar)
    round_ = _Round(workplace, policy, machine, reckoning)
    taken, until = 0, workplace.clock.real_now() + _ROUND
    while workplace.clock.real_now() < until and (found := await _claim(workplace, lease)):
        await _deliver(round_, found)
        taken += len(found)
    return taken


async def _claim(workplace: Workplace, lease: timedelta) -> list[Occasion]:
    async with workplace.database.write() as session:
        messages = await claim(session, workplace.clock.real_now(), BATCH, lease)
        return await occasions(session, messages) if messages else []


async def _deliver(round_: _Round, found: list[Occasion]) -> None:
    idle = [occasion.message for occasion in found if not concerns_somebody(occasion)]
    await _mark(round_, idle)
    for occasion in found:
        if concerns_somebody(occasion):
            await _react(round_, occasion)


async def _react(round_: _Round, occasion: Occasion) -> None:
    message, clock = occasion.message, round_.workplace.clock
    try:
        until = await _earliest(round_, occasion, clock.now())
        if until is not None:
            async with round_.workplace.database.write() as session:
                await put_off(session, message.position, clock.real_at(until))
            return
        async with round_.workplace.open(round_.machine, round_.policy) as work:
            await reaction_to(occasion).run(work, occasion)
            await mark_sent(work.session, [message.position], work.real_now)
    except Exception:  # noqa: BLE001  # whatever it is, the other messages go on
        _log.exception("reaction_failed", topic=message.topic, position=message.position, attempts=message.attempts)
        await _fail(round_, message)


async def _earliest(round_: _Round, occasion: Occasion, now: datetime) -> datetime | None:
    """When the message may be delivered; None: now. An urgent notice does not wait for the morning (值班)."""
    until = reaction_to(occasion).hours(round_.reckoning, now)
    if until <= now or await _is_urgent(round_, occasion):
        return None
    return until


async def _is_urgent(round_: _Round, occasion: Occasion) -> bool:
    if occasion.case_id is None:
        return False
    async with round_.workplace.database.read() as session:
        return is_urgent(occasion.topic, (await session.get_one(Case, occasion.case_id)).tier)


async def _mark(round_: _Round, messages: Collection[Message]) -> None:
    if messages:
        async with round_.workplace.database.write() as session:
            positions = [message.position for message in messages]
            await mark_sent(session, positions, round_.workplace.clock.real_now())


async def _fail(round_: _Round, message: Message) -> None:
    async with round_.workplace.database.write() as session:
        await mark_failed(session, message, round_.workplace.clock.real_now())
