"""What touches security takes two people, and the three administrators stay apart."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.authz import Role
from app.core.clock import FixedClock
from app.core.refusals import RefusalCode
from app.identity.models import RoleGrant
from app.identity.rules import TWO_PERSON_ROLES, may_be_held_together
from app.identity.service import approve_grant, grant_role, propose_grant, revoke_grant
from tests.identity.bed import DAY, NOW, Office, Town, actions, give, grant, roles_of, unchanged

HIGH = sorted(TWO_PERSON_ROLES)


@pytest.mark.parametrize("role", HIGH, ids=str)
async def test_leader_and_administrator_roles_are_not_given_by_one(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, role: Role
) -> None:
    for giver in (admin, security):
        refusal = await office.refused(giver, grant_role, give(role, person))
        assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, None)
    assert await unchanged(town)


@pytest.mark.parametrize("role", HIGH, ids=str)
async def test_they_are_proposed_by_one_and_hold_once_another_approves(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, clock: FixedClock, role: Role
) -> None:
    proposed = await office.do(admin, propose_grant, give(role, person))
    assert roles_of(await office.actor(person)) == []
    clock.move(DAY)
    await office.do(security, approve_grant, proposed.id)
    stored = await town.one(RoleGrant, proposed.id)
    assert (stored.granted_by, stored.approved_by, stored.pending) == (admin, security, False)
    assert stored.valid_from == NOW + DAY  # never before it was approved
    assert roles_of(await office.actor(person)) == [role]
    assert await actions(town.database) == ["grant.proposed", "grant.approved"]


async def test_business_roles_need_no_proposal(office: Office, town: Town, admin: UUID, person: UUID) -> None:
    refusal = await office.refused(admin, propose_grant, give(Role.SUPERVISION_OFFICER, person))
    assert refusal.code is RefusalCode.NOT_ALLOWED
    assert await unchanged(town)


async def test_nobody_approves_his_own_proposal(
    office: Office, town: Town, security: UUID, admin: UUID, person: UUID
) -> None:
    proposed = await office.do(security, propose_grant, give(Role.OFFICE_LEADER, person))
    refusal = await office.refused(security, approve_grant, proposed.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-27")
    assert (await town.one(RoleGrant, proposed.id)).pending
    await office.do(admin, approve_grant, proposed.id)
    assert roles_of(await office.actor(person)) == [Role.OFFICE_LEADER]


@pytest.mark.parametrize(
    ("use_case", "role", "rule"),
    [(grant_role, Role.SUPERVISION_HEAD, "SOD-24"), (propose_grant, Role.DISTRICT_HEAD, "SOD-25")],
)
async def test_nobody_gives_himself_a_role(
    office: Office, town: Town, admin: UUID, use_case: Any, role: Role, rule: str
) -> None:
    refusal = await office.refused(admin, use_case, give(role, admin))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, rule)
    assert await unchanged(town)


async def test_nobody_approves_a_role_for_himself(office: Office, town: Town, admin: UUID, security: UUID) -> None:
    proposed = await office.do(security, propose_grant, give(Role.OFFICE_LEADER, admin))
    refusal = await office.refused(admin, approve_grant, proposed.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-26")
    assert (await town.one(RoleGrant, proposed.id)).pending


async def test_where_there_is_a_security_administrator_he_is_one_of_the_two(
    office: Office, town: Town, admin: UUID, second_admin: UUID, security: UUID, person: UUID
) -> None:
    proposed = await office.do(admin, propose_grant, give(Role.OFFICE_LEADER, person))
    refusal = await office.refused(second_admin, approve_grant, proposed.id)
    assert refusal.code is RefusalCode.SECURITY_ADMIN_REQUIRED
    assert (await town.one(RoleGrant, proposed.id)).pending
    await office.do(security, approve_grant, proposed.id)
    by_security = await office.do(security, propose_grant, give(Role.DISTRICT_LEADER, person))
    await office.do(second_admin, approve_grant, by_security.id)
    assert roles_of(await office.actor(person)) == [Role.DISTRICT_LEADER, Role.OFFICE_LEADER]


async def test_where_there_is_none_two_permission_administrators_do(
    office: Office, town: Town, admin: UUID, second_admin: UUID, person: UUID
) -> None:
    proposed = await office.do(admin, propose_grant, give(Role.SECURITY_ADMIN, person))
    await office.do(second_admin, approve_grant, proposed.id)
    assert roles_of(await office.actor(person)) == [Role.SECURITY_ADMIN]


async def test_the_only_security_administrator_is_dealt_with_by_others(
    office: Office, town: Town, admin: UUID, second_admin: UUID, security: UUID
) -> None:
    (held,) = [row for row in await town.all(RoleGrant) if row.person_id == security]
    await office.do(admin, revoke_grant, held.id)
    assert roles_of(await office.actor(security)) == []


async def test_a_leaders_role_is_taken_with_the_security_administrator(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID
) -> None:
    held = grant(person, Role.DISTRICT_LEADER)
    await town.add(held)
    assert (await office.refused(admin, revoke_grant, held.id)).code is RefusalCode.SECURITY_ADMIN_REQUIRED
    assert roles_of(await office.actor(person)) == [Role.DISTRICT_LEADER]
    await office.do(security, revoke_grant, held.id)
    assert roles_of(await office.actor(person)) == []


async def test_that_the_security_administrator_gave_it_does_not_let_another_take_it_alone(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID
) -> None:
    made = await office.do(security, propose_grant, give(Role.OFFICE_LEADER, person))
    await office.do(admin, approve_grant, made.id)
    assert (await office.refused(admin, revoke_grant, made.id)).code is RefusalCode.SECURITY_ADMIN_REQUIRED
    assert (await town.one(RoleGrant, made.id)).revoked_at is None


async def test_a_proposal_is_withdrawn_and_can_then_not_be_approved(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID
) -> None:
    proposed = await office.do(admin, propose_grant, give(Role.OFFICE_LEADER, person))
    await office.do(admin, revoke_grant, proposed.id)
    assert (await office.refused(security, approve_grant, proposed.id)).code is RefusalCode.STATUS_CONFLICT
    assert roles_of(await office.actor(person)) == []


async def test_what_was_approved_or_is_over_is_not_approved(
    office: Office, town: Town, admin: UUID, second_admin: UUID, security: UUID, person: UUID, clock: FixedClock
) -> None:
    approved = await office.do(admin, propose_grant, give(Role.OFFICE_LEADER, person))
    await office.do(security, approve_grant, approved.id)
    short = await office.do(admin, propose_grant, give(Role.DISTRICT_LEADER, person, valid_until=NOW + DAY))
    clock.move(DAY)
    for grant_id in (approved.id, short.id):
        assert (await office.refused(security, approve_grant, grant_id)).code is RefusalCode.STATUS_CONFLICT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR),
        (Role.SECURITY_ADMIN, Role.SECURITY_AUDITOR),
        (Role.SECURITY_AUDITOR, Role.PERMISSION_ADMIN),
        (Role.SYSTEM_ADMIN, Role.PERMISSION_ADMIN),
        (Role.DISTRICT_HEAD, Role.SECURITY_AUDITOR),
        (Role.SUPERVISION_OFFICER, Role.SYSTEM_ADMIN),
    ],
)
@pytest.mark.parametrize("pending", [False, True])
async def test_the_three_administrators_are_separate_people(
    office: Office, town: Town, admin: UUID, person: UUID, first: Role, second: Role, pending: bool
) -> None:
    await town.add(grant(person, first, pending=pending))
    refusal = await office.refused(admin, propose_grant, give(second, person))
    assert refusal.code is RefusalCode.ROLES_EXCLUDE_EACH_OTHER
    assert await unchanged(town, (person, first))


@pytest.mark.parametrize(
    ("ends", "begins", "refused"),
    [
        (timedelta(days=2), timedelta(days=1), True),
        (timedelta(days=2), timedelta(days=2), False),
        (None, timedelta(days=400), True),
    ],
)
async def test_they_may_follow_each_other_but_not_overlap(
    office: Office, town: Town, admin: UUID, person: UUID, ends: timedelta | None, begins: timedelta, refused: bool
) -> None:
    until = None if ends is None else NOW + ends
    await town.add(grant(person, Role.SECURITY_AUDITOR, valid_until=until))
    command = give(Role.SYSTEM_ADMIN, person, valid_from=NOW + begins)
    if refused:
        refusal = await office.refused(admin, propose_grant, command)
        assert refusal.code is RefusalCode.ROLES_EXCLUDE_EACH_OTHER
    else:
        await office.do(admin, propose_grant, command)


async def test_a_revoked_role_excludes_nothing_and_one_before_the_other_neither(
    office: Office, town: Town, admin: UUID, person: UUID
) -> None:
    await town.add(grant(person, Role.SECURITY_AUDITOR, revoked_at=NOW - DAY))
    await town.add(grant(person, Role.SYSTEM_ADMIN, valid_from=NOW + 10 * DAY))
    command = give(Role.SUPERVISION_OFFICER, person, valid_until=NOW + 10 * DAY)
    await office.do(admin, grant_role, command)
    assert roles_of(await office.actor(person)) == [Role.SUPERVISION_OFFICER]


@pytest.mark.parametrize(
    ("roles", "together"),
    [
        ([], True),
        ([Role.SYSTEM_ADMIN], True),
        ([Role.SYSTEM_ADMIN, Role.SYSTEM_ADMIN], True),
        ([Role.PERMISSION_ADMIN, Role.SUPERVISION_HEAD, Role.UNIT_HEAD], True),
        ([Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN], False),
        ([Role.SECURITY_AUDITOR, Role.UNIT_HANDLER], False),
    ],
)
def test_which_roles_go_together(roles: list[Role], together: bool) -> None:
    assert may_be_held_together(roles) is together
