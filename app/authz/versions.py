"""Which policy version is in force, how a stored one is read, and how the shipped files become one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import append_admin_record
from app.authz.actor import MACHINE
from app.authz.errors import PolicyError
from app.authz.lint import lint
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.objects import ObjectType
from app.authz.policy import Policy
from app.authz.policy_text import PolicyText
from app.core.sentences import Sentence

_GO_BACK = "start the release before it, roll back to a shipped version, and see docs/permissions.md on new releases"


async def current_policy_version(session: AsyncSession) -> int | None:
    """The number of the version in force; None before the first."""
    statement = select(PolicyVersion.number).where(PolicyVersion.status == PolicyStatus.ACTIVE)
    return (await session.execute(statement)).scalar_one_or_none()


def text_of(version: PolicyVersion) -> PolicyText:
    """The rows of a version. PolicyError where they are not those that were stored."""
    text = PolicyText.from_json(version.rows)
    if text.digest != version.digest:
        number = version.number
        raise PolicyError(
            [
                Sentence(
                    f"policy version {number} is not what was stored: its digest differs",
                    f"权限规则第{number}版与存入时不符：摘要不同",
                )
            ]
        )
    return text


def policy_of(version: PolicyVersion, objects: Mapping[str, ObjectType]) -> Policy:
    """A version as a policy of this release. PolicyError names every problem."""
    text = text_of(version)
    problems = lint(text, objects)
    if problems:
        raise PolicyError(problems)
    return Policy(text, objects)


async def next_number(session: AsyncSession) -> int:
    return ((await session.execute(select(func.max(PolicyVersion.number)))).scalar_one() or 0) + 1


async def ensure_baseline(session: AsyncSession, policy: Policy, now: datetime) -> int:
    """The number of the version in force, after the shipped files were recorded. Several processes may start at once.

    Version 1 is the first baseline. A later release whose files differ becomes the next version, as long as the rows
    in force were shipped too. Rows that the office made stay in force; the release's files are then offered beside
    them. Raises PolicyError where this release does not take the office's rows, a mandatory rule being missing, say.
    """
    active = await _active(session)
    if active is not None and active.digest == policy.digest:
        return active.number
    try:
        async with session.begin_nested():
            if active is None or await _was_shipped(session, active.digest):
                return await _put_in_force(session, active, policy, now)
            _refuse_unless_taken(active, policy)
            await _offer(session, policy, now)
            return active.number
    except IntegrityError:  # another process was first
        active = await _active(session)
        if active is None or not await _was_shipped(session, policy.digest):
            raise
        return active.number


def _refuse_unless_taken(active: PolicyVersion, policy: Policy) -> None:
    try:
        policy_of(active, policy.objects)
    except PolicyError as error:
        said = f"policy version {active.number} of the office is in force, and this release does not take it"
        raise PolicyError([f"{said}: {_GO_BACK}", *error.problems]) from error


async def _active(session: AsyncSession) -> PolicyVersion | None:
    statement = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ACTIVE).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def _was_shipped(session: AsyncSession, digest: str) -> bool:
    statement = select(PolicyVersion.id).where(PolicyVersion.digest == digest, PolicyVersion.author_id.is_(None))
    return (await session.execute(statement)).first() is not None


async def _put_in_force(session: AsyncSession, active: PolicyVersion | None, policy: Policy, now: datetime) -> int:
    changes = []
    if active is not None:
        active.status, active.retired_at = PolicyStatus.RETIRED, now
        await session.flush()
        changes.append(_change(active, status=[PolicyStatus.ACTIVE.value, PolicyStatus.RETIRED.value]))
    shipped = await _add_shipped(session, policy, PolicyStatus.ACTIVE, now)
    await _record(session, "policy.put_in_force", shipped, changes, now)
    return shipped.number


async def _offer(session: AsyncSession, policy: Policy, now: datetime) -> None:
    """The files of a release that are not put in force: the office may draft from them."""
    if not await _was_shipped(session, policy.digest):
        offered = await _add_shipped(session, policy, PolicyStatus.OFFERED, now)
        await _record(session, "policy.offered", offered, [], now)


async def _add_shipped(session: AsyncSession, policy: Policy, status: PolicyStatus, now: datetime) -> PolicyVersion:
    shipped = PolicyVersion(
        number=await next_number(session),
        rows=policy.text.as_json(),
        digest=policy.digest,
        status=status,
        created_at=now,
        activated_at=now if status is PolicyStatus.ACTIVE else None,
    )
    session.add(shipped)
    await session.flush()
    return shipped


async def _record(
    session: AsyncSession, event_type: str, shipped: PolicyVersion, changes: list[dict[str, Any]], now: datetime
) -> None:
    """The chain tells since when which rules are in force, also where no person put them there."""
    own = _change(
        shipped,
        number=[None, shipped.number],
        digest=[None, shipped.digest],
        status=[None, shipped.status.value],
    )
    await append_admin_record(
        session,
        action=event_type,
        actor=replace(MACHINE, policy_version=shipped.number),
        subject=("policy", shipped.id),
        at=now,
        changes=[*changes, own],
    )


def _change(version: PolicyVersion, **fields: list[Any]) -> dict[str, Any]:
    """In the shape in which other acts of administration are recorded."""
    return {"table": PolicyVersion.__tablename__, "key": [str(version.id)], "version": None, "fields": fields}
