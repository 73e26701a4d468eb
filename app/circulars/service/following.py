"""What the talk and the conclusion mean for the circular that waits for both (第七条(三)).

Talks and inspections lie below and know of no circular; these are their use cases as they are called from outside.
"""

from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.queries import circular_of_conclusion, circular_of_talk
from app.circulars.rules import CircularStatus
from app.circulars.service.basis import is_ready
from app.circulars.service.waiting import wait_for_approval
from app.circulars.service.withdrawing import drop
from app.inspections.models import InspectionConclusion
from app.inspections.service import (
    IssueConclusion,
    WithdrawConclusion,
    issue_conclusion,
    withdraw_conclusion,
)
from app.talks.models import FormalTalk
from app.talks.service import CancelTalk, HoldTalk, cancel_talk, hold_talk
from app.work import Work

_NOT_OUT = frozenset({CircularStatus.DRAFT, CircularStatus.APPROVED})


async def hold_talk_before_circular(work: Work, command: HoldTalk) -> FormalTalk:
    """`hold_talk`; then the circular is laid before its approver, if the conclusion is out."""
    talk = await hold_talk(work, command)
    await _submit(work, await circular_of_talk(work.session, talk.id), "talk.hold")
    return talk


async def issue_conclusion_before_circular(work: Work, command: IssueConclusion) -> InspectionConclusion:
    """`issue_conclusion`; then the circular is laid before its approver, if the talk is over."""
    conclusion = await issue_conclusion(work, command)
    await _submit(work, await circular_of_conclusion(work.session, conclusion.id), "conclusion.issue")
    return conclusion


async def cancel_talk_and_circular(work: Work, command: CancelTalk) -> FormalTalk:
    """`cancel_talk`; without a statement there will be no circular, so its draft falls with it."""
    talk = await cancel_talk(work, command)
    await _fall(work, await circular_of_talk(work.session, talk.id), "talk.cancel")
    return talk


async def withdraw_conclusion_and_circular(work: Work, command: WithdrawConclusion) -> InspectionConclusion:
    """`withdraw_conclusion`; a circular that rests on it and is not out yet falls with it."""
    conclusion = await withdraw_conclusion(work, command)
    await _fall(work, await circular_of_conclusion(work.session, conclusion.id), "conclusion.withdraw")
    return conclusion


async def _submit(work: Work, circular: Circular | None, action: str) -> None:
    if circular is None or circular.status is not CircularStatus.DRAFT or not await is_ready(work, circular):
        return
    case = await _case_of(work, circular)
    await wait_for_approval(work, case, circular)
    await work.record("circular.submitted", ("circular", circular.id), case=case, action=action)


async def _fall(work: Work, circular: Circular | None, action: str) -> None:
    if circular is None or circular.status not in _NOT_OUT:
        return
    await drop(work, circular)
    case = await _case_of(work, circular)
    await work.record("circular.withdrawn", ("circular", circular.id), case=case, action=action)


async def _case_of(work: Work, circular: Circular) -> Case:
    """Locked already, with the talk or the conclusion."""
    return await work.session.get_one(Case, circular.case_id)
