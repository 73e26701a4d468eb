"""Tables of accountability proposals, of whom they concern and on what they rest."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accountability.rules import AccountabilityMeasure, AccountabilityStatus
from app.core.database import Base, Json, LevelType, choice
from app.core.ids import new_id
from app.core.levels import Classification


class AccountabilityProposal(Base):
    """问责建议. It belongs to no case and leaves no trace on one: it carries the head of a chain of its own.

    Always `restricted`; `classification` is that of the gravest case on which it rests.
    """

    __tablename__ = "accountability_proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    status: Mapped[AccountabilityStatus] = mapped_column(choice(AccountabilityStatus))
    conducts: Mapped[list[Any]] = mapped_column(Json)
    measure: Mapped[AccountabilityMeasure] = mapped_column(choice(AccountabilityMeasure))
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    drafted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    approved_at: Mapped[datetime | None]
    circular_id: Mapped[UUID | None] = mapped_column(ForeignKey("circular.id"))  # which criticised what is proposed
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))  # the competent body, by its name
    document_number_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    transferred_on: Mapped[date | None]
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    answered_on: Mapped[date | None]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=True)
    record_seq: Mapped[int] = mapped_column(default=0)
    record_hash: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class AccountabilityParty(Base):
    """Whom a proposal concerns: a person, or a unit."""

    __tablename__ = "accountability_party"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="a_person_or_a_unit"),
        UniqueConstraint("proposal_id", "person_id"),
        UniqueConstraint("proposal_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("accountability_proposal.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))


class AccountabilityFact(Base):
    """What of the ledger supports a proposal. Beside every part of a case the case itself is named."""

    __tablename__ = "accountability_fact"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN case_id IS NULL THEN 0 ELSE 1 END + CASE WHEN assignment_id IS NULL THEN 0 ELSE 1 END + "
            "CASE WHEN urging_id IS NULL THEN 0 ELSE 1 END + CASE WHEN report_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_fact",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("accountability_proposal.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    urging_id: Mapped[UUID | None] = mapped_column(ForeignKey("urging.id"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))
