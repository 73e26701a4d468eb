"""Who acts: everything that a request needs to know of its caller, read in one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, ScalarSelect, Select, String, bindparam, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.authz import Actor, ActorKind, Grant
from app.authz.models import PolicyStatus, PolicyVersion
from app.core.clock import local_date
from app.core.database import Database
from app.core.levels import Classification
from app.core.prepared import PreparedRows
from app.core.refusals import not_found
from app.identity.models import Account, Person, PersonClearance, PostHolding, RoleGrant, Session
from app.identity.queries.validity import in_force, on_day
from app.identity.rules import AccountKind

_KINDS = {
    AccountKind.PERSON: ActorKind.PERSON,
    AccountKind.SERVICE: ActorKind.SERVICE,
    AccountKind.OPERATOR: ActorKind.OPERATOR,
}


@dataclass(frozen=True, slots=True)
class PrincipalRow:
    """The caller of a request. While the password must be changed, the actor holds no role, post or clearance."""

    actor: Actor
    must_change_password: bool
    session_expires_at: datetime


async def principal(
    database: Database, session_id: UUID, account_id: UUID, now: datetime, real_now: datetime
) -> PrincipalRow | None:
    """The caller by his session; None where it was revoked or has ended, or the account or the person is no more.

    Sessions run in real time, posts, grants and clearances in business time.
    """
    prepared = _prepared(database.dialect)
    found = await database.direct.run(prepared.read(principal_values(session_id, account_id, now, real_now)))
    return _made(prepared, tuple(found[0])) if found else None


@lru_cache(maxsize=8)
def _prepared(dialect: Dialect) -> PreparedRows:
    return PreparedRows(PRINCIPAL, dialect)


@lru_cache(maxsize=1000)
def _made(prepared: PreparedRows, row: tuple[Any, ...]) -> PrincipalRow:
    """The row is read with each request; what is made of it is the same as long as it is."""
    return principal_of(prepared.row(row))


async def actor_of_person(session: AsyncSession, person_id: UUID, now: datetime) -> Actor:
    """The rights that a person holds now, whether or not he has an account: for acts recorded on his behalf."""
    values = {"person_id": person_id, "now": now, "day": local_date(now)}
    row = (await session.execute(_PERSON, values)).one_or_none()
    if row is None:
        raise not_found()
    return _actor(row, ActorKind.PERSON)


async def rights_of_people(session: AsyncSession, now: datetime, person_id: UUID | None = None) -> list[Actor]:
    """The rights that people, or one person, have now when they sign in, in no order: for questions about rights."""
    values = {"now": now, "day": local_date(now)}
    asked = _PEOPLE if person_id is None else _PEOPLE.where(Person.id == person_id)
    found = (await session.execute(asked, values)).all()
    return [_actor(row, ActorKind.PERSON, account_id=row.account_id) for row in found]


def principal_values(session_id: UUID, account_id: UUID, now: datetime, real_now: datetime) -> dict[str, Any]:
    """The parameters of `PRINCIPAL`."""
    return {
        "session_id": session_id,
        "account_id": account_id,
        "now": now,
        "day": local_date(now),
        "real_now": real_now,
    }


def principal_of(row: Any) -> PrincipalRow:
    """A row of `PRINCIPAL`."""
    actor = _actor(row, _KINDS[row.kind], account_id=row.account_id, session_id=row.session_id)
    if row.must_change_password:
        actor = _without_rights(actor)
    return PrincipalRow(actor, row.must_change_password, row.expires_at)


def _actor(row: Any, kind: ActorKind, *, account_id: UUID | None = None, session_id: UUID | None = None) -> Actor:
    unit_ids = frozenset(UUID(unit_id) for unit_id in _items(row.units))
    return Actor(
        kind=kind,
        account_id=account_id,
        person_id=row.person_id,
        name=row.name,
        clearance=_clearance(row.clearance, unit_ids),
        unit_ids=unit_ids,
        grants=tuple(_grant(text) for text in sorted(_items(row.grants))),
        session_id=session_id,
        policy_version=row.policy_version or 0,
    )


def _clearance(level: Classification | None, unit_ids: frozenset[UUID]) -> Classification:
    """As given in writing; else 内部 for who holds a post today, as every post does, and 公开 for all others."""
    if level is not None:
        return level
    return Classification.INTERNAL if unit_ids else Classification.PUBLIC


def _without_rights(actor: Actor) -> Actor:
    return Actor(
        kind=actor.kind,
        account_id=actor.account_id,
        person_id=actor.person_id,
        name=actor.name,
        clearance=Classification.PUBLIC,
        unit_ids=frozenset(),
        grants=(),
        session_id=actor.session_id,
        policy_version=actor.policy_version,
    )


def _items(joined: str | None) -> list[str]:
    return joined.split(",") if joined else []


def _grant(text: str) -> Grant:
    role, unit_id, case_id, lender_id, actions = text.split(":")
    if not case_id:
        return Grant(role, UUID(unit_id) if unit_id else None)
    return Grant(role, UUID(unit_id) if unit_id else None, UUID(case_id), UUID(lender_id), frozenset(actions.split()))


def _text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    return func.coalesce(cast(column, String), "")


def _units(person_id: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """The units of the posts held today, joined into one text: so the principal is one row on either database."""
    held = on_day(PostHolding.valid_from, PostHolding.valid_until, bindparam("day"))
    units = select(func.aggregate_strings(_text(PostHolding.unit_id), ","))
    return units.where(PostHolding.person_id == person_id, held).scalar_subquery()


def _grants(holder: ColumnElement[bool]) -> ScalarSelect[Any]:
    """`role:unit:case:lender:actions` of the grants in force, joined likewise."""
    columns = (RoleGrant.role, RoleGrant.unit_id, RoleGrant.case_id, RoleGrant.granted_by, RoleGrant.actions)
    grant = reduce(lambda text, column: text + literal(":") + _text(column), columns[1:], _text(columns[0]))
    grants = select(func.aggregate_strings(grant, ","))
    lasting = or_(RoleGrant.lent_from.is_(None), _still_lent())
    return grants.where(holder, in_force(RoleGrant, bindparam("now")), lasting).scalar_subquery()


def _still_lent() -> ColumnElement[bool]:
    """Who lent it is still here and holds it himself: his leaving voids the power, without anybody doing anything."""
    own, lender = aliased(RoleGrant), aliased(Person)
    found = select(literal(1)).select_from(own).join(lender, lender.id == own.person_id)
    here = or_(lender.valid_until.is_(None), lender.valid_until >= bindparam("day"))
    return found.where(own.id == RoleGrant.lent_from, in_force(own, bindparam("now")), here).exists()


def _level(person_id: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Of several clearances at one time the lowest counts."""
    valid = in_force(PersonClearance, bindparam("now"))
    return (
        select(func.min(PersonClearance.level)).where(PersonClearance.person_id == person_id, valid).scalar_subquery()
    )


