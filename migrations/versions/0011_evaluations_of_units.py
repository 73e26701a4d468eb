"""Evaluations of units (考核): runs, sheets and what these rest on; three more things that can be waited for.

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = (
    "PROPOSE",
    "DECIDE",
    "DISPATCH",
    "ACKNOWLEDGE",
    "REPORT",
    "COMPLETION",
    "REWORK",
    "CONTRIBUTE",
    "REVIEW_REPORT",
    "ANSWER_EXPLANATION",
    "DECIDE_EXTENSION",
    "RESPOND_TO_URGING",
    "ISSUE_TALK_NOTICE",
    "HOLD_TALK",
    "ISSUE_CONCLUSION",
    "APPROVE_CIRCULAR",
    "REVISE_CIRCULAR",
    "PUBLISH_CIRCULAR",
    "ACKNOWLEDGE_CIRCULAR",
    "READ_RESULT",
    "CLOSE",
    "CONFIRM_CLOSING",
    "DECIDE_REASSIGNMENT",
    "RESUME",
    "CHECK_RECORDED_ACT",
    "CONFIRM_IN_WRITING",
)
_ADDED = ("SHOW_EVALUATION", "SUBMIT_EVALUATION", "ANSWER_OBJECTION")


def upgrade() -> None:
    _set_actions((*_BEFORE, *_ADDED))
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "COMPUTING",
                "DRAFT",
                "SHOWN",
                "SUBMITTED",
                "PUBLISHED",
                name="evaluationstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_set_id", sa.Uuid(), nullable=False),
        sa.Column("units_total", sa.Integer(), nullable=False),
        sa.Column("units_done", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("circular_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("correction_reason_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_evaluation_half_of_a_year")),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"], name=op.f("fk_evaluation_circular_id")),
        sa.ForeignKeyConstraint(
            ["correction_reason_id"], ["content.id"], name=op.f("fk_evaluation_correction_reason_id")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["evaluation.id"], name=op.f("fk_evaluation_corrects_id")),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_evaluation_rule_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("circular_id", name=op.f("uq_evaluation_circular_id")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_evaluation_corrects_id")),
        sa.UniqueConstraint("year", "half", "nth", name=op.f("uq_evaluation_year_half_nth")),
    )
    op.create_table(
        "evaluation_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum("ORDINARY", "FULL", name="sheetedition", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column(
            "unit_kind",
            sa.Enum(
                "GOVERNMENT",
                "SUPERVISION_OFFICE",
                "TOWN",
                "SUBDISTRICT",
                "DEPARTMENT",
                "ENTERPRISE",
                "INSTITUTION",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "ASSESSED", "FEW", "NONE", name="sheetstanding", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("supporting_items", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Integer(), nullable=True),
        sa.Column("timeliness", sa.Integer(), nullable=True),
        sa.Column("form", sa.Integer(), nullable=True),
        sa.Column("support", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column(
            "proposed_grade",
            sa.Enum(
                "EXCELLENT",
                "GOOD",
                "POOR",
                name="proposedgrade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "grade",
            sa.Enum(
                "EXCELLENT",
                "GOOD",
                "POOR",
                name="evaluationgrade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("grade_reason_id", sa.Uuid(), nullable=True),
        sa.Column("graded_by", sa.Uuid(), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_sheet_evaluation_id")),
        sa.ForeignKeyConstraint(["grade_reason_id"], ["content.id"], name=op.f("fk_evaluation_sheet_grade_reason_id")),
        sa.ForeignKeyConstraint(["graded_by"], ["person.id"], name=op.f("fk_evaluation_sheet_graded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_evaluation_sheet_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_sheet")),
        sa.UniqueConstraint(
            "evaluation_id", "unit_id", "edition", name=op.f("uq_evaluation_sheet_evaluation_id_unit_id_edition")
        ),
    )
    with op.batch_alter_table("evaluation_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_evaluation_sheet_unit", ["unit_id", "first_on"], unique=False)

    op.create_table(
        "evaluation_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "LEAD",
                "PRINCIPAL",
                "SUPPORTING",
                name="assignmentrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_evaluation_item_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_evaluation_item_case_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["evaluation_sheet.id"], name=op.f("fk_evaluation_item_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_item")),
        sa.UniqueConstraint("sheet_id", "assignment_id", name=op.f("uq_evaluation_item_sheet_id_assignment_id")),
    )
    op.create_table(
        "evaluation_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "UPHELD", "REJECTED", name="objectionoutcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["content.id"], name=op.f("fk_evaluation_objection_answer_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_evaluation_objection_answered_by")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_evaluation_objection_filed_by")),
        sa.ForeignKeyConstraint(["sheet_id"], ["evaluation_sheet.id"], name=op.f("fk_evaluation_objection_sheet_id")),
        sa.ForeignKeyConstraint(["text_id"], ["content.id"], name=op.f("fk_evaluation_objection_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_objection")),
    )
    with op.batch_alter_table("evaluation_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_objection_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_index(
            "uq_evaluation_objection_open",
            ["sheet_id"],
            unique=True,
            postgresql_where=sa.text("outcome IS NULL"),
            sqlite_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "evaluation_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "NOT_COMPLETED",
                "NOT_CARRIED_OUT",
                "LONG_UNRESOLVED",
                "COMPLETED_LATE",
                "REPORTED_LATE",
                "URGED",
                "RETURNED_FOR_FORM",
                "NOT_CONTRIBUTED",
                "CONTRIBUTED_LATE",
                name="evaluationfactkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "criterion",
            sa.Enum(
                "EFFECT",
                "TIMELINESS",
                "FORM",
                "SUPPORT",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_evaluation_fact_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evaluation_fact_event_id")),
        sa.ForeignKeyConstraint(["item_id"], ["evaluation_item.id"], name=op.f("fk_evaluation_fact_item_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["evaluation_sheet.id"], name=op.f("fk_evaluation_fact_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_fact")),
    )
    with op.batch_alter_table("evaluation_fact", schema=None) as batch_op:
        batch_op.create_index("ix_evaluation_fact_sheet", ["sheet_id"], unique=False)

    op.create_table(
        "evaluation_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column(
            "criterion",
            sa.Enum(
                "EFFECT",
                "TIMELINESS",
                "FORM",
                "SUPPORT",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("fact_id", sa.Uuid(), nullable=True),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(points IS NULL) <> (fact_id IS NULL)", name=op.f("ck_evaluation_correction_marks_or_a_fact")
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["evaluation_fact.id"], name=op.f("fk_evaluation_correction_fact_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_evaluation_correction_made_by")),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["evaluation_objection.id"], name=op.f("fk_evaluation_correction_objection_id")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_evaluation_correction_reason_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["evaluation_sheet.id"], name=op.f("fk_evaluation_correction_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_correction")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_evaluation_correction_fact_id")),
    )
    with op.batch_alter_table("evaluation_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_correction_sheet_id"), ["sheet_id"], unique=False)


def downgrade() -> None:
    todo = sa.table("todo", sa.column("action", sa.String()))
    op.execute(sa.delete(todo).where(todo.c.action.in_(_ADDED)))
    _set_actions(_BEFORE)
    with op.batch_alter_table("evaluation_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_correction_sheet_id"))

    op.drop_table("evaluation_correction")
    with op.batch_alter_table("evaluation_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluation_fact_sheet")

    op.drop_table("evaluation_fact")
    with op.batch_alter_table("evaluation_objection", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_evaluation_objection_open",
            postgresql_where=sa.text("outcome IS NULL"),
            sqlite_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_evaluation_objection_sheet_id"))

    op.drop_table("evaluation_objection")
    op.drop_table("evaluation_item")
    with op.batch_alter_table("evaluation_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluation_sheet_unit")

    op.drop_table("evaluation_sheet")
    op.drop_table("evaluation")


def _set_actions(names: Sequence[str]) -> None:
    """What a todo may wait for: the CHECK of its column."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_todo_todoaction"), type_="check")
        batch_op.create_check_constraint(op.f("ck_todo_todoaction"), f"action IN ({listed})")
