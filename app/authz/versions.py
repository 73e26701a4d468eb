"""Which policy version is in force, and how the shipped files become one."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.authz.errors import PolicyError
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.policy import Policy


async def current_policy_version(session: AsyncSession) -> int | None:
    """The number of the version in force; None before the first."""
    statement = select(PolicyVersion.number).where(PolicyVersion.status == PolicyStatus.ACTIVE)
    return (await session.execute(statement)).scalar_one_or_none()


async def ensure_baseline(session: AsyncSession, policy: Policy, now: datetime) -> int:
    """The number of the version that this policy is, put in force if it is new. Several processes may start at once.

    Version 1 is the first baseline. A later release whose files differ becomes the next version, as long as the
    version in force was shipped too; one that the office made itself is never replaced by files.
    """
    active = await _active(session)
    if active is not None and active.digest == policy.digest:
        return active.number
    if active is not None and active.author_id is not None:
        raise PolicyError([f"policy version {active.number} of the office is in force; the files are not"])
    try:
        async with session.begin_nested():
            return await _put_in_force(session, active, policy, now)
    except IntegrityError:  # another process was first
        active = await _active(session)
        if active is None or active.digest != policy.digest:
            raise
        return active.number


async def _active(session: AsyncSession) -> PolicyVersion | None:
    statement = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ACTIVE).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def _put_in_force(session: AsyncSession, active: PolicyVersion | None, policy: Policy, now: datetime) -> int:
    if active is not None:
        active.status, active.retired_at = PolicyStatus.RETIRED, now
        await session.flush()
    last = (await session.execute(select(func.max(PolicyVersion.number)))).scalar_one()
    shipped = PolicyVersion(
        number=(last or 0) + 1,
        rows=policy.text.as_json(),
        digest=policy.digest,
        status=PolicyStatus.ACTIVE,
        created_at=now,
        activated_at=now,
    )
    session.add(shipped)
    await session.flush()
    return shipped.number
