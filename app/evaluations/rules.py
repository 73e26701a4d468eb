"""考核 as tables and arithmetic: what counts for an item, what it costs, and what a unit's marks come to.

An item is one unit's part in a case. It begins with full marks in each criterion; each fact takes some off. A unit's
mark is the mean of its items. Marks and scores are whole hundredths of a point, so that nothing depends on a machine.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.assignments.rules import SlotKind, SlotState
from app.cases.rules import AssignmentRole, Procedure, is_principal
from app.core.levels import Classification
from app.core.refusals import Refusal, RefusalCode
from app.core.zone import end_of_day, local_date
from app.regulation.rules import Deductions, Evaluation
from app.reports.rules import ReportStatus, ReturnGround

FULL = 100
HUNDREDTHS = 100


class EvaluationStatus(StrEnum):
    COMPUTING = "COMPUTING"
    DRAFT = "DRAFT"
    SHOWN = "SHOWN"
    SUBMITTED = "SUBMITTED"
    PUBLISHED = "PUBLISHED"


class SheetEdition(StrEnum):
    """ORDINARY counts what is neither restricted nor classified; FULL counts everything (decision 0016)."""

    ORDINARY = "ORDINARY"
    FULL = "FULL"


class SheetStanding(StrEnum):
    ASSESSED = "ASSESSED"  # 参评
    FEW = "FEW"  # 样本不足: graded by hand
    NONE = "NONE"  # 不参评


class EvaluationGrade(StrEnum):
    EXCELLENT = "EXCELLENT"  # 优秀
    GOOD = "GOOD"  # 良好
    POOR = "POOR"  # 较差


class Criterion(StrEnum):
    """The three of 第二十七条, and that of supporting units."""

    EFFECT = "EFFECT"  # 落实效果
    TIMELINESS = "TIMELINESS"  # 时限要求
    FORM = "FORM"  # 行文规范
    SUPPORT = "SUPPORT"  # 协办配合


class EvaluationFactKind(StrEnum):
    NOT_COMPLETED = "NOT_COMPLETED"
    NOT_CARRIED_OUT = "NOT_CARRIED_OUT"
    LONG_UNRESOLVED = "LONG_UNRESOLVED"
    COMPLETED_LATE = "COMPLETED_LATE"
    REPORTED_LATE = "REPORTED_LATE"
    URGED = "URGED"
    RETURNED_FOR_FORM = "RETURNED_FOR_FORM"
    NOT_CONTRIBUTED = "NOT_CONTRIBUTED"
    CONTRIBUTED_LATE = "CONTRIBUTED_LATE"


class ObjectionOutcome(StrEnum):
    UPHELD = "UPHELD"
    REJECTED = "REJECTED"


_STEPS: dict[EvaluationStatus, frozenset[EvaluationStatus]] = {
    EvaluationStatus.COMPUTING: frozenset({EvaluationStatus.DRAFT}),
    EvaluationStatus.DRAFT: frozenset({EvaluationStatus.SHOWN}),
    EvaluationStatus.SHOWN: frozenset({EvaluationStatus.SUBMITTED}),
    EvaluationStatus.SUBMITTED: frozenset({EvaluationStatus.PUBLISHED, EvaluationStatus.SHOWN}),
}
OPEN_TO_PEOPLE = frozenset({EvaluationStatus.DRAFT, EvaluationStatus.SHOWN})


def step(current: EvaluationStatus, wanted: EvaluationStatus) -> EvaluationStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """上半年 (1) or 下半年 (2) of a year; both days included."""

    year: int
    half: int

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def end(self) -> datetime:
        """The instant after its last day: what is recorded later belongs to another version."""
        return end_of_day(self.last)

    @property
    def next(self) -> "HalfYear":
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)

    @property
    def name(self) -> str:
        return f"{self.year}年{'上' if self.half == 1 else '下'}半年"


def half_year_of(day: date) -> HalfYear:
    return HalfYear(day.year, 1 if day.month <= 6 else 2)  # noqa: PLR2004  # June


# ── what happened to an item ──


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period, and until when what was recorded counts."""

    first: date
    last: date
    cut_off: datetime

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that was owed, as far as anybody knew at the cut-off."""

    id: UUID
    slot: SlotKind
    state: SlotState
    due_on: date
    due_at: datetime
    met_at: datetime | None
    met_on_time: bool | None

    def is_late(self, span: Span) -> bool:
        """Met late, or open after its date. That a report was returned later does not make it late (第十条)."""
        if self.state is SlotState.OPEN:
            return self.due_at <= span.cut_off
        return self.state in {SlotState.MET, SlotState.RETURNED} and self.met_on_time is False


@dataclass(frozen=True, slots=True)
class Handed:
    """A report that was handed in, and why it was returned."""

    id: UUID
    result: bool
    status: ReportStatus
    submitted_at: datetime
    grounds: frozenset[ReturnGround]


@dataclass(frozen=True, slots=True)
class Urged:
    """A delivered urging that was not withdrawn."""

    id: UUID
    for_due_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's part in a case as it stood at the cut-off; what was reassigned, withdrawn or suspended is none."""

    assignment_id: UUID
    case_id: UUID
    unit_id: UUID
    role: AssignmentRole
    procedure: Procedure
    restricted: bool
    classification: Classification
    completion_due_on: date | None
    completion_due_at: datetime | None
    completed_on_time: bool | None  # None: not completed
    owed: tuple[Owed, ...] = ()
    handed: tuple[Handed, ...] = ()
    urged: tuple[Urged, ...] = ()

    @property
    def principal(self) -> bool:
        return is_principal(self.role)

    @property
    def ordinary(self) -> bool:
        """Neither restricted nor classified above what everybody in office may know."""
        return not self.restricted and self.classification <= Classification.INTERNAL


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact of an item. `subject`: the row that proves it; `report_id`: by which the late thing came after all."""

    kind: EvaluationFactKind
    subject: tuple[str, UUID]
    report_id: UUID | None = None


def belongs(part: Part, span: Span) -> bool:
    """第二十七条: by its completion date; where reports recur (第八条) and for who supports, by each report's date."""
    if part.principal and span.holds(part.completion_due_on):
        return True
    by_report = not part.principal or part.procedure is Procedure.B
    return by_report and any(span.holds(owed.due_on) for owed in _standing(part))


