"""Appending to the three records. Always inside the transaction of what they prove, except for denials."""

from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AccessLog, AdminChain, AdminRecord, CaseRecord
from app.audit.rules import GENESIS, AccessOutcome, link
from app.core.levels import Classification

_HEAD = 1


class Chained(Protocol):
    """A locked row that carries the head of its own chain."""

    id: Any
    record_seq: Any
    record_hash: Any


class Attribution(Protocol):
    """Who acted, under which policy. `app.authz.Actor` fits."""

    @property
    def kind(self) -> Any: ...
    @property
    def account_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def policy_version(self) -> int: ...


class Subject(NamedTuple):
    """What was read, or refused: an object of the policy and its key, its own classification, and its case."""

    kind: str
    id: UUID | None = None
    classification: Classification | None = None
    case_id: UUID | None = None


def case_fields(record: CaseRecord) -> dict[str, Any]:
    """What the hash of a case record covers."""
    return {
        "case_id": record.case_id,
        "seq": record.seq,
        "event_id": record.event_id,
        "action": record.action,
        "rule_id": record.rule_id,
        "actor_kind": record.actor_kind,
        "actor_account_id": record.actor_account_id,
        "actor_person_id": record.actor_person_id,
        "policy_version": record.policy_version,
        "recorded_at": record.recorded_at,
        "digest": record.digest,
    }


def admin_fields(record: AdminRecord) -> dict[str, Any]:
    """What the hash of an administration record covers."""
    return {
        "seq": record.seq,
        "action": record.action,
        "rule_id": record.rule_id,
        "actor_kind": record.actor_kind,
        "actor_account_id": record.actor_account_id,
        "actor_person_id": record.actor_person_id,
        "policy_version": record.policy_version,
        "subject_kind": record.subject_kind,
        "subject_id": record.subject_id,
        "changes": record.changes,
        "recorded_at": record.recorded_at,
    }


def case_link(
    *,
    case_id: UUID,
    seq: int,
    previous: str,
    event_id: UUID,
    action: str,
    rule_id: str | None,
    actor: Attribution,
    digest: str,
    at: datetime,
) -> dict[str, Any]:
    """The columns of a link of a case's chain, its hash among them. `previous` is the head; empty for the first."""
    fields = {
        "case_id": case_id,
        "seq": seq,
        "event_id": event_id,
        "action": action,
        "rule_id": rule_id,
        "actor_kind": str(actor.kind),
        "actor_account_id": actor.account_id,
        "actor_person_id": actor.person_id,
        "policy_version": actor.policy_version,
        "recorded_at": at,
        "digest": digest,
    }
    head = previous or GENESIS
    return {**fields, "previous": head, "hash": link(head, fields)}


def append_case_record(
    session: AsyncSession,
    chain: Chained,
    *,
    event_id: UUID,
    action: str,
    rule_id: str | None,
    actor: Attribution,
    digest: str,
    at: datetime,
) -> CaseRecord:
    """Add the next link of a case's chain and move its head. The caller holds the row's lock."""
    columns = case_link(
        case_id=chain.id,
        seq=chain.record_seq + 1,
        previous=chain.record_hash,
        event_id=event_id,
        action=action,
        rule_id=rule_id,
        actor=actor,
        digest=digest,
        at=at,
    )
    record = CaseRecord(**columns)
    session.add(record)
    chain.record_seq, chain.record_hash = record.seq, record.hash
    return record


async def append_admin_record(
    session: AsyncSession,
    *,
    action: str,
    actor: Attribution,
    subject: tuple[str, UUID | None],
    at: datetime,
    rule_id: str | None = None,
    changes: list[dict[str, Any]] | None = None,
) -> AdminRecord:
    """Add the next link of the administration chain. Its head's row lock orders concurrent writers."""
    head = await lock_admin_chain(session)
    record = AdminRecord(
        seq=head.seq + 1,
        action=action,
        rule_id=rule_id,
        actor_kind=str(actor.kind),
        actor_account_id=actor.account_id,
        actor_person_id=actor.person_id,
        policy_version=actor.policy_version,
        subject_kind=subject[0],
        subject_id=subject[1],
        changes=changes or [],
        recorded_at=at,
        previous=head.hash,
    )
    record.hash = link(record.previous, admin_fields(record))
    session.add(record)
    head.seq, head.hash = record.seq, record.hash
    await session.flush()
    return record


async def lock_admin_chain(session: AsyncSession) -> AdminChain:
    """The head of the chain of administration, locked: nobody else appends to it in the meantime."""
    statement = select(AdminChain).where(AdminChain.id == _HEAD).with_for_update()
    head = (await session.execute(statement)).scalar_one_or_none()
    if head is None:
        try:
            async with session.begin_nested():
                session.add(AdminChain(id=_HEAD, seq=0, hash=GENESIS))
                await session.flush()
        except IntegrityError:  # another process was first
            pass
        head = (await session.execute(statement)).scalar_one()
    return head


def log_access(
    session: AsyncSession,
    *,
    at: datetime,
    outcome: AccessOutcome,
    action: str,
    actor: Attribution,
    subject: Subject,
    correlation_id: UUID,
    rule_id: str | None = None,
) -> None:
    """Note that a restricted item was read, or an attempt refused."""
    session.add(
        AccessLog(
            at=at,
            outcome=outcome,
            action=action,
            rule_id=rule_id,
            actor_kind=str(actor.kind),
            account_id=actor.account_id,
            person_id=actor.person_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            of_case_id=subject.case_id,
            classification=subject.classification,
            correlation_id=correlation_id,
        )
    )
