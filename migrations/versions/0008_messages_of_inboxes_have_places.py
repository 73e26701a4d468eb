"""messages of inboxes have places

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notification") as notification:
        notification.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        notification.create_unique_constraint(op.f("uq_notification_position"), ["position"])
    op.create_index("ix_notification_inbox", "notification", ["person_id", "position"])
    op.create_index(
        "ix_notification_without_place",
        "notification",
        ["created_at"],
        postgresql_where=sa.text("position IS NULL"),
        sqlite_where=sa.text("position IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_notification_without_place", "notification")
    op.drop_index("ix_notification_inbox", "notification")
    with op.batch_alter_table("notification") as notification:
        notification.drop_constraint(op.f("uq_notification_position"), type_="unique")
        notification.drop_column("position")
