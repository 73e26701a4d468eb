"""Tables of cases: the matter, its sources and instructions, what was proposed and who may see it."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.rules import (
    AssignmentRole,
    CaseLinkKind,
    CaseStatus,
    Disclosure,
    Handling,
    InspectionKind,
    MatterType,
    Procedure,
    SourceKind,
)
from app.core.database import Base, LevelType, choice, unique_where
from app.core.ids import new_id
from app.core.levels import Classification
from app.deadlines.rules import TimeLimitTier

_PRINTED = String(200)


def _few(name: str, who: str, flag: str) -> Index:
    return Index(name, who, "case_id", postgresql_where=text(flag), sqlite_where=text(f"{flag} = 1"))


class Case(Base):
    """督办件. The block `due_on` … `red_from` repeats the earliest open date of its principals, for lists by index."""

    __tablename__ = "supervision_case"
    __table_args__ = (
        Index("ix_case_due", "due_at", "id"),
        Index("ix_case_status_due", "status", "due_at", "id"),
        Index("ix_case_number", "register_year", "register_seq", "id"),
        Index("ix_case_updated", "updated_at", "id"),
        Index("ix_case_created", "created_at", "id"),
        # all that figures ask of a case, so that they are counted in the index alone
        Index(
            "ix_case_figures",
            "status",
            "matter_type",
            "red_from",
            "yellow_from",
            "classification",
            "restricted",
            "registered_by",
            "dispatched_at",
            "id",
        ),
        Index("ix_case_closed", "closed_at", "dispatched_at", "classification", "restricted", "registered_by", "id"),
        Index("ix_case_registered", "registered_on", "classification", "restricted", "registered_by", "id"),
        Index("ix_case_fire", "next_fire_at", "id", postgresql_where=text("next_fire_at IS NOT NULL")),
        unique_where("uq_case_plan_item", "plan_digest", "plan_item_digest", where="plan_digest IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    register_number: Mapped[str | None] = mapped_column(String(80), unique=True)
    register_year: Mapped[int | None]
    register_seq: Mapped[int | None]
    status: Mapped[CaseStatus] = mapped_column(choice(CaseStatus))
    matter_type: Mapped[MatterType] = mapped_column(choice(MatterType))
    procedure: Mapped[Procedure] = mapped_column(choice(Procedure))
    inspection_kind: Mapped[InspectionKind] = mapped_column(choice(InspectionKind))
    title_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    requirement_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    major: Mapped[bool] = mapped_column(default=False)  # 重大事项 (第二十条)
    leader_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    registered_on: Mapped[date | None]

    handling: Mapped[Handling | None] = mapped_column(choice(Handling))
    tier: Mapped[TimeLimitTier | None] = mapped_column(choice(TimeLimitTier))
    report_due_on: Mapped[date | None]  # as decided and printed in the notice
    report_due_time: Mapped[time | None]
    completion_due_on: Mapped[date | None]
    dispatched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    yellow_from: Mapped[datetime | None]
    red_from: Mapped[datetime | None]
    next_fire_at: Mapped[datetime | None]

    plan_digest: Mapped[str | None] = mapped_column(String(64))  # the imported document
    plan_item_digest: Mapped[str | None] = mapped_column(String(64))
    item_no: Mapped[str | None] = mapped_column(String(20))
    original_words_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))

    rule_set_id: Mapped[UUID] = mapped_column(ForeignKey("rule_set.id"))
    record_seq: Mapped[int] = mapped_column(default=0)
    record_hash: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


_COPIES = ["status", "classification", "restricted"]
_ASKED_OF_A_UNIT = ["principal", "supporting", *_COPIES]
_ASKED_OF_A_PERSON = ["leader", *_COPIES]


class CaseParticipant(Base):
    """Who has to do with a case: one row per (case, unit) and per (case, person). Written by the cases service only."""

    __tablename__ = "case_participant"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="one_participant"),
        unique_where("uq_case_participant_unit", "case_id", "unit_id", where="unit_id IS NOT NULL"),
        unique_where("uq_case_participant_person", "case_id", "person_id", where="person_id IS NOT NULL"),
        Index("ix_case_participant_case", "case_id"),  # the unique ones are partial
        # the lists of a unit and of a leader are walks along these, with all that a rule asks on the way
        Index("ix_case_participant_unit_due", "unit_id", "due_at", "case_id", postgresql_include=_ASKED_OF_A_UNIT),
        Index(
            "ix_case_participant_person_due", "person_id", "due_at", "case_id", postgresql_include=_ASKED_OF_A_PERSON
        ),
        Index("ix_case_participant_unit_part", "unit_id", "principal", "supporting", "case_id"),
        # the mandatory rules ask for the few rows that are so; each database wants its own words for "it is true"
        _few("ix_case_participant_recused", "person_id", "recused"),
        _few("ix_case_participant_restricted_person", "person_id", "restricted"),
        _few("ix_case_participant_restricted_unit", "unit_id", "restricted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    principal: Mapped[bool] = mapped_column(default=False)
    supporting: Mapped[bool] = mapped_column(default=False)
    leader: Mapped[bool] = mapped_column(default=False)  # instructs, approves or is told (分管)
    proposer: Mapped[bool] = mapped_column(default=False)  # registered it or drafted the 拟办意见
    in_scope: Mapped[bool] = mapped_column(default=False)  # 知悉范围
    recused: Mapped[bool] = mapped_column(default=False)  # 回避
    status: Mapped[CaseStatus] = mapped_column(choice(CaseStatus))
    due_at: Mapped[datetime | None]
    red_from: Mapped[datetime | None]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)


class CaseAccess(Base):
    """知悉范围: a person or a unit that is named in it, from when to when. `case_participant.in_scope` follows it."""

    __tablename__ = "case_access"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name="one_member"),
        unique_where("uq_case_access_unit", "case_id", "unit_id", where="unit_id IS NOT NULL AND revoked_at IS NULL"),
        unique_where(
            "uq_case_access_person", "case_id", "person_id", where="person_id IS NOT NULL AND revoked_at IS NULL"
        ),
        Index("ix_case_access_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class Recusal(Base):
    """回避: somebody who shall not touch a case, why, and until when. `case_participant.recused` follows it."""

    __tablename__ = "recusal"
    __table_args__ = (
        unique_where("uq_recusal_person", "case_id", "person_id", where="lifted_at IS NULL"),
        Index("ix_recusal_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    declared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # himself, or who ordered it
    declared_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))


class Source(Base):
    """来源: a document, a meeting, a petition, a superior's list."""

    __tablename__ = "source"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[SourceKind] = mapped_column(choice(SourceKind))
    title_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    number: Mapped[str | None] = mapped_column(String(80))
    issuing_body: Mapped[str | None] = mapped_column(_PRINTED)
    dated_on: Mapped[date | None]
    superior_number: Mapped[str | None] = mapped_column(String(80))
    superior_due_on: Mapped[date | None]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class CaseSource(Base):
    __tablename__ = "case_source"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)


