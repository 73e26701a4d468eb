"""The rules of reports: the form that counts, what a report meets, how far rework reaches, who has read the result."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assignments.rules import ReportContent
from app.cases.rules import Procedure
from app.core.refusals import Problems, Refusal, RefusalCode
from app.regulation.rules import TimeLimitTier
from app.reports.rules import (
    Form,
    Laid,
    ReportStatus,
    SectionKind,
    Words,
    answers,
    check_form,
    last_read_on,
    rework_limit,
    slots_met,
    step,
)

START = datetime(2026, 6, 15, 1, tzinfo=UTC)
RESULT, PROGRESS = ReportContent.RESULT, ReportContent.PROGRESS

DRAFT, SIGNED, SUBMITTED = ReportStatus.DRAFT, ReportStatus.SIGNED, ReportStatus.SUBMITTED
RETURNED, ACCEPTED, WITHDRAWN = ReportStatus.RETURNED, ReportStatus.ACCEPTED, ReportStatus.WITHDRAWN
STEPS = {
    (DRAFT, SIGNED), (DRAFT, WITHDRAWN),
    (SIGNED, SUBMITTED), (SIGNED, DRAFT), (SIGNED, WITHDRAWN),
    (SUBMITTED, ACCEPTED), (SUBMITTED, RETURNED), (SUBMITTED, WITHDRAWN),
}  # fmt: skip


@pytest.mark.parametrize(("current", "wanted"), list(product(ReportStatus, ReportStatus)))
def test_every_step_of_a_report(current: ReportStatus, wanted: ReportStatus) -> None:
    if (current, wanted) in STEPS:
        assert step(current, wanted) is wanted
    else:
        with pytest.raises(Refusal) as refused:
            step(current, wanted)
        assert (refused.value.code, refused.value.state) == (RefusalCode.STATUS_CONFLICT, current.value)


def form(**changes: Any) -> Form:
    whole: dict[str, Any] = {
        "signed": True,
        "contact_name": "杜鹃",
        "contact_phone": "0451-12345678",
        "sealed": True,
        "sections": frozenset(SectionKind),
        "procedures": frozenset({Procedure.A, Procedure.B}),
    }
    return Form(**(whole | changes))


def lacks(of: Form) -> list[tuple[RefusalCode, tuple[str | int, ...]]]:
    problems = Problems()
    check_form(problems, of)
    problems.add(RefusalCode.REQUIRED, "the end")  # so that there is always something to raise
    with pytest.raises(Refusal) as refused:
        problems.raise_if_any()
    return [(problem.code, problem.path) for problem in refused.value.problems[:-1]]


def test_a_report_in_due_form() -> None:
    assert lacks(form()) == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"signed": False}, RefusalCode.SIGNATURE_MISSING, ("report", "signature")),
        ({"contact_name": None}, RefusalCode.CONTACT_MISSING, ("report", "contactName")),
        ({"contact_phone": None}, RefusalCode.CONTACT_MISSING, ("report", "contactPhone")),
        ({"sealed": False}, RefusalCode.SEAL_MISSING, ("report", "seal")),
        ({"unanswered": ("区教育局",)}, RefusalCode.CONTRIBUTION_MISSING, ("report", "contributions")),
    ],
)
def test_each_missing_thing_has_its_own_code(changes: dict[str, Any], code: RefusalCode, path: tuple[str, ...]) -> None:
    assert lacks(form(**changes)) == [(code, path)]


def test_everything_missing_is_named_at_once() -> None:
    bare = form(signed=False, contact_name=None, contact_phone=None, sealed=False, sections=frozenset())
    assert [code for code, _ in lacks(bare)] == [
        RefusalCode.SIGNATURE_MISSING,
        RefusalCode.CONTACT_MISSING,
        RefusalCode.CONTACT_MISSING,
        RefusalCode.SEAL_MISSING,
        *[RefusalCode.SECTION_MISSING] * 3,
    ]


@pytest.mark.parametrize("given", list(SectionKind))
def test_procedure_b_asks_for_three_parts_and_procedure_a_for_none(given: SectionKind) -> None:
    mandatory = [SectionKind.SITUATION, SectionKind.MEASURES, SectionKind.PROGRESS]
    only = frozenset({given})
    assert lacks(form(sections=only, procedures=frozenset({Procedure.A}))) == []
    assert lacks(form(sections=only, procedures=frozenset({Procedure.B}))) == [
        (RefusalCode.SECTION_MISSING, ("report", "sections", kind.value)) for kind in mandatory if kind is not given
    ]


@pytest.mark.parametrize(
    ("content", "expected", "enough"),
    [(RESULT, RESULT, True), (RESULT, PROGRESS, True), (PROGRESS, PROGRESS, True), (PROGRESS, RESULT, False)],
)
def test_a_result_answers_everything(content: ReportContent, expected: ReportContent, enough: bool) -> None:
    assert answers(content, expected) is enough


@dataclass(frozen=True)
class Slot:
    id: UUID
    content: ReportContent
    due_at: datetime


def slot(number: int, days: int, content: ReportContent = PROGRESS) -> Slot:
    return Slot(UUID(int=number), content, START + timedelta(days=days))


@pytest.mark.parametrize(
    ("content", "open_slots", "met"),
    [
        (RESULT, [], []),
        (PROGRESS, [], []),
        (PROGRESS, [slot(1, 5)], [1]),
        (PROGRESS, [slot(1, 5), slot(2, 30)], [1]),
        (PROGRESS, [slot(1, -3), slot(2, 30)], [1]),
        (PROGRESS, [slot(1, -3), slot(2, -40), slot(3, 30)], [2, 1]),
        (PROGRESS, [slot(1, 0)], [1]),
        (PROGRESS, [slot(1, -3, RESULT), slot(2, 30)], [2]),
        (PROGRESS, [slot(1, -3, RESULT)], []),
        (RESULT, [slot(1, 30), slot(2, -3, RESULT), slot(3, 60)], [2, 1, 3]),
    ],
)
def test_what_a_report_meets_where_it_names_nothing(
    content: ReportContent, open_slots: list[Slot], met: list[int]
) -> None:
    assert slots_met(content, open_slots, START) == [UUID(int=number) for number in met]


slots = st.lists(
    st.builds(slot, st.integers(1, 10**6), st.integers(-90, 90), st.sampled_from(ReportContent)),
    unique_by=lambda found: found.id,
)


@given(slots, st.sampled_from(ReportContent))
def test_a_report_meets_only_what_it_answers_and_never_skips_an_earlier_date(
    open_slots: list[Slot], content: ReportContent
) -> None:
    by_id = {found.id: found for found in open_slots}
    met = [by_id[key] for key in slots_met(content, open_slots, START)]
    left = [found for found in open_slots if found not in met and answers(content, found.content)]
    assert all(answers(content, found.content) for found in met)
    assert all(done.due_at <= waiting.due_at for done in met for waiting in left)
    assert not left or not any(found.due_at <= START for found in left)


DAY = date(2026, 6, 23)


@pytest.mark.parametrize(
    ("tier", "completion", "superior", "limit"),
    [
        (TimeLimitTier.GENERAL, DAY, None, None),
        (TimeLimitTier.URGENT, DAY, date(2026, 7, 1), date(2026, 7, 1)),
        (TimeLimitTier.LEADER_SPECIFIED, DAY, None, DAY),
        (TimeLimitTier.LEADER_SPECIFIED, DAY, date(2026, 7, 1), DAY),
        (TimeLimitTier.LEADER_SPECIFIED, DAY, date(2026, 6, 20), date(2026, 6, 20)),
        (TimeLimitTier.LEADER_SPECIFIED, None, None, None),
    ],
)
def test_rework_never_reaches_beyond_a_leaders_or_the_superiors_date(
    tier: TimeLimitTier, completion: date | None, superior: date | None, limit: date | None
) -> None:
    assert rework_limit(tier, completion, superior) == limit


WANG, ZHAO = UUID(int=1), UUID(int=2)
JUNE = [datetime(2026, 6, day, 1, tzinfo=UTC) for day in range(1, 31)]  # JUNE[0] is the first


def said(leader: UUID, day: int) -> Words:
    return Words(leader, date(2026, 6, day), JUNE[day - 1])


def laid(leader: UUID, day: int, read: int | None) -> Laid:
    return Laid(leader, JUNE[day - 1], date(2026, 6, read) if read else None)


@pytest.mark.parametrize(
    ("words", "readings", "read_on"),
    [
        ([said(WANG, 1)], [], None),
        ([said(WANG, 1)], [laid(WANG, 12, None)], None),
        ([said(WANG, 1)], [laid(WANG, 12, 13)], 13),
        ([said(WANG, 1)], [laid(ZHAO, 12, 13)], None),
        ([said(WANG, 1)], [laid(WANG, 9, 9)], None),  # of an earlier result
        ([said(WANG, 1)], [laid(WANG, 9, 9), laid(WANG, 12, 14)], 14),
        ([said(WANG, 1), said(WANG, 16)], [laid(WANG, 12, 13)], None),  # new words
        ([said(WANG, 1), said(WANG, 16)], [laid(WANG, 12, 13), laid(WANG, 18, 19)], 19),
        ([said(WANG, 1), said(ZHAO, 2)], [laid(WANG, 12, 13)], None),
        ([said(WANG, 1), said(ZHAO, 2)], [laid(WANG, 12, 13), laid(ZHAO, 12, 17)], 17),
        ([said(WANG, 1), said(ZHAO, 16)], [laid(WANG, 12, 13), laid(ZHAO, 17, 18)], 18),
        ([], [], None),
    ],
)
def test_all_who_instructed_have_read_the_present_result(
    words: list[Words], readings: list[Laid], read_on: int | None
) -> None:
    expected = date(2026, 6, read_on) if read_on else None
    assert last_read_on(words, readings, JUNE[10]) == expected


def test_old_words_that_are_entered_late_are_not_new_ones() -> None:
    entered_late = Words(WANG, date(2026, 6, 2), JUNE[20])
    assert last_read_on([entered_late], [laid(WANG, 12, 13)], None) == date(2026, 6, 13)
