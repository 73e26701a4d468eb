"""Why may he, who may, what may he: the policy's own answers, for who administers or audits rights (第二十四条).

Of an object they are told to who sees it himself under the policy in force; to others it does not exist. What another
version would answer is asked of the same people and objects, as they are now.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.authz import Actor, Decision, Explained, Policy, PolicyError, Role, can_be_told, load_facts, read_facts
from app.authz.models import PolicyVersion
from app.authz.plan import Entry
from app.authz.versions import policy_of
from app.core.refusals import RefusalCode, invalid, not_found
from app.identity.queries import rights_of_people
from app.permissions.service.versions import faults
from app.work import Work

_RIGHT = "policy.explain"


@dataclass(frozen=True, slots=True)
class Subject:
    """The row of a table that a question is about."""

    model: Any  # the class of its table
    key: UUID


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision, and every rule that applies to the person's roles: for yes as for no."""

    decision: Decision
    rules: list[Explained]


async def policy_asked(work: Work, version_id: UUID | None) -> Policy:
    """The version that a question is about, a draft too; by default the one in force.

    Refuses NOT_ALLOWED; NOT_FOUND; POLICY_FAULT for a version that cannot be read as it stands.
    """
    await work.require(_RIGHT, None)
    if version_id is None:
        return work.policy
    version = await work.load(PolicyVersion, version_id, lock=False)
    try:
        return policy_of(version, work.policy.objects)
    except PolicyError as error:
        raise faults(error.problems, "policy") from error


async def explain(work: Work, policy: Policy, person_id: UUID, action: str, subject: Subject | None) -> Explanation:
    """Why a person may do something now, or may not. Without a subject: as of an object of which nothing is known.

    Refuses NOT_ALLOWED; INVALID_INPUT for an action that is none, or of which the subject tells too little; NOT_FOUND.
    """
    await work.require(_RIGHT, None)
    object_name, verb = _known(work, action)
    row = await _seen(work, object_name, subject)
    person = await _person(work, person_id)
    facts = await load_facts(work.session, policy, person, object_name, verb, [row])
    asked = (person, work.now, object_name, verb, row, facts)
    return Explanation(policy.decide(*asked), policy.explain(*asked))


async def what_can(work: Work, policy: Policy, person_id: UUID, subject: Subject) -> dict[str, Decision]:
    """What a person may do to an object now, by action. Refuses like `explain`."""
    await work.require(_RIGHT, None)
    kinds = [kind for kind in work.policy.objects.values() if kind.model is subject.model]
    if not kinds:
        raise invalid(RefusalCode.NOT_APPLICABLE, "subject")
    rows = [await _seen(work, kind.name, subject) for kind in kinds]
    person = await _person(work, person_id)
    actions = [(kind.name, verb) for kind in kinds for verb in sorted(kind.actions)]
    plans = [policy.plan(person.roles, *action) for action in actions]
    facts = await work.session.run_sync(lambda blocking: read_facts(blocking, plans, rows))
    return {".".join(action): policy.decide(person, work.now, *action, rows[0], facts) for action in actions}


async def who_can(work: Work, policy: Policy, action: str, subject: Subject | None) -> list[tuple[str, UUID]]:
    """Who may do something now: names and keys, in the order of the names. Refuses like `explain`."""
    await work.require(_RIGHT, None)
    object_name, verb = _known(work, action)
    row = await _seen(work, object_name, subject)
    people = await rights_of_people(work.session, work.now)
    plans = {person.roles: policy.plan(person.roles, object_name, verb) for person in people}
    facts = await work.session.run_sync(lambda blocking: read_facts(blocking, plans.values(), [row]))
    allowed = (person for person in people if plans[person.roles].check(row, facts, person, work.now))
    return sorted((person.name, person.person_id) for person in allowed if person.person_id is not None)


async def permission_matrix(work: Work, policy: Policy, object_name: str) -> dict[str, dict[Role, list[Entry]]]:
    """For each action on an object and each role, the rules that speak of it: its own, and those of roles it implies.

    Refuses NOT_ALLOWED; INVALID_INPUT for an object that is none.
    """
    await work.require(_RIGHT, None)
    if object_name not in work.policy.objects:
        raise invalid(RefusalCode.NOT_APPLICABLE, "object")
    return {
        verb: {role: list(policy.plan(frozenset({role}), object_name, verb).entries) for role in Role}
        for verb in sorted(work.policy.objects[object_name].actions)
    }


def _known(work: Work, action: str) -> tuple[str, str]:
    object_name, _, verb = action.partition(".")
    kind = work.policy.objects.get(object_name)
    if kind is None or verb not in kind.actions:
        raise invalid(RefusalCode.NOT_APPLICABLE, "action")
    return object_name, verb


async def _seen(work: Work, object_name: str, subject: Subject | None) -> Any:
    """The row, as far as the one who asks may see it. Refuses NOT_FOUND; INVALID_INPUT where it does not fit."""
    if subject is None:
        return None
    fits = work.policy.objects[object_name].model is subject.model
    if not fits or not can_be_told(object_name, work.policy.objects):
        raise invalid(RefusalCode.NOT_APPLICABLE, "subject")
    return await work.load(subject.model, subject.key, lock=False)


async def _person(work: Work, person_id: UUID) -> Actor:
    for person in await rights_of_people(work.session, work.now, person_id):
        return person
    raise not_found()
