"""The indexes of participants hold all that a rule asks on a walk along them: PostgreSQL need not look at the rows.

Revision ID: 0021
Revises: 0020
"""

from collections.abc import Sequence

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_COPIES = ("status", "classification", "restricted")
_INDEXES = {
    "ix_case_participant_unit_due": ("unit_id", ("principal", "supporting", *_COPIES)),
    "ix_case_participant_person_due": ("person_id", ("leader", *_COPIES)),
}


def upgrade() -> None:
    for name, (first, included) in _INDEXES.items():
        _replace(name, first, included)


def downgrade() -> None:
    for name, (first, _) in _INDEXES.items():
        _replace(name, first, ())


def _replace(name: str, first: str, included: Sequence[str]) -> None:
    op.drop_index(name, table_name="case_participant")
    op.create_index(name, "case_participant", [first, "due_at", "case_id"], postgresql_include=list(included) or None)
