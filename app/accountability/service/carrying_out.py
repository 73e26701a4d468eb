"""What comes of an approved proposal: a criticism by circular, or a transfer (移送) and what the body answers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.accountability.models import AccountabilityProposal
from app.accountability.rules import AccountabilityMeasure, AccountabilityStatus, step
from app.accountability.service.charging import keep_files
from app.accountability.service.waiting import wait_for_nothing, wait_for_office
from app.circulars.models import Circular
from app.circulars.rules import CRITICISES, CircularStatus
from app.content.service import put_text
from app.core.clock import local_date
from app.core.refusals import Problems, RefusalCode, invalid
from app.core.texts import BODY, NAME, clean
from app.todos.rules import TodoAction
from app.work import Work


@dataclass(frozen=True, slots=True)
class CiteCriticism:
    accountability_id: UUID
    expected_version: int
    circular_id: UUID


@dataclass(frozen=True, slots=True)
class TransferAccountability:
    """`competent_body` is who investigates (有权机关), `document_number` that of the letter with which it went."""

    accountability_id: UUID
    expected_version: int
    competent_body: str
    document_number: str
    transferred_on: date


@dataclass(frozen=True, slots=True)
class RecordAccountabilityAnswer:
    """`text` in the body's own words."""

    accountability_id: UUID
    expected_version: int
    text: str
    answered_on: date
    file_ids: tuple[UUID, ...] = ()


async def cite_criticism(work: Work, command: CiteCriticism) -> AccountabilityProposal:
    """Name the published circular that carries out the proposal. Refuses BAD_ID for any other."""
    proposal = await _load(work, command.accountability_id, command.expected_version)
    status = step(proposal.status, AccountabilityStatus.CRITICISED, proposal.version)
    _expect(proposal, AccountabilityMeasure.CRITICISM)
    circular = await work.load(Circular, command.circular_id, lock=False)
    if circular.status is not CircularStatus.PUBLISHED or circular.kind not in CRITICISES:
        raise invalid(RefusalCode.BAD_ID, "input", "circular")
    proposal.status, proposal.circular_id = status, circular.id
    await wait_for_nothing(work, proposal)
    return await _recorded(work, proposal, "accountability.criticised")


async def transfer_accountability(work: Work, command: TransferAccountability) -> AccountabilityProposal:
    """Write down to whom, when and with which letter it was handed over. Refuses as every decision does."""
    proposal = await _load(work, command.accountability_id, command.expected_version)
    status = step(proposal.status, AccountabilityStatus.TRANSFERRED, proposal.version)
    _expect(proposal, AccountabilityMeasure.TRANSFER)
    assert proposal.approved_at is not None
    problems = Problems()
    body = clean(problems, command.competent_body, NAME, "input", "competentBody")
    number = clean(problems, command.document_number, NAME, "input", "documentNumber")
    in_time = local_date(proposal.approved_at) <= command.transferred_on <= work.today
    problems.check(in_time, RefusalCode.BAD_DATE, "input", "transferredOn")
    problems.raise_if_any()
    body_id, number_id = put_text(work.session, body, work.now), put_text(work.session, number, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    proposal.body_id, proposal.document_number_id = body_id, number_id
    proposal.status, proposal.transferred_on = status, command.transferred_on
    await wait_for_office(work, proposal, TodoAction.RECORD_ACCOUNTABILITY_ANSWER)
    return await _recorded(work, proposal, "accountability.transferred")


async def record_accountability_answer(work: Work, command: RecordAccountabilityAnswer) -> AccountabilityProposal:
    """Write down what the body answered. What it did is its own decision. Refuses as every decision does."""
    proposal = await _load(work, command.accountability_id, command.expected_version)
    status = step(proposal.status, AccountabilityStatus.ANSWERED, proposal.version)
    assert proposal.transferred_on is not None
    problems = Problems()
    text = clean(problems, command.text, BODY, "input", "text")
    in_time = proposal.transferred_on <= command.answered_on <= work.today
    problems.check(in_time, RefusalCode.BAD_DATE, "input", "answeredOn")
    problems.raise_if_any()
    answer_id = put_text(work.session, text, work.now)
    await work.session.flush()
    proposal.status, proposal.answer_id, proposal.answered_on = status, answer_id, command.answered_on
    await keep_files(work, proposal, command.file_ids)
    await wait_for_nothing(work, proposal)
    return await _recorded(work, proposal, "accountability.answered")


async def _load(work: Work, key: UUID, expected_version: int) -> AccountabilityProposal:
    proposal = await work.load(AccountabilityProposal, key)
    await work.require("accountability.carry_out", proposal)
    work.expect_version(proposal, expected_version)
    return proposal


def _expect(proposal: AccountabilityProposal, measure: AccountabilityMeasure) -> None:
    if proposal.measure is not measure:
        raise invalid(RefusalCode.NOT_APPLICABLE, "input", "proposal")


async def _recorded(work: Work, proposal: AccountabilityProposal, event_type: str) -> AccountabilityProposal:
    proposal.version += 1
    subject = ("accountability", proposal.id)
    await work.record(event_type, subject, case=proposal, action="accountability.carry_out")
    return proposal
