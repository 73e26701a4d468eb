"""What a condition may ask of the caller, with the type and the name under which it enters a statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ARRAY, BindParameter, Integer, String, Uuid, bindparam
from sqlalchemy.types import TypeEngine

from app.authz.actor import Actor
from app.core.database import UTCDateTime

POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True)
class Scope:
    """How a rule's subject role is held: lastingly (`group` None), or for the cases of a group of temporary grants.

    Of these only the cases count for which the rule's `action` was lent.
    """

    role: str
    granted_as: frozenset[str]  # the role and every role that implies it
    group: int | None = None
    action: str = ""

    @property
    def suffix(self) -> str:
        return self.role if self.group is None else f"{self.role}_{self.group}_{self.action.replace('.', '_')}"


@dataclass(frozen=True, slots=True)
class _Attribute:
    type: TypeEngine[Any]
    value: Callable[[Actor, datetime, Scope | None], Any]
    many: bool = False
    nullable: bool = False
    scoped: bool = False


def _units(actor: Actor, _now: datetime, scope: Scope | None) -> frozenset[Any]:
    assert scope is not None
    granted = actor.grants_of(scope.granted_as, scope.group)
    return frozenset(grant.unit_id for grant in granted if grant.unit_id is not None)


def _cases(actor: Actor, _now: datetime, scope: Scope | None) -> frozenset[Any]:
    assert scope is not None
    granted = actor.grants_of(scope.granted_as, scope.group)
    return frozenset(grant.case_id for grant in granted if grant.case_id is not None and grant.lends(scope.action))


def _stands_for(actor: Actor, _now: datetime, scope: Scope | None) -> Any:
    assert scope is not None
    if scope.group is None:
        return actor.person_id
    lenders = {grant.lender_id for grant in actor.grants_of(scope.granted_as, scope.group)}
    return next(iter(lenders), None)


_ATTRIBUTES: dict[str, _Attribute] = {
    "clearance": _Attribute(Integer(), lambda actor, _now, _scope: int(actor.clearance)),
    "person_id": _Attribute(Uuid(), lambda actor, _now, _scope: actor.person_id, nullable=True),
    "stands_for": _Attribute(Uuid(), _stands_for, nullable=True, scoped=True),
    "account_id": _Attribute(Uuid(), lambda actor, _now, _scope: actor.account_id, nullable=True),
    "now": _Attribute(UTCDateTime(), lambda _actor, now, _scope: now),
    "all_units": _Attribute(Uuid(), lambda actor, _now, _scope: actor.unit_ids, many=True),
    "headed_units": _Attribute(Uuid(), lambda actor, _now, _scope: actor.headed_unit_ids, many=True),
    "signing_units": _Attribute(Uuid(), lambda actor, _now, _scope: actor.signing_unit_ids, many=True),
    "units": _Attribute(Uuid(), _units, many=True, scoped=True),
    "cases": _Attribute(Uuid(), _cases, many=True, scoped=True),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """A value that the caller brings. `scope` is filled in when a rule binds the condition to its subject role.

    `only`: of a set the one value that it has, for callers who bring no more (`reach.py`).
    """

    attribute: str
    scope: Scope | None = None
    only: bool = False

    @property
    def name(self) -> str:
        name = f"actor_{self.attribute}" if self.scope is None else f"actor_{self.attribute}_{self.scope.suffix}"
        return f"{name}_only" if self.only else name

    @property
    def many(self) -> bool:
        return _ATTRIBUTES[self.attribute].many and not self.only

    @property
    def nullable(self) -> bool:
        return _ATTRIBUTES[self.attribute].nullable

    @property
    def scoped(self) -> bool:
        return _ATTRIBUTES[self.attribute].scoped

    def bound_to(self, scope: Scope) -> "Principal":
        return Principal(self.attribute, scope) if self.scoped else self

    def value(self, actor: Actor, now: datetime) -> Any:
        attribute = _ATTRIBUTES[self.attribute]
        found = attribute.value(actor, now, self.scope)
        return next(iter(found), None) if self.only and attribute.many else found

    def parameter(self, actor: Actor, now: datetime, dialect: str) -> Any:
        """The value as the statement wants it: a set is an array on PostgreSQL and a JSON text on SQLite."""
        value = self.value(actor, now)
        if not self.many:
            return value
        ordered = sorted(value, key=str)
        return ordered if dialect == POSTGRESQL else orjson.dumps([item.hex for item in ordered]).decode()

    def bind(self, dialect: str) -> BindParameter[Any]:
        element = _ATTRIBUTES[self.attribute].type
        if not self.many:
            return bindparam(self.name, type_=element)
        return bindparam(self.name, type_=ARRAY(element) if dialect == POSTGRESQL else String())


def principal(attribute: str) -> Principal:
    """`clearance`, `person_id`, `account_id`, `now`, `all_units` (of the posts held), or what depends on the rule.

    Of these units `headed_units` are those that he heads today, `signing_units` those for which he may sign.

    `units` are those for which the rule's subject role, or a role that implies it, was granted; `cases` those for which
    it was lent. Who holds it by a temporary power `stands_for` who lent it; everybody else for himself.
    """
    if attribute not in _ATTRIBUTES:
        raise KeyError(attribute)
    return Principal(attribute)
