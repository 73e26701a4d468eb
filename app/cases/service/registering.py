"""登记 (第七条(一)): a matter with its sources and instructions gets its number."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.cases.models import Case, CaseSource, Source
from app.cases.rules import (
    CaseStatus,
    InspectionKind,
    MatterType,
    Procedure,
    SourceKind,
    procedure_for,
    step,
)
from app.cases.service.instructing import InstructionInput, add_instruction, check_instruction, new_instruction
from app.cases.service.participants import add_participant, publish
from app.cases.service.scope import forget_document
from app.content.service import put_optional, put_text, text_of
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, TITLE, clean, clean_optional
from app.documents.rules import REGISTER_SERIES, format_number, series_mark
from app.documents.service import Series, take_number
from app.search.index import index
from app.search.models import SearchField
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from app.work import Work

_MOST = 20


@dataclass(frozen=True, slots=True)
class SourceInput:
    kind: SourceKind
    title: str
    number: str | None = None
    issuing_body: str | None = None
    dated_on: date | None = None
    superior_number: str | None = None
    superior_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterCase:
    matter_type: MatterType
    title: str
    requirement: str | None
    classification: Classification
    sources: tuple[SourceInput, ...]
    instructions: tuple[InstructionInput, ...] = ()
    procedure: Procedure | None = None
    restricted: bool = False
    major: bool = False
    draft_id: UUID | None = None
    max_classification: Classification = Classification.WORK_SECRET


async def register_case(work: Work, command: RegisterCase) -> Case:
    """Register a matter, or an imported draft, under the next number of its series.

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED; STATUS_CONFLICT for a draft that is one no longer.
    """
    case = await work.load(Case, command.draft_id) if command.draft_id else await _new_case(work, command)
    await work.require("case.register", case)
    command = await _checked(work, command)
    if case.status is not CaseStatus.DRAFT:  # a proposal that is sent back, too, is REGISTERED again
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    case.status = step(case.status, CaseStatus.REGISTERED)
    await _describe(work, case, command)
    await _number(work, case)
    await _add_sources(work, case, command)
    if work.actor.person_id:
        await add_participant(work, case, person_id=work.actor.person_id, proposer=True)
    open_todo(
        work.session,
        TodoAction.PROPOSE,
        ("case", case.id),
        case_id=case.id,
        since=work.now,
        role="supervision_officer",
    )
    await publish(work, case)
    await work.record("case.registered", ("case", case.id), case=case, action="case.register")
    return case


async def _new_case(work: Work, command: RegisterCase) -> Case:
    return Case(
        id=new_id(),
        status=CaseStatus.DRAFT,
        matter_type=command.matter_type,
        procedure=procedure_for(command.matter_type, command.procedure),
        inspection_kind=InspectionKind.DAILY_SUPERVISION,
        classification=command.classification,
        restricted=command.restricted,
        major=command.major,
        registered_by=work.actor.person_id,  # whoever registers a restricted matter knows of it
        rule_set_id=(await work.rule_set()).id,
        record_seq=0,
        record_hash="",
        version=0,
        created_at=work.now,
        updated_at=work.now,
    )


async def _checked(work: Work, command: RegisterCase) -> RegisterCase:
    problems = Problems()
    title = clean(problems, command.title, TITLE, "input", "title")
    requirement = clean_optional(problems, command.requirement, BODY, "input", "requirement")
    rests_on_something = bool(command.sources) or command.draft_id is not None  # a draft came with its document
    problems.check(rests_on_something, RefusalCode.REQUIRED, "input", "sources")
    problems.check(len(command.sources) <= _MOST, RefusalCode.TOO_MANY, "input", "sources", limit=_MOST)
    problems.check(len(command.instructions) <= _MOST, RefusalCode.TOO_MANY, "input", "instructions", limit=_MOST)
    problems.check(
        command.classification <= command.max_classification,
        RefusalCode.CLASSIFICATION_ABOVE_CEILING,
        "input",
        "classification",
    )
    fixed = procedure_for(command.matter_type, None)
    if command.matter_type is not MatterType.OTHER and command.procedure not in (None, fixed):
        problems.add(RefusalCode.NOT_APPLICABLE, "input", "procedure")
    sources = tuple(_checked_source(work, problems, source, index) for index, source in enumerate(command.sources))
    instructions = tuple(
        [
            await check_instruction(work, problems, words, "input", "instructions", index)
            for index, words in enumerate(command.instructions)
        ]
    )
    if command.matter_type is MatterType.LEADER_INSTRUCTION:
        problems.check(bool(instructions), RefusalCode.REQUIRED, "input", "instructions")
    problems.raise_if_any()
    return replace(command, title=title, requirement=requirement, sources=sources, instructions=instructions)


def _checked_source(work: Work, problems: Problems, source: SourceInput, index: int) -> SourceInput:
    path = ("input", "sources", index)
    if source.dated_on is not None:
        problems.check(source.dated_on <= work.today, RefusalCode.BAD_DATE, *path, "datedOn")
    return SourceInput(
        kind=source.kind,
        title=clean(problems, source.title, TITLE, *path, "title"),
        number=clean_optional(problems, source.number, 80, *path, "number"),
        issuing_body=clean_optional(problems, source.issuing_body, 200, *path, "issuingBody"),
        dated_on=source.dated_on,
        superior_number=clean_optional(problems, source.superior_number, 80, *path, "superiorNumber"),
        superior_due_on=source.superior_due_on,
    )


async def _describe(work: Work, case: Case, command: RegisterCase) -> None:
    """A draft without other words keeps those of its document, and runs under the rules of today."""
    title_id = put_text(work.session, command.title, work.now)
    requirement_id = put_optional(work.session, command.requirement, work.now)
    await work.session.flush()
    case.title_id, case.requirement_id = title_id, requirement_id or case.original_words_id
    case.matter_type = command.matter_type
    case.procedure = procedure_for(command.matter_type, command.procedure)
    if command.restricted or command.classification != case.classification:
        forget_document(case)
    case.classification, case.restricted = command.classification, command.restricted
    case.major = command.major
    case.registered_by, case.registered_on = work.actor.person_id, work.today
    case.rule_set_id = (await work.rule_set()).id
    case.version += 1
    work.session.add(case)
    await work.session.flush()
    await index(work.session, case.id, SearchField.TITLE, command.title, work.search_key)
    if command.requirement is not None:
        original = await text_of(work.session, case.original_words_id)
        words = "\n".join(part for part in (command.requirement, original) if part)
        await index(work.session, case.id, SearchField.REQUIREMENT, words, work.search_key)


async def _number(work: Work, case: Case) -> None:
    year = work.today.year
    series = Series(REGISTER_SERIES, year, case.classification, case.restricted)
    case.register_year, case.register_seq = year, await take_number(work.session, series)
    code = work.regulation.numbering.case_register + series_mark(case.classification, restricted=case.restricted)
    case.register_number = format_number(code, year, case.register_seq)


async def _add_sources(work: Work, case: Case, command: RegisterCase) -> None:
    for source in command.sources:
        row = Source(
            id=new_id(),
            kind=source.kind,
            title_id=put_text(work.session, source.title, work.now),
            number=source.number,
            issuing_body=source.issuing_body,
            dated_on=source.dated_on,
            superior_number=source.superior_number,
            superior_due_on=source.superior_due_on,
            classification=case.classification,
            restricted=case.restricted,
            created_at=work.now,
        )
        await work.session.flush()
        work.session.add(row)
        await work.session.flush()
        work.session.add(CaseSource(case_id=case.id, source_id=row.id))
    for words in command.instructions:
        await add_instruction(work, case, new_instruction(work, case, words), words)
