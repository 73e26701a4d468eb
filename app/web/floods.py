"""What one caller may take: how many connections he holds open, and how much he sends in a time."""

from collections import Counter, OrderedDict
from collections.abc import Hashable


class TokenBucket:
    """`burst` at once, `rate` a second in the long run. Time is given, so that it may be any clock."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Whether one more message is allowed now."""
        passed = 0.0 if self._at is None else now - self._at
        self._at = now
        self._tokens = min(self._burst, self._tokens + passed * self._rate)
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class Rates:
    """A bucket for each caller, the least recently seen forgotten first."""

    def __init__(self, rate: float, burst: int, remembered: int = 10_000) -> None:
        self._rate, self._burst, self._remembered = rate, burst, remembered
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def take(self, key: Hashable, now: float) -> bool:
        """Whether one more is allowed to this caller now."""
        bucket = self._buckets.setdefault(key, TokenBucket(self._rate, self._burst))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return bucket.take(now)


class Callers:
    """Counts what each caller holds open, sockets and streams together."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[Hashable] = Counter()

    def enter(self, key: Hashable) -> bool:
        """Whether one more is allowed; if so it is counted until `leave`."""
        if self._open[key] >= self._limit:
            return False
        self._open[key] += 1
        return True

    def leave(self, key: Hashable) -> None:
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]
