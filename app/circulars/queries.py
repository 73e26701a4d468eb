"""The SELECTs of the circular use cases: a circular with its case, what it rests on, to whom it goes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.models import Case
from app.circulars.models import Circular, CircularAttendee, CircularEdition, CircularItem, CircularReply
from app.circulars.rules import CircularEditionKind, CircularScope, ReplyStatus
from app.documents.models import DocumentRecipient
from app.identity.models import Unit
from app.identity.rules import Subordination, UnitKind
from app.work import Work

# 第二条: 各镇政府、街道办事处，区政府各办、局，区属企事业单位
_OF_THE_DISTRICT = frozenset(
    {UnitKind.TOWN, UnitKind.SUBDISTRICT, UnitKind.DEPARTMENT, UnitKind.INSTITUTION, UnitKind.ENTERPRISE}
)
# 第二十七条: 政府系统内部
_OF_THE_GOVERNMENT = _OF_THE_DISTRICT - {UnitKind.ENTERPRISE}
_GOVERNED = frozenset({Subordination.DISTRICT, Subordination.DUAL})


async def load_circular(work: Work, circular_id: UUID) -> tuple[Case | None, Circular]:
    """A circular that the actor may see, with its case where it has one: locked in the order case, circular."""
    seen = await work.load(Circular, circular_id, lock=False)
    case = None if seen.case_id is None else await work.reach(Case, seen.case_id)
    return case, await work.reach(Circular, circular_id)


async def circular_of_talk(session: AsyncSession, talk_id: UUID) -> Circular | None:
    return await session.scalar(select(Circular).where(Circular.talk_id == talk_id))


async def circular_of_conclusion(session: AsyncSession, conclusion_id: UUID) -> Circular | None:
    return await session.scalar(select(Circular).where(Circular.conclusion_id == conclusion_id))


async def units_in(session: AsyncSession, scope: CircularScope, day: date) -> Sequence[Unit]:
    """The units of a day to which a circular of this scope goes, by name. ADDRESSEES are named one by one."""
    statement = select(Unit).where(
        Unit.valid_from <= day, or_(Unit.valid_until.is_(None), Unit.valid_until >= day)
    )  # fmt: skip
    if scope is CircularScope.DISTRICT:
        statement = statement.where(Unit.kind.in_(_OF_THE_DISTRICT))
    else:
        statement = statement.where(Unit.kind.in_(_OF_THE_GOVERNMENT), Unit.subordination.in_(_GOVERNED))
    return (await session.scalars(statement.order_by(Unit.name))).all()


async def recipients_of(session: AsyncSession, document_id: UUID) -> Sequence[DocumentRecipient]:
    statement = select(DocumentRecipient).where(DocumentRecipient.document_id == document_id)
    return (await session.scalars(statement.order_by(DocumentRecipient.printed_name, DocumentRecipient.id))).all()


async def units_attending(session: AsyncSession, circular_id: UUID) -> set[UUID]:
    """The units that were at the meeting."""
    statement = select(CircularAttendee.unit_id).where(CircularAttendee.circular_id == circular_id)
    return {unit_id for unit_id in await session.scalars(statement) if unit_id is not None}


async def edition_for_all(session: AsyncSession, circular_id: UUID) -> CircularEdition | None:
    """What of a period's ledger may be told to whoever reads the circular."""
    statement = select(CircularEdition).where(
        CircularEdition.circular_id == circular_id, CircularEdition.edition == CircularEditionKind.ORDINARY
    )
    return await session.scalar(statement)


async def units_with_problems(session: AsyncSession, edition_id: UUID) -> list[UUID]:
    """The units of which an edition tells problems, by their keys."""
    statement = select(CircularItem.unit_id, CircularItem.grounds).where(CircularItem.edition_id == edition_id)
    return sorted({unit_id for unit_id, grounds in await session.execute(statement) if grounds})


async def load_reply(work: Work, reply_id: UUID) -> tuple[Case | None, Circular, CircularReply]:
    """A reply that the actor may see, with its circular: locked in the order case, circular, reply."""
    seen = await work.load(CircularReply, reply_id, lock=False)
    circular = await work.session.get_one(Circular, seen.circular_id)
    case = None if circular.case_id is None else await work.reach(Case, circular.case_id)
    return case, await work.reach(Circular, circular.id), await work.reach(CircularReply, reply_id)


async def open_replies(session: AsyncSession, circular_id: UUID) -> Sequence[CircularReply]:
    statement = select(CircularReply).where(
        CircularReply.circular_id == circular_id, CircularReply.status.in_({ReplyStatus.OWED, ReplyStatus.FILED})
    )
    return (await session.scalars(statement.order_by(CircularReply.id))).all()
