"""Kinds, scopes and states of a circular."""

from datetime import datetime
from enum import StrEnum

from app.core.refusals import Refusal, RefusalCode


class CircularKind(StrEnum):
    PRAISE = "PRAISE"
    CRITICISM = "CRITICISM"
    PERIODIC = "PERIODIC"
    EVALUATION = "EVALUATION"
    AFTER_TALK = "AFTER_TALK"


CRITICISES = frozenset({CircularKind.CRITICISM, CircularKind.AFTER_TALK})


class CircularScope(StrEnum):
    DISTRICT = "DISTRICT"
    GOVERNMENT_SYSTEM = "GOVERNMENT_SYSTEM"
    ADDRESSEES = "ADDRESSEES"


class CircularForm(StrEnum):
    """第二十六条: 召开通报会或其他形式."""

    DOCUMENT = "DOCUMENT"
    MEETING = "MEETING"


class CircularStatus(StrEnum):
    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class CircularEditionKind(StrEnum):
    """ORDINARY counts what is neither restricted nor classified; FULL counts everything (decision 0016)."""

    ORDINARY = "ORDINARY"
    FULL = "FULL"


class CircularGround(StrEnum):
    """Why a unit's part is told of as a problem (第三十条(四)). People judge whether there was good reason."""

    NOT_CARRIED_OUT = "NOT_CARRIED_OUT"  # 落实不力
    OVERDUE = "OVERDUE"  # 无故超时
    BAD_FORM = "BAD_FORM"  # 不按规定行文
    LONG_UNRESOLVED = "LONG_UNRESOLVED"  # 久督不办


class ReplyStatus(StrEnum):
    OWED = "OWED"
    FILED = "FILED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


def form_of(held_at: datetime | None, _now: datetime) -> CircularForm:
    """In which form it was made known: at the meeting that was held, or as a document."""
    return CircularForm.DOCUMENT if held_at is None else CircularForm.MEETING


_STEPS: dict[CircularStatus, frozenset[CircularStatus]] = {
    CircularStatus.DRAFT: frozenset({CircularStatus.APPROVED, CircularStatus.WITHDRAWN}),
    CircularStatus.APPROVED: frozenset({CircularStatus.PUBLISHED, CircularStatus.DRAFT, CircularStatus.WITHDRAWN}),
    CircularStatus.PUBLISHED: frozenset({CircularStatus.WITHDRAWN}),
}


def step(current: CircularStatus, wanted: CircularStatus) -> CircularStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted
