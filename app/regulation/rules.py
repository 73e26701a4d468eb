"""The parameters of the regulation as one typed, frozen value. The file that a clerk edits explains each of them.

A parameter that is added later needs a default here: bodies recorded before it was known must still load.
"""

import hashlib
import tomllib
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

_FULL_MARKS = 100

Days = Annotated[int, Field(ge=0, le=366)]
SomeDays = Annotated[int, Field(ge=1, le=366)]
DayOfYear = Annotated[str, Field(pattern=r"^((0[13-9]|1[0-2])-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$")]
Marks = Annotated[int, Field(ge=0, le=_FULL_MARKS)]


class TimeLimitTier(StrEnum):
    """时限等级 (第七条（二）): 紧急, 一般, 复杂, 领导批示时限."""

    URGENT = "URGENT"
    GENERAL = "GENERAL"
    COMPLEX = "COMPLEX"
    LEADER_SPECIFIED = "LEADER_SPECIFIED"


class DayCount(StrEnum):
    """计日: 自然日, 工作日, 自然日而末日顺延 (民法典 第二百零三条)."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"
    CALENDAR_ROLL = "CALENDAR_ROLL"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Basis(_Part):
    title: str
    number: str
    issued_by: str
    issued_on: date


class Numbering(_Part):
    """The names that issue documents, and the 机关代字 of each number series."""

    government: str
    office: str
    case_register: str
    supervision_notice: str
    amendment_notice: str
    office_document: str
    urging_notice: str
    talk_notice: str
    conclusion: str
    circular: str


class CountedTier(_Part):
    """A tier whose length the regulation states. `any_printed_date`: the notice may set another one."""

    day_count: DayCount
    minimum_days: SomeDays
    maximum_days: SomeDays
    default_days: SomeDays
    any_printed_date: bool

    @model_validator(mode="after")
    def _default_in_range(self) -> Self:
        if not self.minimum_days <= self.default_days <= self.maximum_days:
            raise ValueError("default_days must lie between minimum_days and maximum_days")
        return self


class LeaderTier(_Part):
    """A leader's own date: nothing to count, except when the work has to be done again."""

    day_count: DayCount
    redo_days: SomeDays


class Tiers(_Part):
    urgent: CountedTier
    general: CountedTier
    complex: CountedTier
    leader_specified: LeaderTier

    def counted(self, tier: TimeLimitTier) -> CountedTier | None:
        """None for the tier whose date is a leader's word."""
        return {
            TimeLimitTier.URGENT: self.urgent,
            TimeLimitTier.GENERAL: self.general,
            TimeLimitTier.COMPLEX: self.complex,
        }.get(tier)

    def day_count(self, tier: TimeLimitTier) -> DayCount:
        counted = self.counted(tier)
        return counted.day_count if counted else self.leader_specified.day_count

    def redo_days(self, tier: TimeLimitTier) -> int:
        counted = self.counted(tier)
        return counted.default_days if counted else self.leader_specified.redo_days


class ClosingTime(_Part):
    cutoff: Annotated[str, Field(pattern=r"^(24:00|([01]\d|2[0-3]):[0-5]\d)$")]

    @property
    def time(self) -> time | None:
        """None: the day ends at 24:00."""
        return None if self.cutoff == "24:00" else time.fromisoformat(self.cutoff)


class LightDays(_Part):
    yellow_workdays: SomeDays
    long_term_days: SomeDays
    yellow_workdays_long: SomeDays


class Ladder(_Part):
    procedures: tuple[Literal["A", "B"], ...]
    window_from: time
    window_until: time
    quiet_from: time
    quiet_until: time
    urgings_by_hand_per_workday: SomeDays
    long_unresolved_urgings: SomeDays
    reminder_interval_minutes: Annotated[int, Field(ge=0, le=1440)] = 120

    @model_validator(mode="after")
    def _hours_fit(self) -> Self:
        if not self.quiet_until <= self.window_from < self.window_until <= self.quiet_from:
            raise ValueError("hours must satisfy quiet_until <= window_from < window_until <= quiet_from")
        return self


class ExplanationDays(_Part):
    answer_workdays: SomeDays
    check_on_maximum_workdays: SomeDays


class Rework(_Part):
    supplement_days: SomeDays


class Contribution(_Part):
    lead_workdays: Days
    short_term_days: Days


class Superior(_Part):
    margin_workdays: Days


