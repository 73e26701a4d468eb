"""The ladder as pure decisions: what a due date leads to, given what has happened for it (第七条(三))."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.cases.rules import CaseStatus
from app.deadlines.rules import Stage, SubjectKind
from app.identity.rules import Subordination, UnitKind


class DueClock(StrEnum):
    """Which of the two clocks of a principal (第七条(二), 第二十一条)."""

    REPORT = "REPORT"  # 上报
    COMPLETION = "COMPLETION"  # 办结


class UrgingKind(StrEnum):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"


class ExplanationAnswer(StrEnum):
    NOTED = "NOTED"
    CONVERT = "CONVERT"
    INSUFFICIENT = "INSUFFICIENT"


class ExtensionStatus(StrEnum):
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"


class ReassignmentGround(StrEnum):
    """退办: why a unit says that a matter is not its own (domain A12)."""

    NOT_COMPETENT = "NOT_COMPETENT"  # 不属于本单位职责
    DUPLICATE = "DUPLICATE"  # 重复交办
    WRONG_ADDRESSEE = "WRONG_ADDRESSEE"  # 错误交办
    CLASSIFIED = "CLASSIFIED"  # 涉密，不宜由本单位办理


class ReassignmentStatus(StrEnum):
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"


class Audience(StrEnum):
    """Who is told that a date has passed."""

    UNIT = "UNIT"
    LEAD_UNIT = "LEAD_UNIT"
    OFFICER = "OFFICER"
    SUPERVISION_HEAD = "SUPERVISION_HEAD"
    OFFICE_LEADER = "OFFICE_LEADER"
    CASE_LEADER = "CASE_LEADER"
    ALL_UNITS = "ALL_UNITS"


class StepKind(StrEnum):
    URGE = "URGE"
    DRAFT_TALK = "DRAFT_TALK"
    REST = "REST"  # nothing now; look again later
    DROP = "DROP"  # overtaken: this date leads to nothing any more
    NOTIFY = "NOTIFY"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about a due date. `until` with REST, `audiences` with NOTIFY."""

    kind: StepKind
    until: datetime | None = None
    audiences: tuple[Audience, ...] = ()


class Explained(StrEnum):
    """说明情况 for one date, as far as it counts now."""

    NO = "NO"
    UNDECIDED = "UNDECIDED"
    NOTED = "NOTED"  # and the day of the check has not come
    SPENT = "SPENT"  # insufficient, turned into a request, or its check has come


