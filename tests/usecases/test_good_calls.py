"""Every mutation does what it is for, once; and what it did is on record."""

import pytest

from tests.bed.dump import changed
from tests.bed.records import administered_in, check_records, events_of
from tests.bed.world import World
from tests.usecases.calls import good_calls
from tests.usecases.mutations import MUTATIONS, in_turn

# What a good call records, in its order; the first is its own. Acts of administration are no events.
RECORDED = {
    "registerCase": ["case.registered"],
    "recordInstruction": ["case.instructed"],
    "proposeHandling": ["case.proposed"],
    "decideHandling": ["case.decided"],
    "dispatchCase": ["case.dispatched"],
    "amendCase": ["case.amended"],
    "suspendCase": ["case.suspended"],
    "resumeCase": ["case.resumed"],
    "cancelCase": ["case.cancelled"],
    "setAccessScope": ["case.scope_set"],
    "grantCaseAccess": ["case.access_granted"],
    "revokeCaseAccess": ["case.access_revoked"],
    "declareRecusal": ["recusal.declared"],
    "orderRecusal": ["recusal.ordered"],
    "liftRecusal": ["recusal.lifted"],
    "importTaskDocument": ["case.imported"],
    "readNotification": [],
    "acknowledgeAssignment": ["assignment.acknowledged"],
    "recordFollowUp": ["assignment.followed_up"],
    "draftReport": ["report.drafted"],
    "reviseReport": ["report.revised"],
    "signReport": ["report.signed"],
    "submitReport": ["report.submitted"],
    "withdrawReport": ["report.withdrawn"],
    "acceptReport": ["report.accepted"],
    "returnReport": ["report.returned"],
    "submitContribution": ["contribution.submitted"],
    "receiveReport": ["act.recorded"],
    "submitForReading": ["case.submitted_for_reading"],
    "recordReading": ["case.read"],
    "proposeClosing": ["case.closing_proposed"],
    "confirmClosing": ["case.closed"],
    "reopenCase": ["case.reopened"],
    "requestReassignment": ["reassignment.requested"],
    "decideReassignment": ["reassignment.decided"],
    "explainDelay": ["explanation.filed"],
    "recordExplanation": ["assignment.followed_up", "explanation.filed"],
    "answerExplanation": ["explanation.answered"],
    "requestExtension": ["extension.requested"],
    "decideExtension": ["extension.decided"],
    "urgeUnit": ["urging.issued"],
    "withdrawUrging": ["urging.withdrawn"],
    "issueFormalTalkNotice": ["talk.issued"],
    "postponeFormalTalk": ["talk.postponed"],
    "holdFormalTalk": ["talk.held"],
    "cancelFormalTalk": ["talk.cancelled", "circular.withdrawn"],
    "issueConclusion": ["conclusion.issued"],
    "withdrawConclusion": ["conclusion.withdrawn", "circular.withdrawn"],
    "draftCircular": ["circular.drafted"],
    "reviseCircular": ["circular.revised"],
    "approveCircular": ["circular.decided"],
    "publishCircular": ["circular.published"],
    "acknowledgeCircular": ["circular.acknowledged"],
    "withdrawCircular": ["circular.withdrawn"],
    "replyToCircular": ["circular.replied"],
    "reviewCircularReply": ["circular.reply_reviewed"],
    "showEvaluation": ["evaluation.shown"],
    "adjustEvaluationSheet": ["evaluation.adjusted"],
    "gradeEvaluationSheet": ["evaluation.graded"],
    "objectToEvaluation": ["evaluation.objected"],
    "answerEvaluationObjection": ["evaluation.objection_answered"],
    "submitEvaluation": ["evaluation.submitted"],
    "correctEvaluation": ["evaluation.correction_opened"],
    "draftAccountabilityProposal": ["accountability.drafted"],
    "reviseAccountabilityProposal": ["accountability.revised"],
    "decideAccountabilityProposal": ["accountability.decided"],
    "citeAccountabilityCriticism": ["accountability.criticised"],
    "transferAccountabilityProposal": ["accountability.transferred"],
    "recordAccountabilityAnswer": ["accountability.answered"],
    "withdrawAccountabilityProposal": ["accountability.withdrawn"],
    "checkRecordedAct": ["case.decided", "act.checked"],
    "rejectRecordedAct": ["act.rejected"],
    "confirmInWriting": ["act.confirmed"],
    "registerUnit": ["unit.created"],
    "renameUnit": ["unit.renamed"],
    "closeUnit": ["unit.closed"],
    "registerPerson": ["person.created"],
    "appointToPost": ["post.held"],
    "nameUnitContact": ["contact.named"],
    "removeUnitContact": ["contact.removed"],
    "endPost": ["post.ended"],
    "openAccount": ["account.created"],
    "proposeAccount": ["account.proposed"],
    "renewPassword": ["account.password_renewed"],
    "proposePasswordRenewal": ["renewal.proposed"],
    "approvePasswordRenewal": ["renewal.approved"],
    "withdrawPasswordRenewal": ["renewal.withdrawn"],
    "beginEmergencySeal": ["emergency.seal_begun"],
    "completeEmergencySeal": ["emergency.sealed"],
    "restoreAccount": ["emergency.account_restored"],
    "closeEmergencyAccount": ["emergency.closed"],
    "disableAccount": ["account.disabled"],
    "revokeSession": ["session.revoked"],
    "openServiceAccount": ["account.created"],
    "addClientKey": ["client_key.added"],
    "removeClientKey": ["client_key.removed"],
    "registerWebhook": ["webhook.registered"],
    "verifyWebhook": ["webhook.verified"],
    "rotateWebhookSecret": ["webhook.secret_rotated"],
    "pauseWebhook": ["webhook.paused"],
    "resumeWebhook": ["webhook.resumed"],
    "removeWebhook": ["webhook.removed"],
    "replayWebhook": ["webhook.replayed"],
    "grantRole": ["grant.given"],
    "proposeGrant": ["grant.proposed"],
    "approveGrant": ["grant.approved"],
    "revokeGrant": ["grant.revoked"],
    "grantTemporaryPower": ["grant.lent"],
    "revokeTemporaryPower": ["grant.revoked"],
    "grantClearance": ["clearance.proposed"],
    "approveClearance": ["clearance.approved"],
    "revokeClearance": ["clearance.revoked"],
    "draftPolicy": ["policy.drafted"],
    "editPolicyDraft": ["policy.edited"],
    "discardPolicyDraft": ["policy.discarded"],
    "dryRunPolicy": ["policy.dry_run"],
    "proposePolicy": ["policy.proposed"],
    "approvePolicy": ["policy.approved"],
    "refusePolicy": ["policy.refused"],
    "rollBackPolicy": ["policy.rolled_back"],
}


def test_no_mutation_is_forgotten() -> None:
    assert set(RECORDED) == set(MUTATIONS)


@pytest.mark.parametrize(("kind", "mutation"), in_turn(MUTATIONS))
async def test_a_good_call_does_and_records_what_it_is_for(staged: World, kind: str, mutation: str) -> None:
    call = good_calls(staged)[mutation]
    before, known = await staged.everything(), len(await events_of(staged))
    administered = len(await administered_in(staged))
    await staged.as_(call.login).do(mutation, "__typename", **call.input)
    events = [event.type for event in (await events_of(staged))[known:]]
    assert (events or (await administered_in(staged))[administered:]) == RECORDED[mutation]
    assert changed(before, await staged.everything()) != {}, kind
    await check_records(staged)
