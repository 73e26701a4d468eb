"""What a seal is, and how little an opened one allows."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.identity.rules import SEPARATE_ROLES

# A space: no person and no outside system can have this login
LOGIN = "emergency account"
LASTS = timedelta(hours=2)  # from the opening on; no longer by anybody's word
MOST_RESTORATIONS = 2  # who proposes and who approves: with these two every other lock can be opened in due form
ALARMED_ROLES = SEPARATE_ROLES  # 三员 hear of it at once


class SealState(StrEnum):
    """What is stored of a seal."""

    HALF_SEALED = "HALF_SEALED"  # one administrator has his half, the other one's is missing
    SEALED = "SEALED"
    OPENED = "OPENED"  # its secret is used up
    DROPPED = "DROPPED"  # another seal took its place before it was opened


class SealStanding(StrEnum):
    """What a seal is worth now."""

    HALF_SEALED = "HALF_SEALED"
    SEALED = "SEALED"
    OPEN = "OPEN"
    ENDED = "ENDED"
    DROPPED = "DROPPED"


def standing_of(
    state: SealState, open_until: datetime | None, closed_at: datetime | None, now: datetime
) -> SealStanding:
    """An opened seal ends by itself, without a job, or before by somebody's word."""
    if state is not SealState.OPENED:
        return SealStanding(state.value)
    over = closed_at is not None or open_until is None or open_until <= now
    return SealStanding.ENDED if over else SealStanding.OPEN
