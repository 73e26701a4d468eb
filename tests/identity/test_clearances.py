"""涉密等级: proposed by the security administrator, approved by another person, taken by one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.authz import Role
from app.content.models import Content
from app.core.clock import FixedClock
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.identity.models import PersonClearance
from app.identity.rules import PostCapacity
from app.identity.service import (
    GrantClearance,
    RevokeClearance,
    approve_clearance,
    grant_clearance,
    revoke_clearance,
)
from tests.identity.bed import DAY, NOW, Office, Town, actions, holder_of, problems_of

LEVELS = Classification


@pytest.fixture
async def person(town: Town) -> UUID:
    """Somebody with a post, and so with 内部."""
    person_id = await town.person("王建国")
    await town.post(person_id, await town.unit("住建局"), PostCapacity.MEMBER)
    return person_id


def clear(person_id: UUID, level: Classification = LEVELS.WORK_SECRET, **fields: Any) -> GrantClearance:
    return GrantClearance(person_id, level, **{"basis": "区保密〔2026〕2号", "reason": "参与应急储备。"} | fields)


def revoke(clearance_id: UUID) -> RevokeClearance:
    return RevokeClearance(clearance_id, "不再参与。")


async def cleared(office: Office, by: UUID, and_by: UUID, command: GrantClearance) -> UUID:
    proposed = await office.do(by, grant_clearance, command)
    await office.do(and_by, approve_clearance, proposed.id)
    key: UUID = proposed.id
    return key


async def level_of(office: Office, person_id: UUID) -> Classification:
    return (await office.actor(person_id)).clearance


async def test_it_opens_nothing_before_another_approves_and_everything_at_once_then(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, clock: FixedClock
) -> None:
    proposed = await office.do(security, grant_clearance, clear(person))
    assert await level_of(office, person) is LEVELS.INTERNAL
    clock.move(DAY)
    await office.do(admin, approve_clearance, proposed.id)
    assert await level_of(office, person) is LEVELS.WORK_SECRET
    stored = await town.one(PersonClearance, proposed.id)
    assert (stored.granted_by, stored.approved_by, stored.pending) == (security, admin, False)
    assert (stored.valid_from, stored.valid_until) == (NOW + DAY, None)  # never before it was approved
    assert (await town.one(Content, stored.reason_id)).text == "参与应急储备。"
    assert await actions(town.database) == ["clearance.proposed", "clearance.approved"]


async def test_another_security_administrator_approves_as_well(
    office: Office, town: Town, security: UUID, person: UUID
) -> None:
    other = await town.person("冯安全", Role.SECURITY_ADMIN)
    await cleared(office, security, other, clear(person))
    assert await level_of(office, person) is LEVELS.WORK_SECRET


async def test_nobody_approves_his_own_proposal(office: Office, town: Town, security: UUID, person: UUID) -> None:
    proposed = await office.do(security, grant_clearance, clear(person))
    refusal = await office.refused(security, approve_clearance, proposed.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-30")
    assert (await town.one(PersonClearance, proposed.id)).pending


async def test_nobody_clears_himself(office: Office, town: Town, admin: UUID, security: UUID) -> None:
    refusal = await office.refused(security, grant_clearance, clear(security))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-28")
    proposed = await office.do(security, grant_clearance, clear(admin))
    refusal = await office.refused(admin, approve_clearance, proposed.id)
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-29")
    assert await actions(town.database) == ["clearance.proposed"]


async def test_who_else_may_not(office: Office, town: Town, security: UUID, person: UUID) -> None:
    proposed = await office.do(security, grant_clearance, clear(person))
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        refusal = await office.refused(holder_of(role), grant_clearance, clear(person))
        assert (role, refusal.code, refusal.rule_id) == (role, RefusalCode.NOT_ALLOWED, None)
    for role in set(Role) - {Role.SECURITY_ADMIN, Role.PERMISSION_ADMIN}:
        seen = RefusalCode.NOT_ALLOWED if role is Role.SECURITY_AUDITOR else RefusalCode.NOT_FOUND
        for use_case, argument in ((approve_clearance, proposed.id), (revoke_clearance, revoke(proposed.id))):
            assert (role, (await office.refused(holder_of(role), use_case, argument)).code) == (role, seen)
    assert await actions(town.database) == ["clearance.proposed"]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"person_id": UUID(int=7)}, [("BAD_ID", "input.person")]),
        ({"level": LEVELS.PUBLIC}, [("NOT_APPLICABLE", "input.level")]),
        ({"basis": " "}, [("REQUIRED", "input.basis")]),
        ({"reason": ""}, [("REQUIRED", "input.reason")]),
        ({"reason": "因" * 2_001}, [("TOO_LONG", "input.reason")]),
        ({"valid_from": NOW - timedelta(seconds=1)}, [("BAD_DATE", "input.validFrom")]),
        ({"valid_until": NOW}, [("BAD_DATE", "input.validUntil")]),
        ({"valid_from": NOW + DAY, "valid_until": NOW + DAY}, [("BAD_DATE", "input.validUntil")]),
    ],
)
async def test_a_clearance_that_cannot_be(
    office: Office, town: Town, security: UUID, person: UUID, fields: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    refusal = await office.refused(security, grant_clearance, clear(**{"person_id": person} | fields))
    assert problems_of(refusal) == problems
    assert (await town.all(PersonClearance), await town.all(Content)) == ([], [])


async def test_one_proposal_at_a_time(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, clock: FixedClock
) -> None:
    first = await office.do(security, grant_clearance, clear(person, valid_until=NOW + DAY))
    assert (await office.refused(security, grant_clearance, clear(person))).code is RefusalCode.ALREADY_DONE
    clock.move(DAY)  # the first would be over before it began
    assert (await office.refused(admin, approve_clearance, first.id)).code is RefusalCode.STATUS_CONFLICT
    await office.do(security, grant_clearance, clear(person))
    assert len(await town.all(PersonClearance)) == 2


async def test_what_was_approved_or_withdrawn_is_not_approved(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID
) -> None:
    approved = await cleared(office, security, admin, clear(person))
    withdrawn = (await office.do(security, grant_clearance, clear(person, LEVELS.STATE_SECRET))).id
    await office.do(admin, revoke_clearance, revoke(withdrawn))
    for clearance_id in (approved, withdrawn):
        assert (await office.refused(admin, approve_clearance, clearance_id)).code is RefusalCode.STATUS_CONFLICT
    assert await level_of(office, person) is LEVELS.WORK_SECRET


@pytest.mark.parametrize("level", [LEVELS.INTERNAL, LEVELS.STATE_SECRET])
async def test_the_newest_takes_the_place_of_those_before_it_where_it_begins(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID, clock: FixedClock, level: Classification
) -> None:
    first = await cleared(office, security, admin, clear(person))
    later = await cleared(office, security, admin, clear(person, LEVELS.STATE_CONFIDENTIAL, valid_from=NOW + 9 * DAY))
    newest = await cleared(office, security, admin, clear(person, level, valid_from=NOW + 5 * DAY))
    ends = {row.id: row.valid_until for row in await town.all(PersonClearance)}
    assert ends == {first: NOW + 5 * DAY, later: NOW + 9 * DAY, newest: None}
    for days, expected in ((0, LEVELS.WORK_SECRET), (5, level), (10, level)):
        clock.move_to(NOW + days * DAY)
        assert await level_of(office, person) is expected


async def test_it_ends_by_itself(office: Office, admin: UUID, security: UUID, person: UUID, clock: FixedClock) -> None:
    await cleared(office, security, admin, clear(person, valid_until=NOW + DAY))
    clock.move(DAY - timedelta(microseconds=1))
    assert await level_of(office, person) is LEVELS.WORK_SECRET
    clock.move(timedelta(microseconds=1))
    assert await level_of(office, person) is LEVELS.INTERNAL


async def test_one_person_takes_it_back_at_once(
    office: Office, town: Town, admin: UUID, security: UUID, person: UUID
) -> None:
    held = await cleared(office, security, admin, clear(person))
    assert problems_of(await office.refused(security, revoke_clearance, RevokeClearance(held, " "))) == [
        ("REQUIRED", "input.reason")
    ]
    await office.do(security, revoke_clearance, revoke(held))
    assert await level_of(office, person) is LEVELS.INTERNAL
    stored = await town.one(PersonClearance, held)
    assert (stored.revoked_at, stored.revoked_by) == (NOW, security)
    assert (await town.one(Content, stored.revoked_reason_id)).text == "不再参与。"
    assert (await office.refused(admin, revoke_clearance, revoke(held))).code is RefusalCode.ALREADY_DONE
    assert await actions(town.database) == ["clearance.proposed", "clearance.approved", "clearance.revoked"]
