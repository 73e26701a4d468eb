"""The SELECTs of the talk use cases: a talk locked with its case, and who may hold one."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz import Role
from app.cases.models import Case
from app.identity.models import PostHolding, Unit
from app.identity.queries import holders_of_role
from app.identity.queries.validity import on_day
from app.identity.rules import HEADING_CAPACITIES, PostCapacity, UnitKind
from app.talks.models import FormalTalk
from app.work import Work

_LEADS = (Role.SUPERVISION_HEAD, Role.OFFICE_LEADER)
_OFFICERS = (*_LEADS, Role.SUPERVISION_OFFICER)


async def load_talk(work: Work, talk_id: UUID) -> tuple[Case, FormalTalk]:
    """A talk that the actor may see, with its case: locked in the order case, talk."""
    seen = await work.load(FormalTalk, talk_id, lock=False)
    case = await work.reach(Case, seen.case_id)
    return case, await work.reach(FormalTalk, talk_id)


async def possible_holders(session: AsyncSession, unit_id: UUID, day: date, now: datetime) -> frozenset[UUID]:
    """督查办负责人 and 办公室领导 of the day, by post or by role, who hold no post in the unit that is talked to."""
    heads = await _of_the_office(session, HEADING_CAPACITIES, day)
    return heads.union(*await _with_roles(session, _LEADS, now)) - await _staff_of(session, unit_id, day)


async def possible_officers(session: AsyncSession, unit_id: UUID, day: date, now: datetime) -> frozenset[UUID]:
    """Who may sit in a talk as the second officer."""
    staff = await _of_the_office(session, frozenset(PostCapacity), day)
    return staff.union(*await _with_roles(session, _OFFICERS, now)) - await _staff_of(session, unit_id, day)


async def _of_the_office(session: AsyncSession, capacities: Collection[PostCapacity], day: date) -> frozenset[UUID]:
    statement = (
        select(PostHolding.person_id)
        .join(Unit, Unit.id == PostHolding.unit_id)
        .where(
            Unit.kind == UnitKind.SUPERVISION_OFFICE,
            PostHolding.capacity.in_(capacities),
            on_day(PostHolding.valid_from, PostHolding.valid_until, day),
        )
    )
    return frozenset(await session.scalars(statement))


async def _with_roles(session: AsyncSession, roles: Collection[Role], now: datetime) -> list[list[UUID]]:
    return [await holders_of_role(session, role, now) for role in roles]


async def _staff_of(session: AsyncSession, unit_id: UUID, day: date) -> frozenset[UUID]:
    statement = select(PostHolding.person_id).where(
        PostHolding.unit_id == unit_id, on_day(PostHolding.valid_from, PostHolding.valid_until, day)
    )
    return frozenset(await session.scalars(statement))
