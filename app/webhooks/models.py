"""Tables of webhooks: where to push to, and what is or was to be pushed. Real time throughout."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice
from app.core.ids import new_id
from app.webhooks.rules import LONGEST_TYPES, LONGEST_URL, DeliveryOrder, EndpointState, MessageState

_PENDING = text("state = 'PENDING'")


class WebhookEndpoint(Base):
    """Acts as an account of an outside system. `place`: how far in the feed its messages were written.

    `code` proves that it was received; it is worth nothing once used. Secrets are not stored (`signing`), only how
    often they were renewed.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (CheckConstraint("verified_by IS NULL OR verified_by <> registered_by", name="two_persons"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    event_types: Mapped[str] = mapped_column(String(LONGEST_TYPES))  # with a space between; none: all
    delivery_order: Mapped[DeliveryOrder] = mapped_column(choice(DeliveryOrder))
    at_once: Mapped[int]
    state: Mapped[EndpointState] = mapped_column(choice(EndpointState))
    code: Mapped[str | None] = mapped_column(String(43))
    secret_generation: Mapped[int] = mapped_column(default=1)
    old_secret_until: Mapped[datetime | None]
    place: Mapped[int] = mapped_column(BigInteger, default=0)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    held_until: Mapped[datetime | None]
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]


class WebhookMessage(Base):
    """An event for an endpoint; without an event, its code. The id follows from both, so that it is always the same.

    `place` orders the messages of an endpoint. Who has one in hand keeps it until `in_hand_until`.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (
        Index("ix_webhook_message_log", "endpoint_id", "created_at"),
        Index(
            "ix_webhook_message_pending",
            "endpoint_id",
            "case_id",
            "place",
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    case_id: Mapped[UUID | None]  # no foreign key: as of the event
    place: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[MessageState] = mapped_column(choice(MessageState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    in_hand_until: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_fault: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
