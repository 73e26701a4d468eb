"""The emergency account: sealed by two administrators, opened by both halves of its secret, for a short time.

Revision ID: 0015
Revises: 0014
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


class _Choice(NamedTuple):
    """A closed list of values under a CHECK, and the new one."""

    table: str
    column: str
    name: str
    values: tuple[str, ...]
    new: str

    @property
    def before(self) -> list[str]:
        return [value for value in self.values if value != self.new]


_CHOICES = (
    _Choice("account", "kind", "accountkind", ("PERSON", "SERVICE", "OPERATOR", "EMERGENCY"), "EMERGENCY"),
    _Choice(
        "role_grant",
        "role",
        "role",
        (
            "anyone",
            "supervision_officer",
            "supervision_head",
            "permission_admin",
            "office_leader",
            "district_leader",
            "district_head",
            "unit_head",
            "unit_deputy",
            "unit_handler",
            "seal_keeper",
            "service",
            "machine",
            "system_admin",
            "security_admin",
            "security_auditor",
            "emergency",
        ),
        "emergency",
    ),
)
_ENDS = "role <> 'emergency' OR (account_id IS NOT NULL AND valid_until IS NOT NULL)"
_BEFORE = "CONSTRAINT ck_role_grant_one_holder CHECK"


def upgrade() -> None:
    for choice in _CHOICES:
        _allow(choice, choice.before, choice.values)
    if _sqlite():
        _rewrite("role_grant", _BEFORE, f"{_constraint()}{_BEFORE}")
    else:
        op.create_check_constraint(op.f("ck_role_grant_emergency_ends"), "role_grant", _ENDS)
    only = sa.text("kind = 'EMERGENCY'")
    op.create_index("uq_account_emergency", "account", ["kind"], unique=True, postgresql_where=only, sqlite_where=only)
    op.create_table(
        "emergency_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", _closed("sealstate", "HALF_SEALED", "SEALED", "OPENED", "DROPPED"), nullable=False),
        sa.Column("first_hash", sa.String(length=255), nullable=True),
        sa.Column("second_hash", sa.String(length=255), nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("restorations", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "completed_by IS NULL OR completed_by <> begun_by", name=op.f("ck_emergency_seal_two_persons")
        ),
        sa.CheckConstraint(
            "(state IN ('HALF_SEALED', 'SEALED')) = (first_hash IS NOT NULL) AND "
            "(state = 'SEALED') = (second_hash IS NOT NULL)",
            name=op.f("ck_emergency_seal_kept_while_sealed"),
        ),
        sa.CheckConstraint(
            "(state = 'OPENED') = (opened_at IS NOT NULL) AND (opened_at IS NULL) = (open_until IS NULL)",
            name=op.f("ck_emergency_seal_opened_until_a_day"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR opened_at IS NOT NULL", name=op.f("ck_emergency_seal_closed_after_opened")
        ),
        sa.CheckConstraint("restorations BETWEEN 0 AND 2", name=op.f("ck_emergency_seal_few_restorations")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_emergency_seal_{column}"))
            for column, table in (
                ("account_id", "account"),
                ("begun_by", "person"),
                ("completed_by", "person"),
                ("reason_id", "content"),
                ("closed_by", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_seal")),
    )
    for name, state in (("half", "HALF_SEALED"), ("sealed", "SEALED")):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_emergency_seal_{name}",
            "emergency_seal",
            ["state"],
            unique=True,
            postgresql_where=where,
            sqlite_where=where,
        )


def downgrade() -> None:
    """The account and whatever it held go with its seals."""
    op.drop_table("emergency_seal")
    account = "(SELECT id FROM account WHERE kind = 'EMERGENCY')"
    tokens = f"(SELECT id FROM session WHERE account_id IN {account})"  # noqa: S608
    op.execute(f"DELETE FROM refresh_token WHERE session_id IN {tokens}")  # noqa: S608
    for table in ("session", "role_grant"):
        op.execute(f"DELETE FROM {table} WHERE account_id IN {account}")  # noqa: S608
    op.execute("DELETE FROM account WHERE kind = 'EMERGENCY'")
    op.drop_index("uq_account_emergency", table_name="account")
    if _sqlite():
        _rewrite("role_grant", _constraint(), "")
    else:
        op.drop_constraint(op.f("ck_role_grant_emergency_ends"), "role_grant", type_="check")
    for choice in _CHOICES:
        _allow(choice, choice.values, choice.before)


def _closed(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _constraint() -> str:
    return f"CONSTRAINT ck_role_grant_emergency_ends CHECK ({_ENDS}), \n\t"


def _allow(choice: _Choice, before: Sequence[str], after: Sequence[str]) -> None:
    """Another list under the same CHECK."""
    old, new = (f"{choice.column} IN ({', '.join(map(repr, values))})" for values in (before, after))
    if _sqlite():
        _rewrite(choice.table, old, new)
        return
    name = f"ck_{choice.table}_{choice.name}"
    op.drop_constraint(op.f(name), choice.table, type_="check")
    op.create_check_constraint(op.f(name), choice.table, new)


def _rewrite(table: str, old: str, new: str) -> None:
    """SQLite keeps CHECKs in the text of the table, which is all that changes there."""
    op.execute("PRAGMA writable_schema = ON")
    texts = ", ".join("'{}'".format(text.replace("'", "''")) for text in (old, new))
    op.execute(f"UPDATE sqlite_master SET sql = replace(sql, {texts}) WHERE name = '{table}'")  # noqa: S608
    op.execute("PRAGMA writable_schema = RESET")
