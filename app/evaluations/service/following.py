"""What becomes of its circular is what becomes of an evaluation: approved, sent back, published.

Circulars lie below and know of no evaluation; these are their use cases as they are called from outside.
"""

from uuid import UUID

from app.acts.rules import Outcome
from app.circulars.models import Circular
from app.circulars.service import (
    ApproveCircular,
    PublishCircular,
    ReviseCircular,
    WithdrawCircular,
    approve_circular,
    publish_circular,
    revise_circular,
    withdraw_circular,
)
from app.circulars.service.waiting import wait_for_nothing
from app.core.refusals import Refusal, RefusalCode
from app.evaluations.models import Evaluation
from app.evaluations.queries import evaluation_of_circular
from app.evaluations.rules import EvaluationStatus, step
from app.evaluations.service.showing import await_submission
from app.work import Work


async def revise_circular_by_hand(work: Work, command: ReviseCircular) -> Circular:
    """`revise_circular`; refuses STATUS_CONFLICT for an evaluation's, whose table says what the sheets say."""
    evaluation = await _locked(work, command.circular_id)
    if evaluation is not None:
        circular = await work.load(Circular, command.circular_id)
        await work.require("circular.draft", circular)
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=circular.status.value, version=circular.version)
    return await revise_circular(work, command)


async def approve_circular_and_evaluation(work: Work, command: ApproveCircular) -> Circular:
    """`approve_circular`; what is not approved goes back to the office with its sheets open."""
    evaluation = await _locked(work, command.circular_id)
    circular = await approve_circular(work, command)
    if evaluation is not None and command.outcome is not Outcome.APPROVED:
        await wait_for_nothing(work, circular)
        await _give_back(work, evaluation, again=command.outcome is Outcome.RETURNED, action="circular.approve")
    return circular


async def publish_circular_and_evaluation(work: Work, command: PublishCircular) -> Circular:
    """`publish_circular`; from then on the evaluation does not change any more."""
    evaluation = await _locked(work, command.circular_id)
    circular = await publish_circular(work, command)
    if evaluation is not None:
        evaluation.status = step(evaluation.status, EvaluationStatus.PUBLISHED)
        evaluation.published_at = work.now
        evaluation.version += 1
        await work.record(
            "evaluation.published", ("evaluation", evaluation.id), case=None, action="circular.publish"
        )  # fmt: skip
    return circular


async def withdraw_circular_and_evaluation(work: Work, command: WithdrawCircular) -> Circular:
    """`withdraw_circular`; before it was published the office goes on, afterwards it can only be corrected beside."""
    evaluation = await _locked(work, command.circular_id)
    circular = await withdraw_circular(work, command)
    if evaluation is not None and evaluation.status is EvaluationStatus.SUBMITTED:
        await _give_back(work, evaluation, again=False, action="circular.withdraw")
    return circular


async def _locked(work: Work, circular_id: UUID) -> Evaluation | None:
    """Before the circular, as everywhere."""
    found = await evaluation_of_circular(work.session, circular_id)
    return None if found is None else await work.reach(Evaluation, found.id)


async def _give_back(work: Work, evaluation: Evaluation, *, again: bool, action: str) -> None:
    evaluation.status = step(evaluation.status, EvaluationStatus.SHOWN)
    evaluation.version += 1
    if not again:
        evaluation.circular_id = None
    await await_submission(work, evaluation)
    await work.record("evaluation.returned", ("evaluation", evaluation.id), case=None, action=action)
