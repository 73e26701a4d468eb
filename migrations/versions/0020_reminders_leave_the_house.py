"""reminders leave the house

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'PENDING'")
_WATCHED = sa.text("state IN ('PENDING', 'DEAD')")
_URGED = sa.text("urging AND state = 'SENT'")


def upgrade() -> None:
    op.create_table(
        "notification_channel",
        sa.Column("channel", _channel(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_notification_channel")),
    )
    op.create_table(
        "notification_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", _channel(), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("kinds", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notification_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_address")),
        sa.UniqueConstraint("person_id", "channel", name=op.f("uq_notification_address_person_id_channel")),
    )
    op.create_table(
        "notification_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("channel", _channel(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("urging", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            _choice("deliverystate", "PENDING", "SENT", "GATHERED", "WITHHELD", "DEAD"),
            nullable=False,
        ),
        sa.Column("carried_by", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_hand_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_answer", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name=op.f("fk_notification_delivery_notification_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notification_delivery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_delivery")),
        sa.UniqueConstraint(
            "notification_id", "channel", name=op.f("uq_notification_delivery_notification_id_channel")
        ),
    )
    op.create_index("ix_notification_delivery_carried", "notification_delivery", ["carried_by"])
    op.create_index(op.f("ix_notification_delivery_settled_at"), "notification_delivery", ["settled_at"])
    for name, columns, where in (
        ("waiting", ["channel", "person_id"], _PENDING),
        ("urged", ["channel", "person_id"], _URGED),
        ("watched", ["channel", "state"], _WATCHED),
    ):
        op.create_index(
            f"ix_notification_delivery_{name}",
            "notification_delivery",
            columns,
            postgresql_where=where,
            sqlite_where=where,
        )


def downgrade() -> None:
    op.drop_table("notification_delivery")
    op.drop_table("notification_address")
    op.drop_table("notification_channel")


def _channel() -> sa.Enum:
    return _choice("reminderchannel", "DINGTALK", "WECOM", "FEISHU", "SMTP", "SMS")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
