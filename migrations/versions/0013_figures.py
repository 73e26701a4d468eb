"""Figures are counted in indexes alone, and urgings are listed by their date.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEXES = (
    (
        "ix_case_figures",
        "supervision_case",
        [
            "status",
            "matter_type",
            "red_from",
            "yellow_from",
            "classification",
            "restricted",
            "registered_by",
            "id",
        ],
    ),
    (
        "ix_case_closed",
        "supervision_case",
        ["closed_at", "dispatched_at", "classification", "restricted", "registered_by", "id"],
    ),
    (
        "ix_case_registered",
        "supervision_case",
        ["registered_on", "classification", "restricted", "registered_by", "id"],
    ),
    ("ix_urging_issued", "urging", ["issued_at", "id"]),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in reversed(_INDEXES):
        op.drop_index(name, table)
