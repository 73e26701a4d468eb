"""One good call of every mutation, in a world where something stands at every stage: whose act it is, and its input."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.ids import encode_id
from app.demo.district import GOVERNMENT
from tests.bed.clients import SECOND_KEY
from tests.bed.ladder import MAYOR
from tests.bed.procedure import CHECKER, CITY, LEADER, OFFICE_HEAD, OFFICER
from tests.bed.world import EMERGENCY, World, shanghai

RIGHTS, ACCOUNTS, SECURITY = "quanxian", "xitong", "anmi"  # 三员 and the permission administrator
HANDLER, HEAD, SUPPORTING = "chengguan.handler", "chengguan.head", "huanbao.handler"
SECTIONS = [{"kind": "SITUATION", "text": "占道经营已全部清理。"}]
BLOCKS = [{"kind": "PARAGRAPH", "text": "各单位应当引以为戒。"}]
# They open and close the door itself, and have tests of their own (tests/identity, tests/emergency).
AT_THE_DOOR = frozenset({"signIn", "refreshSession", "signOut", "changePassword", "openEmergencyAccount"})


class Call(NamedTuple):
    login: str
    input: Mapping[str, Any]


def good_calls(world: World) -> dict[str, Call]:
    """By the name of the mutation. Each succeeds in a fresh copy of the staged world."""
    found = _registering(world) | _reporting(world) | _closing(world) | _climbing(world) | _outside(world)
    return (
        found
        | _recusing(world)
        | _keeping_units(world)
        | _keeping_rights(world)
        | _keeping_secrets(world)
        | _pushing(world)
        | _lending(world)
        | _changing_the_policy(world)
        | _evaluating(world)
        | _calling_to_account(world)
        | _in_an_emergency(world)  # last: who is restored is signed out
    )


def _registering(world: World) -> dict[str, Call]:
    at = world.stages
    words = {"leader": world.person(LEADER), "words": "请抓紧办理。", "given_on": "2026-06-24", "disclosure": "NONE"}
    matter = {
        "matter_type": "LEADER_INSTRUCTION",
        "title": "夜市油烟扰民",
        "sources": [{"kind": "DOCUMENT", "title": "来件", "dated_on": "2026-06-24"}],
        "instructions": [words],
    }
    proposal = {
        "handling": "SOLE",
        "tier": "GENERAL",
        "units": [{"role": "LEAD", "unit": world.unit(CITY)}],
        "opinion": "拟请办理。",
        "leader": world.person(LEADER),
    }
    scope = {"restricted": True, "people": [world.person(OFFICER)], "units": [world.unit(CITY)]}
    amendment = {"reason": "汛期提前。", "requirement": "先清淤，后修缮。", "completion_due_on": "2026-07-20"}
    text = "一、加快老旧小区改造。（牵头单位：区住房和城乡建设局）\n"
    return {
        "registerCase": Call(OFFICER, matter),
        "recordInstruction": Call(OFFICER, _key(at, "registered", "case") | words),
        "proposeHandling": Call(OFFICER, _key(at, "registered", "case") | proposal),
        "decideHandling": Call(LEADER, _row(at, "proposed", "case") | {"outcome": "APPROVED"}),
        "dispatchCase": Call(OFFICER, _row(at, "decided", "case")),
        "amendCase": Call(LEADER, _row(at, "dispatched", "case") | amendment),
        "suspendCase": Call(LEADER, _row(at, "dispatched", "case") | {"reason": "等待法院裁判。"}),
        "resumeCase": Call(LEADER, _row(at, "suspended", "case")),
        "cancelCase": Call(LEADER, _row(at, "dispatched", "case") | {"reason": "工作部署已经调整。"}),
        "setAccessScope": Call(OFFICE_HEAD, _row(at, "registered", "case") | scope),
        "grantCaseAccess": Call(
            OFFICER,
            _key(at, "restricted", "case")
            | {"people": [world.person(OFFICE_HEAD)], "units": [world.unit("区生态环境局")]},
        ),
        "revokeCaseAccess": Call(
            OFFICER,
            _key(at, "restricted", "case") | {"people": [world.person(CHECKER)], "units": [world.unit(CITY)]},
        ),
        "importTaskDocument": Call(OFFICER, {"text": text, "source": {"title": "重点任务分工"}}),
        "readNotification": Call(OFFICE_HEAD, {"notification": at["inbox"]["notification"]["id"]}),
    }


def _recusing(world: World) -> dict[str, Call]:
    at = world.stages
    why = {"reason": "与承办单位负责人有亲属关系。"}
    person = {"person": world.person(CHECKER)}
    return {
        "declareRecusal": Call(OFFICER, _key(at, "dispatched", "case") | why),
        "orderRecusal": Call(OFFICE_HEAD, _key(at, "dispatched", "case") | person | why),
        "liftRecusal": Call(
            OFFICE_HEAD, _key(at, "acknowledged", "case") | {"person": world.person("fuquzhang2")} | why
        ),
    }


def _reporting(world: World) -> dict[str, Call]:
    at = world.stages
    body = {"content": "RESULT", "sections": SECTIONS, "contact_name": "杜鹃", "contact_phone": "0451-12345678"}
    seal = {"seal": at["files"][HANDLER]["id"]}
    part = {"assignment": at["dispatched"]["part"]["id"]}
    back = {"grounds": ["UNCLEAR"], "remedy": "SUPPLEMENT", "comment": "请补充完成数量。"}
    call = {"channel": "PHONE", "words": "已催问进度。"}
    return {
        "acknowledgeAssignment": Call(HANDLER, part | {"handler": world.person(HANDLER)}),
        "recordFollowUp": Call(OFFICER, part | call),
        "draftReport": Call(HANDLER, part | body | seal),
        "reviseReport": Call(HANDLER, _key(at, "signed", "report") | body | seal),
        "signReport": Call(HEAD, _row(at, "draft", "report")),
        "submitReport": Call(HANDLER, _row(at, "signed", "report")),
        "withdrawReport": Call(HANDLER, _row(at, "submitted", "report")),
        "acceptReport": Call(CHECKER, _row(at, "submitted", "report")),
        "returnReport": Call(CHECKER, _row(at, "submitted", "report") | back),
        "submitContribution": Call(SUPPORTING, {"assignment": at["joint"]["supporting"]["id"], "sections": SECTIONS}),
        "receiveReport": Call(OFFICER, part | body | {"recorded": sheet(world, HEAD)}),
    }


def _closing(world: World) -> dict[str, Call]:
    at = world.stages
    again = {"reason": "群众反映回潮。", "completion_due_on": "2026-07-31"}
    return {
        "submitForReading": Call(OFFICER, _key(at, "to_be_read", "case")),
        "recordReading": Call(LEADER, _key(at, "laid", "reading")),
        "proposeClosing": Call(OFFICER, _key(at, "completed", "case") | {"summary": "已落实。"}),
        "confirmClosing": Call(OFFICE_HEAD, _row(at, "closing", "case") | {"outcome": "APPROVED"}),
        "reopenCase": Call(OFFICE_HEAD, _key(at, "closed", "case") | again),
    }


def _climbing(world: World) -> dict[str, Call]:
    at = world.stages
    part = {"assignment": at["dispatched"]["part"]["id"]}
    wish = {"requested_due_on": "2026-07-10", "reason": "涉及产权纠纷。", "progress": "已完成七成。"}
    notice = {
        "scheduled_at": shanghai(6, 29, 14, 30),
        "place": "二楼会议室",
        "holder": world.person(OFFICE_HEAD),
        "second_officer": world.person(OFFICER),
    }
    held = {"appeared": world.person(HEAD), "statement": "人手不足。", "minutes": "说明了情况。"}
    circular = {"kind": "CRITICISM", "scope": "DISTRICT", "title": "关于报送情况的通报", "blocks": BLOCKS}
    meeting = {
        "held_at": shanghai(6, 25, 9),
        "place": "区政府一楼会议室",
        "units": [world.unit(CITY)],
        "people": [world.person(HEAD)],
        "minutes": "通报了有关情况。",
        "minutes_file": at["files"][OFFICER]["id"],
    }
    said = {"explanation": at["explained"]["explanation"]["id"], "expected_version": 1}
    asked = {"extension_request": at["extending"]["request"]["id"], "expected_version": 1}
    handed_back = {"reassignment_request": at["handed_back"]["request"]["id"], "expected_version": 1}
    return {
        "requestReassignment": Call(
            HEAD, part | {"ground": "NOT_COMPETENT", "basis": "按三定规定，由生态环境部门监管。"}
        ),
        "decideReassignment": Call(LEADER, handed_back | {"outcome": "APPROVED", "unit": world.unit("区生态环境局")}),
        "explainDelay": Call(HANDLER, part | {"text": "雨天施工受阻。"}),
        "recordExplanation": Call(OFFICER, part | {"channel": "PHONE", "words": "称雨天无法施工。"}),
        "answerExplanation": Call(OFFICER, said | {"answer": "NOTED", "check_on": "2026-06-29"}),
        "requestExtension": Call(HEAD, part | wish),
        "decideExtension": Call(LEADER, asked | {"outcome": "APPROVED"}),
        "urgeUnit": Call(OFFICER, {"assignment": at["urged"]["part"]["id"], "reason": "仍未上报。"}),
        "withdrawUrging": Call(OFFICER, _key(at, "urged", "urging") | {"reason": "误发。"}),
        "issueFormalTalkNotice": Call(OFFICE_HEAD, _row(at, "drafted", "talk") | notice),
        "postponeFormalTalk": Call(
            OFFICE_HEAD, _key(at, "called", "talk") | {"scheduled_at": shanghai(6, 30), "reason": "出差。"}
        ),
        "holdFormalTalk": Call(OFFICER, _key(at, "called", "talk") | held),
        "cancelFormalTalk": Call(OFFICE_HEAD, _row(at, "called", "talk") | {"reason": "已经上报。"}),
        "issueConclusion": Call(MAYOR, _row(at, "drafted", "conclusion")),
        "withdrawConclusion": Call(MAYOR, _row(at, "held", "conclusion") | {"reason": "事实有误。"}),
        "draftCircular": Call(OFFICER, circular | {"unit": world.unit(CITY)}),
        "reviseCircular": Call(
            OFFICER, _row(at, "held", "circular") | {"title": "通报", "blocks": BLOCKS, "scope": "DISTRICT"}
        ),
        "approveCircular": Call(MAYOR, _row(at, "held", "circular") | {"outcome": "APPROVED"}),
        "publishCircular": Call(OFFICER, _row(at, "approved_circular", "circular") | {"meeting": meeting}),
        "acknowledgeCircular": Call(HANDLER, _key(at, "published", "circular")),
        "withdrawCircular": Call(MAYOR, _row(at, "published", "circular") | {"reason": "事实有误。"}),
        "replyToCircular": Call(HEAD, {"reply": at["answered"]["owed"]["id"], "text": "已建立核稿制度。"}),
        "reviewCircularReply": Call(OFFICER, _row(at, "answered", "reply") | {"accepted": True}),
    }


def _outside(world: World) -> dict[str, Call]:
    at = world.stages
    return {
        "checkRecordedAct": Call(CHECKER, _row(at, "entered", "act")),
        "rejectRecordedAct": Call(CHECKER, _row(at, "entered", "act") | {"reason": "签名不清。"}),
        "confirmInWriting": Call(OFFICER, _key(at, "spoken", "act") | {"file": at["files"][OFFICER]["id"]}),
    }


def _keeping_units(world: World) -> dict[str, Call]:
    at = world.stages["administration"]
    unit = {"kind": "DEPARTMENT", "subordination": "DISTRICT", "name": "区数据局", "valid_from": "2026-06-01"}
    held = {"post": "局长", "capacity": "HEAD", "valid_from": "2026-06-01"}
    reached = {"channel": "SMTP", "address": "kong@example.gov.cn", "kinds": ["URGING", "DUTY"]}
    return {
        "registerUnit": Call(RIGHTS, unit | {"parent": world.unit(GOVERNMENT)}),
        "renameUnit": Call(
            RIGHTS, {"unit": world.unit(CITY), "name": "区城市管理和执法局", "valid_from": "2026-06-25"}
        ),
        "closeUnit": Call(RIGHTS, {"unit": world.unit(CITY), "last_day": "2026-06-30"}),
        "registerPerson": Call(RIGHTS, {"name": "孔令仪"}),
        "appointToPost": Call(RIGHTS, held | {"person": at["newcomer"], "unit": world.unit(CITY)}),
        "nameUnitContact": Call(RIGHTS, {"unit": world.unit(CITY), "person": at["newcomer"], "kind": "LIAISON"}),
        "removeUnitContact": Call(RIGHTS, {"contact": at["contact"]}),
        "setNotificationAddress": Call(ACCOUNTS, reached | {"person": at["newcomer"]}),
        "endPost": Call(RIGHTS, {"post": at["post"], "last_day": "2026-06-30"}),
    }


def _keeping_rights(world: World) -> dict[str, Call]:
    at = world.stages["administration"]
    account = {"account": encode_id("account", world.district.accounts["taiping.handler"])}  # takes part in nothing
    given = {"role": "UNIT_HANDLER", "unit": world.unit(CITY), "basis": "区政办〔2026〕9号"}
    proposed = {"role": "OFFICE_LEADER", "person": at["newcomer"], "basis": "区政任〔2026〕3号"}
    return {
        "openAccount": Call(ACCOUNTS, {"person": at["clerk"], "login": "qian"}),
        "proposeAccount": Call(ACCOUNTS, {"person": at["newcomer"], "login": "kong"}),
        "renewPassword": Call(ACCOUNTS, account),
        "proposePasswordRenewal": Call(ACCOUNTS, {"account": encode_id("account", world.district.accounts[LEADER])}),
        "approvePasswordRenewal": Call(SECURITY, {"renewal": at["renewal"]}),
        "withdrawPasswordRenewal": Call(SECURITY, {"renewal": at["renewal"]}),
        "disableAccount": Call(ACCOUNTS, account),
        "openServiceAccount": Call(ACCOUNTS, {"login": "kaohe-pt"}),
        "addClientKey": Call(ACCOUNTS, {"account": at["system"], "public_key": SECOND_KEY}),
        "removeClientKey": Call(ACCOUNTS, {"key": at["client_key"]}),
        "revokeSession": Call(ACCOUNTS, {"session": at["session"]}),
        "grantRole": Call(RIGHTS, given | {"person": at["newcomer"]}),
        "proposeGrant": Call(RIGHTS, proposed),
        "approveGrant": Call(SECURITY, {"grant": at["proposed"]}),
        "revokeGrant": Call(RIGHTS, {"grant": at["given"]}),
    }


def _keeping_secrets(world: World) -> dict[str, Call]:
    waiting = {"clearance": world.stages["administration"]["clearance"]}
    asked = {"person": world.person("taiping.handler"), "level": "STATE_CONFIDENTIAL", "reason": "参与涉密会议。"}
    return {
        "grantClearance": Call(SECURITY, asked | {"basis": "区保密〔2026〕3号"}),
        "approveClearance": Call(RIGHTS, waiting),
        "revokeClearance": Call(SECURITY, waiting | {"reason": "不再参与。"}),
    }


def _in_an_emergency(world: World) -> dict[str, Call]:
    at = world.stages["emergency"]
    return {
        "beginEmergencySeal": Call(ACCOUNTS, {}),
        "completeEmergencySeal": Call(SECURITY, {"emergency_seal": at["begun"]}),
        "restoreAccount": Call(EMERGENCY, {"account": encode_id("account", world.district.accounts[ACCOUNTS])}),
        "closeEmergencyAccount": Call(RIGHTS, {"emergency_seal": at["open"]}),
    }


def _pushing(world: World) -> dict[str, Call]:
    at = world.stages["administration"]
    named = {name: {"webhook": at[name]} for name in ("unverified", "pushed", "paused")}
    url = {"url": "https://oa.example.gov.cn/duban", "event_types": ["case.dispatched"], "at_once": 2}
    return {
        "registerWebhook": Call(ACCOUNTS, {"account": at["system"]} | url),
        "verifyWebhook": Call(SECURITY, named["unverified"] | {"code": at["code"]}),
        "rotateWebhookSecret": Call(ACCOUNTS, named["pushed"]),
        "pauseWebhook": Call(RIGHTS, named["pushed"]),
        "resumeWebhook": Call(ACCOUNTS, named["paused"]),
        "removeWebhook": Call(SECURITY, named["pushed"]),
        "replayWebhook": Call(ACCOUNTS, named["pushed"] | {"messages": [at["delivery"]]}),
    }


def _lending(world: World) -> dict[str, Call]:
    power = {"role": "DISTRICT_LEADER", "actions": ["case.decide"], "valid_until": shanghai(6, 30), "basis": "批示"}
    case = {"case": world.stages["proposed"]["case"]["id"], "person": world.person("fuquzhang2")}
    return {
        "grantTemporaryPower": Call(LEADER, power | case),
        "revokeTemporaryPower": Call(LEADER, {"grant": world.stages["lent"]["power"]}),
    }


def _changing_the_policy(world: World) -> dict[str, Call]:
    at = world.stages["administration"]
    edits = {"edits": [{"part": "CLAUSES", "line": "CASE-V1,第二十四条,督查办查看督办件,The office sees a case"}]}
    return {
        "draftPolicy": Call(RIGHTS, {"reason": "统一用语。"} | edits),
        "editPolicyDraft": Call(RIGHTS, {"policy": at["draft"]} | edits),
        "discardPolicyDraft": Call(SECURITY, {"policy": at["draft"]}),
        "dryRunPolicy": Call(RIGHTS, {"policy": at["waiting"]}),
        "proposePolicy": Call(RIGHTS, {"policy": at["draft"]}),
        "approvePolicy": Call(SECURITY, {"policy": at["waiting"]}),
        "refusePolicy": Call(SECURITY, {"policy": at["waiting"], "reason": "用语不妥。"}),
        "rollBackPolicy": Call(RIGHTS, {"policy": at["earlier"], "reason": "恢复原规则。"}),
    }


def _evaluating(world: World) -> dict[str, Call]:
    at = world.stages
    facts = at["objected"]["sheet"]["facts"]
    upheld = {"outcome": "UPHELD", "reason": "确已说明情况。", "facts": [facts[0]["id"]]}
    marks = {"criterion": "TIMELINESS", "points": 5, "reason": "主动化解难题。"}
    return {
        "showEvaluation": Call(OFFICE_HEAD, _row(at, "counted", "evaluation")),
        "adjustEvaluationSheet": Call(OFFICER, _row(at, "shown", "sheet") | marks),
        "gradeEvaluationSheet": Call(
            OFFICE_HEAD, _row(at, "shown", "sheet") | {"grade": "EXCELLENT", "reason": "综合评定。"}
        ),
        "objectToEvaluation": Call(HEAD, _key(at, "shown", "sheet") | {"text": "催办前已说明情况。"}),
        "answerEvaluationObjection": Call(OFFICE_HEAD, _row(at, "objected", "objection") | upheld),
        "submitEvaluation": Call(OFFICE_HEAD, _row(at, "graded", "evaluation")),
        "correctEvaluation": Call(OFFICE_HEAD, _key(at, "announced", "evaluation") | {"reason": "漏计一件。"}),
    }


def _calling_to_account(world: World) -> dict[str, Call]:
    at = world.stages
    charge = {
        "conducts": ["EVASION", "MISREPORTING"],
        "measure": "TRANSFER",
        "statement": "两次催办仍未上报。",
        "people": [world.person(HEAD)],
        "units": [world.unit(CITY)],
        "cases": [at["dispatched"]["case"]["id"]],
        "assignments": [at["urged"]["part"]["id"]],
        "urgings": [at["urged"]["urging"]["id"]],
        "reports": [at["submitted"]["report"]["id"]],
        "files": [at["files"][OFFICER]["id"]],
    }
    letter = {"competent_body": "区监委", "document_number": "道督移〔2026〕2号", "transferred_on": "2026-06-25"}
    answer = {"text": "已立案。", "answered_on": "2026-06-25", "files": [at["files"][OFFICER]["id"]]}
    return {
        "draftAccountabilityProposal": Call(OFFICER, charge),
        "reviseAccountabilityProposal": Call(OFFICER, _row(at, "accused", "proposal") | charge),
        "decideAccountabilityProposal": Call(MAYOR, _row(at, "accused", "proposal") | {"outcome": "APPROVED"}),
        "citeAccountabilityCriticism": Call(
            OFFICER, _row(at, "to_criticise", "proposal") | _key(at, "published", "circular")
        ),
        "transferAccountabilityProposal": Call(OFFICER, _row(at, "to_transfer", "proposal") | letter),
        "recordAccountabilityAnswer": Call(OFFICER, _row(at, "transferred", "proposal") | answer),
        "withdrawAccountabilityProposal": Call(OFFICER, _row(at, "accused", "proposal") | {"reason": "证据不足。"}),
    }


def sheet(world: World, decided_by: str) -> dict[str, Any]:
    return {
        "decided_by": world.person(decided_by),
        "occurred_at": shanghai(6, 25, 9, 30),
        "medium": "PAPER",
        "evidence": world.stages["files"][OFFICER]["id"],
    }


def _key(at: Mapping[str, Mapping[str, Any]], stage: str, name: str) -> dict[str, Any]:
    return {name: at[stage][name]["id"]}


def _row(at: Mapping[str, Mapping[str, Any]], stage: str, name: str) -> dict[str, Any]:
    """What a decision names: the row and the version that was seen."""
    return {name: at[stage][name]["id"], "expected_version": at[stage][name]["version"]}


async def refused(world: World, mutation: str, by: str | None = None, **changes: Any) -> list[str]:
    """The good call with something changed, by who does it or by somebody else: refused, and nothing has changed."""
    call = good_calls(world)[mutation]
    return await world.as_(by or call.login).refused(mutation, **{**call.input, **changes})


async def done(world: World, mutation: str, selection: str, by: str | None = None, **changes: Any) -> dict[str, Any]:
    """The good call with something changed, which is good too; the payload."""
    call = good_calls(world)[mutation]
    return await world.as_(by or call.login).do(mutation, selection, **{**call.input, **changes})
