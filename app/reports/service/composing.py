"""What a report says: its parts, its contact, its seal, its files, and which slots it is meant to meet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.assignments.models import Assignment, ReportSlot
from app.assignments.queries import open_slots
from app.assignments.rules import ReportContent, SlotState
from app.cases.models import Case
from app.cases.rules import is_principal
from app.content.service import put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, NAME, clean, clean_optional
from app.files.service import attach
from app.reports.models import Report, ReportCoverage, ReportFile, ReportSection
from app.reports.queries import coverage_of, files_of, sections_of, supporting_parts
from app.reports.rules import SectionKind, answers, slots_met
from app.work import Work

_MOST = 20
_PHONE = 40


@dataclass(frozen=True, slots=True)
class SectionInput:
    kind: SectionKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBody:
    """`slot_ids` None: what the content answers of what is open. `missing_contributions`: 未反馈, by assignment."""

    content: ReportContent
    sections: tuple[SectionInput, ...]
    contact_name: str | None = None
    contact_phone: str | None = None
    seal_file_id: UUID | None = None
    file_ids: tuple[UUID, ...] = ()
    slot_ids: tuple[UUID, ...] | None = None
    missing_contributions: tuple[UUID, ...] = ()


def clean_sections(problems: Problems, sections: Sequence[SectionInput]) -> tuple[SectionInput, ...]:
    """The parts, trimmed. At least one, each kind once."""
    problems.check(bool(sections), RefusalCode.REQUIRED, "input", "sections")
    limit = len(SectionKind)
    problems.check(len(sections) <= limit, RefusalCode.TOO_MANY, "input", "sections", limit=limit)
    seen: set[SectionKind] = set()
    cleaned = []
    for index, section in enumerate(sections[:limit]):
        path = ("input", "sections", index)
        problems.check(section.kind not in seen, RefusalCode.DUPLICATE, *path, "kind")
        seen.add(section.kind)
        cleaned.append(SectionInput(section.kind, clean(problems, section.text, BODY, *path, "text")))
    return tuple(cleaned)


async def clean_body(work: Work, assignment: Assignment, body: ReportBody) -> ReportBody:
    """The body with everything checked and the slots settled. Refuses INVALID_INPUT with all problems."""
    problems = Problems()
    slots = await _slots(work, problems, assignment, body)
    await _check_missing(work, problems, {assignment.case_id, *(slot.case_id for slot in slots)}, body)
    check_list(problems, body.file_ids, "files")
    cleaned = replace(
        body,
        sections=clean_sections(problems, body.sections),
        contact_name=clean_optional(problems, body.contact_name, NAME, "input", "contactName"),
        contact_phone=clean_optional(problems, body.contact_phone, _PHONE, "input", "contactPhone"),
        slot_ids=tuple(slot.id for slot in slots),
    )
    problems.raise_if_any()
    return cleaned


def check_list(problems: Problems, ids: Sequence[UUID], name: str) -> None:
    problems.check(len(ids) <= _MOST, RefusalCode.TOO_MANY, "input", name, limit=_MOST)
    problems.check(len(set(ids)) == len(ids), RefusalCode.DUPLICATE, "input", name)


async def _check_missing(work: Work, problems: Problems, case_ids: Collection[UUID], body: ReportBody) -> None:
    check_list(problems, body.missing_contributions, "missingContributions")
    supporting = {part.id for case_id in case_ids for part in await supporting_parts(work.session, case_id)}
    for index, assignment_id in enumerate(body.missing_contributions[:_MOST]):
        fine = assignment_id in supporting
        problems.check(fine, RefusalCode.BAD_ID, "input", "missingContributions", index)


async def _slots(work: Work, problems: Problems, assignment: Assignment, body: ReportBody) -> list[ReportSlot]:
    """The slots named, each one that the unit still owes as a principal; else those that the content answers."""
    if body.slot_ids is None:
        still_open = await open_slots(work.session, assignment.case_id)
        own = {slot.id: slot for slot in still_open if slot.assignment_id == assignment.id}
        return [own[slot_id] for slot_id in slots_met(body.content, list(own.values()), work.act.occurred_at)]
    check_list(problems, body.slot_ids, "slots")
    named = []
    for index, slot_id in enumerate(body.slot_ids[:_MOST]):
        slot = await _owed_slot(work, slot_id, assignment.unit_id)
        if slot is None:
            problems.add(RefusalCode.BAD_ID, "input", "slots", index)
        elif not answers(body.content, slot.content):
            problems.add(RefusalCode.NOT_APPLICABLE, "input", "slots", index)
        else:
            named.append(slot)
    return named


async def _owed_slot(work: Work, slot_id: UUID, unit_id: UUID) -> ReportSlot | None:
    try:
        slot = await work.load(ReportSlot, slot_id, lock=False)
    except Refusal:
        return None
    owner = await work.session.get_one(Assignment, slot.assignment_id)
    owed = owner.unit_id == unit_id and is_principal(owner.role) and slot.state is SlotState.OPEN
    return slot if owed else None


async def write_body(work: Work, case: Case, report: Report, body: ReportBody) -> None:
    """Make a report say this, in the place of what it said before. The report is in the database already."""
    seal = [body.seal_file_id] if body.seal_file_id else []
    await attach_files(work, case, report, seal, "seal", many=False)
    await write_files(work, case, report, body.file_ids)
    report.content, report.seal_file_id = body.content, body.seal_file_id
    report.contact_name, report.contact_phone = body.contact_name, body.contact_phone
    report.missing_contributions = [str(assignment_id) for assignment_id in body.missing_contributions]
    await write_sections(work, report, body.sections)
    await _write_coverage(work, report, body.slot_ids or ())
    await work.session.flush()


async def write_sections(work: Work, report: Report, sections: Sequence[SectionInput]) -> None:
    before = await sections_of(work.session, report.id)
    for section in sections:
        text_id = put_text(work.session, section.text, work.now)
        await work.session.flush()
        row = before.pop(section.kind, None)
        if row is None:
            row = ReportSection(id=new_id(), report_id=report.id, kind=section.kind)
            work.session.add(row)
        row.text_id = text_id
    for row in before.values():
        await work.session.delete(row)
    await work.session.flush()


async def write_files(work: Work, case: Case, report: Report, file_ids: Sequence[UUID]) -> None:
    await attach_files(work, case, report, file_ids, "files", many=True)
    before = {row.file_id: row for row in await files_of(work.session, report.id)}
    work.session.add_all(
        ReportFile(report_id=report.id, file_id=file_id) for file_id in file_ids if file_id not in before
    )
    for file_id in before.keys() - set(file_ids):
        await work.session.delete(before[file_id])


async def attach_files(
    work: Work, case: Case, report: Report, file_ids: Sequence[UUID], name: str, *, many: bool
) -> None:
    """Tie files to a report. The sheet that was entered as evidence belongs to its recorded act already."""
    await attach(
        work,
        [file_id for file_id in file_ids if file_id != work.act.evidence_file_id],
        owner=case,
        case_id=case.id,
        subject=("report", report.id),
        unit_id=report.unit_id,
        path=("input", name),
        many=many,
    )


async def _write_coverage(work: Work, report: Report, slot_ids: Sequence[UUID]) -> None:
    before = {row.slot_id: row for row in await coverage_of(work.session, report.id)}
    work.session.add_all(
        ReportCoverage(report_id=report.id, slot_id=slot_id) for slot_id in slot_ids if slot_id not in before
    )
    for slot_id in before.keys() - set(slot_ids):
        await work.session.delete(before[slot_id])
