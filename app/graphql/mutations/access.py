"""账号与授权: who may sign in, and who may do what. Kept by administrators who are different people (三员分立)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Generic, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from app.authz import Role
from app.graphql.administration import Account, Grant, Session
from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.identity import service
from app.identity.passwords import one_time_password
from app.work import Work

C = TypeVar("C")
R = TypeVar("R")

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
KEY_ONCE = "The same key and input within 24 hours do nothing twice; the password is told the first time only (幂等键)."
ONCE = "The password, good for one sign-in, which must change it. It is told this once and can never be read again."


@strawberry.interface(description="A payload whose changed object is an account.")
class AccountPayload(Payload):
    account: Account | None = changed(description="The account.")


@strawberry.interface(description="A payload whose changed object is a grant.")
class GrantPayload(Payload):
    grant: Grant | None = changed(description="The grant.")


@strawberry.input(description="An account for a person (开立账号).")
class OpenAccountInput:
    person: strawberry.ID = strawberry.field(description="Who shall sign in; each person has one account at most.")
    login: str = strawberry.field(description="Login name: 2 to 80 characters without spaces; capitals do not count.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(
    description="An account whose holder cannot sign in any more. Leaders' and administrators': proposePasswordRenewal."
)
class RenewPasswordInput:
    account: strawberry.ID = strawberry.field(description="The account.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY_ONCE)


@strawberry.input(description="An account to close for good (停用账号).")
class DisableAccountInput:
    account: strawberry.ID = strawberry.field(description="The account.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A sign-in to end, one's own or as an administrator somebody else's.")
class RevokeSessionInput:
    session: strawberry.ID = strawberry.field(description="The session.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A business role to give (授权). Roles of leaders and administrators: proposeGrant.")
class GrantRoleInput:
    role: Role = strawberry.field(description="The role.")
    person: strawberry.ID | None = strawberry.field(default=None, description="Who shall hold it.")
    account: strawberry.ID | None = strawberry.field(
        default=None, description="With SERVICE, instead of a person: the account of the outside system."
    )
    unit: strawberry.ID | None = strawberry.field(
        default=None, description="For which unit; required for the roles of units."
    )
    valid_from: datetime | None = strawberry.field(default=None, description="From then on; default: now.")
    valid_until: datetime | None = strawberry.field(
        default=None, description="Up to and without that instant; default: until it is revoked."
    )
    basis: str = strawberry.field(description="On what it rests: a document number or words (依据).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.GrantRole:
        return service.GrantRole(
            role=self.role,
            basis=self.basis,
            person_id=optional_key_of("person", self.person, "person"),
            account_id=optional_key_of("account", self.account, "account"),
            unit_id=optional_key_of("unit", self.unit, "unit"),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


@strawberry.input(description="A role of a leader or an administrator to propose; another person approves it.")
class ProposeGrantInput:
    role: Role = strawberry.field(description="The role.")
    person: strawberry.ID = strawberry.field(description="Who shall hold it.")
    valid_from: datetime | None = strawberry.field(
        default=None, description="From then on; default: from the approval."
    )
    valid_until: datetime | None = strawberry.field(
        default=None, description="Up to and without that instant; default: until it is revoked."
    )
    basis: str = strawberry.field(description="On what it rests: a document number or words (依据).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.GrantRole:
        return service.GrantRole(
            role=self.role,
            basis=self.basis,
            person_id=key_of("person", self.person, "person"),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


@strawberry.input(description="A proposed role to put in force.")
class ApproveGrantInput:
    grant: strawberry.ID = strawberry.field(description="The proposal.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A role to take back, or a proposal to withdraw.")
class RevokeGrantInput:
    grant: strawberry.ID = strawberry.field(description="The grant.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The new account.")
class OpenAccountPayload(AccountPayload):
    one_time_password: str | None = strawberry.field(description=ONCE)


@from_graphql_core("told once, from memory")
@strawberry.type(description="The account with a new password.")
class RenewPasswordPayload(AccountPayload):
    one_time_password: str | None = strawberry.field(description=ONCE)


@strawberry.type(description="The account as closed.")
class DisableAccountPayload(AccountPayload):
    pass


@strawberry.type(description="The session as ended.")
class RevokeSessionPayload(Payload):
    session: Session | None = changed(description="The session.")


@strawberry.type(description="The role as given.")
class GrantRolePayload(GrantPayload):
    pass


@strawberry.type(description="The proposal; it gives no right yet.")
class ProposeGrantPayload(GrantPayload):
    pass


@strawberry.type(description="The role, in force.")
class ApproveGrantPayload(GrantPayload):
    pass


@strawberry.type(description="The role as taken back.")
class RevokeGrantPayload(GrantPayload):
    pass


OpenAccountResult: TypeAlias = Annotated[
    OpenAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("OpenAccountResult")
]
RenewPasswordResult: TypeAlias = Annotated[
    RenewPasswordPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RenewPasswordResult")
]
DisableAccountResult: TypeAlias = Annotated[
    DisableAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DisableAccountResult")
]
RevokeSessionResult: TypeAlias = Annotated[
    RevokeSessionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RevokeSessionResult")
]
GrantRoleResult: TypeAlias = Annotated[
    GrantRolePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("GrantRoleResult")
]
ProposeGrantResult: TypeAlias = Annotated[
    ProposeGrantPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ProposeGrantResult")
]
ApproveGrantResult: TypeAlias = Annotated[
    ApproveGrantPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ApproveGrantResult")
]
RevokeGrantResult: TypeAlias = Annotated[
    RevokeGrantPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RevokeGrantResult")
]


class _WithPassword(Generic[C, R]):
    """A use case with the one-time password whose hash it stores. `told`: the password, if the use case ran at all."""

    def __init__(self, use_case: Callable[[Work, C, str], Awaitable[R]], password: str, password_hash: str) -> None:
        self.told: str | None = None
        self._use_case, self._password, self._hash = use_case, password, password_hash

    async def __call__(self, work: Work, command: C) -> R:
        done = await self._use_case(work, command, self._hash)
        self.told = self._password
        return done


async def with_password(info: Info, use_case: Callable[[Work, C, str], Awaitable[R]]) -> _WithPassword[C, R]:
    """Hashed before the transaction: it takes long on purpose."""
    password = one_time_password()
    return _WithPassword(use_case, password, await info.context.entrance.passwords.hash(password))


@strawberry.type
class AccessMutations:
    @mutation("Give a person a way to sign in (开立账号).", "account.create", "第二十四条")
    async def open_account(self, info: Info, input: OpenAccountInput) -> OpenAccountResult:
        command = service.IssueAccount(key_of("person", input.person, "person"), input.login)
        issuing = await with_password(info, service.issue_account)
        done = await perform(info, "openAccount", issuing, command, input)
        return OpenAccountPayload(done=done, one_time_password=issuing.told)

    @mutation(
        "Put a one-time password in the place of a forgotten one (重发一次性密码); all sessions end.",
        "account.renew_password",
        "第二十四条",
    )
    async def renew_password(self, info: Info, input: RenewPasswordInput) -> RenewPasswordResult:
        key: UUID = key_of("account", input.account, "account")
        renewing = await with_password(info, service.renew_password)
        done = await perform(info, "renewPassword", renewing, key, input)
        return RenewPasswordPayload(done=done, one_time_password=renewing.told)

    @mutation("Close an account for good; all its sessions end (停用账号).", "account.disable", "第二十四条")
    async def disable_account(self, info: Info, input: DisableAccountInput) -> DisableAccountResult:
        key = key_of("account", input.account, "account")
        return DisableAccountPayload(done=await perform(info, "disableAccount", service.disable_account, key, input))

    @mutation("End a sign-in: its tokens are worth nothing from now on (终止登录).", "session.revoke", "第二十四条")
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> RevokeSessionResult:
        key = key_of("session", input.session, "session")
        return RevokeSessionPayload(done=await perform(info, "revokeSession", service.revoke_session, key, input))

    @mutation("Give a role that one person may give (授权).", "grant.give", "第五条；第二十四条")
    async def grant_role(self, info: Info, input: GrantRoleInput) -> GrantRoleResult:
        return GrantRolePayload(done=await perform(info, "grantRole", service.grant_role, input.command(), input))

    @mutation("Propose a leader's or an administrator's role (提出授权).", "grant.propose", "第五条；第二十四条")
    async def propose_grant(self, info: Info, input: ProposeGrantInput) -> ProposeGrantResult:
        return ProposeGrantPayload(
            done=await perform(info, "proposeGrant", service.propose_grant, input.command(), input)
        )

    @mutation("Put a role in force that another person proposed (批准授权).", "grant.approve", "第五条；第二十四条")
    async def approve_grant(self, info: Info, input: ApproveGrantInput) -> ApproveGrantResult:
        key = key_of("grant", input.grant, "grant")
        return ApproveGrantPayload(done=await perform(info, "approveGrant", service.approve_grant, key, input))

    @mutation("Take a role back, or withdraw a proposal, at once (收回授权).", "grant.revoke", "第五条；第二十四条")
    async def revoke_grant(self, info: Info, input: RevokeGrantInput) -> RevokeGrantResult:
        key = key_of("grant", input.grant, "grant")
        return RevokeGrantPayload(done=await perform(info, "revokeGrant", service.revoke_grant, key, input))
