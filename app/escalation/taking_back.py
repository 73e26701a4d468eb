"""Taking an urging back: it counts nowhere any more, and what was drafted because of it falls with it."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.cases.models import Case
from app.content.service import put_text
from app.deadlines.rules import SubjectKind
from app.deadlines.service import cancel, next_fire_at
from app.documents.service import withdraw
from app.escalation.drafting import drop_drafts
from app.escalation.models import Urging
from app.todos.service import close_todos
from app.work import Work


async def take_back(work: Work, case: Case, urging: Urging, reason_id: UUID, action: str) -> None:
    """The document is void, its number stays (作废). What the unit never saw, it does not hear of now."""
    urging.withdrawn_at, urging.withdrawn_reason_id = work.now, reason_id
    if urging.document_id is not None:
        await withdraw(work.session, urging.document_id, reason_id, work.now)
    await stop_waiting(work, case, urging)
    await drop_drafts(work, case, urging)
    await work.record(
        "urging.withdrawn",
        ("urging", urging.id),
        case=case,
        action=action,
        unit_id=urging.unit_id if urging.delivered_at else None,
    )


async def take_back_unanswered(work: Work, case: Case, why: str, action: str, *which: ColumnElement[bool]) -> None:
    """Those of a case's urgings that are meant and wait for their answer. `why` is what the units read."""
    waiting = (Urging.case_id == case.id, Urging.withdrawn_at.is_(None), Urging.answered_at.is_(None))
    statement = select(Urging).where(*waiting, *which).order_by(Urging.id).with_for_update()
    for urging in (await work.session.scalars(statement)).all():
        reason_id = put_text(work.session, why, work.now)
        await work.session.flush()
        await take_back(work, case, urging, reason_id, action)


async def stop_waiting(work: Work, case: Case, urging: Urging) -> None:
    """Nobody waits for the answer to this urging any more."""
    await cancel(work.session, SubjectKind.URGE_RESPONSE, urging.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=("urging", urging.id))
    await work.session.flush()
    case.next_fire_at = await next_fire_at(work.session, case.id)
