"""What an endpoint may be, when a message is sent again, and what an answer means. Pure functions."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from app.core.refusals import Problems, RefusalCode

LONGEST_URL, MOST_TYPES, LONGEST_TYPE = 500, 20, 61
LONGEST_TYPES = MOST_TYPES * (LONGEST_TYPE + 1)
MOST_ENDPOINTS, MOST_AT_ONCE, MOST_REPLAYED = 5, 10, 10_000
OLD_SECRET_FOR = timedelta(hours=24)
_TYPE = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_PORTS = range(1, 65_536)
_PUBLIC_PORTS = frozenset({443, 8443})
_DEFAULT_PORTS = {"https": 443, "http": 80}

_PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # of Standard Webhooks: three days
_JITTER = 0.2
_LONGEST_WISH = timedelta(hours=24)  # what a receiver may ask for by Retry-After
_FIRST_HOLD, _LONGEST_HOLD = timedelta(seconds=1), timedelta(minutes=5)
_TAKEN, _GONE = range(200, 300), 410
_ABOUT_THE_MESSAGE = range(400, 500)
_ABOUT_THE_RECEIVER = frozenset({401, 403, 404, 407, 408, 425, 429})


class EndpointState(StrEnum):
    UNVERIFIED = "UNVERIFIED"  # is sent its code and nothing else
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"  # nothing is lost: it goes on where it stopped
    GONE = "GONE"  # it answered 410
    REMOVED = "REMOVED"


class DeliveryOrder(StrEnum):
    CASE = "CASE"  # in order within a case
    FEED = "FEED"  # one after the other


class MessageState(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"  # given up after the last attempt; can be sent again by hand
    WITHHELD = "WITHHELD"  # the account may not see it any more


class Verdict(StrEnum):
    TAKEN = "TAKEN"
    NOT_THIS = "NOT_THIS"  # the message is the matter: others go on
    NOT_NOW = "NOT_NOW"  # the receiver is: it is left alone for a while
    GONE = "GONE"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"

    @property
    def may_be_public(self) -> bool:
        """Outside the intranet only TLS on its own ports: nothing else has to be spoken to there."""
        return self.secure and self.port in _PUBLIC_PORTS


def target_of(url: str) -> Target | None:
    """Where a URL leads; None for what is no plain address of an HTTP server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    bare = parts.netloc.lower().rpartition(":")[0] if port is not None else parts.netloc.lower()
    if not _HOST.fullmatch(bare) or parts.fragment or "#" in url or (port is not None and port not in _PORTS):
        return None
    path = parts.path or "/"
    return Target(
        secure=parts.scheme == "https",
        host=bare.strip("[]"),
        port=port if port is not None else default,
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def check_types(problems: Problems, types: tuple[str, ...], *path: str | int) -> str:
    """Event types as they are stored; none: all. Adds TOO_MANY or BAD_TEXT."""
    problems.check(len(types) <= MOST_TYPES, RefusalCode.TOO_MANY, *path, limit=MOST_TYPES)
    for position, one in enumerate(types[:MOST_TYPES]):
        problems.check(bool(_TYPE.fullmatch(one)), RefusalCode.BAD_TEXT, *path, position)
    return " ".join(sorted(set(types)))


def verdict_on(status: int) -> Verdict:
    """What a receiver means. Redirects are not followed: they could lead anywhere."""
    if status in _TAKEN:
        return Verdict.TAKEN
    if status == _GONE:
        return Verdict.GONE
    about_the_message = status in _ABOUT_THE_MESSAGE and status not in _ABOUT_THE_RECEIVER
    return Verdict.NOT_THIS if about_the_message else Verdict.NOT_NOW


def pause_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed attempts; `chance` from 0 to 1 spreads it. None: give up."""
    if attempts > len(_PAUSES):
        return None
    pause: timedelta = _PAUSES[attempts - 1] * (1 + _JITTER * (2 * chance - 1))
    return pause


def hold_after(failures: int) -> timedelta:
    """How long a receiver that failed so often in a row is left alone; then one message tries it."""
    hold: timedelta = _FIRST_HOLD * 2 ** min(failures - 1, 20)
    return min(hold, _LONGEST_HOLD)


def wish_of(retry_after: str | None, real_now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date; None where it says nothing. At most a day."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return min(timedelta(seconds=min(int(retry_after[:9]), 10**9)), _LONGEST_WISH)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - real_now, timedelta()), _LONGEST_WISH)
