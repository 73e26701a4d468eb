"""Signing in and out. The only mutations that are open to nobody in particular."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from app.graphql.context import Info
from app.graphql.declarations import from_graphql_core
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.identity import service

_MEMORY = "made in memory"


@from_graphql_core(_MEMORY)
@strawberry.type(description="An open session (登录会话). Keep both tokens; each refresh token is good for one use.")
class SessionPayload:
    access_token: str = strawberry.field(description="For `Authorization: Bearer …`; lives minutes.")
    access_token_expires_at: datetime = strawberry.field(description="When it ends.")
    refresh_token: str = strawberry.field(description="For `refreshSession`; used twice, the session ends.")
    session_expires_at: datetime = strawberry.field(description="When to sign in again.")
    must_change_password: bool = strawberry.field(description="Until it is changed, nothing else is allowed.")

    @classmethod
    def of(cls, signed_in: service.SignedIn) -> "SessionPayload":
        return cls(
            access_token=signed_in.access.text,
            access_token_expires_at=signed_in.access.expires_at,
            refresh_token=signed_in.refresh_token,
            session_expires_at=signed_in.session_expires_at,
            must_change_password=signed_in.must_change_password,
        )


@from_graphql_core(_MEMORY)
@strawberry.type(description="It is done.")
class DonePayload:
    done: bool = strawberry.field(description="Always true.")


@strawberry.input(description="Who signs in.")
class SignInInput:
    login: str = strawberry.field(description="Login name (登录名).")
    password: str = strawberry.field(description="Password (密码).")


@strawberry.input(description="A refresh token.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The last one that was given.")


@strawberry.input(description="A new password.")
class ChangePasswordInput:
    current: str = strawberry.field(description="The current password.")
    new: str = strawberry.field(description="The new one: 10 to 128 characters.")


SignInResult: TypeAlias = Annotated[
    SessionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SignInResult")
]
RefreshSessionResult: TypeAlias = Annotated[
    SessionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RefreshSessionResult")
]
SignOutResult: TypeAlias = Annotated[
    DonePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SignOutResult")
]
ChangePasswordResult: TypeAlias = Annotated[
    DonePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ChangePasswordResult")
]


@strawberry.type
class SignInMutations:
    @strawberry.mutation(description="Open a session (登录). Repeated failures lock the account for a while.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInResult:
        return SessionPayload.of(await service.sign_in(info.context.entrance, input.login, input.password))

    @strawberry.mutation(description="New tokens for a refresh token, which is then used up (续期).")
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> RefreshSessionResult:
        return SessionPayload.of(await service.refresh(info.context.entrance, input.refresh_token))

    @strawberry.mutation(description="End the session of this request (退出).")
    async def sign_out(self, info: Info) -> SignOutResult:
        context = info.context
        async with context.workplace.open(context.actor, context.policy, correlation_id=context.correlation_id) as work:
            await service.sign_out(work)
        return DonePayload(done=True)

    @strawberry.mutation(description="Change one's own password; all other sessions end (修改密码).")
    async def change_password(self, info: Info, input: ChangePasswordInput) -> ChangePasswordResult:
        await service.change_password(info.context.entrance, info.context.actor, input.current, input.new)
        return DonePayload(done=True)
