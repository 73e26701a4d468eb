"""What waits for another because a leader is recused says whose it was: lifted, it waits for him again.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_place_of", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_todo_in_place_of"), "person", ["in_place_of"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_todo_in_place_of"), type_="foreignkey")
        batch_op.drop_column("in_place_of")
