"""Kinds, scopes and states of a circular."""

from enum import StrEnum

from app.core.refusals import Refusal, RefusalCode


class CircularKind(StrEnum):
    PRAISE = "PRAISE"
    CRITICISM = "CRITICISM"
    PERIODIC = "PERIODIC"
    EVALUATION = "EVALUATION"
    AFTER_TALK = "AFTER_TALK"


class CircularScope(StrEnum):
    DISTRICT = "DISTRICT"
    GOVERNMENT_SYSTEM = "GOVERNMENT_SYSTEM"
    ADDRESSEES = "ADDRESSEES"


class CircularStatus(StrEnum):
    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


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
