"""涉密等级: who may know of what is classified. Given by two people, taken by one."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from app.core.levels import Classification
from app.graphql.administration import Clearance
from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.identity import service

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.interface(description="A payload whose changed object is a clearance.")
class ClearancePayload(Payload):
    clearance: Clearance | None = changed(description="The clearance.")


@strawberry.input(description="A clearance to propose; another person approves it.")
class GrantClearanceInput:
    person: strawberry.ID = strawberry.field(description="Whose it shall be.")
    level: Classification = strawberry.field(description="Up to which classification; PUBLIC needs no clearance.")
    valid_from: datetime | None = strawberry.field(
        default=None, description="From then on; default: from the approval."
    )
    valid_until: datetime | None = strawberry.field(
        default=None, description="Up to and without that instant; default: until it is revoked or replaced."
    )
    basis: str = strawberry.field(description="On what it rests: a document number or words (依据).")
    reason: str = strawberry.field(description="What it is needed for (理由).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.GrantClearance:
        return service.GrantClearance(
            person_id=key_of("person", self.person, "person"),
            level=self.level,
            basis=self.basis,
            reason=self.reason,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


@strawberry.input(description="A proposed clearance to put in force.")
class ApproveClearanceInput:
    clearance: strawberry.ID = strawberry.field(description="The proposal.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A clearance to take back, or a proposal to withdraw.")
class RevokeClearanceInput:
    clearance: strawberry.ID = strawberry.field(description="The clearance.")
    reason: str = strawberry.field(description="Why (理由).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The proposal; it opens nothing yet.")
class GrantClearancePayload(ClearancePayload):
    pass


@strawberry.type(description="The clearance; those before it end where it begins.")
class ApproveClearancePayload(ClearancePayload):
    pass


@strawberry.type(description="The clearance as taken back.")
class RevokeClearancePayload(ClearancePayload):
    pass


GrantClearanceResult: TypeAlias = Annotated[
    GrantClearancePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("GrantClearanceResult")
]
ApproveClearanceResult: TypeAlias = Annotated[
    ApproveClearancePayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ApproveClearanceResult"),
]
RevokeClearanceResult: TypeAlias = Annotated[
    RevokeClearancePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RevokeClearanceResult")
]


@strawberry.type
class ClearanceMutations:
    @mutation("Propose a clearance, which another person approves (提出涉密等级).", "clearance.propose", "第二十三条")
    async def grant_clearance(self, info: Info, input: GrantClearanceInput) -> GrantClearanceResult:
        done = await perform(info, "grantClearance", service.grant_clearance, input.command(), input)
        return GrantClearancePayload(done=done)

    @mutation(
        "Put a clearance in force that another person proposed (批准涉密等级).", "clearance.approve", "第二十三条"
    )
    async def approve_clearance(self, info: Info, input: ApproveClearanceInput) -> ApproveClearanceResult:
        key = key_of("clearance", input.clearance, "clearance")
        done = await perform(info, "approveClearance", service.approve_clearance, key, input)
        return ApproveClearancePayload(done=done)

    @mutation(
        "Take a clearance back, or withdraw a proposal, at once (收回涉密等级).", "clearance.revoke", "第二十三条"
    )
    async def revoke_clearance(self, info: Info, input: RevokeClearanceInput) -> RevokeClearanceResult:
        command = service.RevokeClearance(key_of("clearance", input.clearance, "clearance"), input.reason)
        done = await perform(info, "revokeClearance", service.revoke_clearance, command, input)
        return RevokeClearancePayload(done=done)
