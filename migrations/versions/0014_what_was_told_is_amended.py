"""变更: decisions that change what the units of a case were told.

Revision ID: 0014
Revises: 0013
"""

from collections.abc import Sequence

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BEFORE = (
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
)
_AFTER = (*_BEFORE, "AMENDMENT")


def upgrade() -> None:
    _allow(_BEFORE, _AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM decision WHERE kind = 'AMENDMENT'")
    _allow(_AFTER, _BEFORE)


def _allow(before: Sequence[str], after: Sequence[str]) -> None:
    """Another list under the same CHECK. SQLite keeps it in the text of the table, which is all that changes there."""
    old, new = (f"kind IN ({', '.join(map(repr, values))})" for values in (before, after))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema = ON")
        texts = ", ".join("'{}'".format(text.replace("'", "''")) for text in (old, new))
        op.execute(f"UPDATE sqlite_master SET sql = replace(sql, {texts}) WHERE name = 'decision'")  # noqa: S608
        op.execute("PRAGMA writable_schema = RESET")
        return
    op.drop_constraint(op.f("ck_decision_decisionkind"), "decision", type_="check")
    op.create_check_constraint(op.f("ck_decision_decisionkind"), "decision", new)
