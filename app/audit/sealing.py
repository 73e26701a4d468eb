"""Each day of the access log is sealed into the chain of administration: who mends it afterwards is found out.

The log itself is no chain: its rows are written by many at a time, and go when they have been kept long enough.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AccessLog, AdminRecord
from app.audit.rules import GENESIS, link
from app.audit.service import Attribution, append_admin_record, lock_admin_chain
from app.core.zone import end_of_day, local_date, local_instant

SEALED = "access_log.sealed"
_SETTLED = timedelta(hours=1)  # by then whatever began before midnight has been written
_DAY = timedelta(days=1)


async def seal_access_log(session: AsyncSession, machine: Attribution, real_now: datetime) -> int:
    """Seal every day in Shanghai that is over and not sealed yet, the oldest first. Answers how many."""
    await lock_admin_chain(session)  # another process may be about to seal the same day
    sealed = await _last_sealed(session)
    day = sealed + _DAY if sealed is not None else await _first_day(session)
    count = 0
    while day is not None and end_of_day(day) + _SETTLED <= real_now:
        entries, digest = await _digest(session, day)
        fields = {"entries": [None, entries], "digest": [None, digest]}
        await append_admin_record(
            session,
            action=SEALED,
            actor=machine,
            subject=("access_log", None),
            at=real_now,
            changes=[{"table": "access_log", "key": [day.isoformat()], "version": None, "fields": fields}],
        )
        day, count = day + _DAY, count + 1
    return count


async def altered_days(session: AsyncSession, kept_since: datetime) -> list[date]:
    """The sealed days of which the log does not hold any more what was sealed; those that had to go are not asked."""
    statement = select(AdminRecord.changes).where(AdminRecord.action == SEALED).order_by(AdminRecord.seq)
    found = []
    for (change,) in (await session.scalars(statement)).all():
        day = date.fromisoformat(change["key"][0])
        sealed = tuple(change["fields"][name][1] for name in ("entries", "digest"))
        if _began(day) >= kept_since and await _digest(session, day) != sealed:
            found.append(day)
    return found


async def _last_sealed(session: AsyncSession) -> date | None:
    statement = select(AdminRecord.changes).where(AdminRecord.action == SEALED).order_by(AdminRecord.seq.desc())
    changes = await session.scalar(statement.limit(1))
    return None if changes is None else date.fromisoformat(changes[0]["key"][0])


async def _first_day(session: AsyncSession) -> date | None:
    first = await session.scalar(select(func.min(AccessLog.at)))
    return None if first is None else local_date(first)


async def _digest(session: AsyncSession, day: date) -> tuple[int, str]:
    """How many entries the day has, and the last hash of a chain over them."""
    statement = select(*AccessLog.__table__.c).where(AccessLog.at >= _began(day), AccessLog.at < end_of_day(day))
    count, head = 0, GENESIS
    result = await session.stream(statement.order_by(AccessLog.at, AccessLog.id))
    async for row in result.mappings():
        count, head = count + 1, link(head, dict(row))
    return count, head


def _began(day: date) -> datetime:
    return local_instant(day, time.min)
