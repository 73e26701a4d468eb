"""What can be done to a case, in which states, and what else stands against it."""

from datetime import datetime

from app.assignments.models import Assignment
from app.assignments.rules import OPEN_ASSIGNMENTS
from app.authz.conditions import any_of, eq, in_, known
from app.cases import models
from app.cases.rules import AssignmentRole, CaseStatus, MatterType, before
from app.core.refusals import RefusalCode
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState, SubjectKind
from app.graphql.allowed import Possible
from app.reads.kinds import Meets

_STILL_OWED = Meets(
    "still_owed",
    any_of(
        Assignment.case_id,
        models.Case.id,
        in_(Assignment.status, OPEN_ASSIGNMENTS)
        & in_(Assignment.role, {AssignmentRole.LEAD, AssignmentRole.PRINCIPAL}),
    ),
)
_WAS_READ = Meets("was_read", any_of(models.Reading.case_id, models.Case.id, known(models.Reading.read_on)))
_READS = Meets("reads", any_of(models.Reading.case_id, models.Case.id, ~known(models.Reading.read_on)))
_WAITS_FOR_WORDS = Meets(
    "waits_for_words",
    any_of(
        Deadline.case_id,
        models.Case.id,
        eq(Deadline.subject_kind, SubjectKind.READING) & eq(Deadline.state, DeadlineState.PENDING),
    ),
)


def _against_closing(
    matter_type: MatterType, still_owed: bool, was_read: bool, waits: bool, _now: datetime
) -> RefusalCode | None:
    """STILL_OWED, and for 领导批示 what stands against it until it was read, and some days after."""
    if still_owed:
        return RefusalCode.STILL_OWED
    if matter_type is not MatterType.LEADER_INSTRUCTION:
        return None
    if not was_read:
        return RefusalCode.READING_REQUIRED
    return RefusalCode.READING_PENDING if waits else None


def _against_reading(matter_type: MatterType, still_owed: bool, reads: bool, _now: datetime) -> RefusalCode | None:
    if matter_type is not MatterType.LEADER_INSTRUCTION:
        return RefusalCode.NOT_APPLICABLE
    if still_owed:
        return RefusalCode.STILL_OWED
    return RefusalCode.ALREADY_DONE if reads else None


CASE_ACTIONS = (
    Possible(
        "case.propose",
        "proposeHandling",
        frozenset({CaseStatus.REGISTERED, CaseStatus.CONSULTING, CaseStatus.APPROVED}),
    ),
    Possible("case.decide", "decideHandling", frozenset({CaseStatus.PENDING_DECISION})),
    Possible("case.dispatch", "dispatchCase", frozenset({CaseStatus.APPROVED})),
    Possible(
        "case.submit_for_reading",
        "submitForReading",
        frozenset({CaseStatus.DISPATCHED}),
        _against_reading,
        (models.Case.matter_type, _STILL_OWED, _READS),
    ),
    Possible(
        "case.propose_closing",
        "proposeClosing",
        frozenset({CaseStatus.DISPATCHED}),
        _against_closing,
        (models.Case.matter_type, _STILL_OWED, _WAS_READ, _WAITS_FOR_WORDS),
    ),
    Possible("case.confirm_closing", "confirmClosing", frozenset({CaseStatus.CLOSING})),
    Possible("case.amend", "amendCase", frozenset({CaseStatus.DISPATCHED})),
    Possible("case.suspend", "suspendCase", frozenset({CaseStatus.DISPATCHED})),
    Possible("case.resume", "resumeCase", frozenset({CaseStatus.SUSPENDED})),
    Possible("case.cancel", "cancelCase", before(CaseStatus.CANCELLED)),
    Possible("case.reopen", "reopenCase", frozenset({CaseStatus.CLOSED})),
    Possible("case.set_access_scope", "setAccessScope", frozenset(CaseStatus)),
    Possible("case.declare_recusal", "declareRecusal", frozenset(CaseStatus)),
    Possible("case.order_recusal", "orderRecusal", frozenset(CaseStatus)),
)
