"""Putting words and bytes away, and getting them back."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.content.models import Content, ContentKind
from app.core.crypto import new_salt, salted_digest
from app.core.ids import new_id


def put_text(session: AsyncSession, text: str, now: datetime, kind: ContentKind = ContentKind.TEXT) -> UUID:
    """Store words and return their id. The row is written with the caller's transaction."""
    row = _row(kind, text.encode(), now)
    row.text = text
    session.add(row)
    return row.id


def put_optional(session: AsyncSession, text: str | None, now: datetime) -> UUID | None:
    return None if text is None else put_text(session, text, now)


def put_blocks(session: AsyncSession, blocks: list[dict[str, Any]], now: datetime) -> UUID:
    """Store a document body: a list of blocks as `app.documents.rules` defines them."""
    return put_text(session, orjson.dumps(blocks).decode(), now, ContentKind.BLOCKS)


def put_bytes(session: AsyncSession, data: bytes, now: datetime) -> Content:
    row = _row(ContentKind.FILE, data, now)
    row.data = data
    session.add(row)
    return row


async def text_of(session: AsyncSession, content_id: UUID | None) -> str | None:
    """The words of a content row; None where there are none or where they were expunged."""
    if content_id is None:
        return None
    return (await session.execute(select(Content.text).where(Content.id == content_id))).scalar_one_or_none()


async def bytes_of(session: AsyncSession, content_id: UUID) -> bytes | None:
    return (await session.execute(select(Content.data).where(Content.id == content_id))).scalar_one_or_none()


def _row(kind: ContentKind, data: bytes, now: datetime) -> Content:
    salt = new_salt()
    return Content(id=new_id(), kind=kind, salt=salt, digest=salted_digest(salt, data), size=len(data), created_at=now)
