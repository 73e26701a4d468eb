"""Numbering and issuing documents. Called by use cases inside their transaction, after the case is locked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.content.service import put_blocks, put_text
from app.core.ids import new_id
from app.core.levels import Classification
from app.documents.models import Document, DocumentRecipient, DocumentSubject, NumberSeries
from app.documents.rules import (
    Block,
    DeliveryChannel,
    DocumentKind,
    DocumentStatus,
    RecipientCapacity,
    format_number,
    series_mark,
)


@dataclass(frozen=True, slots=True)
class Series:
    """Which numbers: a kind, the year of issue, and the level and scope that have numbers of their own."""

    kind: str
    year: int
    classification: Classification
    restricted: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    unit_id: UUID
    printed_name: str
    capacity: RecipientCapacity = RecipientCapacity.MAIN
    channel: DeliveryChannel = DeliveryChannel.SYSTEM


@dataclass(frozen=True, slots=True)
class Issue:
    """Everything that a document is issued with. `code` is the 机关代字 of its number."""

    kind: DocumentKind
    title: str
    blocks: tuple[Block, ...]
    issuer_name: str
    signer_name: str | None
    code: str
    issued_on: date
    classification: Classification
    restricted: bool
    recipients: tuple[Recipient, ...]
    case_ids: tuple[UUID, ...]


async def take_number(session: AsyncSession, series: Series) -> int:
    """The next number of a series, gapless: given back when the transaction rolls back. Holds the series' lock."""
    key = (
        (NumberSeries.kind == series.kind)
        & (NumberSeries.year == series.year)
        & (NumberSeries.classification == series.classification)
        & (NumberSeries.restricted == series.restricted)
    )
    step = update(NumberSeries).where(key).values(last=NumberSeries.last + 1).execution_options(
        synchronize_session=False
    )  # fmt: skip
    while cast("CursorResult[None]", await session.execute(step)).rowcount == 0:
        try:
            async with session.begin_nested():
                session.add(
                    NumberSeries(
                        kind=series.kind,
                        year=series.year,
                        classification=series.classification,
                        restricted=series.restricted,
                        last=0,
                    )
                )
                await session.flush()
        except IntegrityError:  # another transaction opened the series first: count on from its number
            continue
    return (await session.execute(select(NumberSeries.last).where(key))).scalar_one()


async def issue(session: AsyncSession, order: Issue, now: datetime) -> Document:
    """Number a document and put it before its recipients (delivered in the system by being issued)."""
    series = Series(order.kind.value, order.issued_on.year, order.classification, order.restricted)
    number = await take_number(session, series)
    document = Document(
        id=new_id(),
        kind=order.kind,
        status=DocumentStatus.ISSUED,
        number=format_number(
            order.code + series_mark(order.classification, restricted=order.restricted), order.issued_on.year, number
        ),
        title_id=put_text(session, order.title, now),
        body_id=put_blocks(session, [block.as_json() for block in order.blocks], now),
        issuer_name=order.issuer_name,
        signer_name=order.signer_name,
        issued_on=order.issued_on,
        classification=order.classification,
        restricted=order.restricted,
        created_at=now,
    )
    await session.flush()
    session.add(document)
    await session.flush()
    session.add_all(_recipient(document.id, recipient, now) for recipient in order.recipients)
    session.add_all(DocumentSubject(document_id=document.id, case_id=case_id) for case_id in order.case_ids)
    await session.flush()
    return document


async def withdraw(session: AsyncSession, document_id: UUID, reason_id: UUID, now: datetime) -> Document:
    """作废: a document that was issued counts no more. Its number stays, and so does what it said."""
    document = await session.get_one(Document, document_id)
    document.status = DocumentStatus.WITHDRAWN
    document.withdrawn_at, document.withdrawn_reason_id = now, reason_id
    document.version += 1
    return document


async def supersede(session: AsyncSession, old_id: UUID, new: Document) -> None:
    """A document takes the place of an earlier one, which keeps its number."""
    old = await session.get_one(Document, old_id)
    old.status = DocumentStatus.SUPERSEDED
    old.version += 1
    new.supersedes_id = old_id


def _recipient(document_id: UUID, recipient: Recipient, now: datetime) -> DocumentRecipient:
    return DocumentRecipient(
        document_id=document_id,
        unit_id=recipient.unit_id,
        printed_name=recipient.printed_name,
        capacity=recipient.capacity,
        channel=recipient.channel,
        delivered_at=now if recipient.channel is DeliveryChannel.SYSTEM else None,
    )