class Instruction(Base):
    """批示: a leader's words. Units read them as far as `disclosure` says."""

    __tablename__ = "instruction"
    __table_args__ = (Index("ix_instruction_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"))
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    excerpt_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    disclosure: Mapped[Disclosure] = mapped_column(choice(Disclosure))
    given_on: Mapped[date]
    classification: Mapped[Classification] = mapped_column(LevelType(Classification))
    restricted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class HandlingProposal(Base):
    """拟办意见: who shall handle it, how, and until when. One for each round; the decision is in `decision`."""

    __tablename__ = "handling_proposal"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    round: Mapped[int]
    handling: Mapped[Handling] = mapped_column(choice(Handling))
    tier: Mapped[TimeLimitTier] = mapped_column(choice(TimeLimitTier))
    report_due_on: Mapped[date | None]  # None: counted by the tier from the day of issue
    report_due_time: Mapped[time | None]
    completion_due_on: Mapped[date | None]  # None: the report date
    instruction_id: Mapped[UUID | None] = mapped_column(ForeignKey("instruction.id"))  # LEADER_SPECIFIED
    opinion_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]


class ProposedUnit(Base):
    """A unit named in a proposal, or in an imported document where it may not be known yet (`unit_id` is null)."""

    __tablename__ = "proposed_unit"
    __table_args__ = (Index("ix_proposed_unit_case", "case_id"), Index("ix_proposed_unit_proposal", "proposal_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("handling_proposal.id"))
    role: Mapped[AssignmentRole | None] = mapped_column(choice(AssignmentRole))  # null: the document leaves it open
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_group.id"))
    printed_name: Mapped[str] = mapped_column(_PRINTED)
    position: Mapped[int]


class CaseLink(Base):
    __tablename__ = "case_link"

    from_case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"), primary_key=True)
    to_case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"), primary_key=True, index=True)
    kind: Mapped[CaseLinkKind] = mapped_column(choice(CaseLinkKind), primary_key=True)
    created_at: Mapped[datetime]


class Reading(Base):
    """呈阅: a result laid before the leader who instructed (type (二) closes only after it)."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_case", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]
    read_on: Mapped[date | None]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))


class Closure(Base):
    """The n-th closing (办结): proposed by one, confirmed by another; the first one stays as it was."""

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("case_id", "nth"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_case.id"))
    nth: Mapped[int]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    summary_id: Mapped[UUID] = mapped_column(ForeignKey("content.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    on_time: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reopen_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
