"""Importing a task document (分工方案): each task becomes a draft case; what the document leaves open stays open."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.cases.models import Case
from app.cases.rules import MatterType
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, RefusalCode, invalid
from app.core.texts import TITLE, clean, clean_optional
from app.exchange.importing_drafts import Plan, draft_case, item_digest, plan_digest
from app.exchange.importing_queries import cases_of_plan, source_of_plan
from app.exchange.tasks import PassageKind, TaskDocument, TaskItem, parse_tasks
from app.exchange.tasks_file import decode_task_file
from app.exchange.tasks_mentions import match
from app.exchange.tasks_tails import Question
from app.files.rules import MediaType
from app.files.service import read_file
from app.identity.queries import groups_by_name, units_by_name
from app.work import Work


@dataclass(frozen=True, slots=True)
class TaskSource:
    """What the document does not say of itself, or what the officer knows better."""

    title: str | None = None
    number: str | None = None
    issuing_body: str | None = None
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class ImportTasks:
    document: bytes
    source: TaskSource = field(default_factory=TaskSource)
    matter_type: MatterType = MatterType.IMPORTANT_DOCUMENT
    classification: Classification = Classification.INTERNAL
    max_classification: Classification = Classification.WORK_SECRET


@dataclass(frozen=True, slots=True)
class ImportTaskDocument:
    """A stored file, or the words themselves."""

    file_id: UUID | None = None
    text: str | None = None
    source: TaskSource = field(default_factory=TaskSource)
    matter_type: MatterType = MatterType.IMPORTANT_DOCUMENT
    classification: Classification = Classification.INTERNAL
    max_classification: Classification = Classification.WORK_SECRET


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """One task: its case, whether this import made it, and what an officer has to decide."""

    case_id: UUID
    item_no: str
    title: str
    created: bool
    questions: tuple[Question, ...]
    unknown: tuple[str, ...]  # names that mean no known unit or group


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`id` is the source that stands for the document. `unassigned` are numbered paragraphs that name nobody."""

    id: UUID
    title: str
    number: str | None
    items: tuple[ImportedItem, ...]
    unassigned: tuple[str, ...]

    @property
    def created(self) -> int:
        return sum(item.created for item in self.items)

    @property
    def known(self) -> int:
        return len(self.items) - self.created

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """Each once, in the order of the document."""
        return tuple(dict.fromkeys(name for item in self.items for name in item.unknown))


async def import_task_document(work: Work, command: ImportTaskDocument) -> ImportReport:
    """Import a stored file that the actor may see, or a text. Refuses as `import_tasks` does."""
    if (command.file_id is None) == (command.text is None):
        raise invalid(RefusalCode.REQUIRED, "input", "file")
    data = (command.text or "").encode("utf-8", "surrogatepass")
    if command.file_id is not None:
        file = await read_file(work, command.file_id)
        if file.media_type != MediaType.TEXT:
            raise invalid(RefusalCode.NOT_APPLICABLE, "input", "file")
        data = file.data
    return await import_tasks(
        work,
        ImportTasks(data, command.source, command.matter_type, command.classification, command.max_classification),
    )


async def import_tasks(work: Work, command: ImportTasks) -> ImportReport:
    """Make a draft case of every task that is not known yet; the same document again changes nothing.

    Refuses INVALID_INPUT and NOT_ALLOWED; NOT_FOUND for a file that is not there.
    """
    await work.require("import.tasks", Case(id=new_id()))
    document = parse_tasks(decode_task_file(command.document))
    plan = _plan(work, command, document)
    units, groups = await units_by_name(work.session), await groups_by_name(work.session)
    known = await cases_of_plan(work.session, plan.digest)
    items: list[ImportedItem] = []
    for item in document.items:
        matched = match(item.mentions, units, groups)
        case_id = known.get(item_digest(work, item))
        drafted = None if case_id else await draft_case(work, plan, item, matched)
        items.append(
            ImportedItem(
                case_id=case_id or drafted or await _made_meanwhile(work, plan, item),
                item_no=item.item_no,
                title=item.title,
                created=drafted is not None,
                questions=item.questions,
                unknown=tuple(mention.name for mention in matched.unknown),
            )
        )
    source_id = await source_of_plan(work.session, plan.digest)
    assert source_id is not None  # there is a case, and each came with it
    return ImportReport(source_id, plan.title, plan.number, tuple(items), _unassigned(document))


def _plan(work: Work, command: ImportTasks, document: TaskDocument) -> Plan:
    problems, source = Problems(), command.source
    title = clean(problems, source.title or document.title, TITLE, "input", "source", "title")
    number = clean_optional(problems, source.number or document.number, 80, "input", "source", "number")
    issuing_body = clean_optional(problems, source.issuing_body, 200, "input", "source", "issuingBody")
    if source.dated_on is not None:
        problems.check(source.dated_on <= work.today, RefusalCode.BAD_DATE, "input", "source", "datedOn")
    fits = command.classification <= command.max_classification
    problems.check(fits, RefusalCode.CLASSIFICATION_ABOVE_CEILING, "input", "classification")
    problems.check(bool(document.items), RefusalCode.REQUIRED, "file", "items")
    problems.raise_if_any()
    return Plan(
        digest=plan_digest(work, document, command.classification),
        matter_type=command.matter_type,
        classification=command.classification,
        title=title,
        number=number,
        issuing_body=issuing_body,
        dated_on=source.dated_on,
    )


async def _made_meanwhile(work: Work, plan: Plan, item: TaskItem) -> UUID:
    """The case that another import of the same document made at this very moment."""
    found = (await cases_of_plan(work.session, plan.digest)).get(item_digest(work, item))
    assert found is not None
    return found


def _unassigned(document: TaskDocument) -> tuple[str, ...]:
    passages = (passage for passage in document.remainder if passage.kind is PassageKind.UNASSIGNED)
    return tuple(passage.source.strip() for passage in passages)
