"""Printed names against known names, past names and aliases."""

from uuid import UUID

from app.cases.rules import AssignmentRole
from app.exchange.tasks_mentions import GroupMention, Matched, UnitMention, match

WATER, FINANCE, HEALTH, OTHER = (UUID(int=number) for number in range(1, 5))
DISTRICTS, TOWNS = UUID(int=11), UUID(int=12)
LEAD = AssignmentRole.LEAD


def unit(name: str) -> UnitMention:
    return UnitMention(name, LEAD)


def group(name: str) -> GroupMention:
    return GroupMention(name, AssignmentRole.SUPPORTING)


def test_exact_names_past_names_and_aliases_are_known_by_the_caller() -> None:
    known = {"市水务局": WATER, "市水利局": WATER, "水务局": WATER, "市财政局": FINANCE}
    mentions = (unit("市水利局"), group("各区、县级市"), unit("市财政局"))
    assert match(mentions, known, {"各区、县级市": DISTRICTS}) == Matched(
        units=((unit("市水利局"), WATER), (unit("市财政局"), FINANCE)),
        groups=((group("各区、县级市"), DISTRICTS),),
        unknown=(),
    )


def test_unknown_names_are_listed_and_none_is_guessed() -> None:
    mentions = (unit("市水务"), unit("市水务局（市河长办）"), group("各区"), unit("市水务局和市财政局"))
    assert match(mentions, {"市水务局": WATER, "市财政局": FINANCE}, {"各区、县级市": DISTRICTS}) == Matched(
        units=(), groups=(), unknown=mentions
    )


def test_width_spaces_and_the_kind_of_comma_do_not_count() -> None:
    known, groups = {"市城管委（综合执法局）": WATER}, {"各区、县级市": DISTRICTS}
    mentions = (unit("市城管委 (综合执法局)"), group("各区，县级市"), group("各区,县级市"))
    matched = match(mentions, known, groups)
    assert [key for _, key in matched.units] == [WATER]
    assert [key for _, key in matched.groups] == [DISTRICTS, DISTRICTS]
    assert matched.unknown == ()


def test_a_name_that_means_two_units_means_none() -> None:
    known = {"市卫生局": HEALTH, "市卫生 局": OTHER, "市水务局": WATER, "市水务 局": WATER}
    assert match((unit("市卫生局"), unit("市水务局")), known, {}) == Matched(
        units=((unit("市水务局"), WATER),), groups=(), unknown=(unit("市卫生局"),)
    )


def test_any_name_may_be_that_of_a_group_but_a_group_is_no_unit() -> None:
    matched = match((unit("镇街"), group("各镇")), {"各镇": OTHER}, {"镇街": TOWNS})
    assert matched == Matched(units=(), groups=((unit("镇街"), TOWNS),), unknown=(group("各镇"),))
