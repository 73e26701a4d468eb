"""Tables of reports, their sections and the slots that they meet."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.assignments.rules import ReportContent
from app.core.database import Base, Json, choice
from app.core.ids import new_id
from app.reports.rules import Remedy, ReportStatus, SectionKind


class Report(Base):
    """上报 by a principal, or the contribution (协办反馈) of a supporting unit, which needs no signature."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_case", "case_id"), Index("ix_report_assignment", "assignment_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    contribution: Mapped[bool] = mapped_column(default=False)
    content: Mapped[ReportContent] = mapped_column(choice(ReportContent))
    status: Mapped[ReportStatus] = mapped_column(choice(ReportStatus))
    contact_name: Mapped[str | None] = mapped_column(String(120))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    seal_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    missing_contributions: Mapped[list[Any]] = mapped_column(Json, default=list)  # 未反馈: supporting assignments
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signature_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]  # the act's own date: what timeliness counts
    received_at: Mapped[datetime | None]  # when the system had it
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    return_grounds: Mapped[list[Any]] = mapped_column(Json, default=list)
    remedy: Mapped[Remedy | None] = mapped_column(choice(Remedy))
    rework_due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReportSection(Base):
    """One of the parts that 第八条(四)1 asks for."""

    __tablename__ = "report_section"
    __table_args__ = (UniqueConstraint("report_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    kind: Mapped[SectionKind] = mapped_column(choice(SectionKind))
    text_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))


class ReportCoverage(Base):
    """One report may meet several slots, of several cases."""

    __tablename__ = "report_coverage"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("report_slot.id"), primary_key=True, index=True)


class ReportFile(Base):
    __tablename__ = "report_file"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
