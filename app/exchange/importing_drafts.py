"""How one task of a document becomes a draft case: its words, its source, the units that it names, as printed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.cases.models import Case, CaseSource, ProposedUnit, Source
from app.cases.rules import CaseStatus, InspectionKind, MatterType, SourceKind, procedure_for
from app.content.service import put_text
from app.core.crypto import mac
from app.core.ids import new_id
from app.core.levels import Classification
from app.events import changes
from app.exchange.importing_queries import cases_of_plan, source_of_plan
from app.exchange.tasks import TaskDocument, TaskItem
from app.exchange.tasks_mentions import Matched, Mention
from app.search.index import index
from app.search.models import SearchField
from app.work import Work

_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """The document that is being imported: what all its cases share."""

    digest: str
    matter_type: MatterType
    classification: Classification
    title: str
    number: str | None
    issuing_body: str | None
    dated_on: date | None


def plan_digest(work: Work, document: TaskDocument, classification: Classification) -> str:
    """Keyed, so that nobody can find out by trying whether words that were expunged stood in a document.

    By classification: an import tells of no cases that the same document has for those who are cleared for more.
    """
    return mac(work.search_key, f"plan:{classification.name}:{document.digest}".encode(), _DIGEST_BYTES).hex()


def item_digest(work: Work, item: TaskItem) -> str:
    return mac(work.search_key, f"item:{item.digest}".encode(), _DIGEST_BYTES).hex()


async def draft_case(work: Work, plan: Plan, item: TaskItem, matched: Matched) -> UUID | None:
    """The draft of a task; None where another import of the same document made it at this very moment."""
    try:
        async with work.session.begin_nested():
            case = await _add_case(work, plan, item)
    except IntegrityError:
        changes.take(work.session)  # what was rolled back has not happened
        if item_digest(work, item) not in await cases_of_plan(work.session, plan.digest):
            raise
        return None
    work.session.add(CaseSource(case_id=case.id, source_id=await _source(work, plan)))
    work.session.add_all(_named_units(case, item, matched))
    for field, words in ((SearchField.TITLE, item.title), (SearchField.REQUIREMENT, item.text)):
        await index(work.session, case.id, field, words, work.search_key)
    await work.record("case.imported", ("case", case.id), case=case, action="import.tasks")
    return case.id


async def _add_case(work: Work, plan: Plan, item: TaskItem) -> Case:
    title_id, words_id = (put_text(work.session, words, work.now) for words in (item.title, item.text))
    case = Case(
        id=new_id(),
        status=CaseStatus.DRAFT,
        matter_type=plan.matter_type,
        procedure=procedure_for(plan.matter_type, None),
        inspection_kind=InspectionKind.DAILY_SUPERVISION,
        title_id=title_id,
        requirement_id=words_id,
        original_words_id=words_id,
        classification=plan.classification,
        restricted=False,
        handling=item.handling,
        plan_digest=plan.digest,
        plan_item_digest=item_digest(work, item),
        item_no=item.item_no or None,
        rule_set_id=(await work.rule_set()).id,
        record_seq=0,
        record_hash="",
        created_at=work.now,
        updated_at=work.now,
    )
    await work.session.flush()
    work.session.add(case)
    await work.session.flush()
    return case


async def _source(work: Work, plan: Plan) -> UUID:
    """One source for the whole document, made with its first case."""
    known = await source_of_plan(work.session, plan.digest)
    if known is not None:
        return known
    title_id = put_text(work.session, plan.title, work.now)
    await work.session.flush()
    source = Source(
        id=new_id(),
        kind=SourceKind.DOCUMENT,
        title_id=title_id,
        number=plan.number,
        issuing_body=plan.issuing_body,
        dated_on=plan.dated_on,
        classification=plan.classification,
        restricted=False,
        created_at=work.now,
    )
    work.session.add(source)
    await work.session.flush()
    return source.id


def _named_units(case: Case, item: TaskItem, matched: Matched) -> list[ProposedUnit]:
    """Every mention in the order of the document, known or not; a group stays a group until a proposal is made."""
    units: dict[Mention, UUID] = dict(matched.units)
    groups = dict(matched.groups)
    return [
        ProposedUnit(
            id=new_id(),
            case_id=case.id,
            role=mention.role,
            unit_id=units.get(mention),
            group_id=groups.get(mention),
            printed_name=mention.name,
            position=position,
        )
        for position, mention in enumerate(item.mentions)
    ]
