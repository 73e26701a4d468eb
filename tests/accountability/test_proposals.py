"""问责建议: from the draft to what the competent body answered, and that nobody hears of it whom it concerns."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.database import Base
from app.core.ids import decode_id, encode_id
from app.notifications.models import Notification
from app.todos.models import Todo
from tests.bed import blame
from tests.bed.ladder import MAYOR, OFFICE_LEADER
from tests.bed.procedure import CHECKER, LEADER, OFFICE_HEAD, OFFICER, case_now, check, enter, outside
from tests.bed.records import administered_in, check_records, events_of
from tests.bed.world import World, shanghai
from tests.usecases.calls import done, refused

OFFICE = "临江区人民政府办公室督办科"
PROPOSALS = (
    f"{{ accountabilityProposals(first: 9) {{ totalCount {{ value }} edges {{ node {{ {blame.PROPOSAL} }} }} }} }}"
)
WAITING = "{ todos(first: 100) { edges { node { action mutation dueOn } } } }"


@pytest.fixture
def kind() -> str:
    return "sqlite"  # tests/usecases tries every act on both


async def seen_by(world: World, login: str) -> list[Any]:
    found = (await world.as_(login).ask(PROPOSALS))["accountabilityProposals"]
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"]["value"] == len(nodes)
    return nodes


async def waiting_for(world: World, login: str) -> list[str]:
    found = (await world.as_(login).ask(WAITING))["todos"]["edges"]
    return sorted(edge["node"]["mutation"] for edge in found if "ACCOUNTABILITY" in edge["node"]["action"])


async def test_from_the_draft_to_the_answer_of_the_competent_body(staged: World) -> None:
    draft = (await done(staged, "draftAccountabilityProposal", f"proposal {{ {blame.PROPOSAL} }}"))["proposal"]
    at = staged.stages
    told = {
        "status": "DRAFT", "conducts": ["EVASION", "MISREPORTING"], "measure": "TRANSFER",
        "statement": "两次催办仍未上报。", "classification": "INTERNAL", "people": [{"name": "潘志远"}],
        "units": [{"name": "区城市管理局"}], "draftedBy": {"name": "吴芳"}, "approval": None, "circular": None,
        "assignments": [{"id": at["urged"]["part"]["id"]}], "urgings": [{"id": at["urged"]["urging"]["id"]}],
        "reports": [{"id": at["submitted"]["report"]["id"]}],
        "files": [{"id": at["files"][OFFICER]["id"], "name": "盖章扫描件.pdf"}],
    }  # fmt: skip
    cases = {at[name]["case"]["id"] for name in ("dispatched", "urged", "submitted")}
    assert {name: draft[name] for name in told} == told
    assert {case["id"] for case in draft["cases"]} == cases  # each in which something of it lies
    returned = await blame.decide(staged, draft, "RETURNED", comment="请补充现场照片。")
    assert (returned["status"], returned["approval"]) == ("DRAFT", None)
    assert await waiting_for(staged, OFFICER) == [
        "recordAccountabilityAnswer",
        "reviseAccountabilityProposal",
        "transferAccountabilityProposal",
    ]
    whom = {"people": [staged.person("chengguan.handler")], "cases": [at["dispatched"]["case"]["id"]]}
    revised = await blame.done(
        staged, CHECKER, "reviseAccountabilityProposal", **blame.named(returned), **blame.WORDS, **whom
    )
    assert (revised["units"], revised["urgings"], len(revised["cases"])) == ([], [], 1)
    approved = await blame.decide(staged, revised)
    assert approved["approval"] == {"outcome": "APPROVED", "printedName": "李振华", "medium": "SYSTEM", "comment": None}
    handed_over = await blame.transfer(staged, approved)
    answer = {"text": "经查，予以立案。", "answered_on": "2026-06-25"}
    answered = await blame.done(staged, OFFICER, "recordAccountabilityAnswer", **blame.named(handed_over), **answer)
    assert {name: answered[name] for name in ("status", "competentBody", "documentNumber", "answer", "version")} == {
        "status": "ANSWERED",
        "competentBody": "区纪委监委",
        "documentNumber": "道督移〔2026〕1号",
        "answer": "经查，予以立案。",
        "version": 6,
    }
    await check_records(staged)


async def test_it_leaves_no_trace_on_its_cases_nor_among_the_acts_of_administration(staged: World) -> None:
    case = staged.stages["dispatched"]["case"]
    inside = "version updatedAt timeline(first: 50) { totalCount { value } }"
    before, administered = await case_now(staged, case, inside), await administered_in(staged)
    await blame.transfer(staged, await blame.decide(staged, await blame.accuse(staged, cases=[case["id"]])))
    assert await case_now(staged, case, inside) == before
    assert await administered_in(staged) == administered
    updates = "{ caseUpdates(last: 9) { edges { node { type } } } }"
    last = (await staged.as_(OFFICER).ask(updates))["caseUpdates"]["edges"]
    assert [edge["node"]["type"] for edge in last if edge["node"]["type"].startswith("accountability")] == []


async def heard_by(world: World, *logins: str) -> list[Any]:
    """All that comes to somebody: his proposals, todos, messages and acts to check."""
    told = "{ notifications(first: 100) { totalCount { value } } todos(first: 100) { totalCount { value } } "
    told += "recordedActs(first: 100) { totalCount { value } edges { node { id } } } }"
    return [(await world.as_(login).ask(told), await seen_by(world, login)) for login in logins]


async def test_whom_it_concerns_hears_of_it_by_no_channel_whatever_his_role(staged: World) -> None:
    """An officer, and who leads the government's office."""
    concerned = (CHECKER, OFFICE_LEADER)
    await staged.tick()
    before, officer = await heard_by(staged, *concerned), await heard_by(staged, OFFICER)
    proof = await staged.upload(OFFICE_HEAD)
    people = [staged.person(login) for login in concerned]
    proposal = await blame.accuse(staged, OFFICE_HEAD, people=people, units=[], files=[proof])
    sheet = await outside(staged, MAYOR, shanghai(6, 25, 9), by=OFFICE_HEAD)
    decision = blame.named(proposal) | {"outcome": "APPROVED"}
    act = await enter(staged, "decideAccountabilityProposal", OFFICE_HEAD, **decision, recorded=sheet)
    await staged.tick()
    assert await heard_by(staged, *concerned) == before
    assert await heard_by(staged, OFFICER) != officer
    ids = [proposal["id"], act["id"], proof, sheet["evidence"]]
    nodes = "query N($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for login in (*concerned, LEADER, "chengguan.head"):
        assert (await staged.as_(login).ask(nodes, ids=ids))["nodes"] == [None] * 4
    assert [node["id"] for node in (await staged.as_(OFFICER).ask(nodes, ids=ids))["nodes"]] == ids
    assert await staged.as_(CHECKER).refused("checkRecordedAct", act=act["id"], expected_version=1) == ["NOT_FOUND"]
    back = blame.named(proposal) | {"reason": "与本人无关。"}
    assert await staged.as_(OFFICE_LEADER).refused("withdrawAccountabilityProposal", **back) == ["NOT_FOUND"]
    async with staged.database.read() as session:
        keys = [_key(one) for one in ids[:2]]
        told = select(Notification.person_id).where(Notification.subject_id.in_(keys))
        people_told = {encode_id("person", key) for key in await session.scalars(told)}
    assert people_told == {staged.person(login) for login in (OFFICER, MAYOR)}  # not who did it


