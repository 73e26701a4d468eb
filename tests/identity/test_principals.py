"""The principal of a request: one statement, and in it exactly what holds now."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from app.authz import Actor, ActorKind, Grant, Role
from app.core.connections import Connections, Job
from app.core.database import Database
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.identity.models import Account, PersonClearance, Session
from app.identity.queries import PrincipalRow, actor_of_person, principal
from app.identity.rules import AccountKind, PostCapacity
from tests.identity.bed import DAY, NOW, TODAY, Town, cheap_passwords, grant, lent

T = TypeVar("T")
HOUR = timedelta(hours=1)
LEVELS = Classification


class Noting:
    """Connections that note what runs on them."""

    def __init__(self, inner: Connections) -> None:
        self.inner = inner
        self.seen: list[str] = []

    async def run(self, job: Job[T]) -> T:
        return await self.inner.run(self._noted(job))

    async def close(self) -> None:
        await self.inner.close()

    def _noted(self, job: Job[T]) -> Job[T]:
        query = next(job)
        while True:
            self.seen.append(query.text)
            try:
                query = job.send((yield query))
            except StopIteration as end:
                answer: T = end.value
                return answer


@pytest.fixture
def town(either_database: Database) -> Town:
    return Town(either_database, cheap_passwords())


async def signed_in(town: Town, account_id: UUID, **fields: Any) -> UUID:
    opened = Session(id=new_id(), account_id=account_id, created_at=NOW, expires_at=NOW + HOUR)
    for name, value in fields.items():
        setattr(opened, name, value)
    await town.add(opened)
    return opened.id


async def read(town: Town, session_id: UUID, account_id: UUID, now: datetime = NOW) -> PrincipalRow | None:
    return await principal(town.database, session_id, account_id, now, NOW)


async def test_everything_about_a_caller_comes_in_one_statement(town: Town) -> None:
    await town.policy_version(7)
    bureau, street, case = await town.unit("住建局"), await town.unit("新阳路街道办事处"), new_id()
    person, leader = await town.person("王建国"), await town.person("张主任")
    own = grant(leader, Role.OFFICE_LEADER)
    await town.post(person, bureau)
    await town.post(person, bureau, PostCapacity.AUTHORISED)
    await town.post(person, street, PostCapacity.MEMBER)
    await town.add(
        grant(person, Role.UNIT_HEAD, unit_id=bureau),
        grant(person, Role.UNIT_HANDLER, unit_id=street),
        own,
        lent(person, own, "case.reopen", "talk.issue", case_id=case),
        PersonClearance(person_id=person, level=LEVELS.WORK_SECRET, valid_from=NOW - DAY, basis="审查"),
    )
    account = await town.account(person, "wang")
    session = await signed_in(town, account)
    town.database.direct = noting = Noting(town.database.direct)
    found = await read(town, session, account)
    assert len(noting.seen) == 1
    assert found == PrincipalRow(
        actor=Actor(
            kind=ActorKind.PERSON,
            account_id=account,
            person_id=person,
            name="王建国",
            clearance=LEVELS.WORK_SECRET,
            unit_ids=frozenset({bureau, street}),
            grants=(
                Grant(Role.OFFICE_LEADER, None, case, leader, frozenset({"case.reopen", "talk.issue"})),
                Grant(Role.UNIT_HANDLER, unit_id=street),
                Grant(Role.UNIT_HEAD, unit_id=bureau),
            ),
            session_id=session,
            policy_version=7,
            headed_unit_ids=frozenset({bureau}),
            signing_unit_ids=frozenset({bureau}),
        ),
        must_change_password=False,
        session_expires_at=NOW + HOUR,
    )


@pytest.mark.parametrize(
    ("session_fields", "account_fields", "valid_until", "found"),
    [
        ({}, {}, None, True),
        ({"revoked_at": NOW - HOUR}, {}, None, False),
        ({"expires_at": NOW}, {}, None, False),
        ({"expires_at": NOW + timedelta(seconds=1)}, {}, None, True),
        ({}, {"disabled_at": NOW - HOUR}, None, False),
        ({}, {"locked_until": NOW + HOUR}, None, True),  # a lock keeps guesses out, not whoever is inside
        ({}, {}, TODAY, True),
        ({}, {}, TODAY - DAY, False),
    ],
)
async def test_who_is_no_longer_signed_in(
    town: Town, session_fields: dict[str, Any], account_fields: dict[str, Any], valid_until: date | None, found: bool
) -> None:
    person = await town.person("王建国", valid_until=valid_until)
    account = await town.account(person, "wang", **account_fields)
    session = await signed_in(town, account, **session_fields)
    assert (await read(town, session, account) is not None) is found


async def test_session_and_account_must_belong_together(town: Town) -> None:
    accounts = [await town.account(await town.person(name), name) for name in ("wang", "li")]
    session = await signed_in(town, accounts[0])
    assert await read(town, session, accounts[0]) is not None
    assert await read(town, session, accounts[1]) is None
    assert await read(town, new_id(), accounts[0]) is None


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({}, True),
        ({"valid_from": NOW}, True),
        ({"valid_from": NOW + timedelta(microseconds=1)}, False),
        ({"valid_until": NOW + timedelta(microseconds=1)}, True),
        ({"valid_until": NOW}, False),
        ({"revoked_at": NOW - HOUR}, False),
        ({"pending": True}, False),
    ],
)
async def test_a_grant_holds_between_its_ends_unless_revoked_or_only_proposed(
    town: Town, fields: dict[str, Any], held: bool
) -> None:
    person = await town.person("王建国")
    await town.add(grant(person, Role.SUPERVISION_OFFICER, **fields))
    async with town.database.read() as session:
        actor = await actor_of_person(session, person, NOW)
    assert actor.grants == ((Grant(Role.SUPERVISION_OFFICER),) if held else ())


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (datetime(2026, 6, 17, 15, 59, tzinfo=NOW.tzinfo), False),  # 23:59 in Shanghai, the day before
        (datetime(2026, 6, 17, 16, 0, tzinfo=NOW.tzinfo), True),  # midnight there
        (datetime(2026, 6, 20, 15, 59, tzinfo=NOW.tzinfo), True),
        (datetime(2026, 6, 20, 16, 0, tzinfo=NOW.tzinfo), False),
    ],
)
async def test_a_post_is_held_on_the_days_of_the_business_zone(town: Town, at: datetime, held: bool) -> None:
    person, unit = await town.person("王建国"), await town.unit("住建局")
    await town.post(person, unit, valid_from=date(2026, 6, 18), valid_until=date(2026, 6, 20))
    async with town.database.read() as session:
        actor = await actor_of_person(session, person, at)
    assert actor.unit_ids == (frozenset({unit}) if held else frozenset())
    assert actor.clearance is (LEVELS.INTERNAL if held else LEVELS.PUBLIC)


@pytest.mark.parametrize(
    ("fields", "until", "held"),
    [
        ({}, None, True),
        ({"valid_until": NOW + timedelta(microseconds=1)}, None, True),
        ({"valid_until": NOW}, None, False),
        ({"revoked_at": NOW - HOUR}, None, False),
        ({"valid_from": NOW + HOUR}, None, False),
        ({}, TODAY, True),
        ({}, TODAY - DAY, False),  # the lender is no longer there
    ],
)
async def test_a_power_is_void_when_who_lent_it_has_it_no_longer(
    town: Town, fields: dict[str, Any], until: date | None, held: bool
) -> None:
    person, leader = await town.person("王建国"), await town.person("张主任", valid_until=until)
    own = grant(leader, Role.OFFICE_LEADER, **fields)
    await town.add(own, lent(person, own, "case.reopen"))
    async with town.database.read() as session:
        actor = await actor_of_person(session, person, NOW)
    assert [item.role for item in actor.grants] == ([Role.OFFICE_LEADER] if held else [])


@pytest.mark.parametrize(
    ("clearances", "with_post", "level"),
    [
        ([], False, LEVELS.PUBLIC),
        ([], True, LEVELS.INTERNAL),
        ([(LEVELS.WORK_SECRET, -DAY, None)], True, LEVELS.WORK_SECRET),
        ([(LEVELS.WORK_SECRET, -DAY, None)], False, LEVELS.WORK_SECRET),
        ([(LEVELS.WORK_SECRET, -DAY, timedelta())], True, LEVELS.INTERNAL),  # it ends now
        ([(LEVELS.WORK_SECRET, HOUR, None)], True, LEVELS.INTERNAL),  # it has not begun
        ([(LEVELS.PUBLIC, -DAY, None)], True, LEVELS.PUBLIC),  # lowered in writing
        ([(LEVELS.WORK_SECRET, -DAY, None), (LEVELS.PUBLIC, -HOUR, None)], True, LEVELS.PUBLIC),
        ([(LEVELS.WORK_SECRET, -DAY, None), (LEVELS.INTERNAL, -2 * DAY, None)], True, LEVELS.INTERNAL),
    ],
)
async def test_a_clearance_counts_while_it_is_valid_and_of_several_the_lowest(
    town: Town, clearances: list[tuple[LEVELS, timedelta, timedelta | None]], with_post: bool, level: LEVELS
) -> None:
    person = await town.person("王建国")
    if with_post:
        await town.post(person, await town.unit("住建局"))
    for given, begins, ends in clearances:
        until = None if ends is None else NOW + ends
        await town.add(
            PersonClearance(person_id=person, level=given, valid_from=NOW + begins, valid_until=until, basis="审查")
        )
    async with town.database.read() as session:
        assert (await actor_of_person(session, person, NOW)).clearance is level


async def test_whoever_must_change_the_password_has_no_rights_until_then(town: Town) -> None:
    person = await town.person("王建国", Role.SUPERVISION_HEAD)
    await town.post(person, await town.unit("督查办"))
    await town.add(PersonClearance(person_id=person, level=LEVELS.WORK_SECRET, valid_from=NOW - DAY, basis="审查"))
    account = await town.account(person, "wang", must_change_password=True)
    found = await read(town, await signed_in(town, account), account)
    assert found is not None
    assert found.must_change_password
    assert (found.actor.grants, found.actor.unit_ids, found.actor.clearance) == ((), frozenset(), LEVELS.PUBLIC)
    assert found.actor.roles == frozenset({"anyone"})
    assert (found.actor.account_id, found.actor.person_id, found.actor.name) == (account, person, "王建国")


async def test_an_outside_system_has_its_own_grants_and_no_person(town: Town) -> None:
    account = Account(id=new_id(), kind=AccountKind.SERVICE, login="oa-gateway", created_at=NOW)
    await town.add(account, grant(None, Role.SERVICE, account_id=account.id))
    found = await read(town, await signed_in(town, account.id), account.id)
    assert found is not None
    assert (found.actor.kind, found.actor.person_id, found.actor.name) == (ActorKind.SERVICE, None, "oa-gateway")
    assert (found.actor.grants, found.actor.clearance) == ((Grant(Role.SERVICE),), LEVELS.PUBLIC)


async def test_on_his_behalf_a_person_has_the_rights_of_his_own_session_without_its_marks(town: Town) -> None:
    unit = await town.unit("住建局")
    person = await town.person("王建国")
    await town.post(person, unit)
    await town.add(grant(person, Role.UNIT_HEAD, unit_id=unit))
    account = await town.account(person, "wang", must_change_password=False)
    own = await read(town, await signed_in(town, account), account)
    async with town.database.read() as session:
        on_behalf = await actor_of_person(session, person, NOW)
    assert own is not None
    assert (on_behalf.account_id, on_behalf.session_id, on_behalf.kind) == (None, None, ActorKind.PERSON)
    same = ("person_id", "name", "clearance", "unit_ids", "grants", "policy_version")
    assert [getattr(on_behalf, name) for name in same] == [getattr(own.actor, name) for name in same]


async def test_nobody_acts_for_a_person_who_is_unknown_or_gone(town: Town) -> None:
    gone = await town.person("李国强", valid_until=TODAY - DAY)
    async with town.database.read() as session:
        for person in (new_id(), gone):
            with pytest.raises(Refusal) as refused:
                await actor_of_person(session, person, NOW)
            assert refused.value.code is RefusalCode.NOT_FOUND
