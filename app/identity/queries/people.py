"""Which people hold what: posts that may sign, heads, those to be told, those with a role."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Role
from app.identity.models import Account, Person, PostHolding, RoleGrant, UnitContact
from app.identity.queries.validity import in_force, on_day
from app.identity.rules import HEADING_CAPACITIES, SIGNING_CAPACITIES, ContactKind, PostCapacity, canonical_login

_TOLD = frozenset({ContactKind.HANDLER, ContactKind.LIAISON})
_RANK = {capacity: rank for rank, capacity in enumerate(PostCapacity)}


async def signing_posts(
    session: AsyncSession, person_id: UUID, unit_id: UUID, day: date, *, major: bool
) -> list[PostHolding]:
    """The posts in which a person may sign for a unit on a day (第七条（二）), the fullest capacity first.

    A `major` matter is signed by who heads the unit (第二十条). That he may sign at all the policy says, of the posts
    that come with the actor (`principals.py`).
    """
    statement = select(PostHolding).where(
        PostHolding.person_id == person_id,
        PostHolding.unit_id == unit_id,
        PostHolding.capacity.in_(HEADING_CAPACITIES if major else SIGNING_CAPACITIES),
        on_day(PostHolding.valid_from, PostHolding.valid_until, day),
    )
    posts = (await session.execute(statement)).scalars()
    return sorted(posts, key=lambda post: (_RANK[post.capacity], post.valid_from, post.id))


async def heads_of_unit(session: AsyncSession, unit_id: UUID, day: date) -> list[UUID]:
    """主要领导 of the day: those who hold, act in or are in charge of the headship. An authorised signer is not one."""
    found = (await session.execute(_heads([unit_id], day))).all()
    return sorted((head.person_id for head in found), key=str)


async def people_to_notify(session: AsyncSession, unit_ids: Collection[UUID], day: date) -> Mapping[UUID, list[UUID]]:
    """For each unit its handlers, liaisons and heads, each person once. A unit without any has an empty list."""
    contacts = (
        select(UnitContact.unit_id, UnitContact.person_id)
        .join(Person, Person.id == UnitContact.person_id)
        .where(
            UnitContact.unit_id.in_(unit_ids),
            UnitContact.kind.in_(_TOLD),
            UnitContact.removed_at.is_(None),
            or_(Person.valid_until.is_(None), Person.valid_until >= day),
        )
    )
    found = [tuple(row) for row in (await session.execute(union(contacts, _heads(unit_ids, day)))).all()]
    told: dict[UUID, list[UUID]] = {unit_id: [] for unit_id in unit_ids}
    for unit_id, person_id in sorted(found, key=str):
        told[unit_id].append(person_id)
    return told


async def holders_of_role(session: AsyncSession, role: Role, now: datetime) -> list[UUID]:
    """The people to whom the role itself is granted now; those of a role that implies it are not among them."""
    statement = select(RoleGrant.person_id).where(
        RoleGrant.role == role, RoleGrant.person_id.is_not(None), RoleGrant.case_id.is_(None), in_force(RoleGrant, now)
    )
    people = (await session.execute(statement.distinct())).scalars()
    return sorted((person_id for person_id in people if person_id is not None), key=str)


async def person_of_login(session: AsyncSession, login: str) -> UUID | None:
    """Who signs in by this name; None where nobody does, or may not any more."""
    statement = select(Account.person_id).where(Account.login == canonical_login(login), Account.disabled_at.is_(None))
    return await session.scalar(statement)


def _heads(unit_ids: Collection[UUID], day: date) -> Select[UUID, UUID]:
    return (
        select(PostHolding.unit_id, PostHolding.person_id)
        .join(Person, Person.id == PostHolding.person_id)
        .where(
            PostHolding.unit_id.in_(unit_ids),
            PostHolding.capacity.in_(HEADING_CAPACITIES),
            on_day(PostHolding.valid_from, PostHolding.valid_until, day),
            or_(Person.valid_until.is_(None), Person.valid_until >= day),
        )
        .distinct()
    )
