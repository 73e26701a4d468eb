"""Temporary powers: listed actions and reading, in one case, as if the lender did it; denials look at the holder."""

from uuid import UUID

import pytest

from app.authz import Actor, Facts, Grant
from app.authz.policy import Decision
from app.authz.policy_text import Rule
from tests.authz.test_policy import actor, matter
from tests.authz.toy import MATTERS, NOW, PERSONS, Matter, Status
from tests.authz.toy_policy import FIXED, policy_of

LENDING = policy_of([*FIXED.text.rules, Rule("office_leader", "matter", "amend", "led", "allow", "MAT-A4")])
NOBODY = Facts({"toy_member.matter_id": dict.fromkeys(MATTERS, ())})


def decided(who: Actor, action: str, row: Matter) -> Decision:
    return LENDING.decide(who, NOW, "matter", action, row, NOBODY)


def lent(role: str, *actions: str, case: UUID = MATTERS[0], lender: UUID = PERSONS[1]) -> Grant:
    return Grant(role, case_id=case, lender_id=lender, actions=frozenset(actions))


def test_a_temporary_power_does_what_is_listed_and_reads() -> None:
    deputy = actor(lent("supervision_head", "matter.amend"))
    assert decided(deputy, "view", matter()).allowed is True
    assert decided(deputy, "decide", matter(status=Status.OPEN)).allowed is False
    deputy = actor(lent("supervision_head", "matter.decide"))
    assert decided(deputy, "decide", matter(status=Status.OPEN)) == Decision(True, "MAT-D1")


def test_who_holds_a_temporary_power_stands_for_who_lent_it() -> None:
    theirs, his = matter(owner_id=PERSONS[1]), matter(owner_id=PERSONS[0])
    deputy = actor(lent("office_leader", "matter.amend"))
    assert decided(deputy, "amend", theirs) == Decision(True, "MAT-A4")
    assert decided(deputy, "amend", his).allowed is False  # by that power he is not himself
    assert decided(actor(Grant("office_leader")), "amend", his) == Decision(True, "MAT-A4")
    assert decided(actor(Grant("office_leader")), "amend", theirs).allowed is False
    # but what is denied is denied to himself
    sent = matter(owner_id=PERSONS[0], status=Status.SENT)
    assert decided(actor(lent("office_leader", "matter.decide")), "decide", sent) == Decision(False, "SOD-1")


def test_temporary_powers_do_not_lend_each_other_their_lenders_or_actions() -> None:
    one = lent("office_leader", "matter.amend", case=MATTERS[0], lender=PERSONS[1])
    other = lent("office_leader", "matter.decide", case=MATTERS[1], lender=PERSONS[2])
    deputy = actor(one, other)
    assert decided(deputy, "amend", matter(owner_id=PERSONS[1])).allowed is True
    assert decided(deputy, "amend", matter(owner_id=PERSONS[2])).allowed is False
    assert decided(deputy, "decide", matter(status=Status.SENT)).allowed is False
    assert decided(deputy, "decide", matter(id=MATTERS[1], status=Status.SENT)) == Decision(True, "MAT-D2")
    assert decided(deputy, "amend", matter(id=MATTERS[1], owner_id=PERSONS[2])).allowed is False


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        ("supervision_head", "matter.decide", True),
        ("supervision_head", "matter.view", True),  # by what it implies
        ("supervision_head", "matter.amend", False),  # it may not itself; that anybody may is no power
        ("unit_head", "paper.sign", True),
        ("supervision_head", "matter.burn", False),
        ("supervision_head", "ghost.view", False),
        ("supervision_head", "matter", False),
        ("retired_role", "matter.view", False),
    ],
)
def test_what_can_be_lent(role: str, action: str, may: bool) -> None:
    assert LENDING.may_be_lent(role, action) is may
