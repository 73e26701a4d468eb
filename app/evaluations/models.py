"""Tables of evaluations: a half-year's run, a sheet for each unit, and on what every mark of it rests."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.rules import AssignmentRole
from app.core.database import Base, LevelType, choice, unique_where
from app.core.ids import new_id
from app.core.levels import Classification
from app.evaluations.rules import (
    Criterion,
    EvaluationFactKind,
    EvaluationGrade,
    EvaluationStatus,
    ObjectionOutcome,
    SheetEdition,
    SheetStanding,
)
from app.identity.rules import UnitKind


class Evaluation(Base):
    """考核 of one half-year. `nth` counts its versions: what was published stays, a correction stands beside it."""

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("year", "half", "nth"),
        CheckConstraint("half IN (1, 2)", name="half_of_a_year"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int]
    half: Mapped[int]
    nth: Mapped[int] = mapped_column(default=1)
    status: Mapped[EvaluationStatus] = mapped_column(choice(EvaluationStatus))
    first_on: Mapped[date]
    last_on: Mapped[date]
    cut_off: Mapped[datetime]  # what was recorded later does not count
    rule_set_id: Mapped[UUID] = mapped_column(ForeignKey("rule_set.id"))
    units_total: Mapped[int] = mapped_column(default=0)
    units_done: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    objections_until: Mapped[date | None]
    circular_id: Mapped[UUID | None] = mapped_column(ForeignKey("circular.id"), unique=True)
    published_at: Mapped[datetime | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluation.id"), unique=True)
    correction_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class EvaluationSheet(Base):
    """考核单 of one unit. Marks are hundredths of a point; null where nothing was there to be marked.

    `restricted` and `classification` are those of the gravest case that it counts.
    """

    __tablename__ = "evaluation_sheet"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "unit_id", "edition"),
        Index("ix_evaluation_sheet_unit", "unit_id", "first_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    edition: Mapped[SheetEdition] = mapped_column(choice(SheetEdition))
    unit_name: Mapped[str] = mapped_column(String(200))  # of the last day of the period
    unit_kind: Mapped[UnitKind] = mapped_column(choice(UnitKind))
    first_on: Mapped[date]  # of the period: trends go by it
    standing: Mapped[SheetStanding] = mapped_column(choice(SheetStanding))
    items: Mapped[int]
    supporting_items: Mapped[int]
    effect: Mapped[int | None]
    timeliness: Mapped[int | None]
    form: Mapped[int | None]
    support: Mapped[int | None]
    score: Mapped[int | None]
    proposed_grade: Mapped[EvaluationGrade | None] = mapped_column(choice(EvaluationGrade, "proposedgrade"))
    grade: Mapped[EvaluationGrade | None] = mapped_column(choice(EvaluationGrade))
    grade_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    graded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    graded_at: Mapped[datetime | None]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class EvaluationItem(Base):
    """A part of a case that counts in a sheet. Derived from the ledger, hence recorded in no event of its own."""

    __tablename__ = "evaluation_item"
    __table_args__ = (UniqueConstraint("sheet_id", "assignment_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_sheet.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    role: Mapped[AssignmentRole] = mapped_column(choice(AssignmentRole))


class EvaluationFact(Base):
    """What takes marks off an item. `event_id` names what recorded it; null where nothing ever came."""

    __tablename__ = "evaluation_fact"
    __table_args__ = (Index("ix_evaluation_fact_sheet", "sheet_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_sheet.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_item.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    kind: Mapped[EvaluationFactKind] = mapped_column(choice(EvaluationFactKind))
    criterion: Mapped[Criterion] = mapped_column(choice(Criterion))
    points: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))


class EvaluationObjection(Base):
    """异议 of a unit to its sheet, and the answer."""

    __tablename__ = "evaluation_objection"
    __table_args__ = (unique_where("uq_evaluation_objection_open", "sheet_id", where="outcome IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_sheet.id"), index=True)
    text_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]
    outcome: Mapped[ObjectionOutcome | None] = mapped_column(choice(ObjectionOutcome))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class EvaluationCorrection(Base):
    """What people changed about a sheet and why: marks added to a criterion, or a fact that does not count."""

    __tablename__ = "evaluation_correction"
    __table_args__ = (
        CheckConstraint("(points IS NULL) <> (fact_id IS NULL)", name="marks_or_a_fact"),
        UniqueConstraint("fact_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation_sheet.id"), index=True)
    criterion: Mapped[Criterion] = mapped_column(choice(Criterion))
    points: Mapped[int | None]  # whole marks, added or taken
    fact_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluation_fact.id"))
    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluation_objection.id"))
    reason_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
