"""States of a conclusion."""

from enum import StrEnum

from app.core.refusals import Refusal, RefusalCode


class ConclusionStatus(StrEnum):
    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    WITHDRAWN = "WITHDRAWN"


_STEPS: dict[ConclusionStatus, frozenset[ConclusionStatus]] = {
    ConclusionStatus.DRAFT: frozenset({ConclusionStatus.ISSUED, ConclusionStatus.WITHDRAWN}),
    ConclusionStatus.ISSUED: frozenset({ConclusionStatus.WITHDRAWN}),
}


def step(current: ConclusionStatus, wanted: ConclusionStatus) -> ConclusionStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted
