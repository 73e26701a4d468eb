"""What an endpoint may be, when a message is sent again, and what an answer means. Pure functions."""

import re
from datetime import timedelta
from enum import StrEnum

from app.core.refusals import Problems, RefusalCode

LONGEST_URL, MOST_TYPES, LONGEST_TYPE = 500, 20, 61
LONGEST_TYPES = MOST_TYPES * (LONGEST_TYPE + 1)
MOST_ENDPOINTS, MOST_AT_ONCE, MOST_REPLAYED = 5, 10, 10_000
OLD_SECRET_FOR = timedelta(hours=24)
_TYPE = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,30}")

_PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # of Standard Webhooks: three days
_JITTER = 0.2
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
