"""第三十条(六) 临时职权: a leader lends what he may do, for one case and until a day."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from app.authz import Role
from app.cases import service
from app.graphql.context import Info
from app.graphql.mutations.access import GrantPayload
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.input(description="What one may do oneself, to lend for one case (临时授予职权).")
class GrantTemporaryPowerInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    person: strawberry.ID = strawberry.field(description="Who shall hold it; he cannot lend it further.")
    role: Role = strawberry.field(description="The leader's role that one holds oneself.")
    actions: list[str] = strawberry.field(
        description="What of it is lent, as `case.decide`; reading is lent with it, nothing else is."
    )
    valid_until: datetime = strawberry.field(description="Up to and without that instant.")
    basis: str = strawberry.field(description="On what it rests: a document number or words (依据).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.LendPower:
        return service.LendPower(
            case_id=key_of("case", self.case, "case"),
            person_id=key_of("person", self.person, "person"),
            role=self.role,
            actions=self.actions,
            valid_until=self.valid_until,
            basis=self.basis,
        )


@strawberry.input(description="A temporary power to end.")
class RevokeTemporaryPowerInput:
    grant: strawberry.ID = strawberry.field(description="The power.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The power as lent.")
class GrantTemporaryPowerPayload(GrantPayload):
    pass


@strawberry.type(description="The power as ended.")
class RevokeTemporaryPowerPayload(GrantPayload):
    pass


GrantTemporaryPowerResult: TypeAlias = Annotated[
    GrantTemporaryPowerPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("GrantTemporaryPowerResult"),
]
RevokeTemporaryPowerResult: TypeAlias = Annotated[
    RevokeTemporaryPowerPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RevokeTemporaryPowerResult"),
]


@strawberry.type
class PowerMutations:
    @mutation(
        "Lend what one may do oneself, for one case and until a day (临时授予职权).", "grant.lend", "第三十条（六）"
    )
    async def grant_temporary_power(self, info: Info, input: GrantTemporaryPowerInput) -> GrantTemporaryPowerResult:
        done = await perform(info, "grantTemporaryPower", service.lend_power, input.command(), input)
        return GrantTemporaryPowerPayload(done=done)

    @mutation("End a temporary power at once (收回临时职权).", "grant.revoke", "第三十条（六）")
    async def revoke_temporary_power(self, info: Info, input: RevokeTemporaryPowerInput) -> RevokeTemporaryPowerResult:
        key = key_of("grant", input.grant, "grant")
        done = await perform(info, "revokeTemporaryPower", service.take_power_back, key, input)
        return RevokeTemporaryPowerPayload(done=done)
