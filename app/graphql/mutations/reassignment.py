"""退办: a unit hands back what is not its own; who decides the case gives it on."""

from typing import Annotated, TypeAlias

import strawberry

from app.acts.rules import Outcome
from app.escalation import service
from app.escalation.rules import ReassignmentGround
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.escalation import ReassignmentRequest
from app.graphql.mutations.payloads import Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_RECORDED = "An act done outside (代录)."


@strawberry.interface(description="A payload whose changed object is a request for reassignment.")
class ReassignmentPayload(Payload):
    request: ReassignmentRequest | None = changed(description="The request; null where it can be seen no more.")
    case: Case | None = case_of(ReassignmentRequest)


@strawberry.input(description="A part that is not the unit's own (退办); soon after its delivery, and once.")
class RequestReassignmentInput:
    assignment: strawberry.ID = strawberry.field(description="The part.")
    ground: ReassignmentGround = strawberry.field(description="Why.")
    basis: str = strawberry.field(description="On what that rests (职责依据); up to 2,000 characters.")
    suggested_unit: strawberry.ID | None = strawberry.field(default=None, description="Whose it is.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The decision on a part that was handed back.")
class DecideReassignmentInput:
    reassignment_request: strawberry.ID = strawberry.field(description="The request.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    outcome: Outcome = strawberry.field(description="APPROVED or DECLINED.")
    unit: strawberry.ID | None = strawberry.field(default=None, description="With APPROVED: who gets the part.")
    comment: str | None = strawberry.field(default=None, description="With which words; required to decline.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The request as filed.")
class RequestReassignmentPayload(ReassignmentPayload):
    pass


@strawberry.type(description="The request as decided.")
class DecideReassignmentPayload(ReassignmentPayload):
    pass


RequestReassignmentResult: TypeAlias = Annotated[
    RequestReassignmentPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RequestReassignmentResult"),
]
DecideReassignmentResult: TypeAlias = Annotated[
    DecideReassignmentPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("DecideReassignmentResult"),
]


@strawberry.type
class ReassignmentMutations:
    @mutation(
        "Hand back a part that is not the unit's own (退办); its clock runs, but nobody is urged meanwhile.",
        "assignment.request_reassignment",
        "第七条(一)",
    )
    async def request_reassignment(self, info: Info, input: RequestReassignmentInput) -> RequestReassignmentResult:
        command = service.RequestReassignment(
            key_of("assignment", input.assignment, "assignment"),
            input.ground,
            input.basis,
            optional_key_of("unit", input.suggested_unit, "suggestedUnit"),
        )
        done = await perform(info, "requestReassignment", service.request_reassignment, command, input)
        return RequestReassignmentPayload(done=done)

    @mutation(
        "Give a part that was handed back to another unit, or leave it (审定退办).",
        "assignment.decide_reassignment",
        "第七条(一)",
    )
    async def decide_reassignment(self, info: Info, input: DecideReassignmentInput) -> DecideReassignmentResult:
        command = service.DecideReassignment(
            key_of("reassignment", input.reassignment_request, "reassignmentRequest"),
            input.expected_version,
            input.outcome,
            optional_key_of("unit", input.unit, "unit"),
            input.comment,
        )
        done = await perform(info, "decideReassignment", service.decide_reassignment, command, input)
        return DecideReassignmentPayload(done=done)
