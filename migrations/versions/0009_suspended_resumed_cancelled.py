"""What is suspended, resumed or cancelled: new kinds of decisions and todos, and slots whose clock stands still.

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Sequence
from typing import NamedTuple

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


class _Choice(NamedTuple):
    """A closed list of values under a CHECK, and which of them are new."""

    table: str
    column: str
    name: str
    values: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def before(self) -> list[str]:
        return [value for value in self.values if value not in self.new]


_CHOICES = (
    _Choice(
        "report_slot",
        "state",
        "slotstate",
        ("OPEN", "MET", "RETURNED", "CANCELLED", "SUPERSEDED", "SUSPENDED"),
        ("SUSPENDED",),
    ),
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
        ),
        ("SUSPENSION", "RESUMPTION", "CANCELLATION"),
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
            "RESUME",
            "CHECK_RECORDED_ACT",
            "CONFIRM_IN_WRITING",
        ),
        ("RESUME",),
    ),
)


def upgrade() -> None:
    for choice in _CHOICES:
        _allow(choice, choice.before, choice.values)


def downgrade() -> None:
    """A slot that stands still was cancelled, as far as the software before knew; todos and decisions of it go."""
    op.execute("UPDATE report_slot SET state = 'CANCELLED' WHERE state = 'SUSPENDED'")
    op.execute("DELETE FROM todo WHERE action = 'RESUME'")
    op.execute("DELETE FROM decision WHERE kind IN ('SUSPENSION', 'RESUMPTION', 'CANCELLATION')")
    for choice in _CHOICES:
        _allow(choice, choice.values, choice.before)


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
