"""推送: where outside systems are pushed updates of cases. Two people: one registers, another verifies."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Generic, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from app.core.keys import webhook_key
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, keys_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.graphql.webhooks import WebhookEndpoint
from app.webhooks import models, service, signing
from app.webhooks.rules import DeliveryOrder
from app.work import Work

C = TypeVar("C")
_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_KEY_ONCE = "The same key and input within 24 hours do nothing twice; the secret is told the first time only (幂等键)."
_SECRET = "What messages are signed with, as libraries of Standard Webhooks read it. It is told this once."  # noqa: S105


@strawberry.interface(description="A payload whose changed object is an endpoint.")
class WebhookPayload(Payload):
    webhook: WebhookEndpoint | None = changed(description="The endpoint.")


@strawberry.input(
    description="An endpoint of an outside system (登记推送地址). It is sent a code, and nothing else yet."
)
class RegisterWebhookInput:
    account: strawberry.ID = strawberry.field(description="The account of the outside system.")
    url: str = strawberry.field(
        description="`https://…` at port 443 or 8443; within the networks that the operator listed any HTTP address."
    )
    event_types: list[str] | None = strawberry.field(
        default=None, description="Of which types, e.g. `case.dispatched`, at most 20; default: of all."
    )
    order: DeliveryOrder = strawberry.field(default=DeliveryOrder.CASE, description="In which order.")
    at_once: int = strawberry.field(default=1, description="How many messages may be under way at a time, 1 to 10.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY_ONCE)

    def command(self) -> service.RegisterWebhook:
        return service.RegisterWebhook(
            account_id=key_of("account", self.account, "account"),
            url=self.url,
            event_types=tuple(self.event_types or ()),
            delivery_order=self.order,
            at_once=self.at_once,
        )


@strawberry.input(description="An endpoint to begin to push to (核验推送地址).")
class VerifyWebhookInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    code: str = strawberry.field(description="The code that it was sent, as its operator tells it.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An endpoint whose secret is to be replaced.")
class RotateWebhookSecretInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY_ONCE)


@strawberry.input(description="An endpoint to push nothing to for now.")
class PauseWebhookInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An endpoint to push to again, from where it stopped.")
class ResumeWebhookInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An endpoint to end for good.")
class RemoveWebhookInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What to send again: messages, or all of a time.")
class ReplayWebhookInput:
    webhook: strawberry.ID = strawberry.field(description="The endpoint.")
    messages: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Messages to it, at most 100: the `webhook-id` under which they came."
    )
    since: datetime | None = strawberry.field(
        default=None, description="Instead: what was recorded from then on, at most 10,000 messages."
    )
    until: datetime | None = strawberry.field(default=None, description="With `since`: up to and without that instant.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.ReplayWebhook:
        return service.ReplayWebhook(
            endpoint_id=key_of("webhook", self.webhook, "webhook"),
            message_ids=keys_of("delivery", self.messages, "messages"),
            since=self.since,
            until=self.until,
        )


@from_graphql_core("told once, from memory")
@strawberry.type(description="The endpoint as registered.")
class RegisterWebhookPayload(WebhookPayload):
    secret: str | None = strawberry.field(description=_SECRET)


@strawberry.type(description="The endpoint, pushed to from now on.")
class VerifyWebhookPayload(WebhookPayload):
    pass


@from_graphql_core("told once, from memory")
@strawberry.type(description="The endpoint with a new secret; for a day messages bear both signatures.")
class RotateWebhookSecretPayload(WebhookPayload):
    secret: str | None = strawberry.field(description=_SECRET)


@strawberry.type(description="The endpoint as paused.")
class PauseWebhookPayload(WebhookPayload):
    pass


@strawberry.type(description="The endpoint as resumed.")
class ResumeWebhookPayload(WebhookPayload):
    pass


@strawberry.type(description="The endpoint as removed.")
class RemoveWebhookPayload(WebhookPayload):
    pass


@strawberry.type(description="The endpoint to which it is sent again.")
class ReplayWebhookPayload(WebhookPayload):
    pass


RegisterWebhookResult: TypeAlias = Annotated[
    RegisterWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RegisterWebhookResult")
]
VerifyWebhookResult: TypeAlias = Annotated[
    VerifyWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("VerifyWebhookResult")
]
RotateWebhookSecretResult: TypeAlias = Annotated[
    RotateWebhookSecretPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RotateWebhookSecretResult"),
]
PauseWebhookResult: TypeAlias = Annotated[
    PauseWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("PauseWebhookResult")
]
ResumeWebhookResult: TypeAlias = Annotated[
    ResumeWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ResumeWebhookResult")
]
RemoveWebhookResult: TypeAlias = Annotated[
    RemoveWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RemoveWebhookResult")
]
ReplayWebhookResult: TypeAlias = Annotated[
    ReplayWebhookPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReplayWebhookResult")
]


class _Telling(Generic[C]):
    """A use case, and the secret of the endpoint with which it answered, if it ran at all."""

    def __init__(self, info: Info, use_case: Callable[[Work, C], Awaitable[models.WebhookEndpoint]]) -> None:
        self.secret: str | None = None
        self._key, self._use_case = webhook_key(info.context.settings), use_case

    async def __call__(self, work: Work, command: C) -> models.WebhookEndpoint:
        endpoint = await self._use_case(work, command)
        self.secret = signing.told(signing.secret_of(self._key, endpoint.id, endpoint.secret_generation))
        return endpoint


@strawberry.type
class WebhookMutations:
    @mutation("Register where an outside system is pushed to (登记推送地址).", "webhook.register", "第二十四条")
    async def register_webhook(self, info: Info, input: RegisterWebhookInput) -> RegisterWebhookResult:
        telling = _Telling(info, service.register_webhook)
        done = await perform(info, "registerWebhook", telling, input.command(), input)
        return RegisterWebhookPayload(done=done, secret=telling.secret)

    @mutation(
        "Begin to push to an endpoint that another person registered (核验推送地址).", "webhook.verify", "第二十四条"
    )
    async def verify_webhook(self, info: Info, input: VerifyWebhookInput) -> VerifyWebhookResult:
        command = service.VerifyWebhook(key_of("webhook", input.webhook, "webhook"), input.code)
        return VerifyWebhookPayload(done=await perform(info, "verifyWebhook", service.verify_webhook, command, input))

    @mutation("Replace the secret of an endpoint (更换推送密钥).", "webhook.change", "第二十四条")
    async def rotate_webhook_secret(self, info: Info, input: RotateWebhookSecretInput) -> RotateWebhookSecretResult:
        key: UUID = key_of("webhook", input.webhook, "webhook")
        telling = _Telling(info, service.rotate_webhook_secret)
        done = await perform(info, "rotateWebhookSecret", telling, key, input)
        return RotateWebhookSecretPayload(done=done, secret=telling.secret)

    @mutation("Push nothing to an endpoint for now; nothing is lost (暂停推送).", "webhook.stop", "第二十四条")
    async def pause_webhook(self, info: Info, input: PauseWebhookInput) -> PauseWebhookResult:
        key = key_of("webhook", input.webhook, "webhook")
        return PauseWebhookPayload(done=await perform(info, "pauseWebhook", service.pause_webhook, key, input))

    @mutation("Push to an endpoint again, from where it stopped (恢复推送).", "webhook.change", "第二十四条")
    async def resume_webhook(self, info: Info, input: ResumeWebhookInput) -> ResumeWebhookResult:
        key = key_of("webhook", input.webhook, "webhook")
        return ResumeWebhookPayload(done=await perform(info, "resumeWebhook", service.resume_webhook, key, input))

    @mutation("End an endpoint for good (撤销推送地址).", "webhook.stop", "第二十四条")
    async def remove_webhook(self, info: Info, input: RemoveWebhookInput) -> RemoveWebhookResult:
        key = key_of("webhook", input.webhook, "webhook")
        return RemoveWebhookPayload(done=await perform(info, "removeWebhook", service.remove_webhook, key, input))

    @mutation(
        "Send messages to an endpoint again, under the ids that they had (重新推送).", "webhook.replay", "第二十四条"
    )
    async def replay_webhook(self, info: Info, input: ReplayWebhookInput) -> ReplayWebhookResult:
        done = await perform(info, "replayWebhook", service.replay_webhook, input.command(), input)
        return ReplayWebhookPayload(done=done)
