"""Tables of documents, their recipients and subjects, and the gapless number series."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, LevelType, choice
from app.core.ids import new_id
from app.core.levels import Classification
from app.documents.rules import DeliveryChannel, DocumentKind, DocumentStatus, RecipientCapacity

_PRINTED = String(200)


class NumberSeries(Base):
    """The last number given in a series. Its lock makes numbers gapless; restricted items count apart."""

    __tablename__ = "number_series"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    classification: Mapped[Classification] = mapped_column(LevelType(Classification), primary_key=True)
    restricted: Mapped[bool] = mapped_column(primary_key=True)
    last: Mapped[int]


class Document(Base):
    """公文. Printed names stay as they were on the day of issue."""

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[DocumentKind] = mapped_column(choice(DocumentKind))
    status: Mapped[DocumentStatus] = mapped_column(choice(DocumentStatus))
    number: Mapped[str | None] = mapped_column(String(80), unique=True)
    title_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    body_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    issuer_name: Mapped[str] = mapped_column(_PRINTED)
    signer_name: Mapped[str | None] = mapped_column(_PRINTED)
    issued_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class DocumentRecipient(Base):
    """主送 or 抄送. Units and people lie above documents, hence no foreign keys to them."""

    __tablename__ = "document_recipient"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="one_recipient"),
        Index("ix_document_recipient_document", "document_id"),
        Index("ix_document_recipient_unit", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    unit_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    printed_name: Mapped[str] = mapped_column(_PRINTED)
    capacity: Mapped[RecipientCapacity] = mapped_column(choice(RecipientCapacity))
    channel: Mapped[DeliveryChannel] = mapped_column(choice(DeliveryChannel))
    delivered_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]


class DocumentSubject(Base):
    """Which cases a document is about: several matters in one notice, several notices for one matter."""

    __tablename__ = "document_subject"
    __table_args__ = (Index("ix_document_subject_case", "case_id"),)

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
