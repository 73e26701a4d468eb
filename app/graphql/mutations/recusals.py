"""回避: declared by oneself, ordered by the office, and lifted by it (条例 第十七条, 第二十八条)."""

from typing import Annotated, TypeAlias

import strawberry

from app.cases import service
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload
from app.graphql.performing import key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_CLAUSE = "条例第十七条；第二十八条"


@strawberry.input(description="A case from which the caller steps back (自行回避).")
class DeclareRecusalInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Somebody whom the office keeps away from a case (责令回避).")
class OrderRecusalInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    person: strawberry.ID = strawberry.field(description="Who shall not touch it.")
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Somebody who may touch a case again (解除回避).")
class LiftRecusalInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    person: strawberry.ID = strawberry.field(description="Who is recused.")
    reason: str = strawberry.field(description="Why he need not be any more; up to 2,000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="Done. From now on the case is hidden from who declared it.")
class DeclareRecusalPayload(CasePayload):
    pass


@strawberry.type(description="The case with who is kept away from it.")
class OrderRecusalPayload(CasePayload):
    pass


@strawberry.type(description="The case with who is still kept away from it.")
class LiftRecusalPayload(CasePayload):
    pass


DeclareRecusalResult: TypeAlias = Annotated[
    DeclareRecusalPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DeclareRecusalResult")
]
OrderRecusalResult: TypeAlias = Annotated[
    OrderRecusalPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("OrderRecusalResult")
]
LiftRecusalResult: TypeAlias = Annotated[
    LiftRecusalPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("LiftRecusalResult")
]


@strawberry.type
class RecusalMutations:
    @mutation("Step back from a case; it is hidden from then on (自行回避).", "case.declare_recusal", _CLAUSE)
    async def declare_recusal(self, info: Info, input: DeclareRecusalInput) -> DeclareRecusalResult:
        command = service.DeclareRecusal(key_of("case", input.case, "case"), input.reason)
        return DeclareRecusalPayload(
            done=await perform(info, "declareRecusal", service.declare_recusal, command, input)
        )

    @mutation("Keep somebody away from a case (责令回避).", "case.order_recusal", _CLAUSE)
    async def order_recusal(self, info: Info, input: OrderRecusalInput) -> OrderRecusalResult:
        person_id = key_of("person", input.person, "person")
        command = service.OrderRecusal(key_of("case", input.case, "case"), person_id, input.reason)
        return OrderRecusalPayload(done=await perform(info, "orderRecusal", service.order_recusal, command, input))

    @mutation("Let somebody who is recused back to a case (解除回避).", "case.lift_recusal", _CLAUSE)
    async def lift_recusal(self, info: Info, input: LiftRecusalInput) -> LiftRecusalResult:
        person_id = key_of("person", input.person, "person")
        command = service.LiftRecusal(key_of("case", input.case, "case"), person_id, input.reason)
        return LiftRecusalPayload(done=await perform(info, "liftRecusal", service.lift_recusal, command, input))
