"""The ladder over the whole product of facts, against the regulation's sentences written down once more."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.cases.rules import CaseStatus
from app.deadlines.rules import Stage, SubjectKind
from app.escalation.rules import (
    Audience,
    DueClock,
    Explained,
    ExplanationAnswer,
    Facts,
    HandedIn,
    Hours,
    Settlement,
    Step,
    StepKind,
    answer_to_completion,
    automatic_key,
    decide,
    explained,
    manual_key,
    open_to_talk,
    settlement,
)
from app.identity.rules import Subordination, UnitKind

NOW = datetime(2026, 6, 24, 1, 0, tzinfo=UTC)
WINDOW_AT, AGAIN_AT, CHECK_AT = (NOW + timedelta(hours=hours) for hours in (20, 24, 48))
TRUTH = (False, True)
WITH_UNITS = (CaseStatus.DISPATCHED, CaseStatus.CLOSING, CaseStatus.SUSPENDED)
URGE, DRAFT, DROP = Step(StepKind.URGE), Step(StepKind.DRAFT_TALK), Step(StepKind.DROP)
AGAIN, AT_WINDOW, AT_CHECK = (Step(StepKind.REST, until=at) for at in (AGAIN_AT, WINDOW_AT, CHECK_AT))


def hours(*, in_window: bool = True, on_workday: bool = True) -> Hours:
    return Hours(in_window, on_workday, NOW if in_window else WINDOW_AT, AGAIN_AT)


def tell(*audiences: Audience) -> Step:
    return Step(StepKind.NOTIFY, audiences=audiences)


def over(**axes: Iterable[Any]) -> Iterator[Facts]:
    """Every combination of these facts."""
    for values in itertools.product(*axes.values()):
        facts = dict(zip(axes, values, strict=True))
        check_at = CHECK_AT if facts["explained"] is Explained.NOTED else None
        yield Facts(**facts, check_at=check_at)


def urge_facts() -> Iterator[Facts]:
    return over(
        hours=[hours(in_window=window) for window in TRUTH],
        case_status=CaseStatus,
        owed=TRUTH,
        in_review=TRUTH,
        act_awaits_check=TRUTH,
        explained=Explained,
        extension_asked=TRUTH,
        urged=TRUTH,
    )


def talk_facts() -> Iterator[Facts]:
    return over(
        hours=[hours(on_workday=workday) for workday in TRUTH],
        case_status=(*WITH_UNITS, CaseStatus.CLOSED),
        owed=TRUTH,
        in_review=TRUTH,
        act_awaits_check=TRUTH,
        explained=Explained,
        extension_asked=TRUTH,
        answered=TRUTH,
        whole_day_given=TRUTH,
        talk_exists=TRUTH,
        principal=TRUTH,
        open_to_talk=TRUTH,
        ladder_applies=TRUTH,
    )


def expected_urging(facts: Facts) -> Step:
    """超过时限且未说明情况的，于超过时限次日催办."""
    over = facts.case_status not in WITH_UNITS or not facts.owed
    if over or (facts.urged and facts.case_status is CaseStatus.DISPATCHED):
        return DROP
    if facts.case_status is not CaseStatus.DISPATCHED or facts.in_review or facts.act_awaits_check:
        return AGAIN
    if facts.explained is Explained.NOTED:
        return AT_CHECK
    if facts.extension_asked or facts.explained is Explained.UNDECIDED:
        return AGAIN
    return URGE if facts.hours.in_window else AT_WINDOW


def expected_talk(facts: Facts) -> Step:
    """经催办仍不按要求报告的，发出约谈通知."""
    running = facts.case_status is CaseStatus.DISPATCHED
    if facts.case_status not in WITH_UNITS or not facts.owed or (running and (facts.answered or facts.talk_exists)):
        return DROP
    if not running or facts.in_review or facts.act_awaits_check:
        return AGAIN
    if facts.explained is Explained.NOTED:
        return AT_CHECK
    if facts.extension_asked or not facts.whole_day_given or not facts.hours.on_workday:
        return AGAIN
    return expected_after_the_day(facts)


def expected_after_the_day(facts: Facts) -> Step:
    if not facts.principal:
        return tell(Audience.OFFICER)
    if not facts.open_to_talk:
        return tell(Audience.CASE_LEADER, Audience.SUPERVISION_HEAD)
    return DRAFT if facts.ladder_applies else tell(Audience.SUPERVISION_HEAD)


def test_urging_over_all_facts() -> None:
    wrong = [facts for facts in urge_facts() if decide(Stage.URGE, SubjectKind.SLOT, facts) != expected_urging(facts)]
    assert wrong == []


def test_the_talk_over_all_facts() -> None:
    wrong = [
        facts for facts in talk_facts() if decide(Stage.TALK, SubjectKind.URGE_RESPONSE, facts) != expected_talk(facts)
    ]
    assert wrong == []


def test_nobody_is_urged_at_any_other_stage_and_no_talk_is_drafted() -> None:
    told = {
        (stage, subject): decide(stage, subject, Facts(hours()))
        for stage in (Stage.REMIND, Stage.NOTICE, Stage.LAPSE)
        for subject in SubjectKind
    }
    assert {step.kind for step in told.values()} == {StepKind.NOTIFY}
    assert all(step.audiences for step in told.values())


@pytest.mark.parametrize(
    ("subject", "audiences"),
    [
        (SubjectKind.ACKNOWLEDGEMENT, (Audience.UNIT, Audience.OFFICER)),
        (SubjectKind.CONTRIBUTION, (Audience.UNIT, Audience.LEAD_UNIT)),
        (SubjectKind.REVIEW, (Audience.SUPERVISION_HEAD,)),
        (SubjectKind.EXPLANATION, (Audience.OFFICE_LEADER,)),
        (SubjectKind.DECISION, (Audience.CASE_LEADER, Audience.OFFICER)),
        (SubjectKind.TALK, (Audience.SUPERVISION_HEAD, Audience.OFFICE_LEADER)),
    ],
)
def test_who_watches_over_a_date_is_told(subject: SubjectKind, audiences: tuple[Audience, ...]) -> None:
    assert decide(Stage.NOTICE, subject, Facts(hours())) == tell(*audiences)


@pytest.mark.parametrize(
    ("status", "owed", "step"),
    [
        (CaseStatus.REGISTERED, True, StepKind.NOTIFY),
        (CaseStatus.CLOSED, True, StepKind.NOTIFY),  # 归档 is owed after the end
        (CaseStatus.SUSPENDED, True, StepKind.REST),
        (CaseStatus.CANCELLED, True, StepKind.DROP),
        (CaseStatus.MERGED, True, StepKind.DROP),
        (CaseStatus.DECLINED, True, StepKind.DROP),
        (CaseStatus.DISPATCHED, False, StepKind.DROP),
    ],
)
def test_when_a_notice_is_still_due(status: CaseStatus, owed: bool, step: StepKind) -> None:
    facts = Facts(hours(), case_status=status, owed=owed)
    assert decide(Stage.NOTICE, SubjectKind.REVIEW, facts).kind is step


def test_what_rests_is_looked_at_again_later() -> None:
    steps = [decide(Stage.URGE, SubjectKind.SLOT, facts) for facts in urge_facts()]
    steps += [decide(Stage.TALK, SubjectKind.URGE_RESPONSE, facts) for facts in talk_facts()]
    resting = [step.until for step in steps if step.kind is StepKind.REST]
    assert resting
    assert all(until is not None and until > NOW for until in resting)
    assert all(step.until is None for step in steps if step.kind is not StepKind.REST)


CHECK = date(2026, 6, 26)


@pytest.mark.parametrize(
    ("answer", "today", "state"),
    [
        (None, CHECK, Explained.UNDECIDED),
        (ExplanationAnswer.NOTED, date(2026, 6, 25), Explained.NOTED),
        (ExplanationAnswer.NOTED, CHECK, Explained.SPENT),
        (ExplanationAnswer.NOTED, date(2026, 6, 27), Explained.SPENT),
        (ExplanationAnswer.CONVERT, date(2026, 6, 25), Explained.SPENT),
        (ExplanationAnswer.INSUFFICIENT, date(2026, 6, 25), Explained.SPENT),
    ],
)
def test_how_an_explanation_counts(answer: ExplanationAnswer | None, today: date, state: Explained) -> None:
    assert explained(answer, CHECK if answer is ExplanationAnswer.NOTED else None, today) is state


def test_talks_are_for_units_of_the_district() -> None:
    open_ = {
        (kind, subordination)
        for kind in UnitKind
        for subordination in Subordination
        if open_to_talk(kind, subordination)
    }
    kinds = {UnitKind.TOWN, UnitKind.SUBDISTRICT, UnitKind.DEPARTMENT, UnitKind.INSTITUTION}
    assert open_ == set(itertools.product(kinds, {Subordination.DISTRICT, Subordination.DUAL}))


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("reported_at", "outcome"),
    [
        (None, Settlement.NONE),
        (NOW - MINUTE, Settlement.WITHDRAWN),
        (NOW, Settlement.ANSWERED),
        (NOW + MINUTE, Settlement.ANSWERED),
    ],
)
def test_what_a_report_means_for_an_urging(reported_at: datetime | None, outcome: Settlement) -> None:
    assert settlement(NOW, reported_at) is outcome


def handed(after: int, *, result: bool = False, stands: bool = True) -> HandedIn:
    return HandedIn(result, stands, NOW + after * MINUTE)


@pytest.mark.parametrize(
    ("reports", "after"),
    [
        ([], None),
        ([handed(-5)], None),  # progress before it does not complete anything
        ([handed(-5, result=True)], -5),
        ([handed(-5, result=True, stands=False)], None),
        ([handed(5)], 5),  # progress answers it (“上报办理情况”)
        ([handed(5, stands=False)], 5),  # returned since, but it was there
        ([handed(9), handed(5), handed(-5)], 5),
        ([handed(5), handed(-5, result=True)], -5),
    ],
)
def test_what_answers_an_urging_to_complete(reports: list[HandedIn], after: int | None) -> None:
    assert answer_to_completion(NOW, reports) == (None if after is None else NOW + after * MINUTE)


def test_keys_name_the_thing() -> None:
    key = UUID(int=7)
    assert automatic_key(DueClock.REPORT, key, 2) == f"urge:REPORT:{key}:2:URGE"
    assert manual_key(DueClock.COMPLETION, key, CHECK, 1) == f"urge:COMPLETION:{key}:hand:2026-06-26:1"
    assert (
        max(len(automatic_key(DueClock.COMPLETION, key, 10**6)), len(manual_key(DueClock.COMPLETION, key, CHECK, 99)))
        < 120
    )
