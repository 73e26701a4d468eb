"""通报会: a circular that was made known at a meeting, and who was there.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_REFERENCES = (("minutes_id", "content"), ("minutes_file_id", "stored_file"))


def upgrade() -> None:
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=200), nullable=True))
        for column, table in _REFERENCES:
            batch_op.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_circular_{column}"), table, [column], ["id"])
    op.create_table(
        "circular_attendee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_circular_attendee_a_unit_or_a_person")
        ),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"], name=op.f("fk_circular_attendee_circular_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_circular_attendee_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_attendee_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_attendee")),
    )
    op.create_index("ix_circular_attendee_circular", "circular_attendee", ["circular_id"])


def downgrade() -> None:
    op.drop_table("circular_attendee")
    with op.batch_alter_table("circular", schema=None) as batch_op:
        for column, _ in _REFERENCES:
            batch_op.drop_constraint(op.f(f"fk_circular_{column}"), type_="foreignkey")
            batch_op.drop_column(column)
        batch_op.drop_column("place")
        batch_op.drop_column("held_at")