def _policy_version() -> ScalarSelect[Any]:
    return select(PolicyVersion.number).where(PolicyVersion.status == PolicyStatus.ACTIVE).scalar_subquery()


def _still_here() -> ColumnElement[bool]:
    return or_(Person.valid_until.is_(None), Person.valid_until >= bindparam("day"))


def _principal_statement() -> Select[*tuple[Any, ...]]:
    holder = or_(RoleGrant.account_id == Account.id, RoleGrant.person_id == Account.person_id)
    return (
        select(
            Account.id.label("account_id"),
            Account.kind,
            Account.must_change_password,
            Account.person_id,
            func.coalesce(Person.name, Account.login).label("name"),
            Session.id.label("session_id"),
            Session.expires_at,
            _policy_version().label("policy_version"),
            _level(Account.person_id).label("clearance"),
            _units(Account.person_id).label("units"),
            _grants(holder).label("grants"),
        )
        .join(Account, Account.id == Session.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(
            Session.id == bindparam("session_id"),
            Account.id == bindparam("account_id"),
            Session.revoked_at.is_(None),
            Session.expires_at > bindparam("real_now"),
            Account.disabled_at.is_(None),
            _still_here(),
        )
    )


def _people_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id.label("person_id"),
            Person.name,
            Account.id.label("account_id"),
            _policy_version().label("policy_version"),
            _level(Person.id).label("clearance"),
            _units(Person.id).label("units"),
            _grants(RoleGrant.person_id == Person.id).label("grants"),
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(_still_here())
    )


PRINCIPAL = _principal_statement()
_PEOPLE = _people_statement()
_PERSON = _PEOPLE.where(Person.id == bindparam("person_id"))
