"""the access log names its entries, and of what case and how secret their subject was

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = "at, outcome, action, rule_id, actor_kind, account_id, person_id, subject_kind, subject_id, correlation_id"  # what both forms of the log hold


def upgrade() -> None:
    _put_aside()
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("READ", "DENIED", name="accessoutcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("of_case_id", sa.Uuid(), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    random_id = "gen_random_uuid()" if op.get_bind().dialect.name == "postgresql" else "lower(hex(randomblob(16)))"
    of_case = "CASE WHEN subject_kind = 'case' THEN subject_id END"
    op.execute(  # of constants alone
        f"INSERT INTO access_log (id, of_case_id, {_KEPT}) "  # noqa: S608
        f"SELECT {random_id}, {of_case}, {_KEPT} FROM access_log_aside"
    )
    _index("at", "id")


def downgrade() -> None:
    _put_aside()
    op.create_table(
        "access_log",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_access_log")),
    )
    op.execute(f"INSERT INTO access_log ({_KEPT}) SELECT {_KEPT} FROM access_log_aside ORDER BY at")  # noqa: S608
    _index("at")


def _put_aside() -> None:
    """The name is needed for the new form; names of indexes and of the key are shared by all tables of a database."""
    op.drop_index("ix_access_log_subject", "access_log")
    op.drop_index("ix_access_log_at", "access_log")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("pk_access_log"), "access_log", type_="primary")
    op.rename_table("access_log", "access_log_aside")


def _index(*time: str) -> None:
    op.drop_table("access_log_aside")
    op.create_index("ix_access_log_at", "access_log", list(time))
    op.create_index("ix_access_log_subject", "access_log", ["subject_kind", "subject_id"])