def findings_of(part: Part, span: Span, long_unresolved: int) -> Iterator[Finding]:
    """Every fact that takes marks off an item, in a fixed order."""
    if not part.principal:
        yield from _support(part, span)
        return
    recurring = part.procedure is Procedure.B
    yield from _completion(part, span)
    for report in part.handed:
        if report.status is ReportStatus.RETURNED and (not recurring or span.holds(local_date(report.submitted_at))):
            yield from _returned(report)
    urged = [urging for urging in part.urged if not recurring or span.holds(urging.for_due_on)]
    if len(urged) >= long_unresolved:
        yield Finding(EvaluationFactKind.LONG_UNRESOLVED, ("urging", urged[-1].id))
    for owed in _standing(part):
        if (not recurring or span.holds(owed.due_on)) and owed.is_late(span):
            yield Finding(EvaluationFactKind.REPORTED_LATE, ("slot", owed.id), _by_which(part, owed))
    for urging in urged:
        yield Finding(EvaluationFactKind.URGED, ("urging", urging.id))


def _completion(part: Part, span: Span) -> Iterator[Finding]:
    if not span.holds(part.completion_due_on) or part.completion_due_at is None:
        return
    subject = ("assignment", part.assignment_id)
    results = [report for report in part.handed if report.result]
    first = min(results, key=lambda report: report.submitted_at, default=None)
    waiting = any(report.status is ReportStatus.SUBMITTED for report in results)
    if part.completed_on_time is None and not waiting:
        yield Finding(EvaluationFactKind.NOT_COMPLETED, subject)
    elif part.completed_on_time is False or (
        part.completed_on_time is None and first is not None and first.submitted_at >= part.completion_due_at
    ):
        yield Finding(EvaluationFactKind.COMPLETED_LATE, subject, first.id if first else None)


_OF_FORM = frozenset({ReturnGround.UNCLEAR, ReturnGround.BAD_FORM})


def _returned(report: Handed) -> Iterator[Finding]:
    """第十条: of the five grounds two are of form, three of substance."""
    subject = ("report", report.id)
    if report.grounds - _OF_FORM:
        yield Finding(EvaluationFactKind.NOT_CARRIED_OUT, subject, report.id)
    if report.grounds & _OF_FORM:
        yield Finding(EvaluationFactKind.RETURNED_FOR_FORM, subject, report.id)


def _support(part: Part, span: Span) -> Iterator[Finding]:
    for owed in _standing(part):
        if not span.holds(owed.due_on) or not owed.is_late(span):
            continue
        came = owed.met_at is not None
        kind = EvaluationFactKind.CONTRIBUTED_LATE if came else EvaluationFactKind.NOT_CONTRIBUTED
        yield Finding(kind, ("slot", owed.id), _by_which(part, owed))


def _standing(part: Part) -> Iterator[Owed]:
    return (owed for owed in part.owed if owed.state not in {SlotState.CANCELLED, SlotState.SUPERSEDED})


