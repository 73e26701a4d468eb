"""Who may do what, and how everybody else is refused: as if it were not there, or by the rule that forbids it.

`ok` may. `404`: who may not see it hears that it is not there. `no`: sees it, and no rule allows it; else the id of the
rule that denies it. `SEC`: one of the two must be the security administrator. `401`: without a token.
"""

import pytest

from tests.bed.dump import changed
from tests.bed.world import EMERGENCY, OUTSIDER, World, reasons
from tests.usecases.calls import good_calls
from tests.usecases.mutations import MUTATIONS, in_turn

CAST = {
    "nobody": "",
    "outsider": OUTSIDER,
    "o.handler": "taiping.handler",  # of another unit; in `joint`, 区生态环境局 supports
    "o.head": "huanbao.head",
    "handler": "chengguan.handler",
    "head": "chengguan.head",
    "officer": "duban.wu",
    "checker": "duban.zheng",
    "o.boss": "duban.zhu",  # head of the office
    "secretary": "zhuren",  # leads the government's office
    "leader": "fuquzhang",
    "o.leader": "fuquzhang2",  # has nothing to do with these cases
    "mayor": "quzhang",
    "rights": "quanxian",  # administers rights
    "accounts": "xitong",  # 系统管理员
    "security": "anmi",  # 安全保密管理员
}
# The emergency account, while it is open, meets what somebody without any role meets, but for this
IN_AN_EMERGENCY = {
    "beginEmergencySeal": "no",
    "completeEmergencySeal": "no",
    "restoreAccount": "ok",
    "closeEmergencyAccount": "ok",
}
_TABLE = """
                      nobody outsider o.handler o.head handler head   officer checker o.boss secretary leader o.leader mayor rights accounts security
registerCase          401    MAC-1    no        no     no      no     ok      ok      ok     no        no     no       no    no     no       no
recordInstruction     401    404      404       404    404     404    ok      ok      ok     no        no     404      no    404    404      404
proposeHandling       401    404      404       404    404     404    ok      ok      ok     no        no     404      no    404    404      404
decideHandling        401    404      404       404    404     404    SOD-1   no      no     no        ok     404      ok    404    404      404
dispatchCase          401    404      404       404    404     404    ok      ok      ok     no        no     404      no    404    404      404
amendCase             401    404      404       404    no      no     no      no      no     no        ok     404      ok    404    404      404
suspendCase           401    404      404       404    no      no     no      no      no     no        ok     404      ok    404    404      404
resumeCase            401    404      404       404    no      no     no      no      no     no        ok     404      ok    404    404      404
cancelCase            401    404      404       404    no      no     no      no      no     no        ok     404      ok    404    404      404
setAccessScope        401    404      404       404    404     404    ok      no      ok     no        ok     404      no    404    404      404
grantCaseAccess       401    404      404       404    404     404    ok      no      404    404       ok     404      404   404    404      404
revokeCaseAccess      401    404      404       404    404     404    ok      no      404    404       ok     404      404   404    404      404
declareRecusal        401    404      404       404    ok      ok     ok      ok      ok     ok        ok     404      ok    404    404      404
orderRecusal          401    404      404       404    no      no     no      no      ok     ok        no     404      no    404    404      404
liftRecusal           401    404      404       404    no      no     no      no      ok     ok        no     404      no    404    404      404
importTaskDocument    401    no       no        no     no      no     ok      ok      ok     no        no     no       no    no     no       no
readNotification      401    404      404       404    404     404    404     404     ok     404       404    404      404   404    404      404
acknowledgeAssignment 401    404      404       404    ok      ok     no      no      no     no        no     404      no    404    404      404
recordFollowUp        401    404      404       404    no      no     ok      ok      ok     no        no     404      no    404    404      404
draftReport           401    404      404       404    ok      ok     no      no      no     no        no     404      no    404    404      404
reviseReport          401    404      404       404    ok      ok     404     404     404    404       404    404      404   404    404      404
signReport            401    404      404       404    HEAD-1   ok     404     404     404    404       404    404      404   404    404      404
submitReport          401    404      404       404    ok      ok     404     404     404    404       404    404      404   404    404      404
withdrawReport        401    404      404       404    ok      ok     no      no      no     no        no     404      no    404    404      404
acceptReport          401    404      404       404    SOD-3   SOD-3  ok      ok      ok     no        no     404      no    404    404      404
returnReport          401    404      404       404    SOD-5   SOD-5  ok      ok      ok     no        no     404      no    404    404      404
submitContribution    401    404      404       ok     no      no     no      no      no     no        no     404      no    404    404      404
receiveReport         401    404      404       404    no      SOD-8  ok      ok      ok     no        no     404      no    404    404      404
submitForReading      401    404      404       404    no      no     ok      ok      ok     no        no     404      no    404    404      404
recordReading         401    404      404       404    404     404    no      no      no     no        ok     404      no    404    404      404
proposeClosing        401    404      404       404    no      no     ok      ok      ok     no        no     404      no    404    404      404
confirmClosing        401    404      404       404    SOD-7   SOD-7  SOD-6   no      ok     ok        no     404      no    404    404      404
reopenCase            401    404      404       404    no      no     no      no      ok     no        no     404      no    404    404      404
requestReassignment   401    404      404       404    no      ok     no      no      no     no        no     404      no    404    404      404
decideReassignment    401    404      404       404    SOD-13  SOD-13 no      no      no     no        ok     404      ok    404    404      404
explainDelay          401    404      404       404    ok      ok     no      no      no     no        no     404      no    404    404      404
recordExplanation     401    404      404       404    no      no     ok      ok      ok     no        no     404      no    404    404      404
answerExplanation     401    404      404       404    SOD-15  SOD-15 ok      ok      ok     no        no     404      no    404    404      404
requestExtension      401    404      404       404    no      ok     no      no      no     no        no     404      no    404    404      404
decideExtension       401    404      404       404    SOD-16  SOD-16 no      no      no     no        ok     404      ok    404    404      404
urgeUnit              401    404      404       404    SOD-14  SOD-14 ok      ok      ok     ok        no     404      no    404    404      404
withdrawUrging        401    404      404       404    SOD-18  SOD-18 ok      ok      ok     no        no     404      no    404    404      404
issueFormalTalkNotice 401    404      404       404    404     404    no      no      ok     ok        no     404      no    404    404      404
postponeFormalTalk    401    404      404       404    no      no     no      no      ok     ok        no     404      no    404    404      404
holdFormalTalk        401    404      404       404    SOD-20  SOD-20 ok      ok      ok     ok        no     404      no    404    404      404
cancelFormalTalk      401    404      404       404    SOD-21  SOD-21 no      no      ok     ok        no     404      no    404    404      404
issueConclusion       401    404      404       404    404     404    no      no      no     no        no     404      ok    404    404      404
withdrawConclusion    401    404      404       404    SOD-23  SOD-23 no      no      no     no        no     404      ok    404    404      404
draftCircular         401    MAC-15   no        no     no      no     ok      ok      ok     no        no     no       no    no     no       no
reviseCircular        401    404      404       404    404     404    ok      ok      ok     no        no     404      no    404    404      404
approveCircular       401    404      404       404    404     404    no      no      no     no        no     404      ok    404    404      404
publishCircular       401    404      404       404    404     404    ok      ok      ok     no        no     404      no    404    404      404
acknowledgeCircular   401    404      ok        ok     ok      ok     no      no      no     no        no     no       no    404    404      404
withdrawCircular      401    404      no        no     no      no     no      no      no     no        no     no       ok    404    404      404
replyToCircular       401    404      404       404    no      ok     no      no      no     no        no     no       no    404    404      404
reviewCircularReply   401    404      404       SOD-111 404    404    ok      ok      ok     no        no     no       no    404    404      404
showEvaluation        401    404      404       404    404     404    no      no      ok     no        no     no       no    404    404      404
adjustEvaluationSheet 401    404      404       404    SOD-101 SOD-101 ok     ok      ok     ok        no     no       no    404    404      404
gradeEvaluationSheet  401    404      404       404    SOD-102 SOD-102 no     no      ok     ok        no     no       no    404    404      404
objectToEvaluation    401    404      404       404    no      ok     no      no      no     no        no     no       no    404    404      404
answerEvaluationObjection 401 404     404       404    SOD-103 SOD-103 no     no      ok     ok        no     no       no    404    404      404
submitEvaluation      401    404      no        no     no      no     no      no      ok     no        no     no       no    404    404      404
correctEvaluation     401    404      no        no     no      no     no      no      ok     no        no     no       no    404    404      404
draftAccountabilityProposal 401 MAC-121 no      no     no      no     ok      ok      ok     ok        no     no       no    no     no       no
reviseAccountabilityProposal 401 404    404       404    404     404    ok      ok      ok     ok        404    404      no    404    404      404
decideAccountabilityProposal 401 404    404       404    404     404    SOD-121 no      no     no        404    404      ok    404    404      404
citeAccountabilityCriticism 401 404     404       404    404     404    ok      ok      ok     ok        404    404      no    404    404      404
transferAccountabilityProposal 401 404  404       404    404     404    ok      ok      ok     ok        404    404      no    404    404      404
recordAccountabilityAnswer 401  404     404       404    404     404    ok      ok      ok     ok        404    404      no    404    404      404
withdrawAccountabilityProposal 401 404  404       404    404     404    ok      ok      ok     ok        404    404      ok    404    404      404
checkRecordedAct      401    404      404       404    404     404    SOD-9   ok      ok     no        SOD-10 404      404   404    404      404
rejectRecordedAct     401    404      404       404    404     404    SOD-9   ok      ok     no        SOD-10 404      404   404    404      404
confirmInWriting      401    404      404       404    404     404    ok      ok      ok     no        SOD-8  404      404   404    404      404
registerUnit          401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
renameUnit            401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
closeUnit             401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
registerPerson        401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
appointToPost         401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
endPost               401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
nameUnitContact       401    no       no        no     no      ok     no      no      no     no        no     no       no    ok     no       no
removeUnitContact     401    no       no        no     no      ok     no      no      no     no        no     no       no    ok     no       no
setNotificationAddress 401   no       no        no     no      no     no      no      no     no        no     no       no    no     ok       no
openAccount           401    no       no        no     no      no     no      no      no     no        no     no       no    no     ok       no
proposeAccount        401    no       no        no     no      no     no      no      no     no        no     no       no    no     ok       no
renewPassword         401    404      no        404    404     404    404     404     404    404       404    404      404   404    ok       404
proposePasswordRenewal  401  404      404       404    404     404    404     404     404    404       SOD-32 404      404   404    ok       404
approvePasswordRenewal  401  404      404       404    404     404    404     404     404    404       404    404      404   SEC    SOD-34   ok
withdrawPasswordRenewal 401  404      404       404    404     404    404     404     404    404       404    404      404   ok     ok       ok
disableAccount        401    404      no        404    404     404    404     404     404    404       404    404      404   404    ok       404
beginEmergencySeal    401   no       no        no     no      no     no      no      no     no        no     no       no    no     ok       no
completeEmergencySeal 401   404      404       404    404     404    404     404     404    404       404    404      404   no     SOD-41   ok
restoreAccount        401   404      404       404    404     404    404     404     404    404       404    404      404   404    no       404
closeEmergencyAccount 401   404      404       404    404     404    404     404     404    404       404    404      404   ok     ok       ok
openServiceAccount    401    no       no        no     no      no     no      no      no     no        no     no       no    no     ok       no
addClientKey          401    404      404       404    404     404    404     404     404    404       404    404      404   404    ok       404
removeClientKey       401    404      404       404    404     404    404     404     404    404       404    404      404   404    ok       ok
revokeSession         401    404      404       404    404     404    ok      404     404    404       404    404      404   404    ok       ok
grantRole             401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       no
proposeGrant          401    no       no        no     no      no     no      no      no     no        no     no       no    ok     no       ok
approveGrant          401    404      404       404    404     404    404     404     404    404       404    404      404   SOD-27 404      ok
revokeGrant           401    404      404       404    404     404    404     404     404    404       404    404      404   ok     404      no
grantTemporaryPower   401    404      404       404    404     404    no      no      no     no        ok     404      no    404    404      404
revokeTemporaryPower  401    404      404       404    404     404    404     404     404    404       ok     no       404   ok     404      ok
registerWebhook       401    404      404       404    404     404    404     404     404    404       404    404      404   404    ok       404
verifyWebhook         401    404      404       404    404     404    404     404     404    404       404    404      404   ok     SOD-40   ok
rotateWebhookSecret   401    404      404       404    404     404    404     404     404    404       404    404      404   no     ok       no
pauseWebhook          401    404      404       404    404     404    404     404     404    404       404    404      404   ok     ok       ok
resumeWebhook         401    404      404       404    404     404    404     404     404    404       404    404      404   no     ok       no
removeWebhook         401    404      404       404    404     404    404     404     404    404       404    404      404   ok     ok       ok
replayWebhook         401    404      404       404    404     404    404     404     404    404       404    404      404   no     ok       no
grantClearance        401    no       SOD-28    no     no      no     no      no      no     no        no     no       no    no     no       ok
approveClearance      401    404      404       404    404     404    404     404     404    404       404    404      404   ok     404      SOD-30
revokeClearance       401    404      404       404    404     404    404     404     404    404       404    404      404   ok     404      ok
draftPolicy           401    no       no        no     no      no     no      no      no     no        no     no       no     ok     no       ok
editPolicyDraft       401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      SOD-36
discardPolicyDraft    401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      ok
dryRunPolicy          401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      ok
proposePolicy         401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      ok
approvePolicy         401    404      404       404    404     404    404     404     404    404       404    404      404    SOD-37 404      ok
refusePolicy          401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      ok
rollBackPolicy        401    404      404       404    404     404    404     404     404    404       404    404      404    ok     404      ok
"""  # noqa: E501
_HEAD, *_ROWS = (line.split() for line in _TABLE.strip().splitlines())
ANSWERS = {row[0]: dict(zip(_HEAD, row[1:], strict=True)) for row in _ROWS}
for _mutation, _answers in ANSWERS.items():
    _answers["emergency"] = IN_AN_EMERGENCY.get(_mutation, _answers["outsider"])
