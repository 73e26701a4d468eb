"""A version of the policy, from its draft to its end: drafted and proposed by one, taken into use by another.

Immutable from the proposal on. What it says is checked when it is proposed and again when it is approved: the release
may be another by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from app.authz.errors import PolicyError
from app.authz.models import PolicyStatus, PolicyVersion
from app.authz.policy_text import PolicyText
from app.authz.versions import next_number, text_of
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problem, Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean
from app.identity.service.two_people import require_security_admin
from app.permissions.checking import problems_of_version
from app.permissions.editing import PolicyEdit, edited
from app.work import Work


@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """From the version `base_id`, by default the one in force."""

    reason: str
    edits: Sequence[PolicyEdit] = field(default=())
    base_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EditPolicyDraft:
    version_id: UUID
    edits: Sequence[PolicyEdit]


@dataclass(frozen=True, slots=True)
class RefusePolicy:
    version_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RollBackPolicy:
    """`version_id`: the one whose rows shall be in force again."""

    version_id: UUID
    reason: str


async def draft_policy(work: Work, command: DraftPolicy) -> PolicyVersion:
    """Begin a version of one's own. It may hold faults; with one it cannot be proposed."""
    version = await _begun(work, "policy.draft")
    base = await (in_force(work) if command.base_id is None else work.load(PolicyVersion, command.base_id))
    return await _drafted(work, version, base, edited(read_text(base), command.edits), command.reason)


async def hand_in(work: Work, text: PolicyText, reason: str) -> PolicyVersion:
    """Begin a version of one's own with a whole text, as it was written in files."""
    version = await _begun(work, "policy.draft")
    return await _drafted(work, version, await in_force(work), text, reason)


async def edit_draft(work: Work, command: EditPolicyDraft) -> PolicyVersion:
    """Put lines into one's own draft, and take lines out."""
    version = await work.load(PolicyVersion, command.version_id)
    await work.require("policy.draft", version)
    _expect(version, PolicyStatus.DRAFT)
    _put(version, edited(read_text(version), command.edits))
    await work.record_admin("policy.edited", ("policy", version.id), action="policy.draft")
    return version


async def discard_draft(work: Work, version_id: UUID) -> PolicyVersion:
    """End a draft, one's own or one that somebody left behind. Its number is not given again."""
    version = await work.load(PolicyVersion, version_id)
    await work.require("policy.discard", version)
    _expect(version, PolicyStatus.DRAFT)
    version.status, version.retired_at = PolicyStatus.DISCARDED, work.now
    await work.record_admin("policy.discarded", ("policy", version.id), action="policy.discard")
    return version


async def propose_policy(work: Work, version_id: UUID) -> PolicyVersion:
    """Lay a draft without faults before a second person. From here on it is not changed."""
    version = await work.load(PolicyVersion, version_id)
    await work.require("policy.propose", version)
    _expect(version, PolicyStatus.DRAFT)
    await _refuse_faults(version)
    await _propose(work, version)
    await work.record_admin("policy.proposed", ("policy", version.id), action="policy.propose")
    return version


async def roll_back(work: Work, command: RollBackPolicy) -> PolicyVersion:
    """Propose that the rows of an earlier version be in force again, unchanged. Two people, as for every change."""
    earlier = await work.load(PolicyVersion, command.version_id)
    if earlier.activated_at is None or earlier.status is PolicyStatus.ACTIVE:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=earlier.status.value)
    version = await _begun(work, "policy.roll_back")
    await _fill(work, version, earlier, read_text(earlier), command.reason)
    await _refuse_faults(version)
    await _propose(work, version)
    await work.record_admin("policy.rolled_back", ("policy", version.id), action="policy.roll_back")
    return version


