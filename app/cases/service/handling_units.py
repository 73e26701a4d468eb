"""各街道办事处 and the like: which units a proposal means on a day. Who is in a group counts on the day of dispatch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.cases.rules import AssignmentRole
from app.identity.queries import group_members, unit_names_on, valid_units
from app.work import Work


@dataclass(frozen=True, slots=True)
class ProposedUnitChoice:
    """A unit, or a group whose members each get an assignment of this role."""

    role: AssignmentRole
    unit_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandlingUnit:
    """A unit that gets a part, by way of a group or by itself, under its name of today."""

    unit_id: UUID
    role: AssignmentRole
    group_id: UUID | None
    name: str


async def handling_units(work: Work, choices: Sequence[ProposedUnitChoice]) -> list[HandlingUnit]:
    """The units that are meant today, each once, in the order given; one named by itself keeps its own role."""
    members = await group_members(work.session, [choice.group_id for choice in choices if choice.group_id])
    named = {choice.unit_id for choice in choices if choice.unit_id}
    meant = [
        (unit_id, choice)
        for choice in choices
        for unit_id in ([choice.unit_id] if choice.unit_id else _others(members, choice.group_id, named))
    ]
    first = dict(reversed(meant))
    keys = list(dict.fromkeys(unit_id for unit_id, _ in meant))
    valid = await valid_units(work.session, keys, work.today)
    names = await unit_names_on(work.session, keys, work.today)
    return [
        HandlingUnit(key, first[key].role, None if first[key].unit_id else first[key].group_id, names[key])
        for key in keys
        if key in valid
    ]


def _others(members: Mapping[UUID, list[UUID]], group_id: UUID | None, named: Collection[UUID]) -> list[UUID]:
    return [unit_id for unit_id in members[group_id] if unit_id not in named] if group_id else []
