"""The table of conclusions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice
from app.core.ids import new_id
from app.inspections.rules import ConclusionStatus


class InspectionConclusion(Base):
    """One page: dates, deliveries, answers. Its delivery starts the 30 days of 条例 第十七条 (`review_until`)."""

    __tablename__ = "inspection_conclusion"
    __table_args__ = (Index("ix_inspection_conclusion_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    urging_id: Mapped[UUID | None] = mapped_column(unique=True)  # no key: escalation lies above inspections
    status: Mapped[ConclusionStatus] = mapped_column(choice(ConclusionStatus))
    facts_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    issued_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    review_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
