"""Whom a message goes to: who comes to owe something, and who must hear of it. Nobody who may not see the case."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from app.accountability.models import AccountabilityProposal
from app.assignments.models import Assignment
from app.authz import Role, load_facts, object_of
from app.cases.models import Case
from app.cases.rules import AssignmentRole
from app.core.levels import Classification
from app.escalation.rules import Audience
from app.identity.models import Unit
from app.identity.queries import actor_of_person, holders_of_role, people_to_notify
from app.identity.rules import UnitKind
from app.todos.models import Todo
from app.work import Work

Addressees = dict[UUID, UUID | None]  # person: the unit for which it comes to him

_ROLES: dict[Audience, Role] = {
    Audience.OFFICER: Role.SUPERVISION_OFFICER,
    Audience.SUPERVISION_HEAD: Role.SUPERVISION_HEAD,
    Audience.OFFICE_LEADER: Role.OFFICE_LEADER,
}


async def of_todos(work: Work, todo_ids: Collection[UUID]) -> Addressees:
    """The people for whom these todos wait, as far as they still do."""
    found: Addressees = {}
    if not todo_ids:
        return found
    statement = select(Todo).where(Todo.id.in_(todo_ids), Todo.closed_at.is_(None)).order_by(Todo.id)
    for todo in (await work.session.scalars(statement)).all():
        if todo.person_id is not None:
            found[todo.person_id] = None
        elif todo.role is not None:
            found |= dict.fromkeys(await holders_of_role(work.session, Role(todo.role), work.now))
        elif todo.unit_id is not None:
            found |= await of_units(work, [todo.unit_id])
    return found


async def of_audiences(
    work: Work, audiences: Iterable[Audience], case: Case | None, unit_id: UUID | None
) -> Addressees:
    """The people behind the audiences of a case; `unit_id` is the unit that it concerns."""
    found: Addressees = {}
    for audience in audiences:
        if audience in _ROLES:
            found |= dict.fromkeys(await holders_of_role(work.session, _ROLES[audience], work.now))
        elif audience is Audience.CASE_LEADER:
            found |= {case.leader_id: None} if case and case.leader_id else {}
        elif audience is Audience.UNIT:
            found |= await of_units(work, [unit_id] if unit_id else [])
        elif case is not None:
            found |= await of_units(work, await _units_of(work, case, lead_only=audience is Audience.LEAD_UNIT))
    return found


async def of_units(work: Work, unit_ids: Collection[UUID]) -> Addressees:
    """Handlers, liaisons and heads; what goes to the office itself goes to its leader too (第三十条(二))."""
    if not unit_ids:
        return {}
    told = await people_to_notify(work.session, unit_ids, work.today)
    found: Addressees = {person_id: unit_id for unit_id, people in told.items() for person_id in people}
    offices = select(Unit.id).where(Unit.id.in_(unit_ids), Unit.kind == UnitKind.SUPERVISION_OFFICE)
    if (await work.session.scalars(offices)).first() is not None:
        found |= dict.fromkeys(await holders_of_role(work.session, Role.OFFICE_LEADER, work.now))
    return found


async def who_may_see(work: Work, about: Case | AccountabilityProposal | None, found: Addressees) -> Addressees:
    """Of what is restricted or classified only those hear who may see it (第二十三条)."""
    if about is None or (not about.restricted and about.classification <= Classification.INTERNAL):
        return found
    return {person_id: unit_id for person_id, unit_id in found.items() if await _may_see(work, about, person_id)}


async def _may_see(work: Work, about: Case | AccountabilityProposal, person_id: UUID) -> bool:
    actor, kind = await actor_of_person(work.session, person_id, work.now), object_of(type(about)).name
    facts = await load_facts(work.session, work.policy, actor, kind, "view", [about])
    return work.policy.decide(actor, work.now, kind, "view", about, facts).allowed


async def _units_of(work: Work, case: Case, *, lead_only: bool) -> list[UUID]:
    statement = select(Assignment.unit_id).where(Assignment.case_id == case.id)
    if lead_only:
        statement = statement.where(Assignment.role == AssignmentRole.LEAD)
    return list((await work.session.scalars(statement.distinct())).all())
