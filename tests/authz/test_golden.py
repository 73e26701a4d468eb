"""The decision table that the office signs: who, on what, in which relation, may or may not, by which rule."""

from dataclasses import replace

import pytest

from app.authz import Actor, Policy
from app.authz.policy_text import ALLOW, DENY, GoldenLine
from app.permissions.golden import decide, golden_problems
from tests.authz.shipped import OBJECT_TYPES, POLICY

GOLDEN = POLICY.text.golden


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: f"{g.where}-{g.role}-{g.action}-{g.rule}")
def test_the_policy_decides_as_signed(golden: GoldenLine) -> None:
    decision = decide(POLICY, golden)
    assert (ALLOW if decision.allowed else DENY, decision.rule_id or "-") == (golden.expected, golden.rule)


def test_the_shipped_table_has_no_faults() -> None:
    assert golden_problems(POLICY) == []


_LINE = GoldenLine(
    "supervision_officer", "INTERNAL", "INTERNAL", "ORDINARY", "DRAFT", "-", "case.view", ALLOW, "CASE-V1"
)
WRONG = {
    "another answer": (replace(_LINE, expected=DENY, rule="-"), "the rules say allow,CASE-V1, not deny,-"),
    "another rule": (replace(_LINE, rule="CASE-V2"), "the rules say allow,CASE-V1, not allow,CASE-V2"),
    "no such role": (replace(_LINE, role="ghost"), "the role ghost is unknown"),
    "no such clearance": (replace(_LINE, clearance="HIGH"), "the clearance HIGH is unknown"),
    "no such classification": (replace(_LINE, classification="LOW"), "the classification LOW is unknown"),
    "no such scope": (replace(_LINE, scope="ALL"), "the scope ALL is unknown"),
    "no such action": (replace(_LINE, action="case.burn"), "the action case.burn is unknown"),
    "no action": (replace(_LINE, action="case"), "the action case is unknown"),
    "no such word": (replace(_LINE, relation="friend"), "the relation friend is unknown"),
    "no such status": (replace(_LINE, action="grant.view", status="ghost"), "the status ghost is unknown"),
}


def test_what_is_wrong_with_a_line_is_said() -> None:
    lines = [replace(line, where=f"golden.csv line {number}") for number, (line, _) in enumerate(WRONG.values())]
    said = golden_problems(Policy(replace(POLICY.text, golden=(*GOLDEN, *lines)), OBJECT_TYPES))
    expected = [f"golden.csv line {number}: {problem}" for number, (_, problem) in enumerate(WRONG.values())]
    assert [problem.split("; ")[0] for problem in said] == expected


def test_what_no_line_proves_is_named() -> None:
    golden = tuple(line for line in GOLDEN if line.rule != "MAC-1" and line.action != "case.register")
    said = golden_problems(Policy(replace(POLICY.text, golden=golden), OBJECT_TYPES))
    assert said == [
        "golden.csv: no line shows that rule MAC-1 denies; add one",
        "golden.csv: no line shows who may case.register; add one",
    ]


def test_the_table_notices_that_anyone_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readings would agree that all mandatory rules are gone; only this table knows better."""
    monkeypatch.setattr(Actor, "roles", property(lambda who: frozenset(grant.role for grant in who.grants)))
    mandatory = [golden for golden in GOLDEN if golden.rule.startswith(("MAC-", "SOD-", "HEAD-"))]
    assert len(mandatory) > 60
    assert [golden.where for golden in mandatory if decide(POLICY, golden).rule_id == golden.rule] == []


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
