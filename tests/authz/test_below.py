"""What is read below a row that its reader sees: the rule without what it says of that row selects the same."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authz import Actor
from app.authz.conditions import Inherited, own_nodes
from tests.authz.bed import DIALECTS, Bed, examples, open_bed
from tests.authz.real_worlds import NOW, actor, bare_metadata, fill
from tests.authz.shipped import OBJECT_TYPES, POLICY

_WORLDS = examples(8, 400)
_INHERITED = [
    (name, node)
    for name, object_type in OBJECT_TYPES.items()
    if "view" in object_type.actions
    for condition in object_type.conditions.values()
    for node in own_nodes(condition)
    if isinstance(node, Inherited) and node.action == "view"
]

_SHORTENED = {"assignment", "slot"}


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, bare_metadata(), "authz_below") as opened:
        yield opened


def test_below_a_visible_row_its_visibility_is_not_asked_again(bed: Bed) -> None:
    shown = 0
    for seed in range(_WORLDS):
        source = random.Random(seed)

        def compare(session: Session, source: random.Random = source) -> int:
            fill(session, source)
            who = actor(source)
            numbers = [_compare(session, bed.dialect, who, name, inherited) for name, inherited in _INHERITED]
            session.rollback()
            return sum(numbers)

        shown += bed.within(compare)
    assert shown > _WORLDS


def _compare(session: Session, dialect: str, who: Actor, name: str, inherited: Inherited) -> int:
    """How many rows are seen below those that are seen, asked in either way."""
    child, parent = (OBJECT_TYPES[one].model.__table__ for one in (name, inherited.object_name))
    plan, above = (POLICY.plan(who.roles, one, "view") for one in (name, inherited.object_name))
    key = child.c[inherited.key.key]
    of_visible = key.in_(select(parent.c.id).where(above.where(parent, dialect)))
    values = plan.parameters(who, NOW, dialect) | above.parameters(who, NOW, dialect)

    def rows(*rule: object) -> list[object]:
        return list(session.execute(select(child.c.id).where(of_visible, *rule).params(values)).scalars())  # type: ignore[arg-type]  # conditions of either kind

    whole = plan.where(child, dialect)
    shortened = plan.where(child, dialect, (inherited.key, above))
    if name in _SHORTENED:
        assert len(str(shortened)) < len(str(whole)) or str(whole) in {"false", "true"}
    assert sorted(map(str, rows(shortened))) == sorted(map(str, rows(whole)))
    return len(rows(shortened))
