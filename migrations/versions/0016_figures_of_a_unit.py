"""Figures of a unit are counted in indexes alone, too.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CASE, _PARTICIPANT = "ix_case_figures", "ix_case_participant_unit_part"
_BEFORE = ["status", "matter_type", "red_from", "yellow_from", "classification", "restricted", "registered_by", "id"]


def upgrade() -> None:
    op.drop_index(_CASE, "supervision_case")
    op.create_index(_CASE, "supervision_case", [*_BEFORE[:-1], "dispatched_at", "id"])
    op.create_index(_PARTICIPANT, "case_participant", ["unit_id", "principal", "supporting", "case_id"])


def downgrade() -> None:
    op.drop_index(_PARTICIPANT, "case_participant")
    op.drop_index(_CASE, "supervision_case")
    op.create_index(_CASE, "supervision_case", _BEFORE)
