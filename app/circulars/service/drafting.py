"""起草通报 (第二十六条, 第三十条(四)): by hand; what follows a talk is drafted by the machine and revised here."""

from dataclasses import dataclass
from uuid import UUID

from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.queries import load_circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.circulars.service.basis import is_ready
from app.circulars.service.waiting import wait_for_approval
from app.content.service import put_blocks, put_text
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import NAME, PARAGRAPH, TITLE, clean
from app.documents.rules import Block, BlockKind
from app.identity.models import Unit
from app.talks.service.issuing import check_open_to
from app.todos.rules import TodoAction
from app.todos.service import close_todos
from app.work import Work

_MOST_BLOCKS = 200


@dataclass(frozen=True, slots=True)
class DraftCircular:
    """`unit_id` is whom it praises or criticises. One about a case takes the level and scope of the case."""

    kind: CircularKind
    scope: CircularScope
    title: str
    blocks: tuple[Block, ...]
    case_id: UUID | None = None
    unit_id: UUID | None = None
    classification: Classification = Classification.INTERNAL
    max_classification: Classification = Classification.WORK_SECRET


@dataclass(frozen=True, slots=True)
class ReviseCircular:
    circular_id: UUID
    expected_version: int
    title: str
    blocks: tuple[Block, ...]
    scope: CircularScope


async def draft_circular(work: Work, command: DraftCircular) -> Circular:
    """Lay a draft before who approves it. Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, NOT_OPEN_TO_UNIT."""
    case = None if command.case_id is None else await work.load(Case, command.case_id)
    circular = Circular(
        id=new_id(),
        kind=command.kind,
        scope=command.scope,
        status=CircularStatus.DRAFT,
        case_id=command.case_id,
        unit_id=command.unit_id,
        drafted_by=work.actor.person_id,
        classification=case.classification if case else command.classification,
        restricted=case.restricted if case else False,
        created_at=work.now,
    )
    await work.require("circular.draft", circular)
    title, blocks = await _checked(work, command)
    if command.kind is CircularKind.CRITICISM and command.unit_id is not None:
        await check_open_to(work, command.unit_id)
    await _write(work, circular, title, blocks)
    work.session.add(circular)
    await work.session.flush()
    await wait_for_approval(work, case, circular)
    await work.record("circular.drafted", ("circular", circular.id), case=case, action="circular.draft")
    return circular


async def revise_circular(work: Work, command: ReviseCircular) -> Circular:
    """Write a draft anew. Who does so is its drafter, and does not approve it. Refuses as every decision does."""
    case, circular = await load_circular(work, command.circular_id)
    await work.require("circular.draft", circular)
    work.expect_version(circular, command.expected_version)
    if circular.status is not CircularStatus.DRAFT:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=circular.status.value, version=circular.version)
    problems = Problems()
    title, blocks = _checked_words(problems, command.title, command.blocks)
    problems.raise_if_any()
    await _write(work, circular, title, blocks)
    circular.scope, circular.drafted_by = command.scope, work.actor.person_id
    circular.version += 1
    await _lay_before_approver_again(work, case, circular)
    await work.record("circular.revised", ("circular", circular.id), case=case, action="circular.draft")
    return circular


async def _lay_before_approver_again(work: Work, case: Case | None, circular: Circular) -> None:
    returned = await close_todos(
        work.session,
        at=work.now,
        by=work.actor.person_id,
        subject=("circular", circular.id),
        actions=frozenset({TodoAction.REVISE_CIRCULAR}),
    )
    if returned and await is_ready(work, circular):
        await wait_for_approval(work, case, circular)


async def _write(work: Work, circular: Circular, title: str, blocks: tuple[Block, ...]) -> None:
    title_id = put_text(work.session, title, work.now)
    body_id = put_blocks(work.session, [block.as_json() for block in blocks], work.now)
    await work.session.flush()  # words first: nothing else tells the order of the two tables
    circular.title_id, circular.body_id = title_id, body_id


async def _checked(work: Work, command: DraftCircular) -> tuple[str, tuple[Block, ...]]:
    problems = Problems()
    by_hand = command.kind is not CircularKind.AFTER_TALK
    problems.check(by_hand, RefusalCode.NOT_APPLICABLE, "input", "kind")
    problems.check(
        command.classification <= command.max_classification,
        RefusalCode.CLASSIFICATION_ABOVE_CEILING,
        "input",
        "classification",
    )
    if command.unit_id is not None:
        unit = await work.session.get(Unit, command.unit_id)
        valid = unit is not None and (unit.valid_until is None or unit.valid_until >= work.today)
        problems.check(valid, RefusalCode.BAD_ID, "input", "unit")
    written = _checked_words(problems, command.title, command.blocks)
    problems.raise_if_any()
    return written


def _checked_words(problems: Problems, title: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    problems.check(bool(blocks), RefusalCode.REQUIRED, "input", "blocks")
    problems.check(len(blocks) <= _MOST_BLOCKS, RefusalCode.TOO_MANY, "input", "blocks", limit=_MOST_BLOCKS)
    return clean(problems, title, TITLE, "input", "title"), tuple(
        _checked_block(problems, block, index) for index, block in enumerate(blocks[:_MOST_BLOCKS])
    )


def _checked_block(problems: Problems, block: Block, index: int) -> Block:
    path = ("input", "blocks", index)
    label = block.label
    problems.check(block.kind is not BlockKind.TABLE, RefusalCode.NOT_APPLICABLE, *path, "kind")
    if block.kind is BlockKind.FIELD:
        label = clean(problems, label or "", NAME, *path, "label")
    else:
        problems.check(label is None, RefusalCode.NOT_APPLICABLE, *path, "label")
    return Block(block.kind, clean(problems, block.text, PARAGRAPH, *path, "text"), label)