@dataclass(frozen=True, slots=True)
class Hours:
    """Where this moment lies in the working day, and when to look again."""

    in_window: bool
    on_workday: bool
    window_at: datetime  # the next moment at which urgings may leave
    again_at: datetime  # the window of the next working day


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a due date at this moment, under the lock of its case."""

    hours: Hours
    case_status: CaseStatus = CaseStatus.DISPATCHED
    owed: bool = True  # not met, not completed, not ended otherwise
    in_review: bool = False  # 办结: a result lies with the office
    act_awaits_check: bool = False  # 代录: something that came on paper waits for the second officer
    explained: Explained = Explained.NO
    check_at: datetime | None = None  # with NOTED: the morning of the check
    extension_asked: bool = False
    reassignment_asked: bool = False  # 退办
    urged: bool = False  # an urging for the same assignment and date stands, from either clock or by hand
    answered: bool = False  # this urging was answered or withdrawn
    whole_day_given: bool = True  # this urging was delivered, and its day is over
    talk_exists: bool = False  # for the same assignment and date
    principal: bool = True
    open_to_talk: bool = True  # 约谈 and 通报 are there for such a unit
    ladder_applies: bool = True  # to cases of this procedure


_VOID = frozenset({CaseStatus.CANCELLED, CaseStatus.MERGED, CaseStatus.DECLINED})
_WITH_UNITS = frozenset({CaseStatus.DISPATCHED, CaseStatus.CLOSING, CaseStatus.SUSPENDED})
_AT_REST = frozenset({CaseStatus.CLOSING, CaseStatus.SUSPENDED})

_DROP = Step(StepKind.DROP)
_Rung = tuple[Callable[[Facts], bool], Callable[[Facts], Step]]


def _again(facts: Facts) -> Step:
    return Step(StepKind.REST, until=facts.hours.again_at)


def _tell(*audiences: Audience) -> Callable[[Facts], Step]:
    step = Step(StepKind.NOTIFY, audiences=audiences)
    return lambda _facts: step


# The first rung that applies decides.
_STEADY: tuple[_Rung, ...] = (
    (lambda facts: facts.case_status not in _WITH_UNITS, lambda _: _DROP),
    (lambda facts: not facts.owed, lambda _: _DROP),
    (lambda facts: facts.case_status in _AT_REST, _again),
)
_RESTING: tuple[_Rung, ...] = (
    (lambda facts: facts.in_review, _again),
    (lambda facts: facts.act_awaits_check, _again),
    (lambda facts: facts.explained is Explained.NOTED, lambda facts: Step(StepKind.REST, until=facts.check_at)),
    (lambda facts: facts.extension_asked or facts.reassignment_asked, _again),
)
_URGE: tuple[_Rung, ...] = (
    *_STEADY,
    (lambda facts: facts.urged, lambda _: _DROP),
    *_RESTING,
    (lambda facts: facts.explained is Explained.UNDECIDED, _again),
    (lambda facts: not facts.hours.in_window, lambda facts: Step(StepKind.REST, until=facts.hours.window_at)),
    (lambda _: True, lambda _: Step(StepKind.URGE)),
)
# Who explains after the urging only has still not reported: the talk is where he will state it (第七条(三)).
_TALK: tuple[_Rung, ...] = (
    *_STEADY,
    (lambda facts: facts.answered or facts.talk_exists, lambda _: _DROP),
    *_RESTING,
    (lambda facts: not facts.whole_day_given or not facts.hours.on_workday, _again),
    (lambda facts: not facts.principal, _tell(Audience.OFFICER)),
    (lambda facts: not facts.open_to_talk, _tell(Audience.CASE_LEADER, Audience.SUPERVISION_HEAD)),
    (lambda facts: not facts.ladder_applies, _tell(Audience.SUPERVISION_HEAD)),
    (lambda _: True, lambda _: Step(StepKind.DRAFT_TALK)),
)

_TOLD: dict[SubjectKind, tuple[Audience, ...]] = {
    SubjectKind.SLOT: (Audience.UNIT,),
    SubjectKind.COMPLETION: (Audience.UNIT,),
    SubjectKind.CONTRIBUTION: (Audience.UNIT, Audience.LEAD_UNIT),
    SubjectKind.URGE_RESPONSE: (Audience.UNIT, Audience.OFFICER),
    SubjectKind.ACKNOWLEDGEMENT: (Audience.UNIT, Audience.OFFICER),
    SubjectKind.TALK: (Audience.SUPERVISION_HEAD, Audience.OFFICE_LEADER),
    SubjectKind.CONSULTATION: (Audience.OFFICER,),
    SubjectKind.RECTIFICATION: (Audience.UNIT, Audience.OFFICER),
    SubjectKind.CIRCULAR_ACKNOWLEDGEMENT: (Audience.OFFICER,),
    SubjectKind.REGISTRATION: (Audience.SUPERVISION_HEAD,),
    SubjectKind.DISPATCH: (Audience.SUPERVISION_HEAD,),
    SubjectKind.REVIEW: (Audience.SUPERVISION_HEAD,),
    SubjectKind.EXPLANATION: (Audience.OFFICE_LEADER,),
    SubjectKind.EXTENSION: (Audience.CASE_LEADER, Audience.OFFICER),
    SubjectKind.REASSIGNMENT: (Audience.CASE_LEADER, Audience.OFFICER),
    SubjectKind.ORAL_CONFIRMATION: (Audience.OFFICER,),
    SubjectKind.CLOSING: (Audience.SUPERVISION_HEAD,),
    SubjectKind.ANALYSIS: (Audience.SUPERVISION_HEAD,),
    SubjectKind.ARCHIVING: (Audience.SUPERVISION_HEAD,),
    SubjectKind.EXPUNGING_REPORT: (Audience.SUPERVISION_HEAD, Audience.OFFICE_LEADER),
    SubjectKind.DECISION: (Audience.CASE_LEADER, Audience.OFFICER),
    SubjectKind.READING: (Audience.OFFICER,),
    SubjectKind.CONCLUSION_REVIEW: (Audience.OFFICE_LEADER,),
}


def decide(stage: Stage, subject: SubjectKind, facts: Facts) -> Step:
    """What a due date of this stage leads to now."""
    if stage is Stage.URGE:
        return _climb(_URGE, facts)
    if stage is Stage.TALK:
        return _climb(_TALK, facts)
    if facts.case_status in _VOID or not facts.owed:
        return _DROP
    if facts.case_status is CaseStatus.SUSPENDED:
        return _again(facts)
    return Step(StepKind.NOTIFY, audiences=_TOLD[subject])


def _climb(rungs: tuple[_Rung, ...], facts: Facts) -> Step:
    return next(step(facts) for applies, step in rungs if applies(facts))


def explained(answer: ExplanationAnswer | None, check_on: date | None, today: date) -> Explained:
    """How an explanation counts today. On the day of the check it rests nothing any more."""
    if answer is None:
        return Explained.UNDECIDED
    noted = answer is ExplanationAnswer.NOTED and check_on is not None and today < check_on
    return Explained.NOTED if noted else Explained.SPENT


def open_to_talk(kind: UnitKind, subordination: Subordination) -> bool:
    """约谈 and 通报批评 are for units of the district; of all others the leader is told (行政处罚法 第九条)."""
    own = subordination in {Subordination.DISTRICT, Subordination.DUAL}
    return own and kind not in {UnitKind.ENTERPRISE, UnitKind.GOVERNMENT, UnitKind.SUPERVISION_OFFICE}


class HandedIn(NamedTuple):
    """A report in due form. It stands unless it was returned."""

    is_result: bool
    stands: bool
    at: datetime


def answer_to_completion(issued_at: datetime, handed_in: Iterable[HandedIn]) -> datetime | None:
    """What answers an urging to complete: a result that was there before it, else whatever came since."""
    reports = list(handed_in)
    before = [report.at for report in reports if report.is_result and report.stands and report.at < issued_at]
    since = [report.at for report in reports if report.at >= issued_at]
    return min(before or since, default=None)


class Settlement(StrEnum):
    """What a report means for an urging."""

    NONE = "NONE"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"  # it had come before the urging: by a back-dated receipt that is known only now


def settlement(issued_at: datetime, reported_at: datetime | None) -> Settlement:
    if reported_at is None:
        return Settlement.NONE
    return Settlement.WITHDRAWN if reported_at < issued_at else Settlement.ANSWERED


def automatic_key(clock: DueClock, subject_id: UUID, generation: int) -> str:
    """One urging for each date of a slot or of a completion, whatever runs twice."""
    return f"urge:{clock.value}:{subject_id}:{generation}:{Stage.URGE.value}"


def manual_key(clock: DueClock, subject_id: UUID, workday: date, nth: int) -> str:
    """The n-th urging by hand of a working day."""
    return f"urge:{clock.value}:{subject_id}:hand:{workday.isoformat()}:{nth}"
