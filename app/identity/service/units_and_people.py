"""Units, people and the posts that they hold, as the office keeps them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Problems, RefusalCode
from app.core.texts import NAME, clean, clean_optional
from app.identity.models import Person, PostHolding, Unit, UnitName
from app.identity.rules import LeaderSystem, PostCapacity, Subordination, UnitKind
from app.work import Work


@dataclass(frozen=True, slots=True)
class CreateUnit:
    kind: UnitKind
    subordination: Subordination
    name: str
    valid_from: date
    short_name: str | None = None
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CreatePerson:
    """`system`, `chief` and `portfolio` (分管) are a leader's."""

    name: str
    system: LeaderSystem | None = None
    chief: bool = False
    portfolio: str | None = None


@dataclass(frozen=True, slots=True)
class HoldPost:
    person_id: UUID
    unit_id: UUID
    post: str
    capacity: PostCapacity
    valid_from: date
    valid_until: date | None = None
    basis: str | None = None


async def create_unit(work: Work, command: CreateUnit) -> Unit:
    """A new unit, under the name that is its first. INVALID_INPUT for an unknown parent or a name in use."""
    problems = Problems()
    unit = Unit(
        id=new_id(),
        kind=command.kind,
        subordination=command.subordination,
        parent_id=command.parent_id,
        name=clean(problems, command.name, NAME, "input", "name"),
        short_name=clean_optional(problems, command.short_name, NAME, "input", "shortName"),
        valid_from=command.valid_from,
        updated_at=work.now,
    )
    await work.require("unit.create", unit)
    if command.parent_id is not None:
        parent = await work.session.get(Unit, command.parent_id)
        problems.check(parent is not None, RefusalCode.BAD_ID, "input", "parent")
    problems.raise_if_any()
    await refuse_taken_name(work, unit.name)
    work.session.add(unit)
    await work.session.flush()
    work.session.add(UnitName(unit_id=unit.id, name=unit.name, valid_from=unit.valid_from))
    await work.record_admin("unit.created", ("unit", unit.id), action="unit.create")
    return unit


async def create_person(work: Work, command: CreatePerson) -> Person:
    """A human being, without any right yet. Two people may have the same name."""
    problems = Problems()
    person = Person(
        id=new_id(),
        name=clean(problems, command.name, NAME, "input", "name"),
        system=command.system,
        chief=command.chief,
        portfolio=clean_optional(problems, command.portfolio, NAME, "input", "portfolio"),
        updated_at=work.now,
    )
    await work.require("person.create", person)
    problems.raise_if_any()
    work.session.add(person)
    await work.record_admin("person.created", ("person", person.id), action="person.create")
    return person


async def hold_post(work: Work, command: HoldPost) -> PostHolding:
    """A person's post in a unit. A written authorisation (授权) names its basis and ends within the days allowed."""
    problems = Problems()
    holding = PostHolding(
        id=new_id(),
        person_id=command.person_id,
        unit_id=command.unit_id,
        post=clean(problems, command.post, NAME, "input", "post"),
        capacity=command.capacity,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        basis=clean_optional(problems, command.basis, NAME, "input", "basis"),
    )
    await work.require("post.hold", holding)
    for model, row_id, field in ((Person, holding.person_id, "person"), (Unit, holding.unit_id, "unit")):
        problems.check(await work.session.get(model, row_id) is not None, RefusalCode.BAD_ID, "input", field)
    _check_validity(problems, holding, work.regulation.unit.authorised_head_days)
    problems.raise_if_any()
    work.session.add(holding)
    await work.record_admin("post.held", ("post", holding.id), action="post.hold")
    return holding


async def refuse_taken_name(work: Work, name: str) -> None:
    """Asked of a name that is fit to be one: a database may refuse other text."""
    problems = Problems()
    taken = (await work.session.execute(select(Unit.id).where(Unit.name == name))).first()
    problems.check(taken is None, RefusalCode.NAME_TAKEN, "input", "name")
    problems.raise_if_any()


def _check_validity(problems: Problems, holding: PostHolding, authorised_days: int) -> None:
    last = holding.valid_until
    problems.check(last is None or holding.valid_from <= last, RefusalCode.BAD_DATE, "input", "validUntil")
    if holding.capacity is PostCapacity.AUTHORISED:
        problems.check(holding.basis is not None, RefusalCode.REQUIRED, "input", "basis")
        problems.check(last is not None, RefusalCode.REQUIRED, "input", "validUntil")
        longest = holding.valid_from + timedelta(days=authorised_days - 1)
        problems.check(last is None or last <= longest, RefusalCode.BAD_DATE, "input", "validUntil")
