"""Dry runs of policy versions.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_dry_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("against_number", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "WAITING",
                "RUNNING",
                "DONE",
                "FAILED",
                name="dryrunstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("to_count", sa.Integer(), nullable=True),
        sa.Column("results", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_policy_dry_run_requested_by")),
        sa.ForeignKeyConstraint(["version_id"], ["policy_version.id"], name=op.f("fk_policy_dry_run_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_dry_run")),
    )
    with op.batch_alter_table("policy_dry_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_dry_run_version_id"), ["version_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("policy_dry_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_dry_run_version_id"))
    op.drop_table("policy_dry_run")
