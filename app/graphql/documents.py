"""Official documents and stored files as the schema shows them."""

from datetime import date, datetime

import orjson
import strawberry

from app.core.levels import Classification
from app.documents import models
from app.documents.rules import BlockKind, DocumentKind, DocumentStatus, RecipientCapacity
from app.files.models import StoredFile as StoredFileRow
from app.graphql.declarations import column, from_graphql_core, global_id, reads, text, to_many, to_one
from app.graphql.made import made
from app.graphql.node import Node
from app.graphql.units import Unit
from app.reads.execution import Row
from app.reads.keyset import ascending
from app.reads.kinds import Text


@from_graphql_core("read from the body of a document")
@strawberry.type(description="One block of a document's body (正文块).")
class DocumentBlock:
    kind: BlockKind = strawberry.field(description="Kind of block.")
    text: str = strawberry.field(description="Its words.")
    label: str | None = strawberry.field(description="The label of a field.")
    rows: list[list[str]] | None = strawberry.field(
        default=None, description="The rows of a table, the first one the heads of its columns; null for other blocks."
    )


def blocks_of(stored: str | None) -> list[DocumentBlock]:
    return [DocumentBlock(**{**block, "kind": BlockKind(block["kind"])}) for block in orjson.loads(stored or "[]")]


@strawberry.type(description="Somebody to whom a document goes (主送、抄送).")
@reads(models.DocumentRecipient)
class DocumentRecipient:
    row: strawberry.Private[Row]
    printed_name: str = column(models.DocumentRecipient.printed_name, description="The name as printed.")
    capacity: RecipientCapacity = column(models.DocumentRecipient.capacity, description="Main or copy.")
    delivered_at: datetime | None = column(models.DocumentRecipient.delivered_at, description="When it was delivered.")
    acknowledged_at: datetime | None = column(
        models.DocumentRecipient.acknowledged_at, description="When it was acknowledged (签收)."
    )
    unit: Unit | None = to_one(models.DocumentRecipient.unit_id, description="The unit, where it is one.")


@strawberry.type(description="An official document (公文), as it was printed on the day of issue.")
@reads(models.Document, object="document")
class Document(Node):
    id: strawberry.ID = global_id("document")
    kind: DocumentKind = column(models.Document.kind, description="Kind (公文种类).")
    status: DocumentStatus = column(models.Document.status, description="State.")
    number: str | None = column(models.Document.number, description="Document number (文号).")
    title: str | None = text(models.Document.title_id, description="Title (标题).")
    issuer_name: str = column(models.Document.issuer_name, description="Issuing body as printed (发文机关).")
    issued_on: date | None = column(models.Document.issued_on, description="Day of issue (成文日期).")
    classification: Classification = column(models.Document.classification, description="Classification (密级).")
    recipients: list[DocumentRecipient] = to_many(
        models.DocumentRecipient.document_id,
        order=[ascending(models.DocumentRecipient.capacity)],
        description="To whom it goes.",
    )
    body: list[DocumentBlock] = made(
        blocks_of,
        Text(models.Document.body_id),
        description="The body, block by block (正文); empty where it was expunged.",
    )


@strawberry.type(description="A stored file (附件).")
@reads(StoredFileRow, object="file")
class StoredFile(Node):
    id: strawberry.ID = global_id("file")
    name: str | None = text(StoredFileRow.name_id, description="File name.")
    media_type: str = column(StoredFileRow.media_type, description="Media type.")
    size: int = column(StoredFileRow.size, description="Size in bytes.")
    sha256: str = column(StoredFileRow.sha256, description="SHA-256 of the bytes, in hex.")
    uploaded_at: datetime = column(StoredFileRow.uploaded_at, description="When it was uploaded.")
