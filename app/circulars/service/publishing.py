"""印发通报: an approved circular gets its number and goes to the units of its scope, each of which acknowledges it."""

from dataclasses import dataclass
from uuid import UUID

from app.acts.models import Decision
from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.queries import load_circular, recipients_of, units_attending, units_in
from app.circulars.rules import CircularScope, CircularStatus, step
from app.circulars.service.basis import basis_blocks, blocks_in, check_basis
from app.circulars.service.meeting import Meeting, record_meeting
from app.circulars.service.replying import expect_replies
from app.circulars.service.waiting import reckoning_for, wait_for_nothing
from app.content.service import text_of
from app.core.refusals import Problems, RefusalCode
from app.deadlines.dates import working
from app.documents.models import Document
from app.documents.rules import DocumentKind
from app.documents.service import Issue, Recipient, issue
from app.identity.models import Unit
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work

_MOST_RECIPIENTS = 200


@dataclass(frozen=True, slots=True)
class PublishCircular:
    """`unit_ids` name the addressees of a circular that is for them alone; without them it is the unit it names.

    `meeting` is where it was made known (通报会), and recorded afterwards.
    """

    circular_id: UUID
    expected_version: int
    unit_ids: tuple[UUID, ...] = ()
    meeting: Meeting | None = None


async def publish_circular(work: Work, command: PublishCircular) -> Circular:
    """Number and deliver a circular. Refuses STATEMENT_PENDING, CONCLUSION_PENDING, and as every decision does."""
    case, circular = await load_circular(work, command.circular_id)
    await work.require("circular.publish", circular)
    work.expect_version(circular, command.expected_version)
    circular.status = step(circular.status, CircularStatus.PUBLISHED)
    units = await _recipients(work, circular, command)
    await check_basis(work, circular)
    if command.meeting is not None:
        await record_meeting(work, circular, command.meeting, units)
    document = await _issue_document(work, circular, units)
    circular.document_id, circular.published_at = document.id, work.now
    circular.version += 1
    await wait_for_nothing(work, circular)
    await _expect_acknowledgements(work, case, circular, document)
    await expect_replies(work, case, circular)
    await work.record(
        "circular.published",
        ("circular", circular.id),
        case=case,
        action="circular.publish",
        unit_id=circular.unit_id,
    )
    return circular


async def _recipients(work: Work, circular: Circular, command: PublishCircular) -> list[Unit]:
    if circular.scope is CircularScope.ADDRESSEES:
        return await _addressees(work, circular, command.unit_ids)
    problems = Problems()
    problems.check(not command.unit_ids, RefusalCode.NOT_APPLICABLE, "input", "units")
    problems.raise_if_any()
    return list(await units_in(work.session, circular.scope, work.today))


async def _addressees(work: Work, circular: Circular, unit_ids: tuple[UUID, ...]) -> list[Unit]:
    problems = Problems()
    named = unit_ids or ((circular.unit_id,) if circular.unit_id else ())
    problems.check(bool(named), RefusalCode.REQUIRED, "input", "units")
    problems.check(len(named) <= _MOST_RECIPIENTS, RefusalCode.TOO_MANY, "input", "units", limit=_MOST_RECIPIENTS)
    found: list[Unit] = []
    for index, unit_id in enumerate(named[:_MOST_RECIPIENTS]):
        unit = await work.session.get(Unit, unit_id)
        problems.check(unit not in found, RefusalCode.DUPLICATE, "input", "units", index)
        if unit is not None and (unit.valid_until is None or unit.valid_until >= work.today):
            found.append(unit)
        else:
            problems.add(RefusalCode.BAD_ID, "input", "units", index)
    problems.raise_if_any()
    return found


async def _issue_document(work: Work, circular: Circular, units: list[Unit]) -> Document:
    names = work.regulation.numbering
    approval = await work.session.get_one(Decision, circular.approval_id)
    order = Issue(
        kind=DocumentKind.CIRCULAR,
        title=await text_of(work.session, circular.title_id) or "",
        blocks=(*await blocks_in(work, circular.body_id), *await basis_blocks(work, circular)),
        issuer_name=names.government,
        signer_name=approval.printed_name,
        code=names.circular,
        issued_on=work.today,
        classification=circular.classification,
        restricted=circular.restricted,
        recipients=tuple(Recipient(unit.id, unit.name) for unit in units),
        case_ids=() if circular.case_id is None else (circular.case_id,),
    )
    return await issue(work.session, order, work.now)


async def _expect_acknowledgements(work: Work, case: Case | None, circular: Circular, document: Document) -> None:
    """One todo a unit. Outside the case: most of these units do not see it, and owe it nothing.

    Who was at the meeting has been told there, and acknowledges nothing.
    """
    there = await units_attending(work.session, circular.id)
    reckoning = await reckoning_for(work, case)
    due = working(reckoning, work.today, reckoning.regulation.circular.acknowledge_workdays)
    for recipient in await recipients_of(work.session, document.id):
        if recipient.unit_id in there:
            recipient.delivered_at = recipient.acknowledged_at = circular.held_at
            continue
        open_todo(
            work.session,
            TodoAction.ACKNOWLEDGE_CIRCULAR,
            ("document_recipient", recipient.id),
            case_id=None,
            since=work.now,
            unit_id=recipient.unit_id,
            due_on=due.due_on,
            due_at=due.due_at,
            classification=document.classification,
        )
