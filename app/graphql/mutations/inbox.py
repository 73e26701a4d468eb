"""The inbox: a message is read (收件箱); and where else reminders go (提醒地址)."""

from typing import Annotated, TypeAlias

import strawberry

from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.graphql.todos import Notification
from app.graphql.units import NotificationAddress
from app.notifications import service
from app.notifications.rules import ReminderChannel, ReminderKind


@strawberry.input(description="A message of the caller's inbox.")
class ReadNotificationInput:
    notification: strawberry.ID = strawberry.field(description="The message.")
    idempotency_key: str | None = strawberry.field(default=None, description="Repeats give the same answer.")


@strawberry.input(description="Where reminders of a person go by a channel (设置提醒地址).")
class SetNotificationAddressInput:
    channel: ReminderChannel = strawberry.field(description="The channel.")
    person: strawberry.ID | None = strawberry.field(default=None, description="Whose; default: the caller's own.")
    address: str | None = strawberry.field(
        default=None,
        description="Mobile number, mail address, or the provider's id of him; default: not by this channel any more.",
    )
    kinds: list[ReminderKind] | None = strawberry.field(
        default=None,
        description="Which reminders; default: all. Urgings and what has to be done must keep one channel.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Repeats give the same answer.")

    def command(self) -> service.SetNotificationAddress:
        return service.SetNotificationAddress(
            channel=self.channel,
            person_id=optional_key_of("person", self.person, "person"),
            address=self.address,
            kinds=None if self.kinds is None else tuple(self.kinds),
        )


@strawberry.type(description="The message as read.")
class ReadNotificationPayload(Payload):
    notification: Notification | None = changed(description="The message.")


@strawberry.type(description="The address as set.")
class SetNotificationAddressPayload(Payload):
    address: NotificationAddress | None = changed(description="The address; null where it was taken away.")


ReadNotificationResult: TypeAlias = Annotated[
    ReadNotificationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ReadNotificationResult"),
]

SetNotificationAddressResult: TypeAlias = Annotated[
    SetNotificationAddressPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("SetNotificationAddressResult"),
]


@strawberry.type
class InboxMutations:
    @mutation("Mark a message of one's own as read (已读).", "notification.view", "第二十四条")
    async def read_notification(self, info: Info, input: ReadNotificationInput) -> ReadNotificationResult:
        command = service.ReadNotification(key_of("notification", input.notification, "notification"))
        return ReadNotificationPayload(
            done=await perform(info, "readNotification", service.read_notification, command, input)
        )

    @mutation(
        "Say where one's reminders go, and which (设置提醒地址); the system administrator for everybody.",
        "notification_address.set",
        "第四条",
    )
    async def set_notification_address(
        self, info: Info, input: SetNotificationAddressInput
    ) -> SetNotificationAddressResult:
        return SetNotificationAddressPayload(
            done=await perform(info, "setNotificationAddress", service.set_notification_address, input.command(), input)
        )
