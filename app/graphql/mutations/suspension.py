"""中止、恢复、撤销: who decides a case stops its clocks, lets them run on, or gives it up."""

from typing import Annotated, TypeAlias

import strawberry

from app.escalation import service
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload
from app.graphql.performing import RecordedInput, key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."
_RECORDED = "An act done outside (代录)."


@strawberry.input(description="A case whose clocks shall stand still (中止).")
class SuspendCaseInput:
    case: strawberry.ID = strawberry.field(description="The case; with its units.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A suspended case whose clocks shall run on (恢复).")
class ResumeCaseInput:
    case: strawberry.ID = strawberry.field(description="The case; suspended.")
    expected_version: int = strawberry.field(description=_VERSION)
    comment: str | None = strawberry.field(default=None, description="With which words.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A case to give up before it is done (撤销).")
class CancelCaseInput:
    case: strawberry.ID = strawberry.field(description="The case; its closing is not proposed yet.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The case as suspended.")
class SuspendCasePayload(CasePayload):
    pass


@strawberry.type(description="The case as resumed, with its new dates.")
class ResumeCasePayload(CasePayload):
    pass


@strawberry.type(description="The case as cancelled.")
class CancelCasePayload(CasePayload):
    pass


SuspendCaseResult: TypeAlias = Annotated[
    SuspendCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SuspendCaseResult")
]
ResumeCaseResult: TypeAlias = Annotated[
    ResumeCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ResumeCaseResult")
]
CancelCaseResult: TypeAlias = Annotated[
    CancelCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("CancelCaseResult")
]


@strawberry.type
class SuspensionMutations:
    @mutation("Stop all clocks of a case (中止); urgings without answer are taken back.", "case.suspend", "第七条(一)")
    async def suspend_case(self, info: Info, input: SuspendCaseInput) -> SuspendCaseResult:
        command = service.SuspendCase(key_of("case", input.case, "case"), input.expected_version, input.reason)
        return SuspendCasePayload(done=await perform(info, "suspendCase", service.suspend_case, command, input))

    @mutation("Let the clocks of a case run on with the days that were left (恢复).", "case.resume", "第七条(一)")
    async def resume_case(self, info: Info, input: ResumeCaseInput) -> ResumeCaseResult:
        command = service.ResumeCase(key_of("case", input.case, "case"), input.expected_version, input.comment)
        return ResumeCasePayload(done=await perform(info, "resumeCase", service.resume_case, command, input))

    @mutation("Give a case up before it is done (撤销): its units owe nothing any more.", "case.cancel", "第七条(一)")
    async def cancel_case(self, info: Info, input: CancelCaseInput) -> CancelCaseResult:
        command = service.CancelCase(key_of("case", input.case, "case"), input.expected_version, input.reason)
        return CancelCasePayload(done=await perform(info, "cancelCase", service.cancel_case, command, input))
