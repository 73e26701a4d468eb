"""联系人、联络员: whom a unit names, so that it hears of what it has to do. Named by its head or by the office."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import clean_optional
from app.identity.models import PostHolding, Unit, UnitContact
from app.identity.queries.validity import on_day
from app.identity.rules import LONGEST_PHONE, ContactKind
from app.work import Work


@dataclass(frozen=True, slots=True)
class NameContact:
    unit_id: UUID
    person_id: UUID
    kind: ContactKind
    phone: str | None = None


async def name_contact(work: Work, command: NameContact) -> UnitContact:
    """One of the unit's people as its contact. Named again, he has another telephone."""
    problems = Problems()
    contact = UnitContact(
        id=new_id(),
        unit_id=command.unit_id,
        person_id=command.person_id,
        kind=command.kind,
        phone=clean_optional(problems, command.phone, LONGEST_PHONE, "input", "phone"),
    )
    await work.require("contact.name", contact)
    unit = await work.session.get(Unit, command.unit_id, with_for_update=True)
    problems.check(unit is not None, RefusalCode.BAD_ID, "input", "unit")
    # what a unit hears of is not for people of other units
    problems.check(await _works_there(work, command), RefusalCode.NOT_APPLICABLE, "input", "person")
    problems.raise_if_any()
    known = await _known(work, contact)
    if known is None:
        work.session.add(contact)
    elif known.phone == contact.phone:
        raise Refusal(RefusalCode.ALREADY_DONE)
    else:
        known.phone, contact = contact.phone, known
    await work.record_admin("contact.named", ("contact", contact.id), action="contact.name")
    return contact


async def remove_contact(work: Work, contact_id: UUID) -> UnitContact:
    """Nothing more goes to him for the unit. What went to him before is his to read."""
    contact = await work.load(UnitContact, contact_id)
    await work.require("contact.remove", contact)
    if contact.removed_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    contact.removed_at = work.now
    await work.record_admin("contact.removed", ("contact", contact.id), action="contact.remove")
    return contact


async def _works_there(work: Work, command: NameContact) -> bool:
    statement = select(PostHolding.id).where(
        PostHolding.person_id == command.person_id,
        PostHolding.unit_id == command.unit_id,
        on_day(PostHolding.valid_from, PostHolding.valid_until, work.today),
    )
    return (await work.session.execute(statement)).first() is not None


async def _known(work: Work, contact: UnitContact) -> UnitContact | None:
    statement = select(UnitContact).where(
        UnitContact.unit_id == contact.unit_id,
        UnitContact.person_id == contact.person_id,
        UnitContact.kind == contact.kind,
        UnitContact.removed_at.is_(None),
    )
    return (await work.session.execute(statement)).scalar_one_or_none()
