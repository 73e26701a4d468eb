"""What a conclusion states (条例 第十六条: 事实清楚): dates, deliveries and answers, each as the ledger has it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assignments.models import Assignment, FollowUp, ReportSlot
from app.cases.models import Case
from app.content.service import text_of
from app.core.zone import SHANGHAI, local_date
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, printed_day
from app.escalation.models import Explanation, ExtensionRequest, Urging
from app.escalation.rules import DueClock, ExplanationAnswer, ExtensionStatus
from app.work import Work

_ANSWERS: dict[ExplanationAnswer | None, str] = {
    None: "尚未答复",
    ExplanationAnswer.NOTED: "予以记录",
    ExplanationAnswer.CONVERT: "转为延期申请",
    ExplanationAnswer.INSUFFICIENT: "理由不充分",
}
_OUTCOMES: dict[ExtensionStatus, str] = {
    ExtensionStatus.REQUESTED: "尚未决定",
    ExtensionStatus.GRANTED: "同意",
    ExtensionStatus.DECLINED: "不同意",
}


async def findings(work: Work, case: Case, assignment: Assignment, urging: Urging) -> list[Block]:
    """The facts about one date that was not kept."""
    session = work.session
    return [
        _field("事项", await text_of(session, case.title_id) or ""),
        _field("承办单位", assignment.unit_name),
        _field("督办通知", await _delivered(session, assignment.document_id, assignment.delivered_at)),
        *await _dates(session, assignment, urging),
        _field("催办通知", await _delivered(session, urging.document_id, urging.delivered_at)),
        _field("催办要求", f"{_last_day(urging.respond_by)}当日上报办理情况"),
        *await _explanations(session, urging),
        *await _extensions(session, urging),
        *await _follow_ups(session, assignment),
        _field("上报情况", f"截至{_printed(work.now)}，未按要求上报"),
    ]


async def _dates(session: AsyncSession, assignment: Assignment, urging: Urging) -> list[Block]:
    original = assignment.original_completion_due_on
    label = "办结时限"
    if urging.clock is DueClock.REPORT:
        slot = await session.get_one(ReportSlot, urging.slot_id)
        original, label = slot.original_due_on, "上报时限"
    moved = f"（原定{printed_day(original)}）" if original and original != urging.for_due_on else ""
    return [_field(label, printed_day(urging.for_due_on) + moved)]


async def _delivered(session: AsyncSession, document_id: UUID | None, at: datetime | None) -> str:
    document = await session.get(Document, document_id) if document_id else None
    number = document.number if document else None
    return f"{number or ''}，{_printed(at)}送达" if at else number or ""


async def _explanations(session: AsyncSession, urging: Urging) -> list[Block]:
    statement = select(Explanation).where(
        Explanation.assignment_id == urging.assignment_id, Explanation.for_due_on == urging.for_due_on
    )
    filed = (await session.scalars(statement.order_by(Explanation.filed_at, Explanation.id))).all()
    return [
        _field(
            "说明情况",
            f"{_printed(one.filed_at)}：{await text_of(session, one.text_id) or ''}（{_ANSWERS[one.answer]}）",
        )
        for one in filed
    ] or [_field("说明情况", "无")]


async def _extensions(session: AsyncSession, urging: Urging) -> list[Block]:
    statement = select(ExtensionRequest).where(ExtensionRequest.assignment_id == urging.assignment_id)
    asked = (await session.scalars(statement.order_by(ExtensionRequest.requested_at, ExtensionRequest.id))).all()
    return [
        _field(
            "延期申请",
            f"{_printed(one.requested_at)}申请延至{printed_day(one.requested_due_on)}（{_OUTCOMES[one.status]}）",
        )
        for one in asked
    ]


async def _follow_ups(session: AsyncSession, assignment: Assignment) -> list[Block]:
    statement = select(FollowUp).where(FollowUp.assignment_id == assignment.id)
    made = (await session.scalars(statement.order_by(FollowUp.occurred_at, FollowUp.id))).all()
    return [
        _field("督办检查", f"{_printed(one.occurred_at)}：{await text_of(session, one.words_id) or ''}") for one in made
    ]


def _field(label: str, text: str) -> Block:
    return Block(BlockKind.FIELD, text, label)


def _printed(at: datetime) -> str:
    return f"{printed_day(local_date(at))}{at.astimezone(SHANGHAI):%H：%M}"


def _last_day(respond_by: datetime | None) -> str:
    """The day that ends at 24:00, which is 0:00 of the next."""
    return "" if respond_by is None else printed_day(_day_before(local_date(respond_by)))


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
