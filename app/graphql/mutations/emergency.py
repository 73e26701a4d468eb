"""应急账号: sealed by two administrators, opened by both halves of its secret, good for restoring administrators."""

from typing import Annotated, TypeAlias

import strawberry

from app.emergency import service
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.emergency import EmergencySeal
from app.graphql.mutations.access import KEY_ONCE, ONCE, AccountPayload, with_password
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.mutations.sign_in import SessionPayload
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_HALF = "This half of the secret, to be put into a sealed envelope. It is told this once and can never be read again."


@strawberry.interface(description="A payload whose changed object is a seal of the emergency account.")
class EmergencySealPayload(Payload):
    emergency_seal: EmergencySeal | None = changed(description="The seal.")


@strawberry.input(description="A new sealing of the emergency account (封存应急账号).")
class BeginEmergencySealInput:
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="A seal of which the second half is missing.")
class CompleteEmergencySealInput:
    emergency_seal: strawberry.ID = strawberry.field(description="The seal that another administrator began.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="Both halves of the sealed secret (启封应急账号).")
class OpenEmergencyAccountInput:
    first_half: str = strawberry.field(description="One half.")
    second_half: str = strawberry.field(description="The other half; their order does not matter.")
    reason: str = strawberry.field(description="What happened, and who opens it; up to 2,000 characters.")


@strawberry.input(description="An administrator who is locked out (恢复管理员账号).")
class RestoreAccountInput:
    account: strawberry.ID = strawberry.field(description="The account.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="An opening to end before its time.")
class CloseEmergencyAccountInput:
    emergency_seal: strawberry.ID = strawberry.field(description="The seal that was opened.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The seal, half closed: nothing can be opened by it yet.")
class BeginEmergencySealPayload(EmergencySealPayload):
    half: str | None = strawberry.field(description=_HALF)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The seal. The one before it can be opened no more.")
class CompleteEmergencySealPayload(EmergencySealPayload):
    half: str | None = strawberry.field(description=_HALF)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The administrator's account, whose sessions have ended.")
class RestoreAccountPayload(AccountPayload):
    one_time_password: str | None = strawberry.field(description=ONCE)


@strawberry.type(description="The opening as ended.")
class CloseEmergencyAccountPayload(EmergencySealPayload):
    pass


BeginEmergencySealResult: TypeAlias = Annotated[
    BeginEmergencySealPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("BeginEmergencySealResult"),
]
CompleteEmergencySealResult: TypeAlias = Annotated[
    CompleteEmergencySealPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CompleteEmergencySealResult"),
]
OpenEmergencyAccountResult: TypeAlias = Annotated[
    SessionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("OpenEmergencyAccountResult")
]
RestoreAccountResult: TypeAlias = Annotated[
    RestoreAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RestoreAccountResult")
]
CloseEmergencyAccountResult: TypeAlias = Annotated[
    CloseEmergencyAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CloseEmergencyAccountResult"),
]


@strawberry.type
class EmergencyMutations:
    @mutation(
        "Begin to seal the emergency account (封存应急账号): the first half of its secret.",
        "emergency_seal.begin",
        "第二十四条",
    )
    async def begin_emergency_seal(self, info: Info, input: BeginEmergencySealInput) -> BeginEmergencySealResult:
        sealing = await with_password(info, service.begin_seal)
        done = await perform(info, "beginEmergencySeal", sealing, None, input)
        return BeginEmergencySealPayload(done=done, half=sealing.told)

    @mutation(
        "Complete a seal of the emergency account (封存应急账号): the second half of its secret.",
        "emergency_seal.complete",
        "第二十四条",
    )
    async def complete_emergency_seal(
        self, info: Info, input: CompleteEmergencySealInput
    ) -> CompleteEmergencySealResult:
        key = key_of("emergencyseal", input.emergency_seal, "emergencySeal")
        sealing = await with_password(info, service.complete_seal)
        done = await perform(info, "completeEmergencySeal", sealing, key, input)
        return CompleteEmergencySealPayload(done=done, half=sealing.told)

    @strawberry.mutation(
        description="Open the emergency account by both halves of its secret (启封应急账号): a session of two hours at "
        "most, good for `restoreAccount` alone. The three administrators hear of it at once, of a failed attempt as "
        "well; the secret is used up. Needs no sign-in."
    )
    async def open_emergency_account(self, info: Info, input: OpenEmergencyAccountInput) -> OpenEmergencyAccountResult:
        context = info.context
        command = service.OpenEmergency(input.first_half, input.second_half, input.reason)
        opened = await service.open_emergency_account(
            context.entrance, context.workplace, context.policies.shipped, command
        )
        return SessionPayload.of(opened)

    @mutation(
        "Put a one-time password into the account of an administrator who is locked out (恢复管理员账号); all its "
        "sessions end. At most two for each opening.",
        "account.restore",
        "第二十四条",
    )
    async def restore_account(self, info: Info, input: RestoreAccountInput) -> RestoreAccountResult:
        key = key_of("account", input.account, "account")
        restoring = await with_password(info, service.restore_account)
        done = await perform(info, "restoreAccount", restoring, key, input)
        return RestoreAccountPayload(done=done, one_time_password=restoring.told)

    @mutation(
        "End an opening of the emergency account before its time (提前结束应急账号的启用).",
        "emergency_seal.close",
        "第二十四条",
    )
    async def close_emergency_account(
        self, info: Info, input: CloseEmergencyAccountInput
    ) -> CloseEmergencyAccountResult:
        key = key_of("emergencyseal", input.emergency_seal, "emergencySeal")
        done = await perform(info, "closeEmergencyAccount", service.close_emergency_account, key, input)
        return CloseEmergencyAccountPayload(done=done)
