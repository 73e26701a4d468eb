"""The two clocks. Business time moves deadlines and may run fast in rehearsal; real time serves tokens and leases."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.core.zone import SHANGHAI, end_of_day, local_date, local_instant

__all__ = [
    "SHANGHAI",
    "AcceleratedClock",
    "Clock",
    "FixedClock",
    "SystemClock",
    "end_of_day",
    "local_date",
    "local_instant",
]


class Clock(Protocol):
    """Where instants come from. Both methods return aware UTC datetimes."""

    def now(self) -> datetime:
        """Business time."""
        ...

    def real_now(self) -> datetime:
        """Real time: sessions, tokens, lockouts, leases, retries."""
        ...

    def real_at(self, at: datetime) -> datetime:
        """The real time at which business time reaches an instant: when to look again."""
        ...


class SystemClock:
    """Business time is real time."""

    def now(self) -> datetime:
        return self.real_now()

    def real_now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # the one place that asks the machine

    def real_at(self, at: datetime) -> datetime:
        return at


class FixedClock:
    """A clock that stands still until it is moved: tests and twin worlds."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self.at

    def real_now(self) -> datetime:
        return self.at

    def real_at(self, at: datetime) -> datetime:
        return at

    def move(self, delta: timedelta) -> None:
        self.at += delta

    def move_to(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)


class AcceleratedClock:
    """Business time that runs `factor` times as fast as real time from `origin` on: rehearsals and fault runs."""

    def __init__(self, origin: datetime, factor: float, real_origin: datetime) -> None:
        self._origin, self._factor, self._real_origin = origin, factor, real_origin
        self._system = SystemClock()

    def now(self) -> datetime:
        return self._origin + (self.real_now() - self._real_origin) * self._factor

    def real_now(self) -> datetime:
        return self._system.real_now()

    def real_at(self, at: datetime) -> datetime:
        return self._real_origin + (at - self._origin) / self._factor
