"""申请延期: asked for before the date, with the reason and what has been done; who decided the date decides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.cases.service import reckoning_of, waits_for_leader
from app.cases.service.proposing import latest_inner_date
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.deadlines.dates import working
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.escalation.models import ExtensionRequest
from app.escalation.rules import DueClock, ExtensionStatus
from app.escalation.service.owed import OwedDate, load_owed
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """Without `slot_id` it is about the completion date; what is to be reported on that same day moves with it."""

    assignment_id: UUID
    requested_due_on: date
    reason: str
    progress: str
    slot_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for another date, its words already stored."""

    requested_due_on: date
    reason_id: UUID
    progress_id: UUID
    requested_by: UUID | None


async def request_extension(work: Work, command: RequestExtension) -> ExtensionRequest:
    """Ask for a later date. Refuses TOO_LATE_TO_EXTEND, INVALID_INPUT, ALREADY_DONE while another request waits."""
    owed = await load_owed(work, command.assignment_id, command.slot_id)
    action = await owed.require(work, "request_extension")
    owed.must_be_owed()
    if work.act.occurred_at >= owed.due_at:
        raise Refusal(RefusalCode.TOO_LATE_TO_EXTEND)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    progress = clean(problems, command.progress, PARAGRAPH, "input", "progress")
    await check_later_date(work, owed, command.requested_due_on, problems, "requestedDueOn")
    problems.raise_if_any()
    wish = Wish(
        command.requested_due_on,
        put_text(work.session, reason, work.now),
        put_text(work.session, progress, work.now),
        work.actor.person_id,
    )
    return await ask_for_extension(work, owed, wish, action)


async def check_later_date(work: Work, owed: OwedDate, due_on: date, problems: Problems, name: str) -> None:
    """Later than the date that stands, before the superior's (第六条(一)), a report not after the completion."""
    latest = await latest_inner_date(work, owed.case, await reckoning_of(work, owed.case))
    fine = due_on > max(owed.due_on, work.today) and (latest is None or due_on <= latest)
    completion = owed.assignment.completion_due_on
    if owed.clock is DueClock.REPORT and completion is not None and completion >= work.today:
        fine = fine and due_on <= completion
    problems.check(fine, RefusalCode.BAD_DATE, "input", name)


async def ask_for_extension(work: Work, owed: OwedDate, wish: Wish, action: str) -> ExtensionRequest:
    """Lay a wish before the leader of the case. While he has not decided, urging rests."""
    await _refuse_second(work, owed)
    request = ExtensionRequest(
        id=new_id(),
        case_id=owed.case.id,
        assignment_id=owed.assignment.id,
        slot_id=owed.slot_id,
        clock=owed.clock,
        status=ExtensionStatus.REQUESTED,
        current_due_on=owed.due_on,
        requested_due_on=wish.requested_due_on,
        reason_id=wish.reason_id,
        progress_id=wish.progress_id,
        requested_by=wish.requested_by,
        requested_at=work.act.occurred_at,
    )
    await work.session.flush()
    work.session.add(request)
    await work.session.flush()
    await _wait_for_leader(work, owed, request)
    await work.record(
        "extension.requested",
        ("extension", request.id),
        case=owed.case,
        action=action,
        unit_id=owed.assignment.unit_id,
    )
    return request


async def _refuse_second(work: Work, owed: OwedDate) -> None:
    statement = select(ExtensionRequest).where(
        ExtensionRequest.assignment_id == owed.assignment.id,
        ExtensionRequest.clock == owed.clock,
        ExtensionRequest.status == ExtensionStatus.REQUESTED,
    )
    if (await work.session.scalars(statement)).first() is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)


async def _wait_for_leader(work: Work, owed: OwedDate, request: ExtensionRequest) -> None:
    reckoning = await reckoning_of(work, owed.case)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.EXTENSION,
        subject_id=request.id,
        case_id=owed.case.id,
        stage=Stage.NOTICE,
        due=working(reckoning, work.today, reckoning.regulation.office.extension_workdays),
        source=DateSource.OFFICE,
    )
    open_todo(
        work.session,
        TodoAction.DECIDE_EXTENSION,
        ("extension", request.id),
        case_id=owed.case.id,
        since=work.now,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        **await waits_for_leader(work, owed.case, TodoAction.DECIDE_EXTENSION),
    )
    owed.case.next_fire_at = await next_fire_at(work.session, owed.case.id)
