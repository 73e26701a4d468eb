"""A password of somebody who leads or administers is renewed by two people: one alone could sign in as him."""

from typing import Any
from uuid import UUID

import pytest

from app.authz import Role
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, PasswordRenewal, RoleGrant, Session
from app.identity.rules import TWO_PERSON_ROLES, RenewalState
from app.identity.service import (
    Entrance,
    IssueAccount,
    approve_renewal,
    disable_account,
    issue_account,
    propose_account,
    propose_renewal,
    renew_password,
    sign_in,
    withdraw_renewal,
)
from tests.identity.bed import DAY, NOW, PASSWORD, Office, Town, actions, grant, holder_of

NEW = "once only 督办"


@pytest.fixture
async def system_admin(town: Town) -> UUID:
    return await town.person("赵系统", Role.SYSTEM_ADMIN)


@pytest.fixture
async def auditor(town: Town) -> UUID:
    return await town.person("孙审计", Role.SECURITY_AUDITOR)


@pytest.fixture
async def account(town: Town, auditor: UUID) -> UUID:
    return await town.account(auditor, "sun", failures=9)


@pytest.mark.parametrize("role", sorted(TWO_PERSON_ROLES), ids=str)
async def test_nor_does_one_alone_open_such_an_account(
    office: Office, town: Town, system_admin: UUID, role: Role
) -> None:
    person, security_admin = await town.person("某领导", role), await town.person("李安全", Role.SECURITY_ADMIN)
    refusal = await office.refused(system_admin, issue_account, IssueAccount(person, "leader"), "hash")
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-39")
    renewal = await office.do(system_admin, propose_account, IssueAccount(person, "leader"), "hash")
    (account,) = [one for one in await town.all(Account) if one.person_id == person]
    assert account.password_hash is None
    refusal = await office.refused(system_admin, approve_renewal, renewal.id)
    assert refusal.code in (RefusalCode.NOT_ALLOWED, RefusalCode.SECURITY_ADMIN_REQUIRED)
    await office.do(security_admin, approve_renewal, renewal.id)
    (account,) = [one for one in await town.all(Account) if one.person_id == person]
    assert (account.password_hash, account.must_change_password) == ("hash", True)


async def test_an_ordinary_account_takes_one_person(office: Office, town: Town, system_admin: UUID) -> None:
    person = await town.person("某人", Role.UNIT_HANDLER)
    refusal = await office.refused(system_admin, propose_account, IssueAccount(person, "handler"), "hash")
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, None)


@pytest.mark.parametrize("role", sorted(TWO_PERSON_ROLES), ids=str)
async def test_one_alone_does_not_renew_it(office: Office, town: Town, system_admin: UUID, role: Role) -> None:
    account = await town.account(await town.person("某领导", role), "x")
    refusal = await office.refused(system_admin, renew_password, account, "hash")
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-31")
    assert (await town.one(Account, account)).password_hash != "hash"
    await office.do(system_admin, propose_renewal, account, "hash")


@pytest.mark.parametrize(
    ("fields", "alone"),
    [
        ({"revoked_at": NOW - DAY}, True),
        ({"valid_until": NOW}, True),
        ({"valid_until": NOW + DAY}, False),
        ({"valid_from": NOW + DAY}, False),  # the password would be kept until then
        ({"pending": True}, False),
        ({"role": Role.SUPERVISION_HEAD}, True),
    ],
)
async def test_whose_takes_two_is_who_has_such_a_role_or_is_about_to(
    office: Office, town: Town, system_admin: UUID, person: UUID, fields: dict[str, Any], alone: bool
) -> None:
    account = await town.account(person, "wang")
    await town.add(grant(person, **{"role": Role.OFFICE_LEADER} | fields))
    refused = propose_renewal if alone else renew_password
    assert (await office.refused(system_admin, refused, account, "hash")).code is RefusalCode.NOT_ALLOWED
    await office.do(system_admin, renew_password if alone else propose_renewal, account, "hash")
    assert ((await town.one(Account, account)).password_hash == "hash") is alone


async def test_nothing_changes_before_another_approves(
    office: Office, town: Town, system_admin: UUID, security: UUID, account: UUID, entrance: Entrance
) -> None:
    await sign_in(entrance, "sun", PASSWORD)
    proposed = await office.do(system_admin, propose_renewal, account, await town.passwords.hash(NEW))
    await sign_in(entrance, "sun", PASSWORD)
    with pytest.raises(Refusal, match="SIGN_IN_REFUSED"):
        await sign_in(entrance, "sun", NEW)
    await office.do(security, approve_renewal, proposed.id)
    stored = await town.one(Account, account)
    assert (stored.must_change_password, stored.failures) == (True, 0)
    assert {(row.revoked_at, row.revoked_reason) for row in await town.all(Session)} == {(NOW, "PASSWORD_CHANGED")}
    with pytest.raises(Refusal, match="SIGN_IN_REFUSED"):
        await sign_in(entrance, "sun", PASSWORD)
    assert (await sign_in(entrance, "sun", NEW)).must_change_password
    done = await town.one(PasswordRenewal, proposed.id)
    assert (done.state, done.password_hash) == (RenewalState.APPROVED, None)
    assert (done.proposed_by, done.approved_by, done.settled_at) == (system_admin, security, NOW)
    assert [action for action in await actions(town.database) if "renewal" in action] == [
        "renewal.proposed",
        "renewal.approved",
    ]


