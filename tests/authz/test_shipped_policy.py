"""The shipped policy over the real tables: decide == check == selected for every object, action and row."""

import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authz import Actor, read_facts
from app.authz.conditions import Comparison, Inherited, Related, own_nodes
from app.authz.policy_text import ALLOW
from app.escalation.models import Explanation, ExtensionRequest, Urging
from tests.authz.bed import DIALECTS, Bed, examples, open_bed
from tests.authz.real_worlds import NOW, actor, bare_metadata, fill
from tests.authz.shipped import OBJECT_TYPES, POLICY

_WORLDS = examples(9, 400)


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, bare_metadata(), "authz_shipped") as opened:
        yield opened


def test_the_shipped_policy_decides_checks_and_selects_alike(bed: Bed) -> None:
    seen: set[tuple[str, str, bool]] = set()
    for seed in range(_WORLDS):
        job = partial(_differences, dialect=bed.dialect, source=random.Random(seed), seen=seen)
        assert bed.within(job) == [], seed
    both = {(name, action) for name, action, _ in seen}
    # A world in which nobody may do anything, or everybody everything, would prove nothing.
    decided = {(name, action) for name, action in both if {(name, action, True), (name, action, False)} <= seen}
    assert len(decided) > 0.6 * len(both)


def _differences(session: Session, dialect: str, source: random.Random, seen: set[tuple[str, str, bool]]) -> list[str]:
    fill(session, source)
    who = actor(source)
    found = [
        difference
        for object_name in OBJECT_TYPES
        for action in sorted(OBJECT_TYPES[object_name].actions)
        for difference in _compare(session, dialect, who, object_name, action, seen)
    ]
    session.rollback()
    return found


def _compare(
    session: Session, dialect: str, who: Actor, object_name: str, action: str, seen: set[tuple[str, str, bool]]
) -> list[str]:
    table = OBJECT_TYPES[object_name].model.__table__
    rows = session.execute(select(table)).all()
    key = next(iter(table.columns)).name
    plan = POLICY.plan(who.roles, object_name, action)
    facts = read_facts(session, [plan], rows)
    selected = session.execute(
        select(table).where(plan.where(table, dialect)).params(plan.parameters(who, NOW, dialect))
    )
    chosen = [tuple(row) for row in selected]
    check = plan.checker(facts, who, NOW)
    found = []
    for row in rows:
        decided = POLICY.decide(who, NOW, object_name, action, row, facts).allowed
        seen.add((object_name, action, decided))
        if not decided == check(row) == (tuple(row) in chosen):
            found.append(f"{object_name}.{action} {key} {row[0]}: decide {decided}, check {check(row)}")
    return found


def test_every_action_is_allowed_to_somebody() -> None:
    allowed = {(rule.object, rule.action) for rule in POLICY.text.rules if rule.effect == ALLOW}
    declared = {(name, action) for name, object_type in OBJECT_TYPES.items() for action in object_type.actions}
    assert declared - allowed == set()


def test_every_condition_is_used() -> None:
    used = {(rule.object, name) for rule in POLICY.text.rules for name in rule.condition.split("&")}
    declared = {(name, condition) for name, object_type in OBJECT_TYPES.items() for condition in object_type.conditions}
    assert declared - used == set()


def test_mandatory_rows_stand_in_the_mandatory_file_and_nothing_else_does() -> None:
    in_file = {rule.id for rule in POLICY.text.rules if rule.where.startswith("10_mandatory.csv")}
    denials = {rule.id for rule in POLICY.text.rules if rule.effect == "deny"}
    required = {
        (name, action, condition)
        for name, object_type in OBJECT_TYPES.items()
        for action, condition in object_type.mandatory
    }
    rows = {(rule.object, rule.action, rule.condition) for rule in POLICY.text.rules if rule.id in in_file}
    assert in_file == denials
    assert rows == required


@pytest.mark.parametrize("model", [Explanation, ExtensionRequest, Urging])
def test_rules_on_slots_fit_what_belongs_to_a_slot(model: type[Any]) -> None:
    """An answer to an explanation, a decision on an extension are judged on those rows by the rules on slots."""
    named = {
        node.key.key if isinstance(node, Related | Inherited) else node.column.key
        for condition in OBJECT_TYPES["slot"].conditions.values()
        for node in own_nodes(condition)
        if isinstance(node, Related | Inherited | Comparison)
    }
    assert named == {"assignment_id", "case_id"}
    assert named <= set(model.__table__.columns.keys())
