"""Leaving without losing a request: for a while the process still serves, but says that it is going."""

from collections.abc import Callable
from time import monotonic


class Drain:
    """Begun once, by SIGTERM. Readiness fails and every answer closes its connection until it is over."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._ends: float | None = None

    @property
    def begun(self) -> bool:
        return self._ends is not None

    @property
    def over(self) -> bool:
        return self._ends is not None and self._clock() >= self._ends

    def begin(self) -> None:
        if self._ends is None:
            self._ends = self._clock() + self._seconds