class OfficeDays(_Part):
    registration_workdays: SomeDays
    decision_workdays: SomeDays
    dispatch_workdays: SomeDays
    review_workdays: SomeDays
    closing_workdays: SomeDays
    extension_workdays: SomeDays
    reassignment_workdays: SomeDays
    analysis_workdays: SomeDays
    oral_confirmation_workdays: SomeDays
    archive_handover: DayOfYear


class Reading(_Part):
    workdays: SomeDays


class UnitDays(_Part):
    acknowledge_workdays: SomeDays
    reassignment_workdays: SomeDays
    reassignment_hours_urgent: Annotated[int, Field(ge=1, le=48)]
    authorised_head_days: SomeDays


class ConsultationDays(_Part):
    workdays: SomeDays


class RecurringReports(_Part):
    monthly_day: Annotated[int, Field(ge=1, le=28)]
    year_end: DayOfYear


class ConclusionReview(_Part):
    request_days: SomeDays
    decision_days: SomeDays


class CircularDays(_Part):
    periodic: Literal["MONTHLY", "QUARTERLY"]
    acknowledge_workdays: SomeDays
    reply_workdays: SomeDays


class Weights(_Part):
    effect: Marks
    timeliness: Marks
    form: Marks

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.effect + self.timeliness + self.form != _FULL_MARKS:
            raise ValueError("the weights must add up to 100")
        return self


class Grades(_Part):
    excellent: Marks
    good: Marks

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.good >= self.excellent:
            raise ValueError("good must lie below excellent")
        return self


class EffectDeductions(_Part):
    """落实效果: marks off an item for each of these."""

    not_completed: Marks = 60
    not_carried_out: Marks = 30
    long_unresolved: Marks = 20


class TimelinessDeductions(_Part):
    """时限要求."""

    completed_late: Marks = 40
    reported_late: Marks = 20
    urged: Marks = 10


class FormDeductions(_Part):
    """行文规范."""

    returned_for_form: Marks = 25


class SupportDeductions(_Part):
    """协办配合, the criterion of supporting units."""

    not_contributed: Marks = 60
    contributed_late: Marks = 30


class Deductions(_Part):
    """An item begins with full marks in each criterion and never falls below `floor`."""

    floor: Marks = 0
    effect: EffectDeductions = EffectDeductions()
    timeliness: TimelinessDeductions = TimelinessDeductions()
    form: FormDeductions = FormDeductions()
    support: SupportDeductions = SupportDeductions()


class Evaluation(_Part):
    minimum_items: Annotated[int, Field(ge=1)]
    objection_workdays: SomeDays = 5
    support_percent: Marks = 10
    weights: Weights
    grades: Grades
    deductions: Deductions = Deductions()


class Expunging(_Part):
    report_hours: Annotated[int, Field(ge=1, le=24)]


class Regulation(_Part):
    """One version of all parameters. Equal content is the same version, whatever its comments and order."""

    effective_from: date
    basis: Basis
    numbering: Numbering
    tiers: Tiers
    closing_time: ClosingTime
    light: LightDays
    ladder: Ladder
    explanation: ExplanationDays
    rework: Rework
    contribution: Contribution
    superior: Superior
    office: OfficeDays
    reading: Reading
    unit: UnitDays
    consultation: ConsultationDays
    recurring_reports: RecurringReports
    conclusion_review: ConclusionReview
    circular: CircularDays
    evaluation: Evaluation
    expunging: Expunging

    def body(self) -> dict[str, Any]:
        """The content as plain JSON values, as it is recorded."""
        return self.model_dump(mode="json")

    def digest(self) -> str:
        """SHA-256 over the canonical content, in hex."""
        return hashlib.sha256(orjson.dumps(self.body(), option=orjson.OPT_SORT_KEYS)).hexdigest()


def filled(body: dict[str, Any], shipped: dict[str, Any]) -> dict[str, Any]:
    """A recorded body with the parameters that came with a later release, as these are shipped."""
    known = {
        name: filled(value, shipped.get(name, {})) if isinstance(value, dict) else value for name, value in body.items()
    }
    return shipped | known


def regulation_of_body(body: dict[str, Any]) -> Regulation:
    return Regulation.model_validate_json(orjson.dumps(body))


def parse_regulation(text: str) -> Regulation:
    """Read the text of `regulation.toml`. ValueError names every key that is unknown, missing or out of range."""
    # By way of JSON: strictness there still takes a list for a tuple and a text for an enum.
    return regulation_of_body(tomllib.loads(text))
