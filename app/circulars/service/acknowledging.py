"""签收通报: a unit takes note of a circular that was sent to it."""

from dataclasses import dataclass
from uuid import UUID

from app.authz import Role
from app.circulars.models import Circular
from app.circulars.queries import load_circular, recipients_of
from app.circulars.rules import CircularStatus
from app.core.refusals import Refusal, RefusalCode, invalid
from app.documents.models import DocumentRecipient
from app.todos.service import close_todos
from app.work import Work

_MAY = frozenset({Role.UNIT_HEAD.value, Role.UNIT_DEPUTY.value, Role.UNIT_HANDLER.value})


@dataclass(frozen=True, slots=True)
class AcknowledgeCircular:
    """`unit_id` is needed only by who acts for several of the units to which it went."""

    circular_id: UUID
    unit_id: UUID | None = None


async def acknowledge_circular(work: Work, command: AcknowledgeCircular) -> Circular:
    """Acknowledge for one's unit. Refuses ALREADY_DONE the second time, STATUS_CONFLICT for one that was withdrawn."""
    case, circular = await load_circular(work, command.circular_id)
    await work.require("circular.acknowledge", circular)
    if circular.status is not CircularStatus.PUBLISHED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=circular.status.value, version=circular.version)
    recipient = await _recipient(work, circular, command)
    if recipient.acknowledged_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE, state=circular.status.value, version=circular.version)
    recipient.acknowledged_at, recipient.acknowledged_by = work.act.occurred_at, work.actor.person_id
    subject = ("document_recipient", recipient.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.record(
        "circular.acknowledged",
        ("circular", circular.id),
        case=case,
        action="circular.acknowledge",
        unit_id=recipient.unit_id,
    )
    return circular


async def _recipient(work: Work, circular: Circular, command: AcknowledgeCircular) -> DocumentRecipient:
    assert circular.document_id is not None
    own = {grant.unit_id for grant in work.actor.grants if grant.role in _MAY}
    mine = [row for row in await recipients_of(work.session, circular.document_id) if row.unit_id in own]
    chosen = [row for row in mine if command.unit_id in (None, row.unit_id)]
    if not chosen:
        raise invalid(RefusalCode.BAD_ID, "input", "unit")
    if len(chosen) > 1:
        raise invalid(RefusalCode.REQUIRED, "input", "unit")
    return await work.reach(DocumentRecipient, chosen[0].id)
