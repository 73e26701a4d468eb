"""Who acts: everything that a request needs to know of its caller, read in one statement."""

from collections.abc import Collection
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
from app.identity.rules import HEADING_CAPACITIES, SIGNING_CAPACITIES, AccountKind, PostCapacity
from app.reads.sets import among

_KINDS = {
    AccountKind.PERSON: ActorKind.PERSON,
    AccountKind.SERVICE: ActorKind.SERVICE,
    AccountKind.OPERATOR: ActorKind.OPERATOR,
    AccountKind.EMERGENCY: ActorKind.EMERGENCY,
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


async def principals(
    database: Database, session_ids: Collection[UUID], now: datetime, real_now: datetime
) -> list[PrincipalRow]:
    """The callers of many sessions, without those whose session has ended or who are no more, in one statement."""
    prepared = _prepared_for_many(database.dialect)
    values = {"session_ids": session_ids, "now": now, "day": local_date(now), "real_now": real_now}
    found = await database.direct.run(prepared.read(values))
    return [_made(prepared, tuple(row)) for row in found]


async def living_sessions(database: Database, session_ids: Collection[UUID], real_now: datetime) -> frozenset[UUID]:
    """Those of these sessions that were not revoked and have not ended."""
    prepared = _prepared_for_sessions(database.dialect)
    found = await database.direct.run(prepared.read({"session_ids": session_ids, "real_now": real_now}))
    return frozenset(prepared.column(found))


@lru_cache(maxsize=8)
def _prepared_for_many(dialect: Dialect) -> PreparedRows:
    many = among(Session.__table__.c.id, "session_ids", dialect.name)
    return PreparedRows(_CALLERS.where(many), dialect)


@lru_cache(maxsize=8)
def _prepared_for_sessions(dialect: Dialect) -> PreparedRows:
    many = among(Session.__table__.c.id, "session_ids", dialect.name)
    return PreparedRows(select(Session.id).where(many, *_of_a_living_session()), dialect)


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


async def actor_of_service(session: AsyncSession, account_id: UUID, now: datetime) -> Actor | None:
    """The rights that an outside system holds now; None where its account is closed or is somebody else's."""
    values = {"account_id": account_id, "now": now, "day": local_date(now)}
    row = (await session.execute(_SERVICE, values)).one_or_none()
    return None if row is None else _actor(row, ActorKind.SERVICE, account_id=account_id)


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
    posts = [_post(text) for text in _items(row.posts)]
    unit_ids = frozenset(unit_id for unit_id, _ in posts)
    grants = tuple(_grant(text) for text in sorted(_items(row.grants)))
    inside = bool(unit_ids) or (kind is ActorKind.SERVICE and any(grant.unit_id for grant in grants))
    return Actor(
        kind=kind,
        account_id=account_id,
        person_id=row.person_id,
        name=row.name,
        clearance=_clearance(row.clearance, inside=inside),
        unit_ids=unit_ids,
        grants=grants,
        session_id=session_id,
        policy_version=row.policy_version or 0,
        headed_unit_ids=frozenset(unit_id for unit_id, capacity in posts if capacity in HEADING_CAPACITIES),
        signing_unit_ids=frozenset(unit_id for unit_id, capacity in posts if capacity in SIGNING_CAPACITIES),
    )


def _clearance(level: Classification | None, *, inside: bool) -> Classification:
    """As given in writing; else 内部 for who holds a post today, as every post does, and 公开 for all others.

    An outside system that works for a unit is as much inside it, and never more: no clearance is given to machines.
    """
    if level is not None:
        return level
    return Classification.INTERNAL if inside else Classification.PUBLIC


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


def _post(text: str) -> tuple[UUID, PostCapacity]:
    unit_id, capacity = text.split(":")
    return UUID(unit_id), PostCapacity(capacity)


def _grant(text: str) -> Grant:
    role, unit_id, case_id, lender_id, actions = text.split(":")
    if not case_id:
        return Grant(role, UUID(unit_id) if unit_id else None)
    return Grant(role, UUID(unit_id) if unit_id else None, UUID(case_id), UUID(lender_id), frozenset(actions.split()))


def _text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    return func.coalesce(cast(column, String), "")


def _posts(person_id: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """`unit:capacity` of the posts held today, joined into one text: so the principal is one row on either database."""
    held = on_day(PostHolding.valid_from, PostHolding.valid_until, bindparam("day"))
    post = _text(PostHolding.unit_id) + literal(":") + _text(PostHolding.capacity)
    posts = select(func.aggregate_strings(post, ","))
    return posts.where(PostHolding.person_id == person_id, held).scalar_subquery()


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


def _of_a_living_session() -> tuple[ColumnElement[bool], ...]:
    return Session.revoked_at.is_(None), Session.expires_at > bindparam("real_now")


def _callers_statement() -> Select[*tuple[Any, ...]]:
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
            _posts(Account.person_id).label("posts"),
            _grants(holder).label("grants"),
        )
        .join(Account, Account.id == Session.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(*_of_a_living_session(), Account.disabled_at.is_(None), _still_here())
    )


def _people_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id.label("person_id"),
            Person.name,
            Account.id.label("account_id"),
            _policy_version().label("policy_version"),
            _level(Person.id).label("clearance"),
            _posts(Person.id).label("posts"),
            _grants(RoleGrant.person_id == Person.id).label("grants"),
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .where(_still_here())
    )


def _service_statement() -> Select[*tuple[Any, ...]]:
    return select(
        Account.person_id,
        Account.login.label("name"),
        _policy_version().label("policy_version"),
        literal(None).label("clearance"),
        literal("").label("posts"),
        _grants(RoleGrant.account_id == Account.id).label("grants"),
    ).where(Account.id == bindparam("account_id"), Account.kind == AccountKind.SERVICE, Account.disabled_at.is_(None))


_CALLERS = _callers_statement()
PRINCIPAL = _CALLERS.where(Session.id == bindparam("session_id"), Account.id == bindparam("account_id"))
_SERVICE = _service_statement()
_PEOPLE = _people_statement()
_PERSON = _PEOPLE.where(Person.id == bindparam("person_id"))
