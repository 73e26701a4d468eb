"""Policy versions: the shipped files are version 1, a new release is the next, the office's own is never replaced."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.audit.models import AdminChain, AdminRecord
from app.audit.rules import first_broken
from app.audit.service import admin_fields
from app.authz import Policy, PolicyError
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.versions import current_policy_version, ensure_baseline
from app.content.models import Content
from app.core.database import Base
from tests.authz.bed import POSTGRES_URL, need_postgres
from tests.authz.toy_policy import FIXED, policy_of

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OWN = policy_of([rule for rule in FIXED.text.rules if rule.id != "MAT-A3"])
CHANGED = policy_of([rule for rule in FIXED.text.rules if rule.id != "MAT-A2"])


@pytest.fixture
async def session() -> AsyncIterator[AsyncSession]:
    engine = create_async_engine("sqlite+aiosqlite://")
    tables = [model.metadata.tables[model.__tablename__] for model in (Content, PolicyVersion, AdminRecord, AdminChain)]
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: Base.metadata.create_all(sync, tables=tables))
    async with AsyncSession(engine) as opened:
        yield opened
    await engine.dispose()


async def versions(session: AsyncSession) -> list[tuple[int, str, PolicyStatus]]:
    rows = await session.scalars(select(PolicyVersion).order_by(PolicyVersion.number))
    return [(row.number, row.digest, row.status) for row in rows]


async def test_the_shipped_files_are_version_one(session: AsyncSession) -> None:
    assert await current_policy_version(session) is None
    assert await ensure_baseline(session, FIXED, NOW) == 1
    assert await current_policy_version(session) == 1
    row = (await session.scalars(select(PolicyVersion))).one()
    assert (row.rows, row.activated_at, row.author_id) == (FIXED.text.as_json(), NOW, None)


async def recorded(session: AsyncSession) -> list[tuple[str, str, int]]:
    """The acts of administration, the chain unbroken: what, by whom, under which version."""
    records = (await session.scalars(select(AdminRecord).order_by(AdminRecord.seq))).all()
    assert first_broken((record.previous, record.hash, admin_fields(record)) for record in records) is None
    return [(record.action, record.actor_kind, record.policy_version) for record in records]


async def test_the_chain_tells_since_when_a_version_is_in_force(session: AsyncSession) -> None:
    await ensure_baseline(session, FIXED, NOW)
    await ensure_baseline(session, FIXED, LATER)
    first = (await session.scalars(select(AdminRecord))).one()
    version = (await session.scalars(select(PolicyVersion))).one()
    assert (first.subject_kind, first.subject_id, first.recorded_at) == ("policy", version.id, NOW)
    fields = {"number": [None, 1], "digest": [None, FIXED.digest], "status": [None, "ACTIVE"]}
    table = {"table": "policy_version", "key": [str(version.id)], "version": None}
    assert first.changes == [table | {"fields": fields}]
    await ensure_baseline(session, CHANGED, LATER)
    assert await recorded(session) == [
        ("policy.put_in_force", "MACHINE", 1), ("policy.put_in_force", "MACHINE", 2)
    ]  # fmt: skip
    second = (await session.scalars(select(AdminRecord).where(AdminRecord.seq == 2))).one()
    assert second.changes[0] == table | {"fields": {"status": ["ACTIVE", "RETIRED"]}}


async def test_the_same_files_change_nothing(session: AsyncSession) -> None:
    await ensure_baseline(session, FIXED, NOW)
    assert await ensure_baseline(session, FIXED, LATER) == 1
    assert await versions(session) == [(1, FIXED.digest, PolicyStatus.ACTIVE)]


async def test_the_files_of_a_new_release_are_the_next_version(session: AsyncSession) -> None:
    await ensure_baseline(session, FIXED, NOW)
    assert await ensure_baseline(session, CHANGED, LATER) == 2
    assert await versions(session) == [
        (1, FIXED.digest, PolicyStatus.RETIRED),
        (2, CHANGED.digest, PolicyStatus.ACTIVE),
    ]


async def of_the_office(session: AsyncSession, policy: Policy) -> None:
    """Version 1 was shipped; version 2 is in force and the office's own."""
    await ensure_baseline(session, FIXED, NOW)
    row = (await session.scalars(select(PolicyVersion))).one()
    row.status = PolicyStatus.RETIRED
    await session.flush()
    session.add(
        PolicyVersion(
            number=2,
            rows=policy.text.as_json(),
            digest=policy.digest,
            status=PolicyStatus.ACTIVE,
            author_id=UUID(int=5),
            created_at=NOW,
        )
    )
    await session.flush()


