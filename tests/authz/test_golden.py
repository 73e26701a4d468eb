"""The decision table that the office signs: who, on what, in which relation, may or may not, by which rule."""

import csv
from dataclasses import fields

import pytest

from app.authz import Actor, Decision
from app.authz.policy_text import ALLOW, DENY
from tests.authz.golden_world import NOW, Golden, caller, facts_for, scene
from tests.authz.shipped import FOLDER, POLICY

_COLUMNS = [column.name for column in fields(Golden) if column.name != "line"]


def _table() -> list[Golden]:
    with (FOLDER / "golden.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == _COLUMNS
    return [Golden(number, *row) for number, row in enumerate(lines[1:], start=2)]


GOLDEN = _table()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: f"{g.line}-{g.role}-{g.action}-{g.rule}")
def test_the_policy_decides_as_signed(golden: Golden) -> None:
    decision = _decide(golden)
    assert (ALLOW if decision.allowed else DENY, decision.rule_id or "-") == (golden.expected, golden.rule)


def _decide(golden: Golden) -> Decision:
    who = caller(golden)
    row, around = scene(golden)
    object_name, action = golden.action.split(".")
    facts = facts_for(POLICY.plan(who.roles, object_name, action), around)
    return POLICY.decide(who, NOW, object_name, action, row, facts)


def test_the_table_notices_that_anyone_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readings would agree that all mandatory rules are gone; only this table knows better."""
    monkeypatch.setattr(Actor, "roles", property(lambda who: frozenset(grant.role for grant in who.grants)))
    mandatory = [golden for golden in GOLDEN if golden.rule.startswith(("MAC-", "SOD-"))]
    assert len(mandatory) > 60
    assert [golden.line for golden in mandatory if _decide(golden).rule_id == golden.rule] == []


def test_every_mandatory_rule_has_a_negative_row() -> None:
    mandatory = {rule.id for rule in POLICY.text.rules if rule.effect == DENY}
    refused = {golden.rule for golden in GOLDEN if golden.expected == DENY}
    assert sorted(mandatory - refused) == []


def test_every_clause_has_a_row() -> None:
    clauses = {POLICY.clauses[golden.rule].clause for golden in GOLDEN if golden.rule != "-"}
    assert sorted({clause.clause for clause in POLICY.clauses.values()} - clauses) == []


def test_every_action_has_a_row_that_allows_it() -> None:
    allowed = {golden.action for golden in GOLDEN if golden.expected == ALLOW}
    declared = {f"{rule.object}.{rule.action}" for rule in POLICY.text.rules if rule.effect == ALLOW}
    assert sorted(declared - allowed) == []


def test_every_role_has_a_row() -> None:
    assert sorted({rule.subject for rule in POLICY.text.rules} - {golden.role for golden in GOLDEN}) == []