async def test_what_concerns_the_office_is_for_who_leads_it(staged: World) -> None:
    draft = await blame.accuse(staged, OFFICE_LEADER, people=[], units=[staged.unit(OFFICE)], cases=[_case(staged)])
    approved = await blame.decide(staged, draft)
    assert [one["id"] for one in await seen_by(staged, OFFICE_HEAD)].count(draft["id"]) == 0
    assert await waiting_for(staged, OFFICE_LEADER) == ["transferAccountabilityProposal"]
    assert (await blame.transfer(staged, approved, OFFICE_LEADER))["status"] == "TRANSFERRED"


async def test_nobody_accuses_himself_nor_hides_behind_a_draft(staged: World) -> None:
    own: dict[str, Any] = {"people": [staged.person(OFFICER)], "units": []}
    assert await refused(staged, "draftAccountabilityProposal", **own) == ["NOT_ALLOWED MAC-123"]
    assert await refused(staged, "reviseAccountabilityProposal", **own) == ["NOT_ALLOWED MAC-123"]


async def test_it_was_decided_on_paper(staged: World) -> None:
    proposal = staged.stages["accused"]["proposal"]
    sheet = await outside(staged, MAYOR, shanghai(6, 25, 9, 30))
    decision = blame.named(proposal) | {"outcome": "DECLINED", "comment": "事实不清。"}
    act = await enter(staged, "decideAccountabilityProposal", **decision, recorded=sheet)
    await check(staged, act)
    (found,) = [one for one in await seen_by(staged, OFFICER) if one["id"] == proposal["id"]]
    assert (found["status"], found["version"]) == ("DECLINED", 2)
    assert [event.type for event in (await events_of(staged))[-3:]] == [
        "act.recorded",
        "accountability.decided",
        "act.checked",
    ]
    await check_records(staged)


