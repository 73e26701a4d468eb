"""Proving the records: each link follows from the one before it and the last is the head that was kept, each event is
the one that was recorded, and words and bytes are those that were put away.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, union, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AdminChain, AdminRecord, CaseRecord
from app.audit.rules import GENESIS, first_broken
from app.audit.service import admin_fields, case_fields
from app.content.models import Content
from app.core.crypto import salted_digest
from app.events.digest import digest_of_event
from app.events.models import Event

_AT_ONCE = 50  # rows of words and bytes in memory


async def verify_chains(session: AsyncSession, *carriers: type[Any]) -> tuple[int, list[str]]:
    """How many chains there are, and what is broken: `admin`, the id of what has one, or `content` and its id.

    `carriers` are the tables whose rows keep the heads of their chains. A chain and its head are read by one statement,
    so that a server may go on writing meanwhile.
    """
    heads = union_all(
        *(select(carrier.id, carrier.record_hash).where(carrier.record_seq > 0) for carrier in carriers)
    ).subquery()
    broken = ["admin"] if await _administration_is_broken(session) else []
    chains = 1
    begun = select(heads.c.id)
    for case_id in (await session.scalars(union(begun, select(CaseRecord.case_id)).order_by("id"))).all():
        chains += 1
        statement = (
            select(CaseRecord, heads.c.record_hash)
            .outerjoin(heads, heads.c.id == CaseRecord.case_id)
            .where(CaseRecord.case_id == case_id)
            .order_by(CaseRecord.seq)
        )
        found = (await session.execute(statement)).all()
        links = [link for link, _ in found]
        if not found or links[-1].hash != found[-1][1] or _broken(links) or await _changed(session, links):
            broken.append(str(case_id))
        session.expunge_all()
    return chains, broken + [f"content {key}" for key in await _other_words(session)]


async def _administration_is_broken(session: AsyncSession) -> bool:
    statement = select(AdminRecord, AdminChain.hash).outerjoin(AdminChain, AdminChain.id == 1)
    found = (await session.execute(statement.order_by(AdminRecord.seq))).all()
    if not found:
        return await session.scalar(select(AdminChain.hash)) not in (None, GENESIS)
    links = ((link.previous, link.hash, admin_fields(link)) for link, _ in found)
    return found[-1][0].hash != found[-1][1] or first_broken(links) is not None


def _broken(links: Iterable[CaseRecord]) -> bool:
    return first_broken((link.previous, link.hash, case_fields(link)) for link in links) is not None


async def _changed(session: AsyncSession, links: Iterable[CaseRecord]) -> bool:
    expected = {link.event_id: link.digest for link in links}
    events = (await session.scalars(select(Event).where(Event.id.in_(expected)))).all()
    return {event.id: digest_of_event(event) for event in events} != expected


async def _other_words(session: AsyncSession) -> list[Any]:
    """The rows that hold something else than what was put there, or nothing without having been expunged."""
    statement = select(Content.id, Content.text, Content.data, Content.salt, Content.digest)
    statement = statement.where(Content.expunged_at.is_(None)).order_by(Content.id)
    rows = await session.stream(statement.execution_options(yield_per=_AT_ONCE))
    return [
        key
        async for key, words, data, salt, digest in rows
        if salted_digest(salt, (words or "").encode() if data is None else data) != digest
    ]
