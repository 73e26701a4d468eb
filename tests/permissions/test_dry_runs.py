"""A dry run counts what really changes for people, in what the one who asks may know of, and tells nobody else."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.authz import Actor, Policies, Policy
from app.authz.models import PolicyVersion
from app.authz.versions import policy_of
from app.cases.models import Case
from app.core.ids import decode_id
from app.core.levels import Classification
from app.identity.queries import rights_of_people
from app.permissions.dry_runs import dry_run
from app.permissions.models import DryRunState, PolicyDryRun
from tests.bed.world import World, reasons
from tests.usecases.calls import RIGHTS, SECURITY

# leaders see all that went out, the office nothing, and units cancel
EDITS = [
    {"part": "RULES", "line": "p, district_leader, case, view, dispatched, allow, CASE-V20"},
    {"part": "CLAUSES", "line": "CASE-V20,第二十条,区政府领导可以查看已交办的,They may see what went out"},
    {"part": "RULES", "line": "CASE-V1", "remove": True},
    {"part": "RULES", "line": "p, unit_handler, case, cancel, own_unit_takes_part, allow, CASE-D20"},
    {"part": "CLAUSES", "line": "CASE-D20,第二十条,承办单位人员可以撤销,People of units may cancel"},
]  # fmt: skip
RUN = "dryRun { id state counted toCount effects(first: 100) { action people gained lost } }"
EFFECTS = """query Q($id: ID!) { node(id: $id) { ... on PolicyDryRun { state counted toCount againstNumber
    version { number } effects(first: 100) { action roles clearance people gained lost followedBy
    units { name } named { id name }
    gainedExamples { id } lostExamples { id } } } } }"""


async def asked_for(world: World, by: str = RIGHTS) -> str:
    draft = await world.as_(by).do("draftPolicy", "policy { id }", reason="试算。", edits=EDITS)
    told = await world.as_(by).do("dryRunPolicy", RUN, policy=draft["policy"]["id"])
    assert (told["dryRun"]["state"], told["dryRun"]["effects"]) == ("WAITING", [])
    key: str = told["dryRun"]["id"]
    return key


async def test_it_counts_what_changes_for_people(staged: World) -> None:
    key = await asked_for(staged)
    assert await dry_run(staged.workplace, staged.policies) == 1
    found = (await staged.as_(RIGHTS).ask(EFFECTS, id=key))["node"]
    assert (found["state"], found["version"]["number"], found["againstNumber"]) == ("DONE", 5, 1)
    assert found["counted"] == found["toCount"] > 0
    effects = found["effects"]
    assert {effect["action"] for effect in effects} >= {"case.view", "case.cancel"}
    with_a_case = {one for effect in effects if effect["action"] == "case.view" for one in effect["followedBy"]}
    assert with_a_case >= {"assignment", "slot", "report", "report_section", "document", "event", "todo", "file"}
    assert not with_a_case & {"case", "unit", "person", "account", "grant", "policy", "audit"}
    assert all(effect["followedBy"] == [] for effect in effects if effect["action"] == "case.cancel")
    assert all(effect["gainedExamples"] + effect["lostExamples"] == [] for effect in effects)  # he sees no case

    before, after, people, known = await surroundings(staged)
    by_id = {person.person_id: person for person in people}
    told = set()
    for effect in effects:
        name, action = effect["action"].split(".")
        for one in effect["named"]:
            person = by_id[(decode_id(one["id"]) or ("", None))[1]]
            old, new = [await rows(staged, policy, person, name, action) for policy in (before, after)]
            if name == "case":
                assert (effect["gained"], effect["lost"]) == (len((new - old) & known), len((old - new) & known))
            told.add((person.person_id, action))
    # and nobody is forgotten
    for person in people:
        old, new = [await rows(staged, policy, person, "case", "view") for policy in (before, after)]
        groups = [effect for effect in effects if effect["action"] == "case.view" and effect["people"] > 3]
        assert ((person.person_id, "view") in told) == bool((old ^ new) & known) or groups


async def surroundings(world: World) -> tuple[Policy, Policy, list[Actor], set[UUID]]:
    """Both policies, everybody, and the cases of which an administrator without a scope may know."""
    async with world.database.read() as session:
        row = (await session.execute(select(PolicyVersion).where(PolicyVersion.number == 5))).scalar_one()
        people = await rights_of_people(session, world.clock.now())
        open_to_him = select(Case.id).where(Case.restricted.is_(False), Case.classification <= Classification.INTERNAL)
        known = set((await session.scalars(open_to_him)).all())
    return world.policy, policy_of(row, world.policy.objects), people, known


async def rows(world: World, policy: Policy, person: Actor, name: str, action: str) -> set[UUID]:
    table = policy.objects[name].model.__table__
    async with world.database.read() as session:
        dialect = session.get_bind().dialect.name
        plan = policy.plan(person.roles, name, action)
        found = await session.execute(
            select(table.c.id).where(plan.where(table, dialect)), plan.parameters(person, world.clock.now(), dialect)
        )
        return set(found.scalars())


async def test_nobody_sees_the_dry_run_of_another(staged: World) -> None:
    key = await asked_for(staged)
    await dry_run(staged.workplace, staged.policies)
    for login in (SECURITY, "shenji", "xitong", "duban.zhu", "outsider"):
        assert (await staged.as_(login).ask(EFFECTS, id=key))["node"] is None
    listed = "{ policyVersions(first: 1) { edges { node { number dryRuns { id } } } } }"
    for login, seen in ((RIGHTS, [{"id": key}]), (SECURITY, [])):
        (edge,) = (await staged.as_(login).ask(listed))["policyVersions"]["edges"]
        assert edge["node"] == {"number": 5, "dryRuns": seen}


async def test_a_version_that_cannot_be_read_is_not_tried(staged: World) -> None:
    bad = [{"part": "RULES", "line": "MAC-1", "remove": True}]
    draft = await staged.as_(RIGHTS).do("draftPolicy", "policy { id }", reason="试。", edits=bad)
    assert await staged.as_(RIGHTS).refused("dryRunPolicy", policy=draft["policy"]["id"]) == [
        "input.policy POLICY_FAULT"
    ]
    body = await staged.as_("xitong").try_("dryRunPolicy", "__typename", policy=draft["policy"]["id"])
    assert reasons(body) == ["NOT_FOUND"]


async def test_what_a_dead_worker_left_is_taken_up(staged: World) -> None:
    key = await asked_for(staged)
    async with staged.database.write() as session:
        run = (await session.scalars(select(PolicyDryRun))).one()
        run.state, run.taken_until = DryRunState.RUNNING, staged.clock.real_now()
    assert await dry_run(staged.workplace, staged.policies) == 0  # it may be at work still
    staged.at(6, 26)
    assert await dry_run(staged.workplace, Policies(staged.database, staged.policy)) == 1
    found: dict[str, Any] = (await staged.as_(RIGHTS).ask(EFFECTS, id=key))["node"]
    assert found["state"] == "DONE"
