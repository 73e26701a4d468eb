"""起草问责建议 (第二十五条): the office lays it before the chief leader. Who is concerned drafts nothing."""

from dataclasses import dataclass
from uuid import UUID

from app.accountability.models import AccountabilityProposal
from app.accountability.rules import AccountabilityStatus
from app.accountability.service.charging import Charge, write
from app.accountability.service.waiting import wait_for_approval
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.work import Work


@dataclass(frozen=True, slots=True)
class DraftAccountability:
    charge: Charge


@dataclass(frozen=True, slots=True)
class ReviseAccountability:
    accountability_id: UUID
    expected_version: int
    charge: Charge


async def draft_accountability(work: Work, command: DraftAccountability) -> AccountabilityProposal:
    """Lay a proposal before who approves it. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_OPEN_TO_UNIT."""
    proposal = AccountabilityProposal(
        id=new_id(),
        status=AccountabilityStatus.DRAFT,
        drafted_by=work.actor.person_id,
        classification=Classification.INTERNAL,
        record_seq=0,
        record_hash="",
        version=1,
        created_at=work.now,
    )
    await work.require("accountability.draft", proposal)
    await write(work, proposal, command.charge)
    await work.require("accountability.draft", proposal)  # whom it concerns is known only now
    await wait_for_approval(work, proposal)
    subject = ("accountability", proposal.id)
    await work.record("accountability.drafted", subject, case=proposal, action="accountability.draft")
    return proposal


async def revise_accountability(work: Work, command: ReviseAccountability) -> AccountabilityProposal:
    """Write a draft anew. Who does so is its drafter, and does not approve it. Refuses as every decision does."""
    proposal = await work.load(AccountabilityProposal, command.accountability_id)
    await work.require("accountability.draft", proposal)
    work.expect_version(proposal, command.expected_version)
    if proposal.status is not AccountabilityStatus.DRAFT:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=proposal.status.value, version=proposal.version)
    await write(work, proposal, command.charge)
    await work.require("accountability.draft", proposal)
    assert work.actor.person_id is not None  # the right is held by people alone
    proposal.drafted_by = work.actor.person_id
    proposal.version += 1
    await wait_for_approval(work, proposal)
    subject = ("accountability", proposal.id)
    await work.record("accountability.revised", subject, case=proposal, action="accountability.draft")
    return proposal
