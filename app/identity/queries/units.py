"""Units by name and by day: what a document printed then, and which unit a written name means."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import Unit, UnitGroup, UnitGroupMember, UnitName
from app.identity.queries.validity import on_day


async def unit_names_on(session: AsyncSession, unit_ids: Collection[UUID], day: date) -> Mapping[UUID, str]:
    """The name of each unit on that day; today's name where none is on record for it."""
    today = (await session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))).all()
    then = await session.execute(
        select(UnitName.unit_id, UnitName.name)
        .where(UnitName.unit_id.in_(unit_ids), on_day(UnitName.valid_from, UnitName.valid_until, day))
        .order_by(UnitName.valid_from)
    )
    return {**{unit.id: unit.name for unit in today}, **{name.unit_id: name.name for name in then}}


async def units_by_name(session: AsyncSession) -> Mapping[str, UUID]:
    """Every name that means one unit: present names first, then short names, then past ones.

    A name that two units share at the same rank is left out: which one is meant is for people to say.
    """
    units = (await session.execute(select(Unit.id, Unit.name, Unit.short_name))).all()
    past = (await session.execute(select(UnitName.name, UnitName.unit_id))).all()
    present = [(unit.name, unit.id) for unit in units]
    short = [(unit.short_name, unit.id) for unit in units if unit.short_name]
    meant: dict[str, set[UUID]] = {}
    for rank in (present, short, [(row.name, row.unit_id) for row in past]):
        meant = {**_by_name(rank), **meant}
    return {name: next(iter(unit_ids)) for name, unit_ids in meant.items() if len(unit_ids) == 1}


async def groups_by_name(session: AsyncSession) -> Mapping[str, UUID]:
    found = (await session.execute(select(UnitGroup.name, UnitGroup.id))).all()
    return {group.name: group.id for group in found}


async def valid_units(session: AsyncSession, unit_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Those of the units that have not been closed by that day."""
    lasting = or_(Unit.valid_until.is_(None), Unit.valid_until >= day)
    return frozenset(await session.scalars(select(Unit.id).where(Unit.id.in_(unit_ids), lasting)))


async def group_members(session: AsyncSession, group_ids: Collection[UUID]) -> Mapping[UUID, list[UUID]]:
    """The units of each group, by name."""
    statement = (
        select(UnitGroupMember.group_id, Unit.id)
        .join(Unit, Unit.id == UnitGroupMember.unit_id)
        .where(UnitGroupMember.group_id.in_(group_ids))
        .order_by(Unit.name)
    )
    members: dict[UUID, list[UUID]] = {group_id: [] for group_id in group_ids}
    for group_id, unit_id in (await session.execute(statement)).all():
        members[group_id].append(unit_id)
    return members


def _by_name(named: Iterable[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for name, unit_id in named:
        found[name].add(unit_id)
    return found
