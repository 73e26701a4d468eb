"""Compare the readings of conditions and plans on one world, and name every difference."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session, make_transient

from app.authz import Actor, Facts, Plan, Policy, read_facts
from app.authz.conditions import Condition, Const, Inherited, bind, nodes, not_
from app.authz.plan import Entry
from app.authz.policy_text import DENY
from app.authz.predicate import Caller, predicate_of
from app.authz.principal import Scope
from app.authz.shape import Shape
from app.authz.where import render
from tests.authz.bed import Bed
from tests.authz.toy import MATTER_CONDITIONS, NOW, PAPER_CONDITIONS, Matter, Paper, World

SCOPES = [
    Scope("unit_handler", frozenset({"unit_handler", "unit_head"})),
    Scope("unit_head", frozenset({"unit_head"}), 0),
]
NOBODY = Shape(frozenset(), {})


def store(session: Session, world: World) -> None:
    for row in world.rows:
        make_transient(row)
        session.add(row)
    session.flush()


def _closed(condition: Condition, scope: Scope) -> Condition:
    """Bound to a scope; what is inherited is tested through whole policies, not here."""
    return bind(condition, scope, lambda _inherited: Const(True))


def bound_conditions(conditions: dict[str, Condition]) -> dict[str, Condition]:
    return {
        f"{name} ({scope.suffix})": _closed(condition, scope)
        for name, condition in conditions.items()
        for scope in SCOPES
        if not any(isinstance(node, Inherited) for node in nodes(condition))
    }


def dense_differences(bed: Bed, world: World) -> list[str]:
    """Every condition and its negation over every row, for every actor of the world."""

    def compare(session: Session) -> list[str]:
        store(session, world)
        found: list[str] = []
        for model, rows, conditions in (
            (Matter, world.matters, bound_conditions(MATTER_CONDITIONS)),
            (Paper, world.papers, bound_conditions(PAPER_CONDITIONS)),
        ):
            plan = Plan(NOBODY, tuple(Entry(name, "allow", name, each) for name, each in conditions.items()))
            facts = read_facts(session, [plan], rows)
            for actor in world.actors:
                found += _differences(session, bed.dialect, model, rows, conditions, facts, actor)
        session.rollback()
        return found

    return bed.within(compare)


def _differences(
    session: Session,
    dialect: str,
    model: Any,
    rows: Sequence[Any],
    conditions: dict[str, Condition],
    facts: Facts,
    actor: Actor,
) -> list[str]:
    both = {
        **conditions,
        **{f"not {name}": not_(condition) for name, condition in conditions.items()},
    }
    values = {
        name: value
        for condition in both.values()
        for name, value in Plan(NOBODY, (Entry("", "allow", "", condition),)).parameters(actor, NOW, dialect).items()
    }
    # CASE takes NULL for no, exactly as WHERE does, so that one SELECT answers for every condition.
    answers = [case((render(condition, model, dialect), 1), else_=0) for condition in both.values()]
    statement = select(model.__table__.c.id, *answers).params(values)
    selected = {record[0]: record[1:] for record in session.execute(statement)}
    caller = Caller(actor, NOW)
    return [
        f"{name}: python {expected}, sql {bool(answer)}, row {row.id}"
        for row in rows
        for (name, condition), answer in zip(both.items(), selected[row.id], strict=True)
        if (expected := predicate_of(condition)(row, facts, caller)) != bool(answer)
    ]


def policy_differences(bed: Bed, world: World, policy: Policy) -> list[str]:
    """Casbin's answer, the plan's check, the row's being selected and the verdict on it, for every actor and action."""

    def compare(session: Session) -> list[str]:
        store(session, world)
        found = [
            difference
            for actor in world.actors
            for object_name, model, rows, actions in (
                ("matter", Matter, world.matters, ("view", "decide", "amend")),
                ("paper", Paper, world.papers, ("view", "sign")),
            )
            for action in actions
            for difference in plan_differences(session, bed.dialect, policy, actor, object_name, action, model, rows)
        ]
        session.rollback()
        return found

    return bed.within(compare)


def plan_differences(
    session: Session,
    dialect: str,
    policy: Policy,
    actor: Actor,
    object_name: str,
    action: str,
    model: Any,
    rows: Sequence[Any],
) -> list[str]:
    plan = policy.plan(actor.roles, object_name, action)
    facts = read_facts(session, [plan], rows)
    values = plan.parameters(actor, NOW, dialect)
    statement = select(model.__table__.c.id).where(plan.where(model, dialect))
    selected = set(session.scalars(statement.params(values)))
    verdicts = select(model.__table__.c.id, plan.verdict(model, dialect)).params(values)
    told = {record[0]: record[1] for record in session.execute(verdicts)}
    found = []
    for row in rows:
        explained = policy.explain(actor, NOW, object_name, action, row, facts)
        denied = next((rule.rule_id for rule in explained if rule.effect == DENY and rule.holds), None)
        expected = "" if plan.check(row, facts, actor, NOW) else denied
        if told[row.id] != expected:
            found.append(f"{object_name}.{action} {sorted(actor.roles)}: told {told[row.id]}, explained {expected}")
        decided = policy.decide(actor, NOW, object_name, action, row, facts).allowed
        checked = plan.check(row, facts, actor, NOW)
        if not decided == checked == (row.id in selected):
            found.append(
                f"{object_name}.{action} {sorted(actor.roles)}: decide {decided}, check {checked}, "
                f"selected {row.id in selected}"
            )
    return found
