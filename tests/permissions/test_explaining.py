"""Why may he, who may, what may he: the answers agree with what happens, and tell nobody of what he does not see."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AccessLog
from app.authz import Role, can_be_told
from app.core.ids import encode_id, new_id
from tests.authz.shipped import OBJECT_TYPES
from tests.bed.procedure import CHECKER, LEADER, OFFICE_HEAD, OFFICER
from tests.bed.world import World, reasons
from tests.usecases.calls import HANDLER, RIGHTS, SECURITY, done

_RULE = "{ rule role effect condition clause title }"
EXPLAIN = (
    "query E($person: ID!, $action: String!, $subject: ID) { explain(person: $person, action: $action, "
    f"subject: $subject) {{ allowed decidedBy {_RULE} rules {{ holds rule {_RULE} }} }} }}"
)
WHO = (
    "query W($action: String!, $subject: ID, $first: Int, $after: String) { whoCan(action: $action, subject: $subject, "
    "first: $first, after: $after) { totalCount { value exact } pageInfo { hasNextPage endCursor } "
    "edges { node { id name } } } }"
)
WHAT = "query W($person: ID!, $subject: ID!) { whatCan(person: $person, subject: $subject) { action allowed } }"
MATRIX = "query M($object: String!) { permissionMatrix(object: $object) { action cells { role rules { rule } } } }"
SIGHT = "query Q($id: ID) { case(id: $id) { allowedActions { action reason { code } } } }"


@pytest.fixture
async def asked(staged: World) -> World:
    """The head of the office administers rights as well: who asks of a case must see it."""
    proposed = {"role": "PERMISSION_ADMIN", "person": staged.person(OFFICE_HEAD), "basis": "区政办〔2026〕9号"}
    grant = await staged.as_(RIGHTS).do("proposeGrant", "grant { id }", **proposed)
    await staged.as_(SECURITY).do("approveGrant", "grant { id }", grant=grant["grant"]["id"])
    return staged


async def explained(world: World, login: str, action: str, subject: str | None = None) -> tuple[str, list[str]]:
    """`yes` or `no` by which rule; and each rule, `+` where it holds."""
    given = {"person": world.person(login), "action": action, "subject": subject}
    found = (await world.as_(OFFICE_HEAD).ask(EXPLAIN, **given))["explain"]
    by = found["decidedBy"] and found["decidedBy"]["rule"]
    rules = [f"{'+' if one['holds'] else '-'}{one['rule']['rule']}" for one in found["rules"]]
    return f"{'yes' if found['allowed'] else 'no'} {by}", rules


def case_at(world: World, stage: str) -> str:
    found: str = world.stages[stage]["case"]["id"]
    return found


MANDATORY = ["-MAC-1", "-MAC-2", "-MAC-3"]


async def test_yes_and_no_are_explained_by_every_rule_that_applies(asked: World) -> None:
    case = case_at(asked, "dispatched")
    assert await explained(asked, HANDLER, "case.view", case) == ("yes CASE-V5", [*MANDATORY, "+CASE-V5"])
    assert await explained(asked, "taiping.handler", "case.view", case) == ("no None", [*MANDATORY, "-CASE-V5"])
    assert await explained(asked, "xitong", "case.view", case) == ("no None", MANDATORY)
    assert await explained(asked, OFFICER, "case.decide", case_at(asked, "proposed")) == (
        "no SOD-1",
        [*MANDATORY, "+SOD-1", "-SOD-2"],
    )


async def test_a_rule_is_told_with_its_role_its_condition_and_its_clause(asked: World) -> None:
    given = {"person": asked.person(HANDLER), "action": "case.view", "subject": case_at(asked, "dispatched")}
    told = (await asked.as_(OFFICE_HEAD).ask(EXPLAIN, **given))["explain"]["decidedBy"]
    assert told == {
        "rule": "CASE-V5",
        "role": "UNIT_HANDLER",
        "effect": "ALLOW",
        "condition": "own_unit_takes_part&dispatched",
        "clause": "第二十条",
        "title": "承办单位人员可以查看督办件（本单位牵头、承办或协办且已交办）",
    }
    english = (await asked.as_(OFFICE_HEAD, "en").ask(EXPLAIN, **given))["explain"]["decidedBy"]["title"]
    assert english.startswith("People of the handling unit may see a case")


async def test_a_recusal_is_the_reason(asked: World) -> None:
    await done(asked, "orderRecusal", "__typename")
    case = case_at(asked, "dispatched")
    assert await explained(asked, CHECKER, "case.view", case) == (
        "no MAC-3",
        ["-MAC-1", "-MAC-2", "+MAC-3", "+CASE-V1"],
    )


async def test_without_a_subject_it_is_of_what_nobody_knows_yet(asked: World) -> None:
    assert await explained(asked, OFFICER, "case.register") == ("yes CASE-R1", [*MANDATORY, "+CASE-R1"])
    assert await explained(asked, HANDLER, "case.register") == ("no None", MANDATORY)


async def test_what_is_ones_own_is_known(asked: World) -> None:
    account = encode_id("account", asked.district.accounts[OFFICE_HEAD])
    assert await explained(asked, OFFICE_HEAD, "account.view", account) == ("yes ACCOUNT-V1", ["+ACCOUNT-V1"])
    assert await explained(asked, CHECKER, "account.view", account) == ("no None", ["-ACCOUNT-V1"])


async def test_who_can_is_everybody_for_whom_it_is_so(asked: World) -> None:
    for stage in ("registered", "acknowledged"):
        case = case_at(asked, stage)
        found = (await asked.as_(OFFICE_HEAD).ask(WHO, action="case.view", subject=case, first=100))["whoCan"]
        told = {edge["node"]["id"] for edge in found["edges"]}
        seeing = set()
        for login in asked.district.people:
            if (await asked.as_(login).ask(SIGHT, id=case))["case"] is not None:
                seeing.add(asked.person(login))
        assert told - {asked.stages["administration"]["newcomer"]} == seeing  # who has no account can look at nothing
        assert found["totalCount"] == {"value": len(told), "exact": True}


async def test_who_can_is_read_page_by_page_in_the_order_of_names(asked: World) -> None:
    given: dict[str, Any] = {"action": "case.view", "subject": case_at(asked, "dispatched"), "first": 3}
    names: list[str] = []
    while True:
        page = (await asked.as_(OFFICE_HEAD).ask(WHO, **given))["whoCan"]
        names += [edge["node"]["name"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        given["after"] = page["pageInfo"]["endCursor"]
    assert names == sorted(names)
    assert len(names) == page["totalCount"]["value"] > 6


async def test_what_he_can_is_what_he_is_offered_and_refused(asked: World) -> None:
    case = case_at(asked, "closing")
    for login in (OFFICER, CHECKER, HANDLER, "chengguan.head", LEADER, "zhuren"):
        given = {"person": asked.person(login), "subject": case}
        found = (await asked.as_(OFFICE_HEAD).ask(WHAT, **given))["whatCan"]
        verdicts = {one["action"]: one["allowed"] for one in found}
        offered = (await asked.as_(login).ask(SIGHT, id=case))["case"]["allowedActions"]
        told = {one["action"]: not one["reason"] or one["reason"]["code"] != "NOT_ALLOWED" for one in offered}
        assert {action: verdicts[action] for action in told} == told


async def test_what_a_person_can_names_every_action_of_the_object(asked: World) -> None:
    given = {"person": asked.person(OFFICER), "subject": asked.stages["submitted"]["report"]["id"]}
    found = (await asked.as_(OFFICE_HEAD).ask(WHAT, **given))["whatCan"]
    expected = [f"report.{verb}" for verb in sorted(OBJECT_TYPES["report"].actions)] + ["contribution.submit"]
    assert [one["action"] for one in found] == expected
    assert {one["action"] for one in found if one["allowed"]} == {"report.view", "report.accept", "report.return"}


async def test_the_matrix_says_what_the_files_say(asked: World) -> None:
    rows = (await asked.as_(RIGHTS).ask(MATRIX, object="case"))["permissionMatrix"]
    assert [row["action"] for row in rows] == [f"case.{verb}" for verb in sorted(OBJECT_TYPES["case"].actions)]
    cells = {
        (row["action"], cell["role"]): [rule["rule"] for rule in cell["rules"]] for row in rows for cell in row["cells"]
    }
    assert cells["case.set_access_scope", "SUPERVISION_HEAD"] == ["CASE-K1", "CASE-K2"]  # and an officer's
    assert cells["case.set_access_scope", "SUPERVISION_OFFICER"] == ["CASE-K2"]
    assert cells["case.decide", "ANYONE"] == ["MAC-1", "MAC-2", "MAC-3", "SOD-1", "SOD-2"]
    assert cells["case.decide", "UNIT_HEAD"] == []
    assert {role for _, role in cells} == {role.name for role in Role}


QUESTIONS = {
    "explain": 'explain(person: "PERSON", action: "case.view", subject: "SUBJECT") { allowed }',
    "whoCan": 'whoCan(action: "case.view", subject: "SUBJECT") { totalCount { value } }',
    "whatCan": 'whatCan(person: "PERSON", subject: "SUBJECT") { action }',
}


def question(world: World, name: str, subject: str) -> str:
    asked = QUESTIONS[name].replace("PERSON", world.person(OFFICER)).replace("SUBJECT", subject)
    return f"{{ {asked} }}"


async def test_of_what_one_does_not_see_nothing_is_told(asked: World) -> None:
    hidden, nowhere = case_at(asked, "restricted"), encode_id("case", new_id())
    for name in QUESTIONS:
        for login in (OFFICE_HEAD, RIGHTS, SECURITY, "shenji"):
            for subject in (hidden, nowhere):
                body = await asked.as_(login).post(question(asked, name, subject), {})
                assert reasons(body) == ["NOT_FOUND"]
                assert body["data"] == {name: None}


async def test_only_who_administers_or_audits_rights_may_ask(staged: World) -> None:
    documents = [question(staged, name, case_at(staged, "dispatched")) for name in QUESTIONS]
    documents.append('{ permissionMatrix(object: "case") { action } }')
    strangers = ("outsider", HANDLER, OFFICER, OFFICE_HEAD, LEADER, "zhuren", "quzhang", "xitong")
    for document in documents:
        for login in strangers:
            assert reasons(await staged.as_(login).post(document, {})) == ["NOT_ALLOWED"]
        assert reasons(await staged.as_nobody().post(document, {})) == ["UNAUTHENTICATED"]
    async with staged.database.read() as session:
        denied = (await session.scalars(select(AccessLog).where(AccessLog.action == "policy.explain"))).all()
    assert [one.outcome for one in denied] == ["DENIED"] * len(documents) * len(strangers)


async def test_what_rests_on_more_than_is_seen_is_not_explained(asked: World) -> None:
    """Who may see a source depends on all cases to which it is attached; the one who asks may not see them all."""
    told = {name for name in OBJECT_TYPES if can_be_told(name, OBJECT_TYPES)}
    assert set(OBJECT_TYPES) - told == {
        "accountability", "act", "circular", "circular_edition", "circular_item", "circular_reply", "decision",
        "document", "document_recipient", "evaluation_correction", "evaluation_fact", "evaluation_item",
        "evaluation_objection", "evaluation_sheet", "file", "notification", "source", "todo",
    }  # fmt: skip
    sources = "query Q($id: ID) { case(id: $id) { sources { id } } }"
    (source,) = (await asked.as_(OFFICE_HEAD).ask(sources, id=case_at(asked, "dispatched")))["case"]["sources"]
    given = {"person": asked.person(OFFICER), "action": "source.view", "subject": source["id"]}
    assert reasons(await asked.as_(OFFICE_HEAD).post(EXPLAIN, given)) == ["subject INVALID_INPUT"]


WRONG = [
    ({"action": "case.burn"}, "action INVALID_INPUT"),
    ({"action": "ghost.view"}, "action INVALID_INPUT"),
    ({"action": "case"}, "action INVALID_INPUT"),
    ({"action": ""}, "action INVALID_INPUT"),
    ({"action": "report.view"}, "subject INVALID_INPUT"),
    ({"subject": "督办"}, "subject INVALID_INPUT"),
    ({"person": "督办"}, "person INVALID_INPUT"),
    ({"person": encode_id("unit", new_id())}, "person INVALID_INPUT"),
    ({"person": encode_id("person", new_id())}, "NOT_FOUND"),
]


async def test_what_is_wrong_with_a_question_is_said(asked: World) -> None:
    given = {"person": asked.person(OFFICER), "action": "case.view", "subject": case_at(asked, "dispatched")}
    for changed, reason in WRONG:
        assert (changed, reasons(await asked.as_(OFFICE_HEAD).post(EXPLAIN, given | changed))) == (changed, [reason])


async def test_an_object_that_is_none_has_no_matrix(asked: World) -> None:
    assert reasons(await asked.as_(RIGHTS).post(MATRIX, {"object": "ghost"})) == ["object INVALID_INPUT"]
