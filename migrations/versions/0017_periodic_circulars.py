"""Periodic circulars (定期通报) with what they count, replies to circulars, and two more things to be waited for.

Revision ID: 0017
Revises: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
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
    "SHOW_EVALUATION",
    "SUBMIT_EVALUATION",
    "ANSWER_OBJECTION",
)
_ADDED = ("REPLY_TO_CIRCULAR", "REVIEW_CIRCULAR_REPLY")
_OF_A_PERIOD = sa.text("first_on IS NOT NULL")


def upgrade() -> None:
    _set_actions((*_BEFORE, *_ADDED))
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "uq_circular_period",
            ["first_on"],
            unique=True,
            postgresql_where=_OF_A_PERIOD,
            sqlite_where=_OF_A_PERIOD,
        )
    op.create_table(
        "circular_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("edition", _choice("circulareditionkind", "ORDINARY", "FULL"), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tables_id", sa.Uuid(), nullable=False),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"], name=op.f("fk_circular_edition_circular_id")),
        sa.ForeignKeyConstraint(["tables_id"], ["content.id"], name=op.f("fk_circular_edition_tables_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_edition")),
        sa.UniqueConstraint("circular_id", "edition", name=op.f("uq_circular_edition_circular_id_edition")),
    )
    op.create_table(
        "circular_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("grounds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_circular_item_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_circular_item_case_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["circular_edition.id"], name=op.f("fk_circular_item_edition_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_item")),
        sa.UniqueConstraint("edition_id", "assignment_id", name=op.f("uq_circular_item_edition_id_assignment_id")),
    )
    op.create_table(
        "circular_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "status", _choice("replystatus", "OWED", "FILED", "ACCEPTED", "RETURNED", "CANCELLED"), nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["content.id"], name=op.f("fk_circular_reply_answer_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_circular_reply_answered_by")),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"], name=op.f("fk_circular_reply_circular_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_circular_reply_filed_by")),
        sa.ForeignKeyConstraint(["text_id"], ["content.id"], name=op.f("fk_circular_reply_text_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_reply_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_reply")),
        sa.UniqueConstraint(
            "circular_id", "unit_id", "round", name=op.f("uq_circular_reply_circular_id_unit_id_round")
        ),
    )


def downgrade() -> None:
    todo = sa.table("todo", sa.column("action", sa.String()))
    op.execute(sa.delete(todo).where(todo.c.action.in_(_ADDED)))
    _set_actions(_BEFORE)
    op.drop_table("circular_reply")
    op.drop_table("circular_item")
    op.drop_table("circular_edition")
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.drop_index("uq_circular_period", postgresql_where=_OF_A_PERIOD, sqlite_where=_OF_A_PERIOD)
        batch_op.drop_column("last_on")
        batch_op.drop_column("first_on")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _set_actions(names: Sequence[str]) -> None:
    """What a todo may wait for: the CHECK of its column."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_todo_todoaction"), type_="check")
        batch_op.create_check_constraint(op.f("ck_todo_todoaction"), f"action IN ({listed})")
