"""涉密等级 given and taken: given by two people, of whom the first is the security administrator, taken by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.content.service import put_text
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, PARAGRAPH, clean
from app.identity.models import Person, PersonClearance
from app.identity.service.two_people import check_time, lock_person, refuse_settled
from app.work import Work


@dataclass(frozen=True, slots=True)
class GrantClearance:
    """From the approval on, or from a later beginning; without an end until it is taken back or replaced."""

    person_id: UUID
    level: Classification
    basis: str
    reason: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RevokeClearance:
    clearance_id: UUID
    reason: str


async def grant_clearance(work: Work, command: GrantClearance) -> PersonClearance:
    """Propose a clearance. It opens nothing before somebody else approves it; one at a time waits for each person."""
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    clearance = PersonClearance(
        id=new_id(),
        person_id=command.person_id,
        level=command.level,
        valid_from=command.valid_from or work.now,
        valid_until=command.valid_until,
        basis=clean(problems, command.basis, NAME, "input", "basis"),
        granted_by=work.actor.person_id,
        pending=True,
    )
    await work.require("clearance.propose", clearance)
    if clearance.granted_by is None:
        raise Refusal(RefusalCode.NOT_ALLOWED, action="clearance.propose")
    person = await work.session.get(Person, command.person_id)
    problems.check(person is not None, RefusalCode.BAD_ID, "input", "person")
    # what is public is for all: such a row could only lower, and taking it back would raise
    problems.check(command.level > Classification.PUBLIC, RefusalCode.NOT_APPLICABLE, "input", "level")
    check_time(problems, clearance, work.now)
    problems.raise_if_any()
    await lock_person(work, clearance.person_id)
    if any(other.pending for other in await _not_over(work, clearance, work.now)):
        raise Refusal(RefusalCode.ALREADY_DONE)
    clearance.reason_id = put_text(work.session, reason, work.now)
    work.session.add(clearance)
    await work.record_admin("clearance.proposed", ("clearance", clearance.id), action="clearance.propose")
    return clearance


async def approve_clearance(work: Work, clearance_id: UUID) -> PersonClearance:
    """Put a proposed clearance in force, from now at the earliest. It takes the place of those before it."""
    clearance = await work.load(PersonClearance, clearance_id)
    await work.require("clearance.approve", clearance)
    refuse_settled(clearance, work.now)
    await lock_person(work, clearance.person_id)
    clearance.pending, clearance.approved_by = False, work.actor.person_id
    clearance.valid_from = max(clearance.valid_from, work.now)
    for other in await _not_over(work, clearance, clearance.valid_from):
        if not other.pending:
            other.valid_until = max(other.valid_from, clearance.valid_from)
    await work.record_admin("clearance.approved", ("clearance", clearance.id), action="clearance.approve")
    return clearance


async def revoke_clearance(work: Work, command: RevokeClearance) -> PersonClearance:
    """Take a clearance back, or withdraw a proposal, at once. What it replaced does not come back."""
    clearance = await work.load(PersonClearance, command.clearance_id)
    await work.require("clearance.revoke", clearance)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    if clearance.revoked_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    clearance.revoked_at, clearance.revoked_by = work.now, work.actor.person_id
    clearance.revoked_reason_id = put_text(work.session, reason, work.now)
    await work.record_admin("clearance.revoked", ("clearance", clearance.id), action="clearance.revoke")
    return clearance


async def _not_over(work: Work, clearance: PersonClearance, at: datetime) -> list[PersonClearance]:
    """The person's other clearances and proposals that are not over by then."""
    statement = select(PersonClearance).where(
        PersonClearance.person_id == clearance.person_id,
        PersonClearance.id != clearance.id,
        PersonClearance.revoked_at.is_(None),
        or_(PersonClearance.valid_until.is_(None), PersonClearance.valid_until > at),
    )
    return list((await work.session.execute(statement)).scalars())
