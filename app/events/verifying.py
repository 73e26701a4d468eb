"""Proving the chains: each link follows from the one before it, and each event is the one that was recorded."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AdminRecord, CaseRecord
from app.audit.rules import first_broken
from app.audit.service import admin_fields, case_fields
from app.events.digest import digest_of_event
from app.events.models import Event


async def verify_chains(session: AsyncSession) -> tuple[int, list[str]]:
    """How many chains there are, and which are broken: `admin`, or the id of a case."""
    broken: list[str] = []
    admin = (await session.scalars(select(AdminRecord).order_by(AdminRecord.seq))).all()
    if first_broken((link.previous, link.hash, admin_fields(link)) for link in admin) is not None:
        broken.append("admin")
    chains = 1
    statement = select(CaseRecord.case_id).distinct().order_by(CaseRecord.case_id)
    for case_id in (await session.scalars(statement)).all():
        chains += 1
        links = (
            await session.scalars(select(CaseRecord).where(CaseRecord.case_id == case_id).order_by(CaseRecord.seq))
        ).all()
        if _broken(links) or await _changed(session, links):
            broken.append(str(case_id))
        session.expunge_all()
    return chains, broken


def _broken(links: Iterable[CaseRecord]) -> bool:
    return first_broken((link.previous, link.hash, case_fields(link)) for link in links) is not None


async def _changed(session: AsyncSession, links: Iterable[CaseRecord]) -> bool:
    expected = {link.event_id: link.digest for link in links}
    events = (await session.scalars(select(Event).where(Event.id.in_(expected)))).all()
    return {event.id: digest_of_event(event) for event in events} != expected
