"""Policy versions that the office drafts, proposes, approves or refuses.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.ids import new_id

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)
_BEFORE = ("DRAFT", "PROPOSED", "ACTIVE", "RETIRED")
_NOW = ("DRAFT", "DISCARDED", "PROPOSED", "REFUSED", "ACTIVE", "RETIRED", "OFFERED")


def upgrade() -> None:
    _replace(_make, lambda row: row | {"id": new_id()})


def downgrade() -> None:
    ended = {"DRAFT", "DISCARDED", "PROPOSED", "REFUSED", "OFFERED"}
    _replace(_make_as_before, lambda row: row | ({"status": "RETIRED"} if row["status"] in ended else {}))


def _replace(make: Callable[[], sa.Table], changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """There are few rows, and nothing refers to them."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column("number", sa.Integer()),
        sa.column("rows", _JSON),
        *(sa.column(name, sa.String()) for name in ("digest", "status")),
        *(sa.column(name, sa.Uuid()) for name in ("author_id", "approver_id", "reason_id")),
        *(sa.column(name, _TIME) for name in ("created_at", "activated_at", "retired_at")),
    ]
    found = op.get_bind().execute(sa.select(*columns).select_from(sa.table("policy_version", *columns)))
    kept = [dict(row) for row in found.mappings()]
    op.drop_table("policy_version")
    table = make()
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_policy_version_active",
            ["status"],
            unique=True,
            postgresql_where=sa.text("status = 'ACTIVE'"),
            sqlite_where=sa.text("status = 'ACTIVE'"),
        )
    if kept:
        op.bulk_insert(table, [changed(row) for row in kept])


def _status(*names: str) -> "sa.Column[str]":
    kind = sa.Enum(*names, name="policystatus", native_enum=False, create_constraint=True, length=40)
    return sa.Column("status", kind, nullable=False)


def _make() -> sa.Table:
    return op.create_table(
        "policy_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column("replaces_number", sa.Integer(), nullable=True),
        sa.Column("rows", _JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _status(*_NOW),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("refused_by", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("refusal_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("proposed_at", _TIME, nullable=True),
        sa.Column("refused_at", _TIME, nullable=True),
        sa.Column("activated_at", _TIME, nullable=True),
        sa.Column("retired_at", _TIME, nullable=True),
        sa.CheckConstraint(
            "approver_id IS NULL OR (author_id IS NOT NULL AND approver_id <> author_id "
            "AND (proposer_id IS NULL OR approver_id <> proposer_id))",
            name=op.f("ck_policy_version_two_persons"),
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_policy_version_reason_id")),
        sa.ForeignKeyConstraint(["refusal_id"], ["content.id"], name=op.f("fk_policy_version_refusal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_version_number")),
    )


def _make_as_before() -> sa.Table:
    return op.create_table(
        "policy_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", _JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _status(*_BEFORE),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("activated_at", _TIME, nullable=True),
        sa.Column("retired_at", _TIME, nullable=True),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name=op.f("ck_policy_version_two_persons")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_policy_version_reason_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy_version")),
    )