async def test_the_second_person_is_the_security_administrator_where_there_is_one(
    office: Office, town: Town, system_admin: UUID, admin: UUID, account: UUID
) -> None:
    security = await town.person("钱安全", Role.SECURITY_ADMIN)
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    refusal = await office.refused(admin, approve_renewal, proposed.id)
    assert refusal.code is RefusalCode.SECURITY_ADMIN_REQUIRED
    assert (await town.one(PasswordRenewal, proposed.id)).state is RenewalState.PENDING
    own = await town.account(security, "qian")
    his = await office.do(system_admin, propose_renewal, own, "hash")
    refusal = await office.refused(security, approve_renewal, his.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-33")
    await office.do(admin, approve_renewal, his.id)  # the only one is dealt with by others
    assert (await town.one(Account, own)).password_hash == "hash"


async def test_nobody_is_both(office: Office, town: Town, system_admin: UUID, account: UUID) -> None:
    own = await town.account(system_admin, "zhao")
    refusal = await office.refused(system_admin, propose_renewal, own, "hash")
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-32")
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    refusal = await office.refused(system_admin, approve_renewal, proposed.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-34")
    assert (await town.one(PasswordRenewal, proposed.id)).state is RenewalState.PENDING


async def test_who_else_may_not(office: Office, town: Town, system_admin: UUID, account: UUID) -> None:
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    for role in set(Role) - {Role.SYSTEM_ADMIN}:
        refusal = await office.refused(holder_of(role), propose_renewal, account, "hash")
        assert (role, refusal.code) == (role, RefusalCode.NOT_FOUND)
    for role in set(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.PERMISSION_ADMIN}:
        seen = RefusalCode.NOT_ALLOWED if role is Role.SECURITY_AUDITOR else RefusalCode.NOT_FOUND
        for use_case in (approve_renewal, withdraw_renewal):
            assert (role, (await office.refused(holder_of(role), use_case, proposed.id)).code) == (role, seen)


async def test_one_at_a_time_and_what_is_settled_stays_so(
    office: Office, town: Town, system_admin: UUID, security: UUID, account: UUID
) -> None:
    first = await office.do(system_admin, propose_renewal, account, "first")
    refusal = await office.refused(system_admin, propose_renewal, account, "second")
    assert refusal.code is RefusalCode.ALREADY_DONE
    await office.do(system_admin, withdraw_renewal, first.id)
    second = await office.do(system_admin, propose_renewal, account, "second")
    await office.do(security, approve_renewal, second.id)
    for settled in (first.id, second.id):
        for use_case in (approve_renewal, withdraw_renewal):
            assert (await office.refused(security, use_case, settled)).code is RefusalCode.STATUS_CONFLICT
    assert (await town.one(Account, account)).password_hash == "second"
    states = {row.state: row.password_hash for row in await town.all(PasswordRenewal)}
    assert states == {RenewalState.WITHDRAWN: None, RenewalState.APPROVED: None}


async def test_whose_it_is_may_stop_it_and_approve_nothing(
    office: Office, town: Town, system_admin: UUID, auditor: UUID, account: UUID
) -> None:
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    assert (await office.refused(auditor, approve_renewal, proposed.id)).rule_id == "SOD-33"
    await office.do(auditor, withdraw_renewal, proposed.id)
    assert (await town.one(PasswordRenewal, proposed.id)).state is RenewalState.WITHDRAWN


async def test_a_closed_account_gets_no_password(
    office: Office, town: Town, system_admin: UUID, security: UUID, account: UUID
) -> None:
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    await office.do(system_admin, disable_account, account)
    assert (await office.refused(security, approve_renewal, proposed.id)).code is RefusalCode.STATUS_CONFLICT
    closed = await town.account(await town.person("某领导", Role.OFFICE_LEADER), "x", disabled_at=NOW)
    refusal = await office.refused(system_admin, propose_renewal, closed, "hash")
    assert refusal.code is RefusalCode.STATUS_CONFLICT


async def test_who_lost_the_role_meanwhile_gets_it_all_the_same(
    office: Office, town: Town, system_admin: UUID, security: UUID, account: UUID
) -> None:
    proposed = await office.do(system_admin, propose_renewal, account, "hash")
    async with town.database.write() as session:
        for held in await town.all(RoleGrant):
            if held.role is Role.SECURITY_AUDITOR:
                (await session.get_one(RoleGrant, held.id)).revoked_at = NOW
    await office.do(security, approve_renewal, proposed.id)
    assert (await town.one(Account, account)).password_hash == "hash"
