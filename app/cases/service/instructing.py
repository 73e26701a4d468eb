"""批示: a leader's words on a matter, with its registration or later on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.cases.models import Case, Instruction
from app.cases.rules import OPEN_STATUSES, Disclosure
from app.cases.service.participants import add_participant
from app.content.service import put_optional, put_text
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import PARAGRAPH, clean, clean_optional
from app.identity.models import Person
from app.work import Work


@dataclass(frozen=True, slots=True)
class InstructionInput:
    leader_id: UUID
    words: str
    given_on: date
    disclosure: Disclosure
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class RecordInstruction:
    case_id: UUID
    instruction: InstructionInput


async def record_instruction(work: Work, command: RecordInstruction) -> Instruction:
    """Enter what a leader wrote on a matter since it was registered; who instructs a matter takes part in it.

    Refuses INVALID_INPUT with all problems; NOT_ALLOWED, NOT_FOUND; STATUS_CONFLICT for a matter that is over.
    """
    case = await work.load(Case, command.case_id)
    problems = Problems()
    given = await check_instruction(work, problems, command.instruction, "input")
    instruction = new_instruction(work, case, given)
    await work.require("instruction.create", instruction)
    problems.raise_if_any()
    if case.status not in OPEN_STATUSES:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    await add_instruction(work, case, instruction, given)
    await work.record("case.instructed", ("instruction", instruction.id), case=case, action="instruction.create")
    return instruction


async def check_instruction(
    work: Work, problems: Problems, instruction: InstructionInput, *path: str | int
) -> InstructionInput:
    leader = await work.session.get(Person, instruction.leader_id)
    problems.check(leader is not None and leader.system is not None, RefusalCode.BAD_ID, *path, "leaderId")
    problems.check(instruction.given_on <= work.today, RefusalCode.BAD_DATE, *path, "givenOn")
    excerpt = clean_optional(problems, instruction.excerpt, PARAGRAPH, *path, "excerpt")
    needs_excerpt = instruction.disclosure is Disclosure.EXCERPT
    problems.check(not needs_excerpt or excerpt is not None, RefusalCode.REQUIRED, *path, "excerpt")
    return InstructionInput(
        leader_id=instruction.leader_id,
        words=clean(problems, instruction.words, PARAGRAPH, *path, "words"),
        given_on=instruction.given_on,
        disclosure=instruction.disclosure,
        excerpt=excerpt if needs_excerpt else None,
    )


def new_instruction(work: Work, case: Case, given: InstructionInput) -> Instruction:
    """Of the level and scope of its case. Its words are put with `add_instruction`."""
    return Instruction(
        id=new_id(),
        case_id=case.id,
        leader_id=given.leader_id,
        disclosure=given.disclosure,
        given_on=given.given_on,
        classification=case.classification,
        restricted=case.restricted,
        created_at=work.now,
    )


async def add_instruction(work: Work, case: Case, instruction: Instruction, given: InstructionInput) -> None:
    instruction.words_id = put_text(work.session, given.words, work.now)
    instruction.excerpt_id = put_optional(work.session, given.excerpt, work.now)
    await work.session.flush()
    work.session.add(instruction)
    await add_participant(work, case, person_id=given.leader_id, leader=True)
