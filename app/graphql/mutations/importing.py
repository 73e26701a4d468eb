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
from app.graphql.mutations.payloads import AFTERWARDS, Payload, seen
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


@from_graphql_core(_MEMORY)
@strawberry.type(description="One task of an imported document (任务).")
class ImportedTask:
    item: strawberry.Private[importing.ImportedItem]

    @strawberry.field(description="Its number in the document; empty where it has none.")
    def item_no(self) -> str:
        return self.item.item_no

    @strawberry.field(description="Its title.")
    def title(self) -> str:
        return self.item.title

    @strawberry.field(description="Whether this import made its case; false where it was known.")
    def created(self) -> bool:
        return self.item.created

    @strawberry.field(description="What the document leaves open.")
    def questions(self) -> list[Question]:
        return list(self.item.questions)

    @strawberry.field(description="Names that mean no known unit or group, as printed.")
    def unknown_names(self) -> list[str]:
        return list(self.item.unknown)

    @strawberry.field(description="Its case, a draft until it is registered.")
    async def case(self, info: Info) -> Case | None:
        return await seen(info, Case, self.item.case_id)


@from_graphql_core(_MEMORY)
@strawberry.type(description="What an import found (导入结果).")
class TaskImport:
    found: strawberry.Private[importing.ImportReport]

    @strawberry.field(description="Title of the document.")
    def title(self) -> str:
        return self.found.title

    @strawberry.field(description="Document number (文号).")
    def number(self) -> str | None:
        return self.found.number

    @strawberry.field(description="How many cases were made.")
    def created(self) -> int:
        return self.found.created

    @strawberry.field(description="How many tasks were known already.")
    def known(self) -> int:
        return self.found.known

    @strawberry.field(description="Names that mean no known unit or group, each once.")
    def unknown_names(self) -> list[str]:
        return list(self.found.unknown_names)

    @strawberry.field(description="Numbered paragraphs that name nobody; whether they are tasks an officer decides.")
    def unassigned(self) -> list[str]:
        return list(self.found.unassigned)

    @strawberry.field(description="The tasks, in the order of the document.")
    def tasks(self) -> list[ImportedTask]:
        return [ImportedTask(item=item) for item in self.found.items]


@strawberry.type(description="The import.")
class ImportTaskDocumentPayload(Payload):
    found: strawberry.Private[importing.ImportReport | None]

    @strawberry.field(description="What was found; null where a repeated key answers.")
    @from_graphql_core(AFTERWARDS)
    def report(self) -> TaskImport | None:
        return None if self.found is None else TaskImport(found=self.found)

    @strawberry.field(description="The source that stands for the document, shared by all its cases.")
    @from_graphql_core(AFTERWARDS)
    async def source(self, info: Info) -> Source | None:
        return await seen(info, Source, self.done.id)


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
        return ImportTaskDocumentPayload(done=done, found=found[0] if found else None)
