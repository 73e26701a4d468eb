"""Delivering an urging (催办通知): the numbered document, the unit's day to answer, and the date of the next stage.

The next stage is written here and nowhere else, so none exists before the one below it was delivered.
"""

from uuid import UUID

from app.assignments.models import Assignment, ReportSlot
from app.assignments.rules import OPEN_ASSIGNMENTS, SlotState
from app.cases.models import Case
from app.cases.rules import CaseStatus
from app.cases.service import reckoning_of
from app.content.service import put_text, text_of
from app.core.zone import local_date
from app.deadlines.dates import given
from app.deadlines.hours import respond_by
from app.deadlines.models import Deadline
from app.deadlines.rules import DateSource, Stage, SubjectKind
from app.deadlines.service import next_fire_at, set_deadline
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, DocumentKind, printed_day
from app.documents.service import Issue, Recipient, issue
from app.escalation.models import Urging
from app.escalation.recording import ACTION
from app.escalation.rules import DueClock
from app.identity.queries import unit_names_on
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work

_CLOCKS: dict[DueClock, str] = {DueClock.REPORT: "上报时限", DueClock.COMPLETION: "办结时限"}
_OVERTAKEN = "催办送达之前，该事项已经上报、办结或者终止。"


async def deliver_urging(work: Work, urging_id: UUID) -> Urging | None:
    """Put an issued urging before its unit; once only. None where it need not know of it any more."""
    seen = await work.session.get_one(Urging, urging_id)
    case, assignment = await work.reach(Case, seen.case_id), await work.reach(Assignment, seen.assignment_id)
    slot = await work.reach(ReportSlot, seen.slot_id) if seen.slot_id else None
    urging = await work.reach(Urging, urging_id)
    if urging.delivered_at is not None:
        return None if urging.withdrawn_at else urging
    if urging.withdrawn_at is not None:
        return None
    await work.require(ACTION, case)
    if not _is_owed(case, assignment, slot):
        await _overtake(work, case, urging)
        return None
    urging.delivered_at, urging.respond_by = work.now, respond_by(work.now)
    await expect_answer(work, case, urging)
    document = await _issue_notice(work, case, assignment, urging)
    urging.document_id = document.id
    await work.record("urging.delivered", ("urging", urging.id), case=case, action=ACTION, unit_id=urging.unit_id)
    return urging


async def expect_answer(work: Work, case: Case, urging: Urging) -> None:
    """限其当日上报: the day of delivery in the ledger, and the unit's todo."""
    deadline = await set_response_date(work, case, urging)
    open_todo(
        work.session,
        TodoAction.RESPOND_TO_URGING,
        ("urging", urging.id),
        case_id=case.id,
        since=work.now,
        unit_id=urging.unit_id,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
    )


async def set_response_date(work: Work, case: Case, urging: Urging) -> Deadline:
    """The day on which the unit could see the urging; when it is over, the next stage may come."""
    assert urging.delivered_at is not None
    reckoning = await reckoning_of(work, case)
    day = local_date(urging.delivered_at)
    deadline = await set_deadline(
        work.session,
        reckoning,
        subject_kind=SubjectKind.URGE_RESPONSE,
        subject_id=urging.id,
        case_id=case.id,
        stage=Stage.TALK,
        due=given(reckoning, day, day),
        source=DateSource.OFFICE,
    )
    case.next_fire_at = await next_fire_at(work.session, case.id)
    return deadline


def _is_owed(case: Case, assignment: Assignment, slot: ReportSlot | None) -> bool:
    running = case.status is CaseStatus.DISPATCHED and assignment.status in OPEN_ASSIGNMENTS
    return running and (slot is None or slot.state is SlotState.OPEN)


async def _overtake(work: Work, case: Case, urging: Urging) -> None:
    """It was never seen, so there is nothing to take back: no document, no number."""
    urging.withdrawn_reason_id = put_text(work.session, _OVERTAKEN, work.now)
    await work.session.flush()
    urging.withdrawn_at = work.now
    await work.record("urging.withdrawn", ("urging", urging.id), case=case, action=ACTION)


async def _issue_notice(work: Work, case: Case, assignment: Assignment, urging: Urging) -> Document:
    names = work.regulation.numbering
    title = await text_of(work.session, case.title_id) or ""
    unit_name = (await unit_names_on(work.session, [urging.unit_id], work.today))[urging.unit_id]
    order = Issue(
        kind=DocumentKind.URGING_NOTICE,
        title=f"关于{title}的催办通知",
        blocks=tuple(await _blocks(work, case, assignment, urging, unit_name)),
        issuer_name=names.office,
        signer_name=None,
        code=names.urging_notice,
        issued_on=work.today,
        classification=case.classification,
        restricted=case.restricted,
        recipients=(Recipient(urging.unit_id, unit_name),),
        case_ids=(case.id,),
    )
    return await issue(work.session, order, work.now)


async def _blocks(work: Work, case: Case, assignment: Assignment, urging: Urging, unit_name: str) -> list[Block]:
    notice = await work.session.get_one(Document, assignment.document_id)
    reason = await text_of(work.session, urging.reason_id)
    return [
        Block(BlockKind.FIELD, case.register_number or "", "督办编号"),
        Block(BlockKind.FIELD, unit_name, "被催办单位"),
        Block(BlockKind.FIELD, notice.number or "", "督办通知"),
        Block(BlockKind.FIELD, printed_day(urging.for_due_on), _CLOCKS[urging.clock]),
        *([Block(BlockKind.PARAGRAPH, reason)] if reason else []),
        Block(BlockKind.PARAGRAPH, f"上述时限已过，尚未收到报告。请于{printed_day(work.today)}当日上报办理情况。"),
    ]
