"""Each mistake that these tests exist for is made once, on purpose, and must be noticed; so must idle worlds."""

import operator
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlalchemy import ColumnElement, and_, literal_column, not_, or_, select
from sqlalchemy.orm import Session

from app.authz import plan as plan_module
from app.authz import predicate, read_facts, where
from app.authz.conditions import Condition, Every, Operator, Related, some, table_of
from app.authz.plan import Entry, Plan
from app.authz.policy_text import ALLOW
from app.authz.predicate import Caller, predicate_of
from tests.authz.bed import DIALECTS, Bed, open_bed
from tests.authz.readings import (
    NOBODY,
    bound_conditions,
    dense_differences,
    policy_differences,
    store,
)
from tests.authz.toy import MATTER_CONDITIONS, NOW, PAPER_CONDITIONS, Base, World, worlds
from tests.authz.toy_policy import FIXED, policy_of

_WORLDS = 90


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, Base.metadata, "authz_mutants") as opened:
        yield opened


class _NoticedError(Exception):
    pass


def _noticed(differences: Callable[[World], list[str]]) -> bool:
    @seed(20170820)
    @settings(max_examples=_WORLDS, deadline=None, database=None, phases=[Phase.generate])
    @given(world=worlds())
    def look(world: World) -> None:
        if differences(world):
            raise _NoticedError

    try:
        look()
    except _NoticedError:
        return True
    return False


def _naive_not(positive: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(positive)


def _no_de_morgan(condition: Condition, *, negated: bool) -> Any:
    return and_ if isinstance(condition, Every) else or_


def _none_equals_none(comparing: Operator, left: Any, right: Any) -> bool:
    if comparing is Operator.EQ:
        return bool(left == right)
    return left is not None and right is not None and bool(predicate._COMPARE[comparing](left, right))


def _polarity_inside_exists(condition: Related, source: Any, dialect: str, *, negated: bool) -> ColumnElement[bool]:
    inner = table_of(condition.link).alias()
    link, key = inner.c[condition.link.key], where.column_of(source, condition.key)
    rows: Any = select(literal_column("1")).select_from(inner)
    rows = rows.where(link == key, where.render(condition.inner, inner, dialect, negated=negated))
    found: ColumnElement[bool] = rows.correlate(where.from_of(source)).exists()
    return found


def _boundary(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(where._COMPARE, Operator.LE, operator.lt)


_DENSE: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "SQL's own three-valued NOT": lambda patch: patch.setattr(where, "negate_unknown", _naive_not),
    "De Morgan forgotten": lambda patch: patch.setattr(where, "junction", _no_de_morgan),
    "None equals None in Python": lambda patch: patch.setattr(predicate, "compare", _none_equals_none),
    "negation pushed into EXISTS": lambda patch: patch.setattr(where, "related", _polarity_inside_exists),
    "the boundary instant lost": _boundary,
    "NULL among the members of NOT IN": lambda patch: patch.setattr(where, "known", lambda _link: ()),
}


@pytest.mark.parametrize("mistake", _DENSE)
def test_the_dense_test_notices(bed: Bed, mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _DENSE[mistake](monkeypatch)
    assert _noticed(lambda world: dense_differences(bed, world))


def test_the_policy_test_notices_deny_rows_forgotten_in_the_list(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = property(lambda plan: some(e.condition for e in plan.entries if e.effect == ALLOW))
    monkeypatch.setattr(plan_module.Plan, "condition", forgetful)
    fresh = policy_of(list(FIXED.text.rules))
    assert _noticed(lambda world: policy_differences(bed, world, fresh))


def test_worlds_are_not_degenerate(bed: Bed) -> None:
    """Every condition is often true and often false; otherwise the equivalence would prove nothing."""
    answers: Counter[tuple[str, bool]] = Counter()

    @seed(733)
    @settings(
        max_examples=_WORLDS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(world=worlds())
    def count(world: World) -> None:
        bed.within(lambda session: _count(session, world, answers))

    count()
    names = [*bound_conditions(MATTER_CONDITIONS), *bound_conditions(PAPER_CONDITIONS)]
    rare = [(name, answer) for name in names for answer in (True, False) if answers[name, answer] < 5]
    assert rare == []


def _count(session: Session, world: World, answers: Counter[tuple[str, bool]]) -> None:
    store(session, world)
    for rows, conditions in (
        (world.matters, bound_conditions(MATTER_CONDITIONS)),
        (world.papers, bound_conditions(PAPER_CONDITIONS)),
    ):
        plan = Plan(NOBODY, tuple(Entry(name, ALLOW, name, each) for name, each in conditions.items()))
        facts = read_facts(session, [plan], rows)
        for actor in world.actors:
            caller = Caller(actor, NOW)
            answers.update(
                (name, predicate_of(condition)(row, facts, caller))
                for row in rows
                for name, condition in conditions.items()
            )
    session.rollback()
