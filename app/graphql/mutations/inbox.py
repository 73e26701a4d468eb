"""The inbox: a message is read (收件箱)."""

from typing import Annotated, TypeAlias

import strawberry

from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.graphql.todos import Notification
from app.notifications import service


@strawberry.input(description="A message of the caller's inbox.")
class ReadNotificationInput:
    notification: strawberry.ID = strawberry.field(description="The message.")
    idempotency_key: str | None = strawberry.field(default=None, description="Repeats give the same answer.")


@strawberry.type(description="The message as read.")
class ReadNotificationPayload(Payload):
    notification: Notification | None = changed(description="The message.")


ReadNotificationResult: TypeAlias = Annotated[
    ReadNotificationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ReadNotificationResult"),
]


@strawberry.type
class InboxMutations:
    @mutation("Mark a message of one's own as read (已读).", "notification.view", "第二十四条")
    async def read_notification(self, info: Info, input: ReadNotificationInput) -> ReadNotificationResult:
        command = service.ReadNotification(key_of("notification", input.notification, "notification"))
        return ReadNotificationPayload(
            done=await perform(info, "readNotification", service.read_notification, command, input)
        )
