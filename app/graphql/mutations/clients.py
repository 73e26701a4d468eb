"""外部系统: their accounts and the keys that they prove themselves with. Tokens are given at `POST /oauth/token`."""

from typing import Annotated, TypeAlias

import strawberry

from app.graphql.administration import ClientKey
from app.graphql.context import Info
from app.graphql.mutations.access import AccountPayload
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.identity import service

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.interface(description="A payload whose changed object is a key of an outside system.")
class ClientKeyPayload(Payload):
    client_key: ClientKey | None = changed(description="The key.")


@strawberry.input(description="An account for an outside system (外部系统账号).")
class OpenServiceAccountInput:
    login: str = strawberry.field(description="Its client id: 2 to 80 characters without spaces, in small letters.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A public key of an outside system to accept, beside those that it has; at most three.")
class AddClientKeyInput:
    account: strawberry.ID = strawberry.field(description="The account of the outside system.")
    public_key: str = strawberry.field(description="PEM, on the curve P-256; the private key stays with its owner.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A public key of an outside system to accept no more.")
class RemoveClientKeyInput:
    key: strawberry.ID = strawberry.field(description="The key.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The account; it may do nothing before it has a key and a role.")
class OpenServiceAccountPayload(AccountPayload):
    pass


@strawberry.type(description="The key as registered.")
class AddClientKeyPayload(ClientKeyPayload):
    pass


@strawberry.type(description="The key as taken away; the tokens of its account are worth nothing any more.")
class RemoveClientKeyPayload(ClientKeyPayload):
    pass


OpenServiceAccountResult: TypeAlias = Annotated[
    OpenServiceAccountPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("OpenServiceAccountResult"),
]
AddClientKeyResult: TypeAlias = Annotated[
    AddClientKeyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("AddClientKeyResult")
]
RemoveClientKeyResult: TypeAlias = Annotated[
    RemoveClientKeyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RemoveClientKeyResult")
]


@strawberry.type
class ClientMutations:
    @mutation("Give an outside system a way to sign in (开立外部系统账号).", "account.create", "第二十四条")
    async def open_service_account(self, info: Info, input: OpenServiceAccountInput) -> OpenServiceAccountResult:
        command = service.OpenServiceAccount(input.login)
        done = await perform(info, "openServiceAccount", service.open_service_account, command, input)
        return OpenServiceAccountPayload(done=done)

    @mutation("Accept a public key of an outside system (登记外部系统公钥).", "client_key.add", "第二十四条")
    async def add_client_key(self, info: Info, input: AddClientKeyInput) -> AddClientKeyResult:
        command = service.AddClientKey(key_of("account", input.account, "account"), input.public_key)
        return AddClientKeyPayload(done=await perform(info, "addClientKey", service.add_client_key, command, input))

    @mutation(
        "Accept a public key no more; all sessions of its account end (撤销外部系统公钥).",
        "client_key.remove",
        "第二十四条",
    )
    async def remove_client_key(self, info: Info, input: RemoveClientKeyInput) -> RemoveClientKeyResult:
        key = key_of("clientkey", input.key, "key")
        return RemoveClientKeyPayload(
            done=await perform(info, "removeClientKey", service.remove_client_key, key, input)
        )