async def approve_policy(work: Work, version_id: UUID) -> PolicyVersion:
    """Put a proposed version in force, from the next request on, in every process. The one before it is retired."""
    version = await work.load(PolicyVersion, version_id)
    await work.require("policy.approve", version)
    _expect(version, PolicyStatus.PROPOSED)
    await require_security_admin(work, None, {work.actor.person_id, version.proposer_id})
    active = await in_force(work)
    if active.number != version.replaces_number:
        raise Refusal(RefusalCode.ANOTHER_IN_FORCE)
    await _refuse_faults(version)
    active.status, active.retired_at = PolicyStatus.RETIRED, work.now
    await work.session.flush()  # one alone is in force
    version.status, version.activated_at = PolicyStatus.ACTIVE, work.now
    version.approver_id = work.actor.person_id
    await work.record_admin("policy.approved", ("policy", version.id), action="policy.approve")
    return version


async def refuse_policy(work: Work, command: RefusePolicy) -> PolicyVersion:
    """Say no to a proposed version, for a reason; its proposer withdraws it so. A new draft may be made from it."""
    version = await work.load(PolicyVersion, command.version_id)
    await work.require("policy.refuse", version)
    problems = Problems()
    reason = clean(problems, command.reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    _expect(version, PolicyStatus.PROPOSED)
    version.status, version.refused_at, version.refused_by = PolicyStatus.REFUSED, work.now, work.actor.person_id
    version.refusal_id = await _put_away(work, reason)
    await work.record_admin("policy.refused", ("policy", version.id), action="policy.refuse")
    return version


async def in_force(work: Work) -> PolicyVersion:
    """The version in force, locked. Refuses ANOTHER_IN_FORCE where one was put in force at this moment."""
    statement = select(PolicyVersion).where(PolicyVersion.status == PolicyStatus.ACTIVE).with_for_update()
    found = await work.session.execute(statement.execution_options(populate_existing=True))
    active = found.scalar_one_or_none()
    if active is None:
        raise Refusal(RefusalCode.ANOTHER_IN_FORCE)
    return active


async def _begun(work: Work, action: str) -> PolicyVersion:
    version = PolicyVersion(id=new_id(), status=PolicyStatus.DRAFT, author_id=work.actor.person_id, created_at=work.now)
    await work.require(action, version)
    if version.author_id is None:  # who changes the policy answers for it by name
        raise Refusal(RefusalCode.NOT_ALLOWED, action=action)
    return version


async def _drafted(
    work: Work, version: PolicyVersion, base: PolicyVersion, text: PolicyText, reason: str
) -> PolicyVersion:
    await _fill(work, version, base, text, reason)
    await work.record_admin("policy.drafted", ("policy", version.id), action="policy.draft")
    return version


async def _fill(work: Work, version: PolicyVersion, base: PolicyVersion, text: PolicyText, reason: str) -> None:
    problems = Problems()
    why = clean(problems, reason, PARAGRAPH, "input", "reason")
    problems.raise_if_any()
    _put(version, text)
    version.number, version.base_number = await next_number(work.session), base.number
    version.reason_id = await _put_away(work, why)
    work.session.add(version)


async def _put_away(work: Work, words: str) -> UUID:
    key = put_text(work.session, words, work.now)
    await work.session.flush()  # the session itself would write the version, whose table lies below, before its words
    return key


def _put(version: PolicyVersion, text: PolicyText) -> None:
    version.rows, version.digest = text.as_json(), text.digest


async def _propose(work: Work, version: PolicyVersion) -> None:
    version.status, version.proposed_at = PolicyStatus.PROPOSED, work.now
    version.proposer_id = work.actor.person_id
    version.replaces_number = (await in_force(work)).number


def read_text(version: PolicyVersion) -> PolicyText:
    """Its lines. Refuses POLICY_FAULT where they are not those that were stored."""
    try:
        return text_of(version)
    except PolicyError as error:
        raise faults(error.problems) from error


def _expect(version: PolicyVersion, status: PolicyStatus) -> None:
    if version.status is not status:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=version.status.value)


async def _refuse_faults(version: PolicyVersion) -> None:
    problems = await problems_of_version(version)
    if problems:
        raise faults(problems)


def faults(problems: Sequence[str], *path: str) -> Refusal:
    """The refusal of a version with all that is wrong with it. `path`: the argument that named it."""
    place = path or ("input", "policy")
    found = tuple(Problem(RefusalCode.POLICY_FAULT, place, (("problem", problem),)) for problem in problems)
    return Refusal(RefusalCode.INVALID_INPUT, problems=found)
