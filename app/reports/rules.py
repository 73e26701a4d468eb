"""States of a report, the form it needs to count, what it meets, how far rework reaches, who has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.assignments.rules import ReportContent
from app.cases.rules import Procedure
from app.core.refusals import Problems, Refusal, RefusalCode
from app.regulation.rules import TimeLimitTier


class ReportStatus(StrEnum):
    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"


class ReturnGround(StrEnum):
    """第十条."""

    UNCLEAR = "UNCLEAR"  # 办理情况报告不清楚
    NOT_CARRIED_OUT = "NOT_CARRIED_OUT"  # 任务不落实
    NO_CONCLUSION = "NO_CONCLUSION"  # 结论不明确
    UNLAWFUL = "UNLAWFUL"  # 处理结果不符合法律、法规及政策规定
    BAD_FORM = "BAD_FORM"  # 公文格式不符合规范


class Remedy(StrEnum):
    SUPPLEMENT = "SUPPLEMENT"  # 补充说明
    REDO = "REDO"  # 重新办理


class SectionKind(StrEnum):
    """第八条(四)1."""

    SITUATION = "SITUATION"  # 基本情况
    MEASURES = "MEASURES"  # 主要措施
    RESULTS = "RESULTS"  # 成效
    PROGRESS = "PROGRESS"  # 进展情况
    PROBLEMS = "PROBLEMS"  # 主要问题及原因分析
    SUGGESTIONS = "SUGGESTIONS"  # 解决建议


_STEPS: dict[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.DRAFT: frozenset({ReportStatus.SIGNED, ReportStatus.WITHDRAWN}),
    ReportStatus.SIGNED: frozenset({ReportStatus.SUBMITTED, ReportStatus.DRAFT, ReportStatus.WITHDRAWN}),
    ReportStatus.SUBMITTED: frozenset({ReportStatus.ACCEPTED, ReportStatus.RETURNED, ReportStatus.WITHDRAWN}),
}

# Before it was reviewed, a unit may take a report back.
WITHDRAWABLE = frozenset(status for status, steps in _STEPS.items() if ReportStatus.WITHDRAWN in steps)


def step(current: ReportStatus, wanted: ReportStatus) -> ReportStatus:
    """The next status. Refuses STATUS_CONFLICT for a step that the table does not have."""
    if wanted not in _STEPS.get(current, frozenset()):
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=current.value)
    return wanted


_SECTIONS_NEEDED: dict[Procedure, tuple[SectionKind, ...]] = {
    Procedure.A: (),
    Procedure.B: (SectionKind.SITUATION, SectionKind.MEASURES, SectionKind.PROGRESS),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a report must show to count (第七条(二), 第八条(四)1).

    `unanswered`: supporting units whose contribution it neither takes in nor reports as missing.
    """

    signed: bool
    contact_name: str | None
    contact_phone: str | None
    sealed: bool
    sections: frozenset[SectionKind]
    procedures: frozenset[Procedure]
    unanswered: tuple[str, ...] = ()


def check_form(problems: Problems, form: Form) -> None:
    """Name everything that keeps a report from counting. Until it counts, the clock runs on."""
    problems.check(form.signed, RefusalCode.SIGNATURE_MISSING, "report", "signature")
    problems.check(bool(form.contact_name), RefusalCode.CONTACT_MISSING, "report", "contactName")
    problems.check(bool(form.contact_phone), RefusalCode.CONTACT_MISSING, "report", "contactPhone")
    problems.check(form.sealed, RefusalCode.SEAL_MISSING, "report", "seal")
    needed = {section for procedure in form.procedures for section in _SECTIONS_NEEDED[procedure]}
    for section in SectionKind:
        if section in needed - form.sections:
            problems.add(RefusalCode.SECTION_MISSING, "report", "sections", section.value)
    for unit in form.unanswered:
        problems.add(RefusalCode.CONTRIBUTION_MISSING, "report", "contributions", unit=unit)


def answers(content: ReportContent, expected: ReportContent) -> bool:
    """A result answers everything; progress answers only where no result is asked for."""
    return expected is ReportContent.PROGRESS or content is ReportContent.RESULT


class OpenSlot(Protocol):
    """What an assignment still owes."""

    @property
    def id(self) -> UUID: ...
    @property
    def content(self) -> ReportContent: ...
    @property
    def due_at(self) -> datetime: ...


def slots_met(content: ReportContent, open_slots: Sequence[OpenSlot], at: datetime) -> list[UUID]:
    """What a report meets where it names nothing: a result all that is open; progress what is due, else the next date.

    Later dates stay open under progress: a report of May does not answer for June.
    """
    fitting = sorted((slot for slot in open_slots if answers(content, slot.content)), key=lambda slot: slot.due_at)
    if content is ReportContent.RESULT:
        return [slot.id for slot in fitting]
    return [slot.id for slot in fitting if slot.due_at <= at] or [slot.id for slot in fitting[:1]]


def rework_limit(tier: TimeLimitTier, completion_due_on: date | None, before_superior: date | None) -> date | None:
    """The date beyond which rework never reaches: a leader's own, or what the superior's leaves (第十条)."""
    leader = completion_due_on if tier is TimeLimitTier.LEADER_SPECIFIED else None
    return min((day for day in (leader, before_superior) if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Words:
    """批示: who gave it, for which day, and when it was entered."""

    leader_id: UUID
    given_on: date
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Laid:
    """呈阅: before whom a result was laid, when, and on which day it was read."""

    leader_id: UUID
    submitted_at: datetime
    read_on: date | None


def last_read_on(words: Sequence[Words], laid: Sequence[Laid], result_at: datetime | None) -> date | None:
    """The day on which the last of those who instructed had read the present result; None while one has not.

    A reading does not count that came before the result was accepted, or that was followed by new words of its leader.
    """
    days: list[date] = []
    for leader_id in {word.leader_id for word in words}:
        said = [word for word in words if word.leader_id == leader_id]
        read = [
            reading.read_on
            for reading in laid
            if reading.leader_id == leader_id
            and reading.read_on is not None
            and (result_at is None or reading.submitted_at >= result_at)
            and not any(word.given_on >= reading.read_on and word.entered_at > reading.submitted_at for word in said)
        ]
        if not read:
            return None
        days.append(max(read))
    return max(days, default=None)
