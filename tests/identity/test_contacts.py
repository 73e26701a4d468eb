"""联系人: named by the head or the office from the unit's own people; who is removed is told nothing more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.authz import Actor, ActorKind, Grant, Role
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.identity.models import UnitContact
from app.identity.queries import people_to_notify
from app.identity.rules import ContactKind, PostCapacity
from app.identity.service import NameContact, name_contact, remove_contact
from tests.identity.bed import NOW, TODAY, Office, Town, actions, holder_of, problems_of

DAY = timedelta(days=1)


@pytest.fixture
async def handler(town: Town, unit: UUID) -> UUID:
    person = await town.person("杜鹃")
    await town.post(person, unit, PostCapacity.MEMBER)
    return person


def head_of(unit_id: UUID) -> Actor:
    held = (Grant(Role.UNIT_HEAD, unit_id),)
    return Actor(ActorKind.PERSON, new_id(), new_id(), "局长", Classification.INTERNAL, frozenset({unit_id}), held)


async def told(town: Town, unit: UUID) -> list[UUID]:
    async with town.database.read() as session:
        return (await people_to_notify(session, [unit], TODAY))[unit]


async def test_notices_go_to_a_contact_until_he_is_removed(
    office: Office, town: Town, admin: UUID, unit: UUID, handler: UUID
) -> None:
    named = await office.do(admin, name_contact, NameContact(unit, handler, ContactKind.LIAISON, " 84550001 "))
    assert (named.phone, await told(town, unit)) == ("84550001", [handler])
    await office.do(admin, remove_contact, named.id)
    assert await told(town, unit) == []
    assert (await town.one(UnitContact, named.id)).removed_at == NOW
    assert (await office.refused(admin, remove_contact, named.id)).code is RefusalCode.ALREADY_DONE
    again = await office.do(admin, name_contact, NameContact(unit, handler, ContactKind.LIAISON))
    assert again.id != named.id
    assert await actions(town.database) == ["contact.named", "contact.removed", "contact.named"]


async def test_a_contact_named_again_has_another_telephone(
    office: Office, town: Town, admin: UUID, unit: UUID, handler: UUID
) -> None:
    first = await office.do(admin, name_contact, NameContact(unit, handler, ContactKind.DUTY, "84550001"))
    again = await office.refused(admin, name_contact, NameContact(unit, handler, ContactKind.DUTY, "84550001"))
    assert again.code is RefusalCode.ALREADY_DONE
    second = await office.do(admin, name_contact, NameContact(unit, handler, ContactKind.DUTY, "84550002"))
    other = await office.do(admin, name_contact, NameContact(unit, handler, ContactKind.HANDLER, "84550003"))
    phones = {row.id: row.phone for row in await town.all(UnitContact)}
    assert (second.id, phones) == (first.id, {first.id: "84550002", other.id: "84550003"})


async def test_a_head_names_those_of_his_own_unit(office: Office, town: Town, unit: UUID, handler: UUID) -> None:
    named = await office.do(head_of(unit), name_contact, NameContact(unit, handler, ContactKind.HANDLER))
    stranger = head_of(await town.unit("财政局"))
    for use_case, argument in (
        (name_contact, NameContact(unit, handler, ContactKind.DUTY)),
        (remove_contact, named.id),
    ):
        assert (await office.refused(stranger, use_case, argument)).code is RefusalCode.NOT_ALLOWED
        for role in set(Role) - {Role.PERMISSION_ADMIN}:
            refusal = await office.refused(holder_of(role), use_case, argument)
            assert (role, refusal.code) == (role, RefusalCode.NOT_ALLOWED)
    await office.do(head_of(unit), remove_contact, named.id)
    assert await actions(town.database) == ["contact.named", "contact.removed"]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"phone": "8" * 41}, [("TOO_LONG", "input.phone")]),
        ({"phone": "84\x0055"}, [("BAD_TEXT", "input.phone")]),
        ({"person_id": UUID(int=7)}, [("NOT_APPLICABLE", "input.person")]),
        ({"unit_id": UUID(int=7)}, [("BAD_ID", "input.unit"), ("NOT_APPLICABLE", "input.person")]),
    ],
)
async def test_a_contact_that_cannot_be(
    office: Office,
    town: Town,
    admin: UUID,
    unit: UUID,
    handler: UUID,
    fields: dict[str, Any],
    problems: list[tuple[str, str]],
) -> None:
    given: dict[str, Any] = {"unit_id": unit, "person_id": handler, "kind": ContactKind.HANDLER}
    assert problems_of(await office.refused(admin, name_contact, NameContact(**given | fields))) == problems
    assert await town.all(UnitContact) == []


@pytest.mark.parametrize(
    ("begins", "ends", "fine"),
    [(TODAY, TODAY, True), (TODAY + DAY, None, False), (date(2020, 1, 1), TODAY - DAY, False)],
)
async def test_a_contact_works_there_today(
    office: Office, town: Town, admin: UUID, unit: UUID, person: UUID, begins: date, ends: date | None, fine: bool
) -> None:
    await town.post(person, unit, PostCapacity.MEMBER, begins, ends)
    command = NameContact(unit, person, ContactKind.LIAISON)
    if fine:
        await office.do(admin, name_contact, command)
    else:
        problems = problems_of(await office.refused(admin, name_contact, command))
        assert problems == [("NOT_APPLICABLE", "input.person")]
