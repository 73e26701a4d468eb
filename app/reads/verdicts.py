"""What a caller may do to rows that he sees: for pages, by the Python reading of the same plans that decide writes.

Compiled reads have the SQL reading in their SELECT (`authz.Plan.verdict`); the two give the same.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.authz import Actor, Policy, read_facts
from app.authz.plan import Plan
from app.authz.policy_text import DENY
from app.reads.tables import Model

ALLOWED = ""
Verdict: TypeAlias = str | None  # ALLOWED, the id of the first deny rule that holds, or None: nothing allows it


async def verdicts(
    session: AsyncSession,
    policy: Policy,
    actor: Actor,
    now: datetime,
    model: Model,
    actions: Collection[str],
    keys: Collection[UUID],
) -> Mapping[UUID, Mapping[str, Verdict]]:
    """For each key, the verdict on each action `object.verb` of the rows' object. Rows that are gone have no entry."""
    plans = {action: policy.plan(actor.roles, *action.split(".")) for action in actions}

    def judge(blocking: Session) -> dict[UUID, dict[str, Verdict]]:
        table: Any = model
        rows = list(blocking.scalars(select(table).where(table.id.in_(keys))))
        facts = read_facts(blocking, list(plans.values()), rows)
        return {
            row.id: {action: _verdict(policy, plan, action, row, facts, actor, now) for action, plan in plans.items()}
            for row in rows
        }

    return await session.run_sync(judge)


def _verdict(policy: Policy, plan: Plan, action: str, row: Any, facts: Any, actor: Actor, now: datetime) -> Verdict:
    if plan.check(row, facts, actor, now):
        return ALLOWED
    object_name, _, verb = action.partition(".")
    explained = policy.explain(actor, now, object_name, verb, row, facts)
    denials = (rule.rule_id for rule in explained if rule.effect == DENY and rule.holds)
    return next(denials, None)
