"""考核: what counts for an item, what it costs, what a unit's marks come to. Tables first, then what always holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assignments.rules import SlotKind, SlotState
from app.cases.rules import AssignmentRole, Procedure
from app.core.levels import Classification
from app.core.refusals import Refusal
from app.evaluations.rules import (
    FULL,
    HUNDREDTHS,
    Criterion,
    EvaluationFactKind,
    EvaluationGrade,
    EvaluationStatus,
    HalfYear,
    Handed,
    Owed,
    Part,
    SheetStanding,
    Span,
    Taken,
    Urged,
    belongs,
    findings_of,
    half_year_of,
    marks_of,
    price_of,
    printed_mark,
    proposed_grade,
    standing_of,
    step,
)
from app.regulation.service import load_regulation
from app.reports.rules import ReportStatus, ReturnGround

PARAMETERS = load_regulation().evaluation
SPAN = Span(date(2026, 1, 1), date(2026, 6, 30), HalfYear(2026, 1).end)
DUE_ON, DUE_AT = date(2026, 6, 17), datetime(2026, 6, 17, 16, tzinfo=UTC)
IN_TIME, LATE = DUE_AT - timedelta(hours=1), DUE_AT
KEY = UUID(int=1)
OWED = Owed(KEY, SlotKind.ON_NOTICE, SlotState.MET, DUE_ON, DUE_AT, IN_TIME, True)
RESULT = Handed(UUID(int=2), True, ReportStatus.ACCEPTED, IN_TIME, frozenset())
GOOD = Part(
    KEY, KEY, KEY, AssignmentRole.LEAD, Procedure.A, False, Classification.INTERNAL, DUE_ON, DUE_AT, True,
    (OWED,), (RESULT,),
)  # fmt: skip
OPEN = replace(OWED, state=SlotState.OPEN, met_at=None, met_on_time=None)
LATE_SLOT = replace(OWED, met_at=LATE, met_on_time=False)
URGINGS = tuple(Urged(UUID(int=n), DUE_ON) for n in (5, 6))
Kind = EvaluationFactKind


def returned(*grounds: ReturnGround) -> Handed:
    return replace(RESULT, id=UUID(int=3), status=ReportStatus.RETURNED, grounds=frozenset(grounds))


def supporting(owed: Owed) -> Part:
    kept = replace(owed, slot=SlotKind.CONTRIBUTION)
    return replace(GOOD, role=AssignmentRole.SUPPORTING, completion_due_on=None, completion_due_at=None,
                   completed_on_time=None, owed=(kept,), handed=())  # fmt: skip


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (GOOD, []),
        (replace(GOOD, completed_on_time=None, handed=(), owed=(OPEN,)), [Kind.NOT_COMPLETED, Kind.REPORTED_LATE]),
        # days that lie with the office never count: a result that came in time waits for its review
        (replace(GOOD, completed_on_time=None, handed=(replace(RESULT, status=ReportStatus.SUBMITTED),)), []),
        (
            replace(
                GOOD,
                completed_on_time=None,
                handed=(replace(RESULT, status=ReportStatus.SUBMITTED, submitted_at=LATE),),
            ),
            [Kind.COMPLETED_LATE],
        ),
        (replace(GOOD, completed_on_time=False), [Kind.COMPLETED_LATE]),
        (replace(GOOD, owed=(LATE_SLOT,)), [Kind.REPORTED_LATE]),
        # the first submission came in time, and stays so however often it is returned (第十条)
        (replace(GOOD, owed=(replace(OWED, state=SlotState.RETURNED),)), []),
        (replace(GOOD, owed=(replace(LATE_SLOT, state=SlotState.SUPERSEDED),)), []),
        (replace(GOOD, handed=(RESULT, returned(ReturnGround.BAD_FORM))), [Kind.RETURNED_FOR_FORM]),
        (
            replace(GOOD, handed=(RESULT, returned(ReturnGround.UNLAWFUL, ReturnGround.UNCLEAR))),
            [Kind.NOT_CARRIED_OUT, Kind.RETURNED_FOR_FORM],
        ),
        (replace(GOOD, urged=URGINGS[:1]), [Kind.URGED]),
        (replace(GOOD, urged=URGINGS), [Kind.LONG_UNRESOLVED, Kind.URGED, Kind.URGED]),
        (supporting(OWED), []),
        (supporting(OPEN), [Kind.NOT_CONTRIBUTED]),
        (supporting(LATE_SLOT), [Kind.CONTRIBUTED_LATE]),
    ],
)
def test_what_counts_for_an_item(part: Part, found: list[Kind]) -> None:
    assert [finding.kind for finding in findings_of(part, SPAN, long_unresolved=2)] == found


def test_to_which_half_year_an_item_belongs() -> None:
    later = replace(OWED, due_on=date(2026, 7, 25))
    recurring = replace(GOOD, procedure=Procedure.B, completion_due_on=date(2026, 12, 25), owed=(OWED, later))
    assert belongs(GOOD, SPAN)
    assert not belongs(replace(GOOD, completion_due_on=date(2026, 7, 1)), SPAN)  # its report lies before: no matter
    assert belongs(recurring, SPAN)  # 第八条: by each report
    assert not belongs(replace(recurring, owed=(later,)), SPAN)
    late = replace(recurring, owed=(LATE_SLOT, replace(LATE_SLOT, due_on=date(2026, 7, 25))), completed_on_time=None)
    assert [finding.kind for finding in findings_of(late, SPAN, 2)] == [Kind.REPORTED_LATE]


@pytest.mark.parametrize(
    ("day", "half_year", "last"),
    [
        (date(2026, 1, 1), HalfYear(2026, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), HalfYear(2026, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), HalfYear(2026, 2), date(2026, 12, 31)),
    ],
)
def test_the_two_halves_of_a_year(day: date, half_year: HalfYear, last: date) -> None:
    assert (half_year_of(day), half_year.last) == (half_year, last)
    assert half_year.end == datetime(last.year, last.month, last.day, 16, tzinfo=UTC)  # midnight in Shanghai


def taken(*points: tuple[int, Criterion, int]) -> list[Taken]:
    return [Taken(UUID(int=item), criterion, marks) for item, criterion, marks in points]


@pytest.mark.parametrize(
    ("items", "supported", "off", "added", "marks"),
    [
        (0, 0, [], [], (None, None, None, None, None)),
        (4, 0, [], [], (100, 100, 100, None, 100)),
        # one of four lost 60 in effect and 30 in timeliness: 85 and 92.5; 50, 30 and 20 of a hundred
        (4, 0, taken((1, Criterion.EFFECT, 60), (1, Criterion.TIMELINESS, 30)), [], (85, 92.5, 100, None, 90.25)),
        # an item never falls below the floor
        (2, 0, taken((1, Criterion.EFFECT, 60), (1, Criterion.EFFECT, 60)), [], (50, 100, 100, None, 75)),
        (2, 0, taken((1, Criterion.EFFECT, 60)), [(Criterion.EFFECT, 10)], (80, 100, 100, None, 90)),
        (1, 0, [], [(Criterion.FORM, 30)], (100, 100, 100, None, 100)),  # nor rises above a hundred
        (1, 2, taken((9, Criterion.SUPPORT, 60)), [], (100, 100, 100, 70, 97)),
        (0, 1, taken((9, Criterion.SUPPORT, 30)), [], (None, None, None, 70, 70)),
        (3, 0, taken((1, Criterion.FORM, 25)), [], (100, 100, 91.67, None, 98.33)),
    ],
)
def test_what_marks_come_to(
    items: int,
    supported: int,
    off: list[Taken],
    added: list[tuple[Criterion, int]],
    marks: tuple[float | None, ...],
) -> None:
    found = marks_of(items, supported, off, added, PARAMETERS)
    shown = (found.effect, found.timeliness, found.form, found.support, found.score)
    assert shown == tuple(None if mark is None else round(mark * HUNDREDTHS) for mark in marks)


@pytest.mark.parametrize(
    ("items", "score", "standing", "grade"),
    [
        (0, None, SheetStanding.NONE, None),
        (2, 10_000, SheetStanding.FEW, None),
        (3, 9_000, SheetStanding.ASSESSED, EvaluationGrade.EXCELLENT),
        (3, 8_999, SheetStanding.ASSESSED, EvaluationGrade.GOOD),
        (3, 7_000, SheetStanding.ASSESSED, EvaluationGrade.GOOD),
        (3, 6_999, SheetStanding.ASSESSED, EvaluationGrade.POOR),
    ],
)
def test_what_the_score_proposes(
    items: int, score: int | None, standing: SheetStanding, grade: EvaluationGrade | None
) -> None:
    assert standing_of(items, 0, PARAMETERS) is standing
    assert proposed_grade(standing, score, PARAMETERS) is grade


facts = st.lists(
    st.builds(Taken, st.sampled_from([UUID(int=n) for n in range(5)]), st.sampled_from(Criterion), st.integers(0, FULL))
)


@given(facts, facts, st.integers(5, 40), st.integers(5, 40))
def test_marks_lie_between_nothing_and_a_hundred_and_no_fact_adds_any(
    some: list[Taken], more: list[Taken], items: int, supported: int
) -> None:
    before = marks_of(items, supported, some, (), PARAMETERS)
    after = marks_of(items, supported, some + more, (), PARAMETERS)
    for name in ("effect", "timeliness", "form", "support", "score"):
        assert 0 <= getattr(after, name) <= getattr(before, name) <= FULL * HUNDREDTHS
    assert marks_of(items, supported, (some + more)[::-1], (), PARAMETERS) == after  # in whatever order


def test_every_fact_has_its_price_in_one_criterion() -> None:
    prices = {kind: price_of(kind, PARAMETERS.deductions) for kind in Kind}
    assert {criterion for criterion, _ in prices.values()} == set(Criterion)
    assert all(0 < points <= FULL for _, points in prices.values())


def test_the_steps() -> None:
    assert step(EvaluationStatus.SUBMITTED, EvaluationStatus.SHOWN) is EvaluationStatus.SHOWN
    for wanted in EvaluationStatus:
        with pytest.raises(Refusal):
            step(EvaluationStatus.PUBLISHED, wanted)


def test_marks_as_printed() -> None:
    assert [printed_mark(mark) for mark in (10_000, 9_234, 705)] == ["100.00", "92.34", "7.05"]
