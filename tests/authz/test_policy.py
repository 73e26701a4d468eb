"""Casbin's live answer, the plan's check and the rows that the plan selects are one, and the right one."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from app.authz import MACHINE, NO_FACTS, Actor, ActorKind, Explained, Facts, Grant, Policy
from app.authz.policy import Decision
from app.core.levels import Classification
from tests.authz.bed import DIALECTS, Bed, examples, open_bed
from tests.authz.readings import policy_differences
from tests.authz.toy import MATTERS, NOW, PERSONS, UNITS, Base, Matter, Member, Status, World, worlds
from tests.authz.toy_policy import FIXED, random_policies


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, Base.metadata, "authz_policy") as opened:
        yield opened


@settings(max_examples=examples(25, 1000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_fixed_policy_decides_checks_and_selects_alike(bed: Bed, world: World) -> None:
    assert policy_differences(bed, world, FIXED) == []


@settings(max_examples=examples(15, 1000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(most_actors=2), policy=random_policies)
def test_random_policies_decide_check_and_select_alike(bed: Bed, world: World, policy: Policy) -> None:
    assert policy_differences(bed, world, policy) == []


def actor(*grants: Grant, clearance: Classification = Classification.INTERNAL, **changes: object) -> Actor:
    somebody = Actor(ActorKind.PERSON, UUID(int=1), PERSONS[0], "某人", clearance, frozenset(), grants)
    return replace(somebody, **changes)  # type: ignore[arg-type]  # the test names real fields


def matter(**changes: object) -> Matter:
    columns: dict[str, object] = {
        "id": MATTERS[0],
        "level": Classification.PUBLIC,
        "restricted": False,
        "status": Status.OPEN,
        "owner_id": PERSONS[1],
        "unit_id": UNITS[0],
    }
    return Matter(**columns | changes)


def facts_of(*members: Member) -> Facts:
    return Facts({"toy_member.matter_id": {MATTERS[0]: members}})


def decide(who: Actor, action: str, row: Matter | None, facts: Facts | None = None) -> Decision:
    return FIXED.decide(who, NOW, "matter", action, row, facts_of() if facts is None else facts)


def test_allowed_names_the_rule_that_allows() -> None:
    assert decide(actor(Grant("supervision_officer")), "view", matter()) == Decision(True, "MAT-V1")


def test_a_senior_role_implies_the_junior_one() -> None:
    assert decide(actor(Grant("supervision_head")), "view", matter()) == Decision(True, "MAT-V1")


def test_refused_names_the_deny_rule() -> None:
    row = matter(owner_id=PERSONS[0])
    assert decide(actor(Grant("supervision_head")), "decide", row) == Decision(False, "SOD-1")


def test_without_any_rule_nobody_is_allowed() -> None:
    assert decide(actor(), "view", matter()) == Decision(False, None)
    assert decide(actor(Grant("retired_role")), "view", matter()) == Decision(False, None)


def test_a_mandatory_deny_overrides_every_allow() -> None:
    row = matter(level=Classification.WORK_SECRET)
    everything = actor(*(Grant(role) for role in ("supervision_head", "office_leader", "unit_head")))
    assert decide(everything, "view", row) == Decision(False, "MAC-1")


def test_units_are_those_of_the_rule_s_own_role() -> None:
    sent = matter(status=Status.SENT)
    member = Member(id=UUID(int=9), matter_id=MATTERS[0], unit_id=UNITS[1], lead=True)
    handler = actor(Grant("unit_handler", UNITS[1]))
    assert decide(handler, "view", sent, facts_of(member)) == Decision(True, "MAT-V2")
    # Leading one unit gives nothing in another where one is only a handler.
    both = actor(Grant("unit_head", UNITS[0]), Grant("unit_handler", UNITS[1]))
    assert decide(both, "amend", sent, facts_of(member)) == Decision(False, None)
    assert decide(both, "view", sent, facts_of(member)) == Decision(True, "MAT-V2")
    assert decide(actor(Grant("unit_head", UNITS[1])), "view", sent, facts_of(member)) == Decision(True, "MAT-V2")


def test_a_role_granted_for_one_case_reaches_that_case_only() -> None:
    deputy = actor(Grant("supervision_officer", case_id=MATTERS[0]))
    assert deputy.roles == {"anyone", "supervision_officer@0"}
    assert decide(deputy, "view", matter()) == Decision(True, "MAT-V1")
    assert FIXED.decide(deputy, NOW, "matter", "view", matter(id=MATTERS[1]), NO_FACTS).allowed is False


def test_temporary_grants_do_not_lend_each_other_their_units() -> None:
    deputy = actor(Grant("unit_handler", UNITS[0], MATTERS[0]), Grant("unit_handler", UNITS[1], MATTERS[1]))
    sent = matter(status=Status.SENT)
    leads = {unit: Member(id=unit, matter_id=MATTERS[0], unit_id=unit, lead=True) for unit in UNITS}
    assert decide(deputy, "view", sent, facts_of(leads[UNITS[0]])).allowed is True
    assert decide(deputy, "view", sent, facts_of(leads[UNITS[1]])).allowed is False


def test_the_machine_has_its_own_rows_only() -> None:
    assert MACHINE.roles == {"machine"}
    assert decide(MACHINE, "view", matter()) == Decision(False, None)


def test_services_and_operators_are_under_the_mandatory_rows() -> None:
    assert actor(kind=ActorKind.SERVICE).roles == {"anyone"}
    assert actor(kind=ActorKind.OPERATOR).roles == {"anyone"}


def test_without_a_row_every_column_is_unknown() -> None:
    assert decide(actor(Grant("supervision_officer")), "view", None) == Decision(True, "MAT-V1")
    assert decide(actor(Grant("supervision_head")), "decide", None) == Decision(False, None)


def test_explain_lists_every_rule_that_applies() -> None:
    explained = FIXED.explain(
        actor(Grant("supervision_head")), NOW, "matter", "decide", matter(owner_id=PERSONS[0]), facts_of()
    )
    assert explained == [
        Explained("MAC-1", "deny", "above_clearance", holds=False),
        Explained("MAC-2", "deny", "outside_need_to_know", holds=False),
        Explained("SOD-1", "deny", "mine", holds=True),
        Explained("MAT-D1", "allow", "open", holds=True),
    ]


def test_facts_that_were_not_loaded_are_an_error_and_not_an_answer() -> None:
    with pytest.raises(KeyError):
        FIXED.decide(actor(Grant("supervision_officer")), NOW, "matter", "view", matter(restricted=True), NO_FACTS)


def test_an_unknown_action_or_object_is_an_error() -> None:
    with pytest.raises(KeyError):
        decide(actor(Grant("supervision_officer")), "burn", matter())
    with pytest.raises(KeyError):
        FIXED.plan(frozenset({"anyone"}), "ghost", "view")


def test_plans_are_kept_by_role_shape() -> None:
    one = FIXED.plan(frozenset({"anyone", "unit_handler"}), "matter", "view")
    assert FIXED.plan(frozenset({"unit_handler", "anyone"}), "matter", "view") is one


def test_the_text_of_a_plan_tells_nothing_of_the_caller() -> None:
    texts = set()
    for unit in UNITS:
        who = actor(Grant("unit_handler", unit), person_id=PERSONS[UNITS.index(unit)])
        for dialect in ("sqlite", "postgresql"):
            texts.add((dialect, str(FIXED.plan(who.roles, "matter", "view").where(Matter, dialect))))
    assert len(texts) == 2


def test_every_parameter_of_a_plan_is_named_after_the_caller() -> None:
    who = actor(Grant("unit_handler", UNITS[0]), Grant("unit_head", UNITS[1], MATTERS[0]))
    plan = FIXED.plan(who.roles, "matter", "view")
    compiled = plan.where(Matter, "sqlite").compile()
    assert set(compiled.params) == set(plan.parameters(who, NOW, "sqlite"))
    assert plan.parameters(who, NOW, "sqlite") == {
        "actor_all_units": "[]",
        "actor_cases_unit_handler_0_matter_view": f'["{MATTERS[0].hex}"]',
        "actor_clearance": 1,
        "actor_person_id": PERSONS[0],
        "actor_units_unit_handler": f'["{UNITS[0].hex}"]',
        "actor_units_unit_handler_0_matter_view": f'["{UNITS[1].hex}"]',
    }
