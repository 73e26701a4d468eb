"""重发领导和管理员的一次性密码: proposed by one person, approved by another, so that nobody signs in as them alone."""

from typing import Annotated, TypeAlias

import strawberry

from app.graphql.administration import PasswordRenewal
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.mutations.access import KEY_ONCE, with_password
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.identity import service

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.interface(description="A payload whose changed object is a proposed password.")
class PasswordRenewalPayload(Payload):
    renewal: PasswordRenewal | None = changed(description="The proposed password.")


@strawberry.input(description="An account of a leader or an administrator who cannot sign in any more.")
class ProposePasswordRenewalInput:
    account: strawberry.ID = strawberry.field(description="The account.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="Somebody who leads or administers, or is about to, and has no account yet.")
class ProposeAccountInput:
    person: strawberry.ID = strawberry.field(description="The person.")
    login: str = strawberry.field(description="The name to sign in with; 2 to 80 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="A proposed password to put into the account.")
class ApprovePasswordRenewalInput:
    renewal: strawberry.ID = strawberry.field(description="The proposal.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A proposed password to drop.")
class WithdrawPasswordRenewalInput:
    renewal: strawberry.ID = strawberry.field(description="The proposal.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The proposal; the account is as it was.")
class ProposePasswordRenewalPayload(PasswordRenewalPayload):
    one_time_password: str | None = strawberry.field(
        description="The password: worth nothing before the approval, then good for one sign-in. It is told this once."
    )


@from_graphql_core("told once, from memory")
@strawberry.type(description="The account's first password as proposed; nobody signs in before it is approved.")
class ProposeAccountPayload(PasswordRenewalPayload):
    one_time_password: str | None = strawberry.field(
        description="The password: worth nothing before the approval, then good for one sign-in. It is told this once."
    )


@strawberry.type(description="The proposal as approved; the password is the account's, whose sessions have ended.")
class ApprovePasswordRenewalPayload(PasswordRenewalPayload):
    pass


@strawberry.type(description="The proposal as dropped.")
class WithdrawPasswordRenewalPayload(PasswordRenewalPayload):
    pass


ProposePasswordRenewalResult: TypeAlias = Annotated[
    ProposePasswordRenewalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ProposePasswordRenewalResult"),
]
ProposeAccountResult: TypeAlias = Annotated[
    ProposeAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ProposeAccountResult"),
]
ApprovePasswordRenewalResult: TypeAlias = Annotated[
    ApprovePasswordRenewalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ApprovePasswordRenewalResult"),
]
WithdrawPasswordRenewalResult: TypeAlias = Annotated[
    WithdrawPasswordRenewalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("WithdrawPasswordRenewalResult"),
]


@strawberry.type
class RenewalMutations:
    @mutation(
        "Propose a one-time password for a leader or an administrator (提出重发一次性密码).",
        "password_renewal.propose",
        "第二十四条",
    )
    async def propose_password_renewal(
        self, info: Info, input: ProposePasswordRenewalInput
    ) -> ProposePasswordRenewalResult:
        key = key_of("account", input.account, "account")
        proposing = await with_password(info, service.propose_renewal)
        done = await perform(info, "proposePasswordRenewal", proposing, key, input)
        return ProposePasswordRenewalPayload(done=done, one_time_password=proposing.told)

    @mutation(
        "Open the account of a leader or an administrator (提请开立账号): another person approves its password.",
        "password_renewal.propose",
        "第二十四条",
    )
    async def propose_account(self, info: Info, input: ProposeAccountInput) -> ProposeAccountResult:
        command = service.IssueAccount(key_of("person", input.person, "person"), input.login)
        proposing = await with_password(info, service.propose_account)
        done = await perform(info, "proposeAccount", proposing, command, input)
        return ProposeAccountPayload(done=done, one_time_password=proposing.told)

    @mutation(
        "Put a password into the account that another person proposed (批准重发一次性密码); all sessions end.",
        "password_renewal.approve",
        "第二十四条",
    )
    async def approve_password_renewal(
        self, info: Info, input: ApprovePasswordRenewalInput
    ) -> ApprovePasswordRenewalResult:
        key = key_of("renewal", input.renewal, "renewal")
        done = await perform(info, "approvePasswordRenewal", service.approve_renewal, key, input)
        return ApprovePasswordRenewalPayload(done=done)

    @mutation(
        "Drop a proposed password; also for whose account it is (撤回重发一次性密码).",
        "password_renewal.withdraw",
        "第二十四条",
    )
    async def withdraw_password_renewal(
        self, info: Info, input: WithdrawPasswordRenewalInput
    ) -> WithdrawPasswordRenewalResult:
        key = key_of("renewal", input.renewal, "renewal")
        done = await perform(info, "withdrawPasswordRenewal", service.withdraw_renewal, key, input)
        return WithdrawPasswordRenewalPayload(done=done)
