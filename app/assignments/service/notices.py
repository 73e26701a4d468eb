"""The numbered documents to the units of a case: what is to be done until when, and what of it was changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.assignments.models import Assignment
from app.cases.models import Case
from app.cases.rules import AssignmentRole, Procedure
from app.cases.service import HandlingUnit
from app.content.service import text_of
from app.deadlines.dates import DueDate
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, DocumentKind, RecipientCapacity, printed_day
from app.documents.service import Issue, Recipient, issue
from app.work import Work

_ROLE_NAMES: dict[AssignmentRole, str] = {
    AssignmentRole.LEAD: "牵头承办单位",
    AssignmentRole.PRINCIPAL: "承办单位",
    AssignmentRole.SUPPORTING: "协办单位",
}


async def issue_notice(
    work: Work, case: Case, units: list[HandlingUnit], report_due: DueDate, completion_due: DueDate
) -> Document:
    """The numbered document that puts a case before its units."""
    names = work.regulation.numbering
    by_notice = case.procedure is Procedure.A
    title = await text_of(work.session, case.title_id) or ""
    order = Issue(
        kind=DocumentKind.SUPERVISION_NOTICE if by_notice else DocumentKind.OFFICE_DOCUMENT,
        title=f"关于{title}的督办通知" if by_notice else f"关于印发{title}任务的通知",
        blocks=tuple(await _notice_blocks(work, case, units, report_due, completion_due)),
        issuer_name=names.government if by_notice else names.office,
        signer_name=None,
        code=names.supervision_notice if by_notice else names.office_document,
        issued_on=work.today,
        classification=case.classification,
        restricted=case.restricted,
        recipients=tuple(_recipient(unit) for unit in units),
        case_ids=(case.id,),
    )
    return await issue(work.session, order, work.now)


def _recipient(unit: HandlingUnit) -> Recipient:
    supporting = unit.role is AssignmentRole.SUPPORTING
    return Recipient(unit.unit_id, unit.name, RecipientCapacity.CC if supporting else RecipientCapacity.MAIN)


async def _notice_blocks(
    work: Work, case: Case, units: list[HandlingUnit], report_due: DueDate, completion_due: DueDate
) -> list[Block]:
    requirement = await text_of(work.session, case.requirement_id)
    blocks = [Block(BlockKind.FIELD, case.register_number or "", "督办编号")]
    blocks += [Block(BlockKind.PARAGRAPH, requirement)] if requirement else []
    for role, label in _ROLE_NAMES.items():
        named = [unit.name for unit in units if unit.role is role]
        blocks += [Block(BlockKind.FIELD, "、".join(named), label)] if named else []
    return [
        *blocks,
        Block(BlockKind.FIELD, _printed(report_due), "上报时限"),
        Block(BlockKind.FIELD, _printed(completion_due), "办结时限"),
        Block(
            BlockKind.PARAGRAPH,
            "请于时限前上报办理结果或工作进展情况，由牵头承办单位主要领导签发，标明联系方式，加盖公章。",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Amended:
    """What is another now; None stays as it was."""

    requirement: str | None
    report_due: DueDate | None
    completion_due: DueDate | None


async def issue_amendment(work: Work, case: Case, parts: Sequence[Assignment], amended: Amended) -> Document:
    """变更通知: what is another now, to all who still have a part. What the earlier notices said else stands."""
    names = work.regulation.numbering
    title = await text_of(work.session, case.title_id) or ""
    earlier = select(Document.number).where(Document.id.in_({part.document_id for part in parts}))
    numbers = (await work.session.scalars(earlier.order_by(Document.issued_on, Document.number))).all()
    units = [HandlingUnit(part.unit_id, part.role, part.via_group_id, part.unit_name) for part in parts]
    order = Issue(
        kind=DocumentKind.AMENDMENT_NOTICE,
        title=f"关于变更{title}办理要求的通知",
        blocks=tuple(_amendment_blocks(case, numbers, amended)),
        issuer_name=names.government,
        signer_name=None,
        code=names.amendment_notice,
        issued_on=work.today,
        classification=case.classification,
        restricted=case.restricted,
        recipients=tuple(_recipient(unit) for unit in units),
        case_ids=(case.id,),
    )
    return await issue(work.session, order, work.now)


def _amendment_blocks(case: Case, numbers: Sequence[str | None], amended: Amended) -> list[Block]:
    blocks = [Block(BlockKind.FIELD, case.register_number or "", "督办编号")]
    if len(numbers) == 1:  # a unit need not know of another one's notice
        blocks.append(Block(BlockKind.FIELD, numbers[0] or "", "原通知"))
    blocks += [Block(BlockKind.PARAGRAPH, amended.requirement)] if amended.requirement else []
    for label, due in (("上报时限", amended.report_due), ("办结时限", amended.completion_due)):
        blocks += [Block(BlockKind.FIELD, f"变更为{_printed(due)}", label)] if due else []
    if amended.completion_due and not amended.report_due:
        blocks.append(Block(BlockKind.PARAGRAPH, "原定于办结当日上报的，上报时限一并变更。"))
    return [*blocks, Block(BlockKind.PARAGRAPH, "其他事项仍按原通知办理。")]


def _printed(due: DueDate) -> str:
    day = printed_day(due.due_on)
    return f"{day}{due.due_time:%H：%M}前" if due.due_time else f"{day}前"
