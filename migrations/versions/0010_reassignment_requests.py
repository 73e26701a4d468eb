"""退办: requests for reassignment, how they are decided, and for whom they wait.

Revision ID: 0010
Revises: 0009
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
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
    _Choice(
        "decision",
        "kind",
        "decisionkind",
        (
            "HANDLING",
            "ACKNOWLEDGEMENT",
            "SIGNATURE",
            "REPORT",
            "EXTENSION",
            "READING",
            "CLOSING",
            "TALK_NOTICE",
            "CONCLUSION",
            "CIRCULAR",
            "SUSPENSION",
            "RESUMPTION",
            "CANCELLATION",
            "REASSIGNMENT",
        ),
        "REASSIGNMENT",
    ),
    _Choice(
        "todo",
        "action",
        "todoaction",
        (
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
        ),
        "DECIDE_REASSIGNMENT",
    ),
)


def upgrade() -> None:
    for choice in _CHOICES:
        _allow(choice, choice.before, choice.values)
    op.create_table(
        "reassignment_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("status", _closed("reassignmentstatus", "REQUESTED", "GRANTED", "DECLINED"), nullable=False),
        sa.Column(
            "ground",
            _closed("reassignmentground", "NOT_COMPETENT", "DUPLICATE", "WRONG_ADDRESSEE", "CLASSIFIED"),
            nullable=False,
        ),
        sa.Column("basis_id", sa.Uuid(), nullable=False),
        sa.Column("suggested_unit_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("new_assignment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_reassignment_request_{column}"))
            for column, table in (
                ("case_id", "supervision_case"),
                ("assignment_id", "assignment"),
                ("basis_id", "content"),
                ("suggested_unit_id", "unit"),
                ("requested_by", "person"),
                ("decision_id", "decision"),
                ("new_assignment_id", "assignment"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignment_request")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_reassignment_request_assignment_id")),
    )
    op.create_index("ix_reassignment_request_case", "reassignment_request", ["case_id"])


def downgrade() -> None:
    op.drop_table("reassignment_request")
    op.execute("DELETE FROM todo WHERE action = 'DECIDE_REASSIGNMENT'")
    op.execute("DELETE FROM decision WHERE kind = 'REASSIGNMENT'")
    for choice in _CHOICES:
        _allow(choice, choice.values, choice.before)


def _closed(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(choice: _Choice, before: Sequence[str], after: Sequence[str]) -> None:
    """Another list under the same CHECK. SQLite keeps it in the text of the table, which is all that changes there."""
    old, new = (f"{choice.column} IN ({', '.join(map(repr, values))})" for values in (before, after))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema = ON")
        texts = ", ".join("'{}'".format(text.replace("'", "''")) for text in (old, new))
        op.execute(f"UPDATE sqlite_master SET sql = replace(sql, {texts}) WHERE name = '{choice.table}'")  # noqa: S608
        op.execute("PRAGMA writable_schema = RESET")
        return
    name = f"ck_{choice.table}_{choice.name}"
    op.drop_constraint(op.f(name), choice.table, type_="check")
    op.create_check_constraint(op.f(name), choice.table, new)
