"""How long a unit may hand a part back (退办) stands with the part.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Parts that are out already cannot be handed back."""
    op.add_column("assignment", sa.Column("hand_back_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("assignment", "hand_back_until")