async def test_the_power_to_approve_is_lent_for_a_case_on_which_it_rests(staged: World) -> None:
    power = {"case": _case(staged), "person": staged.person("fuquzhang2"), "role": "DISTRICT_HEAD"}
    until = {"valid_until": shanghai(6, 30), "basis": "区政府授权〔2026〕1号"}
    of_no_case = await blame.accuse(staged, files=[await staged.upload(OFFICER)])
    await staged.as_(MAYOR).do(
        "grantTemporaryPower", "grant { id }", **power, **until, actions=["accountability.approve"]
    )
    deputy = staged.as_("fuquzhang2")
    approval = "proposal { approval { printedName actedFor { name } } }"
    decision = blame.named(staged.stages["accused"]["proposal"]) | {"outcome": "APPROVED"}
    told = await deputy.do("decideAccountabilityProposal", approval, **decision)
    assert told["proposal"]["approval"] == {"printedName": "赵敏", "actedFor": {"name": "李振华"}}
    refusal = await deputy.refused("decideAccountabilityProposal", **blame.named(of_no_case), outcome="APPROVED")
    assert refusal == ["NOT_FOUND"]


REFUSED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("draftAccountabilityProposal", {"conducts": []}, ["input.conducts REQUIRED"]),
    ("draftAccountabilityProposal", {"people": [], "units": []}, ["input.people REQUIRED"]),
    (
        "draftAccountabilityProposal",
        {"cases": [], "assignments": [], "urgings": [], "reports": [], "files": []},
        ["input.cases REQUIRED"],
    ),
    ("decideAccountabilityProposal", {"outcome": "NOTED"}, ["input.outcome NOT_APPLICABLE"]),
    ("decideAccountabilityProposal", {"outcome": "RETURNED"}, ["input.comment REQUIRED"]),
    ("decideAccountabilityProposal", {"expected_version": 2}, ["VERSION_CONFLICT DRAFT v1"]),
    ("transferAccountabilityProposal", {"transferred_on": "2026-06-24"}, ["input.transferredOn BAD_DATE"]),
    ("transferAccountabilityProposal", {"transferred_on": "2026-06-26"}, ["input.transferredOn BAD_DATE"]),
    ("recordAccountabilityAnswer", {"answered_on": "2026-06-24"}, ["input.answeredOn BAD_DATE"]),
]


async def test_what_is_wrong_is_refused(staged: World) -> None:
    for mutation, changes, reasons in REFUSED:
        assert (mutation, await refused(staged, mutation, **changes)) == (mutation, reasons)


async def test_each_step_has_its_state_and_its_measure(staged: World) -> None:
    stage = {name: blame.named(staged.stages[name]["proposal"]) for name in ("to_criticise", "to_transfer", "accused")}
    handed_over = blame.named(staged.stages["transferred"]["proposal"])
    conflict = ["STATUS_CONFLICT APPROVED v2"]
    assert await refused(staged, "transferAccountabilityProposal", **stage["to_criticise"]) == [
        "input.proposal NOT_APPLICABLE"
    ]
    assert await refused(staged, "citeAccountabilityCriticism", **stage["to_transfer"]) == [
        "input.proposal NOT_APPLICABLE"
    ]
    assert await refused(staged, "transferAccountabilityProposal", **stage["accused"]) == ["STATUS_CONFLICT DRAFT v1"]
    assert await refused(staged, "recordAccountabilityAnswer", **stage["to_transfer"]) == conflict
    assert await refused(staged, "reviseAccountabilityProposal", **stage["to_transfer"]) == conflict
    assert await refused(staged, "decideAccountabilityProposal", **stage["to_transfer"]) == conflict
    assert await refused(staged, "withdrawAccountabilityProposal", by=MAYOR, **handed_over) == [
        "STATUS_CONFLICT TRANSFERRED v3"
    ]
    draft = staged.stages["held"]["circular"]["id"]
    assert await refused(staged, "citeAccountabilityCriticism", circular=draft) == ["input.circular BAD_ID"]
    party = [staged.unit("区税务局")]
    assert await refused(staged, "draftAccountabilityProposal", units=party) == ["NOT_OPEN_TO_UNIT VERTICAL"]


async def test_what_was_taken_back_waits_for_nobody(staged: World) -> None:
    await done(staged, "withdrawAccountabilityProposal", "proposal { status }")
    key = _key(staged.stages["accused"]["proposal"]["id"])
    async with staged.database.read() as session:
        left = select(Todo).where(Todo.subject_id == key, Todo.closed_at.is_(None))
        found: list[Base] = list((await session.scalars(left)).all())
    assert found == []


def _case(world: World) -> str:
    case: str = world.stages["dispatched"]["case"]["id"]
    return case


def _key(global_id: str) -> UUID:
    found = decode_id(global_id)
    assert found is not None
    return found[1]
