"""导入任务分工 (第八条(一)): a public task document becomes draft cases."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from app.cases.rules import MatterType
from app.core.levels import Classification
from app.exchange import importing
from app.exchange.tasks_tails import Question
from app.graphql.cases import Case, Source
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.made import told, told_one
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.work import Work

strawberry.enum(Question, name="TaskQuestion", description="What a document leaves open, for an officer (待定事项).")
_MEMORY = "made in memory"


@strawberry.input(description="What the document does not say of itself (来源).")
class TaskSourceInput:
    title: str | None = strawberry.field(default=None, description="Title; by default the one found in the document.")
    number: str | None = strawberry.field(default=None, description="Document number (文号); by default as found.")
    issuing_body: str | None = strawberry.field(default=None, description="Issuing body (发文机关).")
    dated_on: date | None = strawberry.field(default=None, description="Its date, not in the future.")


@strawberry.input(description="A task document to import: a stored file, or the words themselves.")
class ImportTaskDocumentInput:
    file: strawberry.ID | None = strawberry.field(default=None, description="A stored plain-text file.")
    text: str | None = strawberry.field(default=None, description="Or the words.")
    source: TaskSourceInput | None = strawberry.field(default=None, description="What it does not say of itself.")
    matter_type: MatterType = strawberry.field(
        default=MatterType.IMPORTANT_DOCUMENT, description="Kind of matter, article 6."
    )
    classification: Classification = strawberry.field(
        default=Classification.INTERNAL, description="Classification, up to the ceiling of the network."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key and input within 24 hours do nothing twice (幂等键)."
    )

    def command(self, ceiling: Classification) -> importing.ImportTaskDocument:
        given = self.source or TaskSourceInput()
        return importing.ImportTaskDocument(
            file_id=optional_key_of("file", self.file, "file"),
            text=self.text,
            source=importing.TaskSource(given.title, given.number, given.issuing_body, given.dated_on),
            matter_type=self.matter_type,
            classification=self.classification,
            max_classification=ceiling,
        )


@strawberry.type(description="One task of an imported document (任务).")
class ImportedTask:
    item: strawberry.Private[importing.ImportedItem]
    item_no: str = told(lambda task: task.item_no, description="Its number in the document; empty where it has none.")
    title: str = told(lambda task: task.title, description="Its title.")
    created: bool = told(
        lambda task: task.created, description="Whether this import made its case; false where it was known."
    )
    questions: list[Question] = told(lambda task: list(task.questions), description="What the document leaves open.")
    unknown_names: list[str] = told(
        lambda task: list(task.unknown), description="Names that mean no known unit or group, as printed."
    )
    case: Case | None = told_one(lambda task: task.case_id, description="Its case, a draft until it is registered.")


@strawberry.type(description="What an import found (导入结果).")
class TaskImport:
    item: strawberry.Private[importing.ImportReport]
    title: str = told(lambda found: found.title, description="Title of the document.")
    number: str | None = told(lambda found: found.number, description="Document number (文号).")
    created: int = told(lambda found: found.created, description="How many cases were made.")
    known: int = told(lambda found: found.known, description="How many tasks were known already.")
    unknown_names: list[str] = told(
        lambda found: list(found.unknown_names),
        description="Names that mean no known unit or group, each once.",
    )
    unassigned: list[str] = told(
        lambda found: list(found.unassigned),
        description="Numbered paragraphs that name nobody; whether they are tasks an officer decides.",
    )
    tasks: list[ImportedTask] = told(
        lambda found: [ImportedTask(item=task) for task in found.items],
        description="The tasks, in the order of the document.",
    )


@from_graphql_core("told once, from memory")
@strawberry.type(description="The import.")
class ImportTaskDocumentPayload(Payload):
    report: TaskImport | None = strawberry.field(description="What was found; null where a repeated key answers.")
    source: Source | None = changed(description="The source that stands for the document, shared by all its cases.")


ImportTaskDocumentResult: TypeAlias = Annotated[
    ImportTaskDocumentPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ImportTaskDocumentResult"),
]


@strawberry.type
class ImportMutations:
    @mutation(
        "Make a draft case of each task of a document; known tasks stay as they are.", "import.tasks", "第八条(一)"
    )
    async def import_task_document(self, info: Info, input: ImportTaskDocumentInput) -> ImportTaskDocumentResult:
        found: list[importing.ImportReport] = []

        async def run(work: Work, command: importing.ImportTaskDocument) -> importing.ImportReport:
            found.append(await importing.import_task_document(work, command))
            return found[0]

        command = input.command(info.context.settings.max_classification)
        done = await perform(info, "importTaskDocument", run, command, input)
        return ImportTaskDocumentPayload(done=done, report=TaskImport(item=found[0]) if found else None)