def _by_which(part: Part, owed: Owed) -> UUID | None:
    return next((report.id for report in part.handed if report.submitted_at == owed.met_at), None)


# ── what it comes to ──


def price_of(kind: EvaluationFactKind, deductions: Deductions) -> tuple[Criterion, int]:
    """In which criterion a fact counts, and how many marks it takes off."""
    effect, timeliness = deductions.effect, deductions.timeliness
    form, support = deductions.form, deductions.support
    return {
        EvaluationFactKind.NOT_COMPLETED: (Criterion.EFFECT, effect.not_completed),
        EvaluationFactKind.NOT_CARRIED_OUT: (Criterion.EFFECT, effect.not_carried_out),
        EvaluationFactKind.LONG_UNRESOLVED: (Criterion.EFFECT, effect.long_unresolved),
        EvaluationFactKind.COMPLETED_LATE: (Criterion.TIMELINESS, timeliness.completed_late),
        EvaluationFactKind.REPORTED_LATE: (Criterion.TIMELINESS, timeliness.reported_late),
        EvaluationFactKind.URGED: (Criterion.TIMELINESS, timeliness.urged),
        EvaluationFactKind.RETURNED_FOR_FORM: (Criterion.FORM, form.returned_for_form),
        EvaluationFactKind.NOT_CONTRIBUTED: (Criterion.SUPPORT, support.not_contributed),
        EvaluationFactKind.CONTRIBUTED_LATE: (Criterion.SUPPORT, support.contributed_late),
    }[kind]


@dataclass(frozen=True, slots=True)
class Taken:
    """Marks that a fact takes off an item."""

    item_id: UUID
    criterion: Criterion
    points: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Hundredths of a point; None where nothing was there to be marked."""

    effect: int | None
    timeliness: int | None
    form: int | None
    support: int | None
    score: int | None


def marks_of(
    items: int,
    supporting: int,
    taken: Iterable[Taken],
    adjustments: Iterable[tuple[Criterion, int]],
    evaluation: Evaluation,
) -> Marks:
    """The marks of a unit with so many items as principal and so many as supporting unit."""
    off: dict[Criterion, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    for one in taken:
        off[one.criterion][one.item_id] += one.points
    added: dict[Criterion, int] = defaultdict(int)
    for criterion, points in adjustments:
        added[criterion] += points

    def mark(criterion: Criterion) -> int | None:
        count = supporting if criterion is Criterion.SUPPORT else items
        if not count:
            return None
        most = FULL - evaluation.deductions.floor
        lost = sum(min(points, most) for points in off[criterion].values())
        mean = _rounded((FULL * count - lost) * HUNDREDTHS, count)
        return min(max(mean + added[criterion] * HUNDREDTHS, 0), FULL * HUNDREDTHS)

    effect, timeliness, form, support = (mark(criterion) for criterion in Criterion)
    return Marks(effect, timeliness, form, support, _score(effect, timeliness, form, support, evaluation))


def _score(
    effect: int | None, timeliness: int | None, form: int | None, support: int | None, evaluation: Evaluation
) -> int | None:
    if effect is None or timeliness is None or form is None:
        return support
    weights = evaluation.weights
    own = effect * weights.effect + timeliness * weights.timeliness + form * weights.form
    if support is None:
        return _rounded(own, FULL)
    share = evaluation.support_percent
    return _rounded(own * (FULL - share) + support * share * FULL, FULL * FULL)


def standing_of(items: int, supporting: int, evaluation: Evaluation) -> SheetStanding:
    """0: 不参评. Fewer than the regulation asks for: 样本不足."""
    count = items + supporting
    if not count:
        return SheetStanding.NONE
    return SheetStanding.ASSESSED if count >= evaluation.minimum_items else SheetStanding.FEW


def proposed_grade(standing: SheetStanding, score: int | None, evaluation: Evaluation) -> EvaluationGrade | None:
    """What the score proposes; people decide. Nothing for too few items."""
    if standing is not SheetStanding.ASSESSED or score is None:
        return None
    if score >= evaluation.grades.excellent * HUNDREDTHS:
        return EvaluationGrade.EXCELLENT
    return EvaluationGrade.GOOD if score >= evaluation.grades.good * HUNDREDTHS else EvaluationGrade.POOR


def _rounded(numerator: int, denominator: int) -> int:
    """Half up, in whole numbers."""
    return (2 * numerator + denominator) // (2 * denominator)


def printed_mark(hundredths: int) -> str:
    """As documents write it: 92.50."""
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"


def points(hundredths: int | None, _now: datetime) -> float | None:
    """As the schema shows it: 92.5."""
    return None if hundredths is None else hundredths / HUNDREDTHS
