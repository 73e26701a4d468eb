"""Who may know of a case: 知悉范围 (第二十三条)."""

from typing import Annotated, TypeAlias

import strawberry

from app.cases import service
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload
from app.graphql.performing import key_of, keys_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_CASE = "The case; a restricted one."


@strawberry.input(description="Who may know of a case (知悉范围); whoever is not named is out of it.")
class SetAccessScopeInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    restricted: bool = strawberry.field(description="Whether few may know of it.")
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description="Named people.")
    units: list[strawberry.ID] = strawberry.field(default_factory=list, description="Named units.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.SetAccessScope:
        return service.SetAccessScope(
            key_of("case", self.case, "case"),
            self.expected_version,
            self.restricted,
            keys_of("person", self.people, "people"),
            keys_of("unit", self.units, "units"),
        )


@strawberry.input(description="Who may know of a restricted case besides those who do (扩大知悉范围).")
class GrantCaseAccessInput:
    case: strawberry.ID = strawberry.field(description=_CASE)
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description="People to let in.")
    units: list[strawberry.ID] = strawberry.field(default_factory=list, description="Units to let in.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Who may not know of a restricted case any more (缩小知悉范围).")
class RevokeCaseAccessInput:
    case: strawberry.ID = strawberry.field(description=_CASE)
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description="People to take out.")
    units: list[strawberry.ID] = strawberry.field(default_factory=list, description="Units to take out.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


def _change(input: GrantCaseAccessInput | RevokeCaseAccessInput) -> service.ChangeCaseAccess:
    return service.ChangeCaseAccess(
        key_of("case", input.case, "case"),
        keys_of("person", input.people, "people"),
        keys_of("unit", input.units, "units"),
    )


@strawberry.type(description="The case with its new scope.")
class SetAccessScopePayload(CasePayload):
    pass


@strawberry.type(description="The case with its wider scope.")
class GrantCaseAccessPayload(CasePayload):
    pass


@strawberry.type(description="The case with its narrower scope.")
class RevokeCaseAccessPayload(CasePayload):
    pass


SetAccessScopeResult: TypeAlias = Annotated[
    SetAccessScopePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SetAccessScopeResult")
]
GrantCaseAccessResult: TypeAlias = Annotated[
    GrantCaseAccessPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("GrantCaseAccessResult"),
]
RevokeCaseAccessResult: TypeAlias = Annotated[
    RevokeCaseAccessPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RevokeCaseAccessResult"),
]


@strawberry.type
class ScopeMutations:
    @mutation("Name who may know of a case (知悉范围).", "case.set_access_scope", "第二十三条")
    async def set_access_scope(self, info: Info, input: SetAccessScopeInput) -> SetAccessScopeResult:
        done = await perform(info, "setAccessScope", service.set_access_scope, input.command(), input)
        return SetAccessScopePayload(done=done)

    @mutation(
        "Let people and units know of a restricted case besides those who do (扩大知悉范围).",
        "case.set_access_scope",
        "第二十三条",
    )
    async def grant_case_access(self, info: Info, input: GrantCaseAccessInput) -> GrantCaseAccessResult:
        done = await perform(info, "grantCaseAccess", service.grant_case_access, _change(input), input)
        return GrantCaseAccessPayload(done=done)

    @mutation(
        "Take people and units out of the scope of a restricted case, with their next request (缩小知悉范围).",
        "case.set_access_scope",
        "第二十三条",
    )
    async def revoke_case_access(self, info: Info, input: RevokeCaseAccessInput) -> RevokeCaseAccessResult:
        done = await perform(info, "revokeCaseAccess", service.revoke_case_access, _change(input), input)
        return RevokeCaseAccessPayload(done=done)
