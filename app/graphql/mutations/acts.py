"""代录复核: a second officer lets an entered act take effect, or rejects it; spoken words are confirmed in writing."""

from typing import Annotated, TypeAlias

import strawberry

from app.acts.checking import (
    CheckRecordedAct,
    ConfirmInWriting,
    RejectRecordedAct,
    confirm_in_writing,
    reject_recorded_act,
)
from app.graphql.acts import RecordedAct
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, case_of, changed
from app.graphql.performing import key_of, mutation, perform
from app.graphql.recorded import check_recorded_act
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.interface(description="A payload whose changed object is an entered act.")
class ActPayload(Payload):
    act: RecordedAct | None = changed(description="The entered act.")
    case: Case | None = case_of(RecordedAct)


@strawberry.input(description="An entered act to let take effect (复核).")
class CheckRecordedActInput:
    act: strawberry.ID = strawberry.field(description="The entered act; entered by somebody else.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An entered act to reject.")
class RejectRecordedActInput:
    act: strawberry.ID = strawberry.field(description="The entered act.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The written confirmation of a spoken act (补签).")
class ConfirmInWritingInput:
    act: strawberry.ID = strawberry.field(description="The act, done by phone or by voice.")
    file: strawberry.ID = strawberry.field(description="The stored file with the confirmation.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The act as it took effect.")
class CheckRecordedActPayload(ActPayload):
    pass


@strawberry.type(description="The act as rejected.")
class RejectRecordedActPayload(ActPayload):
    pass


@strawberry.type(description="The act as confirmed.")
class ConfirmInWritingPayload(ActPayload):
    pass


CheckRecordedActResult: TypeAlias = Annotated[
    CheckRecordedActPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CheckRecordedActResult"),
]
RejectRecordedActResult: TypeAlias = Annotated[
    RejectRecordedActPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RejectRecordedActResult"),
]
ConfirmInWritingResult: TypeAlias = Annotated[
    ConfirmInWritingPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ConfirmInWritingResult"),
]


@strawberry.type
class ActMutations:
    @mutation("Let an entered act take effect, as a second officer (代录复核).", "act.check", "第七条(一)")
    async def check_recorded_act(self, info: Info, input: CheckRecordedActInput) -> CheckRecordedActResult:
        command = CheckRecordedAct(key_of("act", input.act, "act"), input.expected_version)
        done = await perform(info, "checkRecordedAct", check_recorded_act, command, input)
        return CheckRecordedActPayload(done=done)

    @mutation("Reject an entered act, as a second officer.", "act.check", "第七条(一)")
    async def reject_recorded_act(self, info: Info, input: RejectRecordedActInput) -> RejectRecordedActResult:
        command = RejectRecordedAct(key_of("act", input.act, "act"), input.expected_version, input.reason)
        done = await perform(info, "rejectRecordedAct", reject_recorded_act, command, input)
        return RejectRecordedActPayload(done=done)

    @mutation("Add the written confirmation of a spoken act (补签).", "act.record", "第七条(一)")
    async def confirm_in_writing(self, info: Info, input: ConfirmInWritingInput) -> ConfirmInWritingResult:
        command = ConfirmInWriting(key_of("act", input.act, "act"), key_of("file", input.file, "file"))
        done = await perform(info, "confirmInWriting", confirm_in_writing, command, input)
        return ConfirmInWritingPayload(done=done)
