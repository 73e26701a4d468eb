"""Tables of notifications: the messages of inboxes, how else people are reached, and what left the house."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, choice
from app.core.ids import new_id
from app.notifications.rules import LONGEST_ADDRESS, LONGEST_ANSWER, LONGEST_KINDS, DeliveryState, ReminderChannel

_PENDING = text("state = 'PENDING'")
_WATCHED = text("state IN ('PENDING', 'DEAD')")
_URGED = text("urging AND state = 'SENT'")


class Notification(Base):
    """A message to one person. It names its subject; the words are read from there under the reader's own rights."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_person", "person_id", "created_at"),
        Index("ix_notification_inbox", "person_id", "position"),
        Index(
            "ix_notification_without_place",
            "created_at",
            postgresql_where=text("position IS NULL"),
            sqlite_where=text("position IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_case.id"))
    accountability_id: Mapped[UUID | None] = mapped_column(ForeignKey("accountability_proposal.id"))
    topic: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # in the order of inboxes; after the commit


class NotificationAddress(Base):
    """How a person is reached beside his inbox, and for what. Nothing of the address is ever put on record."""

    __tablename__ = "notification_address"
    __table_args__ = (UniqueConstraint("person_id", "channel"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[ReminderChannel] = mapped_column(choice(ReminderChannel))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    kinds: Mapped[str] = mapped_column(String(LONGEST_KINDS))  # with a space between


class NotificationChannel(Base):
    """How far in the order of inboxes a channel has come, and until when its provider is left alone. Real time."""

    __tablename__ = "notification_channel"

    channel: Mapped[ReminderChannel] = mapped_column(choice(ReminderChannel), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger)
    held_until: Mapped[datetime | None]


class NotificationDelivery(Base):
    """A message of an inbox on its way by a channel, and what became of it. Real time throughout.

    The key under which a provider may tell repetitions is the id of what is sent. Who has it in hand keeps it until
    `in_hand_until`. What was GATHERED went out with `carried_by`.
    """

    __tablename__ = "notification_delivery"
    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        Index(
            "ix_notification_delivery_waiting", "channel", "person_id", postgresql_where=_PENDING, sqlite_where=_PENDING
        ),
        Index("ix_notification_delivery_urged", "channel", "person_id", postgresql_where=_URGED, sqlite_where=_URGED),
        Index("ix_notification_delivery_watched", "channel", "state", postgresql_where=_WATCHED, sqlite_where=_WATCHED),
        Index("ix_notification_delivery_carried", "carried_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notification.id"))
    channel: Mapped[ReminderChannel] = mapped_column(choice(ReminderChannel))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    matter_id: Mapped[UUID]  # the case, or what else the message is about
    place: Mapped[int] = mapped_column(BigInteger)  # of the message in the order of inboxes
    urging: Mapped[bool]
    urgent: Mapped[bool]
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState))
    carried_by: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    in_hand_until: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_answer: Mapped[str | None] = mapped_column(String(LONGEST_ANSWER))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
