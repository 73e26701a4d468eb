"""Loading what the conditions of a rule need to know beside the row itself: one SELECT for each relation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.authz.actor import Actor
from app.authz.conditions import Comparison, Condition, Known, Related, own_nodes, table_of
from app.authz.plan import Plan
from app.authz.policy import Policy
from app.authz.predicate import Facts, value_of

_Found = dict[str, dict[Any, list[Any]]]


async def load_facts(
    session: AsyncSession, policy: Policy, actor: Actor, object_name: str, action: str, rows: Sequence[Any]
) -> Facts:
    """The related rows (and theirs in turn) that the rules on this action name, for `decide`, `check` and `explain`.

    Read from the database: what the caller changed must be flushed before.
    """
    plan = policy.plan(actor.roles, object_name, action)
    return await session.run_sync(lambda blocking: read_facts(blocking, [plan], rows))


def read_facts(session: Session, plans: Iterable[Plan], rows: Sequence[Any]) -> Facts:
    """`load_facts` for several plans at once, within a blocking session."""
    relations = _relations(entry.condition for plan in plans for entry in plan.entries)
    found: _Found = {}
    _follow(session, relations, rows, _columns(relations), found)
    return Facts(found)


def _relations(conditions: Iterable[Condition]) -> list[Related]:
    return [node for condition in conditions for node in own_nodes(condition) if isinstance(node, Related)]


def _columns(relations: Sequence[Related]) -> dict[str, set[str]]:
    """By relation, the columns that any condition asks of its rows, at whatever depth it is met."""
    columns: dict[str, set[str]] = defaultdict(set)
    waiting = list(relations)
    while waiting:
        relation = waiting.pop()
        inner = _relations([relation.inner])
        asked = [node.column.key for node in own_nodes(relation.inner) if isinstance(node, Comparison | Known)]
        columns[relation.relation].update(asked, (other.key.key for other in inner))
        waiting += inner
    return columns


def _follow(
    session: Session, relations: Sequence[Related], rows: Sequence[Any], columns: dict[str, set[str]], found: _Found
) -> None:
    by_name: dict[str, list[Related]] = defaultdict(list)
    for relation in relations:
        by_name[relation.relation].append(relation)
    for name, same in by_name.items():
        loaded = found.setdefault(name, {})
        keys = {value_of(row, relation.key.key) for relation in same for row in rows} - {None}
        _load(session, same[0], keys - loaded.keys(), columns[name], loaded)
        inner = _relations(relation.inner for relation in same)
        _follow(session, inner, [row for key in keys for row in loaded[key]], columns, found)


def _load(session: Session, relation: Related, keys: set[Any], columns: set[str], loaded: dict[Any, list[Any]]) -> None:
    if not keys:
        return
    table = table_of(relation.link)
    link = table.c[relation.link.key]
    loaded.update({key: [] for key in keys})
    asked = [table.c[column] for column in sorted(columns - {link.key})]
    for row in session.execute(select(link, *asked).where(link.in_(sorted(keys, key=str)))):
        loaded[getattr(row, link.key)].append(row)
