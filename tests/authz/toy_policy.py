"""Policies over the toy world: a fixed one, and random ones for Hypothesis."""

from hypothesis import strategies as st

from app.authz.objects import catalogue
from app.authz.policy import Policy
from app.authz.policy_text import Clause, PolicyText, RoleLink, Rule
from app.core.paths import shipped
from tests.authz.toy import MATTER_CONDITIONS, OBJECTS, PAPER_CONDITIONS

MODEL = (shipped("policies") / "model.conf").read_text(encoding="utf-8")
HIERARCHY = (RoleLink("supervision_head", "supervision_officer"), RoleLink("unit_head", "unit_handler"))
RULES = """
anyone, matter, *, above_clearance, deny, MAC-1
anyone, matter, *, outside_need_to_know, deny, MAC-2
anyone, matter, decide, mine, deny, SOD-1
anyone, paper, *, matter_hidden, deny, MAC-3
supervision_officer, matter, view, always, allow, MAT-V1
supervision_head, matter, decide, open, allow, MAT-D1
office_leader, matter, decide, sent_or_done, allow, MAT-D2
unit_handler, matter, view, own_unit_leads&sent_or_done, allow, MAT-V2
unit_head, matter, amend, own_unit_leads&not_mine, allow, MAT-A1
anyone, matter, amend, membership_valid, allow, MAT-A2
unit_handler, matter, amend, overdue, deny, MAT-A3
supervision_officer, paper, view, final, allow, PAP-V1
unit_handler, paper, view, of_role_unit, allow, PAP-V2
anyone, paper, view, written_by_me, allow, PAP-V3
unit_head, paper, sign, of_role_unit&draft, allow, PAP-S1
anyone, paper, sign, matter_has_me, deny, PAP-S2
"""


def policy_of(rules: list[Rule]) -> Policy:
    clauses = {rule.id: Clause("第一条", "题", "title") for rule in rules}
    return Policy(PolicyText(MODEL, HIERARCHY, tuple(rules), clauses), catalogue(OBJECTS))


FIXED = policy_of([Rule(*(value.strip() for value in line.split(","))) for line in RULES.strip().splitlines()])

_SUBJECTS = ["anyone", "supervision_officer", "supervision_head", "unit_head", "unit_handler", "office_leader"]


def _rules(object_name: str, actions: list[str], names: list[str]) -> st.SearchStrategy[tuple[str, str, str, str, str]]:
    return st.tuples(
        st.sampled_from(_SUBJECTS),
        st.just(object_name),
        st.sampled_from(actions),
        st.lists(st.sampled_from(names), min_size=1, max_size=2).map("&".join),
        st.sampled_from(["allow", "allow", "deny"]),
    )


random_policies = st.lists(
    st.one_of(
        _rules("matter", ["view", "decide", "amend"], ["always", *MATTER_CONDITIONS]),
        _rules("paper", ["view", "sign"], ["always", *PAPER_CONDITIONS]),
    ),
    min_size=4,
    max_size=12,
).map(lambda rows: policy_of([Rule(*row, id=f"RND-{number}") for number, row in enumerate(rows)]))