CAST["emergency"] = EMERGENCY
_CODES = {"401": "UNAUTHENTICATED", "404": "NOT_FOUND", "no": "NOT_ALLOWED", "SEC": "SECURITY_ADMIN_REQUIRED"}


def test_the_table_names_every_mutation_and_the_whole_cast() -> None:
    assert list(CAST) == [*_HEAD, "emergency"]
    assert set(ANSWERS) == set(MUTATIONS)


def test_who_may_is_who_does_it_in_the_good_calls(staged: World) -> None:
    logins = {login: name for name, login in CAST.items()} | {"huanbao.handler": "o.head"}
    assert {mutation: ANSWERS[mutation][logins[call.login]] for mutation, call in good_calls(staged).items()} == (
        dict.fromkeys(MUTATIONS, "ok")
    )


@pytest.mark.parametrize(("kind", "mutation"), in_turn(MUTATIONS[1:] + MUTATIONS[:1]))  # good calls have the other one
async def test_whoever_may_not_is_refused_and_changes_nothing(staged: World, kind: str, mutation: str) -> None:
    call = good_calls(staged)[mutation]
    refused = {name: answer for name, answer in ANSWERS[mutation].items() if answer != "ok"}
    for name in refused:
        if name != "nobody":
            await staged.token(CAST[name])
    before = await staged.everything()
    for name, answer in refused.items():
        client = staged.as_nobody() if name == "nobody" else staged.as_(CAST[name])
        body = await client.try_(mutation, "__typename", **call.input)
        assert (name, reasons(body)) == (name, [_CODES.get(answer, f"NOT_ALLOWED {answer}")])
        if answer.startswith(("SOD", "MAC", "HEAD")):
            assert body["data"]["answer"]["clause"] == staged.policy.clauses[answer].clause
    assert changed(before, await staged.everything()) == {}, kind