async def test_files_never_replace_the_office_s_own_version(session: AsyncSession) -> None:
    await of_the_office(session, OWN)
    for _ in range(2):
        assert await ensure_baseline(session, CHANGED, LATER) == 2
    assert await versions(session) == [
        (1, FIXED.digest, PolicyStatus.RETIRED),
        (2, OWN.digest, PolicyStatus.ACTIVE),
        (3, CHANGED.digest, PolicyStatus.OFFERED),  # to be drafted from
    ]


async def test_rows_that_were_shipped_are_nobody_s_own(session: AsyncSession) -> None:
    """The office rolled back to what was shipped: from there the next release leads on."""
    await of_the_office(session, FIXED)
    assert await ensure_baseline(session, CHANGED, LATER) == 3
    assert (await versions(session))[1:] == [
        (2, FIXED.digest, PolicyStatus.RETIRED),
        (3, CHANGED.digest, PolicyStatus.ACTIVE),
    ]


async def test_a_release_that_does_not_take_the_office_s_version_says_so(session: AsyncSession) -> None:
    await of_the_office(session, policy_of([rule for rule in FIXED.text.rules if rule.id != "MAC-1"]))
    with pytest.raises(PolicyError) as refused:
        await ensure_baseline(session, CHANGED, LATER)
    said, *problems = refused.value.problems
    assert said.startswith("policy version 2 of the office is in force, and this release does not take it: ")
    assert problems == [
        "the mandatory rule `anyone, matter, *, above_clearance, deny` is missing; put it back",
    ]
    assert len(await versions(session)) == 2


@pytest.mark.server
async def test_processes_that_start_together_make_one_version() -> None:
    need_postgres()
    engine = create_async_engine(POSTGRES_URL, connect_args={"server_settings": {"search_path": "authz_versions"}})
    tables = [model.metadata.tables[model.__tablename__] for model in (Content, PolicyVersion, AdminRecord, AdminChain)]
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA IF EXISTS authz_versions CASCADE"))
        await connection.execute(text("CREATE SCHEMA authz_versions"))
        await connection.run_sync(lambda sync: Base.metadata.create_all(sync, tables=tables))

    async def start(policy: Policy) -> int:
        async with AsyncSession(engine) as opened, opened.begin():
            number = await ensure_baseline(opened, policy, NOW)
            await asyncio.sleep(0.05)  # the others meet an open transaction
            return number

    assert await asyncio.gather(*(start(FIXED) for _ in range(4))) == [1, 1, 1, 1]
    assert await asyncio.gather(*(start(CHANGED) for _ in range(4))) == [2, 2, 2, 2]
    async with AsyncSession(engine) as opened:
        assert await versions(opened) == [
            (1, FIXED.digest, PolicyStatus.RETIRED),
            (2, CHANGED.digest, PolicyStatus.ACTIVE),
        ]
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA authz_versions CASCADE"))
    await engine.dispose()


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2},  # a second one in force
        {"number": 2, "status": PolicyStatus.DRAFT, "author_id": UUID(int=5), "approver_id": UUID(int=5)},
    ],
)
async def test_one_in_force_and_two_persons(session: AsyncSession, changes: dict[str, object]) -> None:
    await ensure_baseline(session, FIXED, NOW)
    columns: dict[str, object] = {"rows": {}, "digest": "", "status": PolicyStatus.ACTIVE, "created_at": NOW}
    session.add(PolicyVersion(**columns | changes))
    with pytest.raises(IntegrityError):
        await session.flush()
