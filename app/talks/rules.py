"""States of a formal talk."""

from enum import StrEnum

from app.core.refusals import Refusal, RefusalCode


class TalkStatus(StrEnum):
    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    HELD = "HELD"
    NO_SHOW = "NO_SHOW"
    CANCELLED = "CANCELLED"


_STEPS: dict[TalkStatus, frozenset[TalkStatus]] = {
    TalkStatus.DRAFT: frozenset({TalkStatus.ISSUED, TalkStatus.CANCELLED}),
    TalkStatus.ISSUED: frozenset({TalkStatus.HELD, TalkStatus.NO_SHOW, TalkStatus.CANCELLED}),
}

CONCLUDED = frozenset({TalkStatus.HELD, TalkStatus.NO_SHOW})


def step(current: TalkStatus, wanted: TalkStatus) -> TalkStatus:
    """The next status; a talk put off stays ISSUED. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted
