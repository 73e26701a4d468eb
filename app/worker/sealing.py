"""The sweep that seals the days of the access log."""

from datetime import timedelta

from app.audit.sealing import seal_access_log
from app.core.clock import Clock
from app.core.database import Database
from app.escalation.machine import machine_now

SEALING_EVERY = timedelta(minutes=30)


async def seal(database: Database, clock: Clock) -> int:
    """Seal what is over. Answers how many days."""
    machine = await machine_now(database)
    async with database.write() as session:
        return await seal_access_log(session, machine, clock.real_now())
