"""随时督办检查 (第七条(三)): a call or a visit, written down. Needs no inspection plan."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.assignments.models import Assignment, FollowUp
from app.assignments.queries import load_part
from app.assignments.rules import OPEN_ASSIGNMENTS, FollowUpChannel
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, PARAGRAPH, clean, clean_optional
from app.work import Work


@dataclass(frozen=True, slots=True)
class RecordFollowUp:
    assignment_id: UUID
    channel: FollowUpChannel
    words: str
    person_reached: str | None = None
    promised_on: date | None = None
    occurred_at: datetime | None = None
    explains: bool = False  # the unit explained why a date was not kept; which one, escalation records


async def record_follow_up(work: Work, command: RecordFollowUp) -> FollowUp:
    """Write down what was said, by whom, and what was promised. Refuses STATUS_CONFLICT for a part that has ended."""
    case, assignment = await load_part(work, command.assignment_id)
    await work.require("assignment.record_follow_up", assignment)
    if assignment.status not in OPEN_ASSIGNMENTS:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=assignment.status.value, version=assignment.version)
    follow_up = _checked(work, command, assignment)
    await work.session.flush()
    work.session.add(follow_up)
    await work.record(
        "assignment.followed_up",
        ("follow_up", follow_up.id),
        case=case,
        action="assignment.record_follow_up",
        unit_id=assignment.unit_id if follow_up.explains else None,  # a call or a visit is the office's own note
    )
    return follow_up


def _checked(work: Work, command: RecordFollowUp, assignment: Assignment) -> FollowUp:
    problems = Problems()
    words = clean(problems, command.words, PARAGRAPH, "input", "words")
    reached = clean_optional(problems, command.person_reached, NAME, "input", "personReached")
    occurred_at = command.occurred_at or work.act.occurred_at
    problems.check(occurred_at <= work.now, RefusalCode.BAD_DATE, "input", "occurredAt")
    if command.promised_on is not None:
        problems.check(command.promised_on >= work.today, RefusalCode.BAD_DATE, "input", "promisedOn")
    problems.raise_if_any()
    return FollowUp(
        id=new_id(),
        case_id=assignment.case_id,
        assignment_id=assignment.id,
        channel=command.channel,
        person_reached=reached,
        words_id=put_text(work.session, words, work.now),
        promised_on=command.promised_on,
        explains=command.explains,
        occurred_at=occurred_at,
        recorded_by=work.actor.person_id,
        recorded_at=work.now,
    )
