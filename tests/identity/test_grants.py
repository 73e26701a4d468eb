"""Roles given and taken: by whom, to whom, for what and for how long; never to oneself."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit.models import AccessLog
from app.authz import MACHINE, Grant, Role
from app.core.ids import new_id
from app.core.refusals import RefusalCode
from app.identity.models import Account, RoleGrant
from app.identity.rules import AccountKind
from app.identity.service import OPERATOR, GrantRole, approve_grant, grant_role, propose_grant, revoke_grant
from tests.identity.bed import (
    DAY,
    NOW,
    Office,
    Town,
    actions,
    chain,
    give,
    grant,
    holder_of,
    problems_of,
    unchanged,
)

BUSINESS = [Role.SUPERVISION_OFFICER, Role.SUPERVISION_HEAD]
OF_A_UNIT = [Role.UNIT_HEAD, Role.UNIT_DEPUTY, Role.UNIT_HANDLER, Role.SEAL_KEEPER]


@pytest.mark.parametrize("role", [*BUSINESS, *OF_A_UNIT], ids=str)
async def test_business_roles_are_given_by_one(
    office: Office, town: Town, admin: UUID, person: UUID, unit: UUID, role: Role
) -> None:
    unit_id = unit if role in OF_A_UNIT else None
    made = await office.do(admin, grant_role, give(role, person, unit_id=unit_id))
    stored = await town.one(RoleGrant, made.id)
    assert (stored.granted_by, stored.approved_by, stored.pending, stored.valid_from, stored.basis) == (
        admin,
        None,
        False,
        NOW,
        "区政府办〔2026〕5号",
    )
    assert (await office.actor(person)).grants == (Grant(role, unit_id),)


async def test_the_record_of_a_grant_names_role_and_rule(office: Office, town: Town, admin: UUID, person: UUID) -> None:
    made = await office.do(admin, grant_role, give(Role.SUPERVISION_OFFICER, person))
    async with town.database.read() as session:
        (record,) = await chain(session)
    assert (record.action, record.rule_id, record.actor_person_id, record.subject_kind, record.subject_id) == (
        "grant.given",
        "GRANT-G1",
        admin,
        "grant",
        made.id,
    )
    (change,) = record.changes
    assert change["fields"]["role"] == [None, "supervision_officer"]
    assert change["fields"]["person_id"] == [None, str(person)]


@pytest.mark.parametrize(
    ("role", "fields", "problems"),
    [
        (Role.UNIT_HEAD, {}, [("REQUIRED", "input.unit")]),
        (Role.SUPERVISION_OFFICER, {"unit_id": UUID(int=7)}, [("BAD_ID", "input.unit")]),
        (Role.SUPERVISION_OFFICER, {"person_id": UUID(int=7)}, [("BAD_ID", "input.person")]),
        (Role.SUPERVISION_OFFICER, {"person_id": None}, [("BAD_ID", "input.person")]),
        (Role.SUPERVISION_OFFICER, {"account_id": UUID(int=7)}, [("NOT_APPLICABLE", "input.account")]),
        (
            Role.SERVICE,
            {},
            [("NOT_APPLICABLE", "input.person"), ("BAD_ID", "input.account")],
        ),
        (Role.SUPERVISION_OFFICER, {"basis": " "}, [("REQUIRED", "input.basis")]),
        (Role.SUPERVISION_OFFICER, {"basis": "号" * 121}, [("TOO_LONG", "input.basis")]),
        (Role.SUPERVISION_OFFICER, {"valid_until": NOW}, [("BAD_DATE", "input.validUntil")]),
        (
            Role.SUPERVISION_OFFICER,
            {"valid_from": NOW - timedelta(microseconds=1)},
            [("BAD_DATE", "input.validFrom")],
        ),
    ],
)
async def test_a_grant_that_cannot_be(
    office: Office, town: Town, person: UUID, role: Role, fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    admin = await town.person("李权限", Role.PERMISSION_ADMIN)
    given: dict[str, Any] = {"role": role, "person_id": person, "basis": "批示"}
    refusal = await office.refused(admin, grant_role, GrantRole(**given | fields))
    assert problems_of(refusal) == problems
    assert await unchanged(town)


@pytest.mark.parametrize("role", [Role.ANYONE, Role.MACHINE], ids=str)
async def test_what_everybody_or_the_machine_is_cannot_be_given(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, role: Role
) -> None:
    for giver in (admin, security):
        for use_case in (grant_role, propose_grant):
            refusal = await office.refused(giver, use_case, give(role, person))
            assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, None)
    assert await unchanged(town)


async def test_an_administrator_is_one_for_everything(office: Office, admin: UUID, person: UUID, unit: UUID) -> None:
    refusal = await office.refused(admin, propose_grant, give(Role.SYSTEM_ADMIN, person, unit_id=unit))
    assert problems_of(refusal) == [("NOT_APPLICABLE", "input.unit")]


async def test_an_outside_system_gets_the_role_of_outside_systems(office: Office, town: Town, admin: UUID) -> None:
    account = Account(id=new_id(), kind=AccountKind.SERVICE, login="gateway", created_at=NOW)
    await town.add(account)
    made = await office.do(admin, grant_role, give(Role.SERVICE, None, account_id=account.id))
    assert (made.person_id, made.account_id) == (None, account.id)
    refusal = await office.refused(admin, grant_role, give(Role.SERVICE, None, account_id=account.id))
    assert refusal.code is RefusalCode.ALREADY_DONE


async def test_the_same_role_is_given_once_at_a_time(
    office: Office, town: Town, admin: UUID, person: UUID, unit: UUID
) -> None:
    other = await town.unit("财政局")
    await office.do(admin, grant_role, give(Role.UNIT_HEAD, person, unit_id=unit, valid_until=NOW + DAY))
    refusal = await office.refused(admin, grant_role, give(Role.UNIT_HEAD, person, unit_id=unit))
    assert refusal.code is RefusalCode.ALREADY_DONE
    await office.do(admin, grant_role, give(Role.UNIT_HEAD, person, unit_id=other))
    await office.do(admin, grant_role, give(Role.UNIT_HEAD, person, unit_id=unit, valid_from=NOW + DAY))
    assert len(await town.all(RoleGrant)) == 4


async def test_a_revoked_role_is_gone_at_once(office: Office, town: Town, admin: UUID, person: UUID) -> None:
    made = await office.do(admin, grant_role, give(Role.SUPERVISION_OFFICER, person))
    await office.do(admin, revoke_grant, made.id)
    stored = await town.one(RoleGrant, made.id)
    assert (stored.revoked_at, stored.revoked_by) == (NOW, admin)
    assert (await office.actor(person)).grants == ()
    assert (await office.refused(admin, revoke_grant, made.id)).code is RefusalCode.ALREADY_DONE
    assert await actions(town.database) == ["grant.given", "grant.revoked"]


async def test_nobody_else_gives_or_takes_roles(office: Office, town: Town, person: UUID) -> None:
    held, proposed = grant(person, Role.UNIT_HEAD), grant(person, Role.OFFICE_LEADER, pending=True)
    await town.add(held, proposed)
    for role in set(Role) - {Role.PERMISSION_ADMIN, Role.SECURITY_ADMIN}:
        actor = holder_of(role)
        for give_or_propose, wanted in ((grant_role, Role.SUPERVISION_OFFICER), (propose_grant, Role.DISTRICT_HEAD)):
            refusal = await office.refused(actor, give_or_propose, give(wanted, person))
            assert (role, refusal.code) == (role, RefusalCode.NOT_ALLOWED)
        hidden = RefusalCode.NOT_ALLOWED if role is Role.SECURITY_AUDITOR else RefusalCode.NOT_FOUND
        for approve_or_revoke, grant_id in ((approve_grant, proposed.id), (revoke_grant, held.id)):
            assert (await office.refused(actor, approve_or_revoke, grant_id)).code is hidden
    assert await unchanged(town, (person, Role.UNIT_HEAD))


async def test_only_people_give_roles(office: Office, town: Town, person: UUID) -> None:
    armed = replace(OPERATOR, grants=(Grant(Role.PERMISSION_ADMIN),))
    for actor in (MACHINE, OPERATOR, armed):
        refusal = await office.refused(actor, grant_role, give(Role.SUPERVISION_OFFICER, person))
        assert refusal.code is RefusalCode.NOT_ALLOWED
    assert await unchanged(town)


@pytest.mark.parametrize(
    "fields",
    [
        {"granted_by": "person"},
        {"granted_by": "admin", "approved_by": "admin"},
        {"granted_by": "admin", "approved_by": "person"},
        {"granted_by": "admin"},  # a leader's role in force without a second person
        {"granted_by": "admin", "approved_by": "security", "pending": True},
        {"person_id": None},
        {"case_id": UUID(int=7), "valid_until": NOW + DAY},  # of a power for one case: who lent what
        {"lent_from": UUID(int=7)},
        {"actions": "case.decide"},
    ],
)
async def test_the_database_itself_refuses_what_no_use_case_would_write(
    town: Town, admin: UUID, security: UUID, person: UUID, fields: dict[str, Any]
) -> None:
    people = {"admin": admin, "security": security, "person": person}
    values = {name: people.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
    with pytest.raises(IntegrityError):
        await town.add(grant(person, Role.OFFICE_LEADER, **values))


SEPARATE = [
    (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR, {}),
    (Role.SECURITY_ADMIN, Role.SUPERVISION_OFFICER, {}),
    (Role.SUPERVISION_OFFICER, Role.SECURITY_AUDITOR, {"valid_until": NOW + DAY}),
]
TOGETHER = [
    (Role.SYSTEM_ADMIN, Role.SYSTEM_ADMIN, {}),
    (Role.PERMISSION_ADMIN, Role.SUPERVISION_OFFICER, {}),
    (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR, {"valid_from": NOW + DAY}),
    (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR, {"revoked_at": NOW}),
]


@pytest.mark.parametrize(("held", "role", "fields"), SEPARATE + TOGETHER)
async def test_postgresql_itself_keeps_the_three_administrators_apart(
    town: Town, admin: UUID, security: UUID, person: UUID, held: Role, role: Role, fields: dict[str, Any]
) -> None:
    """三员分立, also where two grants are written at the same instant."""
    given = {"granted_by": admin, "approved_by": security}
    await town.add(grant(person, held, valid_until=NOW + DAY, **given))
    apart = (held, role, fields) in SEPARATE and not town.database.sqlite
    with pytest.raises(IntegrityError) if apart else nullcontext():
        await town.add(grant(person, role, **given | fields))


async def test_a_refusal_of_rights_is_logged_and_changes_nothing(
    office: Office, town: Town, admin: UUID, person: UUID
) -> None:
    await office.refused(admin, grant_role, give(Role.DISTRICT_HEAD, person))
    (entry,) = await town.all(AccessLog)
    assert (entry.outcome, entry.action, entry.person_id) == ("DENIED", "grant.give", admin)
