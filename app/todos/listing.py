"""待办: what waits for the caller, for his units or for whoever holds one of his roles."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, or_

from app.authz import Actor
from app.reads.filters import Listing, Scope, at_most, one_of
from app.reads.keyset import ascending
from app.reads.sets import among
from app.todos.models import Todo

_PERSON, _UNITS, _ROLES = "level_scope_person", "level_scope_units", "level_scope_roles"


def _waits_for_me(row: FromClause, dialect: str) -> ColumnElement[bool]:
    holders = or_(
        row.c.person_id == bindparam(_PERSON, type_=row.c.person_id.type),
        among(row.c.unit_id, _UNITS, dialect),
        among(row.c.role, _ROLES, dialect),
    )
    return row.c.closed_at.is_(None) & holders


def _values(actor: Actor) -> dict[str, Any]:
    return {
        _PERSON: actor.person_id,
        _UNITS: sorted(actor.unit_ids),
        _ROLES: sorted({str(grant.role) for grant in actor.grants}),
    }


TODO_LISTING = Listing(
    model=Todo,
    order=(ascending(Todo.due_at),),
    filters={"actions": one_of(Todo.action), "due_until": at_most(Todo.due_on)},
    orders={},
    scope=Scope(_waits_for_me, _values),
)
