"""outside systems prove themselves by keys

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_assertion",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_client_assertion_account_id")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_client_assertion")),
    )
    op.create_index(op.f("ix_client_assertion_forgotten_at"), "client_assertion", ["forgotten_at"])
    op.create_table(
        "client_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.String(length=400), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_client_key_account_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_client_key_created_by")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_client_key_removed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
    )
    op.create_index(
        "uq_client_key",
        "client_key",
        ["account_id", "fingerprint"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
        sqlite_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("client_key")
    op.drop_table("client_assertion")
