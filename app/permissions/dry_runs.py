"""The sweep that carries out dry runs: a part in each round, taken up by another worker where one has died.

Everybody with the same roles, units and clearance is counted once; who is concerned himself (a leader by the cases that
he instructs) is counted by himself. Large groups come first.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import or_, select

from app.authz import Actor, Policies, Policy
from app.authz.models import PolicyVersion
from app.authz.versions import policy_of
from app.identity.queries import rights_of_people
from app.permissions.comparison import Difference, differences
from app.permissions.counting import Counted, Question, count, question
from app.permissions.models import DryRunState, PolicyDryRun
from app.work.opening import Workplace

_ROUND = timedelta(seconds=15)  # shorter than a worker that is to end is waited for
_LEASE = timedelta(seconds=60)
_SAVE_EVERY = timedelta(seconds=1)
_NAMED = 3  # people of a group

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Group:
    """People for whom the same holds, and one who stands for them."""

    who: Actor
    people: list[Actor]
    changes: list[Difference]


@dataclass(frozen=True, slots=True)
class _Task:
    group: _Group
    change: Difference
    gained: Question
    lost: Question

    @property
    def name(self) -> str:
        """The same for the same people and right, in whichever round."""
        return f"{'.'.join(self.change.right)} {min(str(person.person_id) for person in self.group.people)}"


async def dry_run(workplace: Workplace, policies: Policies) -> int:
    """Count for a while what somebody waits for. Answers how many dry runs were brought to their end."""
    ended = 0
    until = workplace.clock.real_now() + _ROUND
    while workplace.clock.real_now() < until:
        key = await _claim(workplace)
        if key is None:
            break
        try:
            ended += await _go_on(workplace, policies, key, until)
        except Exception:
            _log.exception("dry_run_failed", dry_run=str(key))
            await _write(workplace, key, state=DryRunState.FAILED, finished_at=workplace.clock.now())
            raise
    return ended


async def _claim(workplace: Workplace) -> UUID | None:
    real_now = workplace.clock.real_now()
    begun = PolicyDryRun.state == DryRunState.RUNNING
    free = or_(PolicyDryRun.taken_until.is_(None), PolicyDryRun.taken_until < real_now)
    statement = (
        select(PolicyDryRun)
        .where(or_(PolicyDryRun.state == DryRunState.WAITING, begun & free))
        .order_by(PolicyDryRun.requested_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    async with workplace.database.write() as session:
        waiting = (await session.execute(statement)).scalar_one_or_none()
        if waiting is None:
            return None
        waiting.state, waiting.taken_until = DryRunState.RUNNING, real_now + _LEASE
        return waiting.id


async def _go_on(workplace: Workplace, policies: Policies, key: UUID, until: datetime) -> bool:
    """Whether it came to its end."""
    database, clock, now = workplace.database, workplace.clock, workplace.clock.now()
    async with database.read() as session:
        row = await session.get_one(PolicyDryRun, key)
        version = await session.get_one(PolicyVersion, row.version_id)
        people = await rights_of_people(session, now)
    after, before = policy_of(version, policies.shipped.objects), await policies.of(row.against_number)
    reader = next(person for person in people if person.person_id == row.requested_by)
    tasks = await asyncio.to_thread(_tasks, before, after, people, reader)
    found = {result["name"]: result for result in row.results}
    saved = clock.real_now()
    for task in tasks:
        if task.name not in found:
            async with database.read() as session:
                gained = await count(session, task.gained, task.group.who, reader, now)
                lost = await count(session, task.lost, task.group.who, reader, now)
            found[task.name] = _told(task, gained, lost)
        if clock.real_now() > until:
            break
        if clock.real_now() > saved + _SAVE_EVERY:
            saved = clock.real_now()
            await _save(workplace, key, found, len(tasks), taken_until=saved + _LEASE)
    if len(found) < len(tasks):
        await _save(workplace, key, found, len(tasks), taken_until=None)
        return False
    await _save(workplace, key, found, len(tasks), state=DryRunState.DONE, finished_at=clock.now(), taken_until=None)
    return True


def _tasks(before: Policy, after: Policy, people: list[Actor], reader: Actor) -> list[_Task]:
    by_roles = {roles: differences(before, after, roles) for roles in {person.roles for person in people}}
    questions: dict[int, tuple[Question, Question]] = {}  # those of a role shape are the same objects

    def asked(change: Difference) -> tuple[Question, Question]:
        if id(change) not in questions:
            name = change.right[0]
            sides = (question(shift, before, reader, name) for shift in (change.gained, change.lost))
            gained, lost = sides
            questions[id(change)] = gained, lost
        return questions[id(change)]

    groups = sorted(_groups(people, by_roles), key=lambda group: -len(group.people))
    return [_Task(group, change, *asked(change)) for group in groups for change in group.changes]


def _groups(people: Iterable[Actor], by_roles: dict[frozenset[str], list[Difference]]) -> list[_Group]:
    members: dict[Any, list[Actor]] = defaultdict(list)
    for person in people:
        changes = by_roles[person.roles]
        if changes:
            personal = any(change.personal for change in changes)
            alone = person.person_id if personal else None
            members[person.clearance, person.unit_ids, person.grants, alone].append(person)
    groups = []
    for (_, _, _, alone), same in members.items():
        who = same[0] if alone else replace(same[0], person_id=None, account_id=None)
        groups.append(_Group(who, sorted(same, key=lambda person: person.name), by_roles[who.roles]))
    return groups


def _told(task: _Task, gained: Counted, lost: Counted) -> dict[str, Any]:
    """A result as the row keeps it."""
    who, people = task.group.who, task.group.people
    return {
        "name": task.name,
        "action": ".".join(task.change.right),
        "roles": sorted({grant.role for grant in who.grants}),
        "units": sorted(str(grant.unit_id) for grant in who.grants if grant.unit_id is not None),
        "clearance": int(who.clearance),
        "people": len(people),
        "named": [str(person.person_id) for person in people[:_NAMED]],
        "gained": gained.rows,
        "lost": lost.rows,
        "gained_examples": [str(key) for key in gained.examples],
        "lost_examples": [str(key) for key in lost.examples],
    }


async def _save(workplace: Workplace, key: UUID, found: dict[str, Any], to_count: int, **values: Any) -> None:
    await _write(workplace, key, results=list(found.values()), counted=len(found), to_count=to_count, **values)


async def _write(workplace: Workplace, key: UUID, **values: Any) -> None:
    async with workplace.database.write() as session:
        row = await session.get_one(PolicyDryRun, key, with_for_update=True)
        for name, value in values.items():
            setattr(row, name, value)
