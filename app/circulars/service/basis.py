"""What a circular rests on: after a talk the statement and the conclusion (第七条(三)), of a period its tables."""

from uuid import UUID

import orjson

from app.circulars.models import Circular
from app.circulars.queries import edition_for_all
from app.circulars.rules import CircularKind
from app.content.service import text_of
from app.core.refusals import Refusal, RefusalCode
from app.documents.models import Document
from app.documents.rules import Block, BlockKind, block_of
from app.inspections.models import InspectionConclusion
from app.inspections.rules import ConclusionStatus
from app.talks.models import FormalTalk
from app.talks.rules import CONCLUDED, TalkStatus
from app.work import Work


async def check_basis(work: Work, circular: Circular) -> None:
    """Refuses STATEMENT_PENDING, CONCLUSION_PENDING."""
    missing = await _missing(work, circular)
    if missing is not None:
        raise Refusal(missing, state=circular.status.value, version=circular.version)


async def is_ready(work: Work, circular: Circular) -> bool:
    """Whether its approver may be asked."""
    return await _missing(work, circular) is None


async def basis_blocks(work: Work, circular: Circular) -> list[Block]:
    """What a circular shows, whoever wrote the rest: the conclusion and the unit's own words; a period's tables."""
    if circular.kind is CircularKind.PERIODIC:
        edition = await edition_for_all(work.session, circular.id)
        return [] if edition is None else await blocks_in(work, edition.tables_id)
    if circular.kind is not CircularKind.AFTER_TALK:
        return []
    talk = await work.session.get_one(FormalTalk, circular.talk_id)
    conclusion = await work.session.get_one(InspectionConclusion, circular.conclusion_id)
    document = await work.session.get_one(Document, conclusion.document_id)
    statement = await text_of(work.session, talk.statement_id)
    said = "有关负责人经通知未到场说明情况。" if talk.status is TalkStatus.NO_SHOW else statement or ""
    return [
        Block(BlockKind.FIELD, document.number or "", "所依据的督查结论"),
        Block(BlockKind.HEADING, "被约谈单位说明情况"),
        Block(BlockKind.PARAGRAPH, said),
    ]


async def blocks_in(work: Work, content_id: UUID) -> list[Block]:
    return [block_of(block) for block in orjson.loads(await text_of(work.session, content_id) or "[]")]


async def _missing(work: Work, circular: Circular) -> RefusalCode | None:
    if circular.kind is not CircularKind.AFTER_TALK:
        return None
    talk = await work.session.get(FormalTalk, circular.talk_id) if circular.talk_id else None
    if talk is None or talk.status not in CONCLUDED:
        return RefusalCode.STATEMENT_PENDING
    key = circular.conclusion_id
    conclusion = await work.session.get(InspectionConclusion, key) if key else None
    if conclusion is None or conclusion.status is not ConclusionStatus.ISSUED:
        return RefusalCode.CONCLUSION_PENDING
    return None
