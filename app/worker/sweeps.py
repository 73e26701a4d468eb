"""A sweep, and the one way to run it: never twice at a time in this process, its end always written down."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.core.clock import Clock
from app.core.database import Database
from app.worker.models import ERROR_CODE_LENGTH, SweepState

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to look for again and again. `run` does all that is due and answers how much it was."""

    name: str
    run: Callable[[], Awaitable[int]]
    every: timedelta


class Sweeper:
    """Runs the sweeps that the composition root gives it."""

    def __init__(self, database: Database, clock: Clock, sweeps: tuple[Sweep, ...]) -> None:
        self.sweeps = sweeps
        self._database, self._clock = database, clock
        self._running: set[str] = set()

    async def run(self, sweep: Sweep) -> None:
        """One round. Never raises: a sweep that fails now is tried again, and its age tells."""
        if sweep.name in self._running:
            return
        self._running.add(sweep.name)
        try:
            count = await sweep.run()
            await self._note(sweep, last_success_at=self._clock.real_now(), last_count=count, last_error_code=None)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other sweeps go on
            _log.exception("sweep_failed", sweep=sweep.name)
            with contextlib.suppress(SQLAlchemyError, OSError):  # the database may be what failed
                await self._note(sweep, last_error_code=type(error).__name__[:ERROR_CODE_LENGTH])
        finally:
            self._running.discard(sweep.name)

    async def ages(self) -> dict[str, timedelta | None]:
        """How long ago each sweep last succeeded, in whichever process; None: never."""
        now = self._clock.real_now()
        async with self._database.read() as session:
            states = (await session.scalars(select(SweepState))).all()
        successes = {state.name: state.last_success_at for state in states}
        return {sweep.name: _age(successes.get(sweep.name), now) for sweep in self.sweeps}

    async def _note(self, sweep: Sweep, **values: Any) -> None:
        async with self._database.write() as session:
            updated = await session.execute(update(SweepState).where(SweepState.name == sweep.name).values(**values))
            if isinstance(updated, CursorResult) and updated.rowcount:
                return
        with contextlib.suppress(IntegrityError):  # another process wrote the first row meanwhile
            async with self._database.write() as session:
                session.add(SweepState(name=sweep.name, **values))


def _age(success: datetime | None, now: datetime) -> timedelta | None:
    return now - success if success else None
