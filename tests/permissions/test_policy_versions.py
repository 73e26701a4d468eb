"""Versions of the policy: drafted and proposed by one, put in force by another, everywhere from the next request on."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from app.authz import Policies, PolicyError
from app.authz.models import PolicyVersion
from app.main import Parts, build_application
from tests.bed.procedure import OFFICER, dispatched
from tests.bed.records import check_records
from tests.bed.world import World, reasons
from tests.usecases.calls import RIGHTS, SECURITY

OUTSIDE = "taiping.handler"  # of a unit that takes part in nothing
VERSION = "policy { id number status problems changes { part before after } }"
FAULTS = "query Q($id: ID!) { node(id: $id) { ... on PolicyVersion { problems } } }"
SIGHT = "query Q($id: ID) { case(id: $id) { id } }"
_ORDINARY = "INTERNAL,INTERNAL,ORDINARY"
OPENED = [
    {"part": "RULES", "line": "p, permission_admin, case, view, dispatched, allow, CASE-V20"},
    {"part": "CLAUSES", "line": "CASE-V20,第二十四条,权限管理员可以查看已交办的督办件,He may see what went out"},
    {"part": "GOLDEN", "line": f"permission_admin,{_ORDINARY},DISPATCHED,-,case.view,allow,CASE-V20"},
    {"part": "GOLDEN", "line": f"permission_admin,{_ORDINARY},-,-,case_access.view,deny,-"},
    {"part": "GOLDEN", "line": f"unit_head,{_ORDINARY},-,-,case_access.view,deny,MAC-71"},
]


async def drafted(world: World, edits: list[dict[str, Any]], by: str = RIGHTS) -> dict[str, Any]:
    told = await world.as_(by, "en").do("draftPolicy", VERSION, reason="扩大知情范围。", edits=edits)
    version: dict[str, Any] = told["policy"]
    return version


async def sees(world: World, case: str, client: httpx.AsyncClient | None = None) -> bool:
    headers = {"Authorization": f"Bearer {await world.token(RIGHTS)}"}
    asked = {"query": SIGHT, "variables": {"id": case}}
    answer = (await (client or world.client).post("/graphql", json=asked, headers=headers)).json()
    return answer["data"]["case"] is not None


async def test_a_rule_from_its_draft_to_its_end(world: World) -> None:
    case = (await dispatched(world))["id"]
    rights, security = world.as_(RIGHTS, "en"), world.as_(SECURITY)
    async with another_process(world) as elsewhere:
        assert [await sees(world, case), await sees(world, case, elsewhere)] == [False, False]

        # a draft may be wrong, and says how
        draft = await drafted(world, OPENED[:1])
        assert (draft["number"], draft["status"]) == (2, "DRAFT")
        assert draft["problems"] == ["clauses.csv: rule CASE-V20 has no clause; add a line"]
        assert draft["changes"] == [{"part": "RULES", "before": None, "after": OPENED[0]["line"]}]
        assert await rights.refused("proposePolicy", policy=draft["id"]) == ["input.policy POLICY_FAULT"]
        (in_chinese,) = (await world.as_(RIGHTS).ask(FAULTS, id=draft["id"]))["node"]["problems"]
        assert in_chinese == "clauses.csv：规则CASE-V20没有依据，请加一行"
        body = await world.as_(RIGHTS).try_("proposePolicy", "__typename", policy=draft["id"])
        assert body["data"]["answer"]["problems"][0]["message"] == f"规则有误：{in_chinese}"
        told = await rights.do("editPolicyDraft", VERSION, policy=draft["id"], edits=OPENED[1:2])
        remedy = "change the rules, or have this line changed and signed"
        assert told["policy"]["problems"] == [
            f"golden.csv permission_admin,{_ORDINARY},{question}: the rules say {says}; {remedy}"
            for question, says in (
                ("DISPATCHED,-,case.view,deny,-", "allow,CASE-V20, not deny,-"),
                ("-,-,case_access.view,deny,MAC-71", "deny,-, not deny,MAC-71"),
            )
        ]
        told = await rights.do("editPolicyDraft", VERSION, policy=draft["id"], edits=OPENED[2:])
        assert told["policy"]["problems"] == []

        # what it would answer can be asked before
        matrix = (
            'query M($policy: ID) { permissionMatrix(object: "case", policy: $policy) { cells { rules { rule } } } }'
        )
        assert "CASE-V20" in str(await rights.ask(matrix, policy=draft["id"]))
        assert "CASE-V20" not in str(await rights.ask(matrix))
        explain = (
            'query E($person: ID!, $policy: ID) { explain(person: $person, action: "case.view", policy: $policy) '
            "{ rules { rule { rule title } } } }"
        )
        told = await rights.ask(explain, person=world.person(RIGHTS), policy=draft["id"])
        assert told["explain"]["rules"][-1]["rule"] == {"rule": "CASE-V20", "title": "He may see what went out"}

        # proposed, it is not changed any more; nor does anybody approve alone
        await rights.do("proposePolicy", "policy { id }", policy=draft["id"])
        for mutation in ("editPolicyDraft", "discardPolicyDraft", "proposePolicy"):
            more: dict[str, Any] = {"edits": []} if mutation == "editPolicyDraft" else {}
            assert await rights.refused(mutation, policy=draft["id"], **more) == ["STATUS_CONFLICT PROPOSED"]
        assert await rights.refused("approvePolicy", policy=draft["id"]) == ["NOT_ALLOWED SOD-37"]
        assert [await sees(world, case), await sees(world, case, elsewhere)] == [False, False]

        # approved by another, it decides the next request, in every process
        await security.do("approvePolicy", "policy { id }", policy=draft["id"])
        assert [await sees(world, case), await sees(world, case, elsewhere)] == [True, True]
        assert (await world.policies.now()).digest != world.policy.digest

        # rolled back, in one mutation, by two people
        first = await version_id(world, 1)
        again = (await security.do("rollBackPolicy", VERSION, policy=first, reason="范围过大。"))["policy"]
        assert (again["number"], again["status"]) == (3, "PROPOSED")
        assert {one["part"] for one in again["changes"]} == {"RULES", "CLAUSES", "GOLDEN"}
        assert await security.refused("approvePolicy", policy=again["id"]) == ["NOT_ALLOWED SOD-37"]
        await rights.do("approvePolicy", "policy { id }", policy=again["id"])
        assert [await sees(world, case), await sees(world, case, elsewhere)] == [False, False]
        assert (await world.policies.now()) is world.policy  # the same rows, the same snapshot
    await check_records(world)


def another_process(world: World) -> httpx.AsyncClient:
    """The same database, and nothing else in common."""
    policies = Policies(world.database, world.policy)
    parts = Parts(
        world.settings, world.clock, world.database, policies, world.workplace, world.tokens, None, world.feed  # type: ignore[arg-type]  # nobody signs in
    )  # fmt: skip
    transport = httpx.ASGITransport(app=build_application(parts, {}))
    return httpx.AsyncClient(transport=transport, base_url="http://elsewhere.test")


async def version_id(world: World, number: int) -> str:
    found = await world.as_(RIGHTS).ask("{ policyVersions(first: 100) { edges { node { id number } } } }")
    ids: dict[int, str] = {edge["node"]["number"]: edge["node"]["id"] for edge in found["policyVersions"]["edges"]}
    return ids[number]


MANDATORY = "the mandatory rule `anyone, case, *, above_clearance, deny` is missing; put it back"


async def test_what_would_open_a_hole_or_lock_all_out_is_not_proposed(world: World) -> None:
    taken = await drafted(world, [{"part": "RULES", "line": "MAC-1", "remove": True}])
    assert taken["problems"] == [MANDATORY]
    weakened = await drafted(world, [{"part": "RULES", "line": "p, anyone, case, view, above_clearance, deny, MAC-1"}])
    assert weakened["problems"] == [MANDATORY]
    ends = [{"part": "RULES", "line": one, "remove": True} for one in ("POL-A1", "POL-A2")]
    locked = await drafted(world, ends)
    assert locked["problems"] == [
        "nobody could policy.approve any more, and nobody undo it; keep a rule that allows it"
    ]
    for draft in (taken, weakened, locked):
        assert await world.as_(RIGHTS).refused("proposePolicy", policy=draft["id"]) == ["input.policy POLICY_FAULT"]


async def test_lines_that_say_nothing_are_refused_with_their_place(world: World) -> None:
    edits = [
        {"part": "RULES", "line": "p， unit_head, case, view, dispatched, allow, CASE-V20"},
        {"part": "RULES", "line": "p, unit_head, case, view, dispatched, allow"},
        {"part": "ROLES", "line": "g, unit_head"},
        {"part": "CLAUSES", "line": "CASE-V20,第二十条"},
        {"part": "GOLDEN", "line": "unit_head,INTERNAL"},
        {"part": "RULES", "line": "CASE-V999", "remove": True},
        {"part": "CLAUSES", "line": "CASE-V999", "remove": True},
        {"part": "RULES", "line": " "},
    ]
    assert await world.as_(RIGHTS).refused("draftPolicy", reason="试。", edits=edits) == [
        "input.edits.0.line BAD_TEXT",
        "input.edits.1.line WRONG_COLUMNS",
        "input.edits.2.line WRONG_COLUMNS",
        "input.edits.3.line WRONG_COLUMNS",
        "input.edits.4.line WRONG_COLUMNS",
        "input.edits.5.line NO_SUCH_LINE",
        "input.edits.6.line NO_SUCH_LINE",
        "input.edits.7.line REQUIRED",
    ]


async def test_of_two_proposals_the_second_is_looked_at_again(world: World) -> None:
    rights, security = world.as_(RIGHTS), world.as_(SECURITY)
    first, second = await drafted(world, OPENED), await drafted(world, OPENED)
    for version in (first, second):
        await rights.do("proposePolicy", "policy { id }", policy=version["id"])
    await security.do("approvePolicy", "policy { id }", policy=first["id"])
    assert await security.refused("approvePolicy", policy=second["id"]) == ["ANOTHER_IN_FORCE"]
    told = await security.do("refusePolicy", "policy { status refusal }", policy=second["id"], reason="已有同样规则。")
    assert told["policy"] == {"status": "REFUSED", "refusal": "已有同样规则。"}
    anew = await rights.do("draftPolicy", VERSION, reason="重提。", base=second["id"])
    assert anew["policy"]["changes"] == []


async def test_in_doubt_the_answer_is_no(world: World) -> None:
    version = await drafted(world, OPENED)
    await world.as_(RIGHTS).do("proposePolicy", "policy { id }", policy=version["id"])
    await world.as_(SECURITY).do("approvePolicy", "policy { id }", policy=version["id"])
    async with world.database.write() as session:  # somebody opens a door in the database itself
        await session.execute(update(PolicyVersion).where(PolicyVersion.number == 2).values(digest="0" * 64))
    async with another_process(world) as elsewhere:
        headers = {"Authorization": f"Bearer {await world.token(OFFICER)}"}
        answer = await elsewhere.post("/graphql", json={"query": "{ viewer { name } }"}, headers=headers)
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    with pytest.raises(PolicyError):
        await Policies(world.database, world.policy).now()  # and so the worker's sweeps fail, and are late


async def test_who_audits_reads_the_versions_and_others_know_of_none(world: World) -> None:
    asked = "{ policyVersions(first: 9) { totalCount { value } edges { node { number status lines { part } } } } }"
    for login in ("shenji", RIGHTS, SECURITY):
        (edge,) = (await world.as_(login).ask(asked))["policyVersions"]["edges"]
        assert (edge["node"]["number"], edge["node"]["status"]) == (1, "ACTIVE")
        assert {line["part"] for line in edge["node"]["lines"]} == {"ROLES", "RULES", "CLAUSES", "GOLDEN"}
    for login in (OFFICER, "xitong", "quzhang", OUTSIDE):
        assert (await world.as_(login).ask(asked))["policyVersions"]["totalCount"]["value"] == 0
    body = await world.as_(OUTSIDE).post(
        "query Q($id: ID!) { node(id: $id) { id } }", {"id": await version_id(world, 1)}
    )
    assert body == {"data": {"node": None}}
    assert reasons(await world.as_(OUTSIDE).try_("draftPolicy", "__typename", reason="试。")) == ["NOT_ALLOWED"]
