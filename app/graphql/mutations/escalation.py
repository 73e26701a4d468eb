"""说明情况, 延期, 催办 (第七条(三)): what units and the office do about a date that is in danger or has passed."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from app.acts.rules import Outcome
from app.assignments.rules import FollowUpChannel
from app.assignments.service import RecordFollowUp
from app.escalation import service
from app.escalation.rules import ExplanationAnswer
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.escalation import Explanation, ExtensionRequest, Urging
from app.graphql.mutations.payloads import Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_SLOT = "The report slot whose date it is; without it, the completion date (办结时限)."
_VERSION = "The version that the caller has seen."


@strawberry.interface(description="A payload whose changed object is an explanation.")
class ExplanationPayload(Payload):
    explanation: Explanation | None = changed(description="The explanation.")
    case: Case | None = case_of(Explanation)


@strawberry.interface(description="A payload whose changed object is a request for extension.")
class ExtensionPayload(Payload):
    extension_request: ExtensionRequest | None = changed(description="The request.")
    case: Case | None = case_of(ExtensionRequest)


@strawberry.interface(description="A payload whose changed object is an urging.")
class UrgingPayload(Payload):
    urging: Urging | None = changed(description="The urging.")
    case: Case | None = case_of(Urging)


@strawberry.input(description="Why a date is not or was not kept (说明情况).")
class ExplainDelayInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    text: str = strawberry.field(description="The words; up to 2,000 characters.")
    slot: strawberry.ID | None = strawberry.field(default=None, description=_SLOT)
    blocking_unit: strawberry.ID | None = strawberry.field(
        default=None, description="The supporting unit for which it waits."
    )
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A call or a visit in which the unit explained itself (口头说明情况); the unit sees it.")
class RecordExplanationInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    channel: FollowUpChannel = strawberry.field(description="How.")
    words: str = strawberry.field(description="What was said; up to 2,000 characters.")
    slot: strawberry.ID | None = strawberry.field(default=None, description=_SLOT)
    person_reached: str | None = strawberry.field(default=None, description="Who explained it.")
    promised_on: date | None = strawberry.field(default=None, description="A date that was promised.")
    occurred_at: datetime | None = strawberry.field(default=None, description="When; now, if left out.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.RecordExplanation:
        follow_up = RecordFollowUp(
            key_of("assignment", self.assignment, "assignment"),
            self.channel,
            self.words,
            self.person_reached,
            self.promised_on,
            self.occurred_at,
        )
        return service.RecordExplanation(follow_up, optional_key_of("slot", self.slot, "slot"))


@strawberry.input(description="The office's answer to an explanation.")
class AnswerExplanationInput:
    explanation: strawberry.ID = strawberry.field(description="The explanation.")
    expected_version: int = strawberry.field(description=_VERSION)
    answer: ExplanationAnswer = strawberry.field(description="Noted, turned into a request, or insufficient.")
    check_on: date | None = strawberry.field(default=None, description="With NOTED: until when urging rests.")
    requested_due_on: date | None = strawberry.field(default=None, description="With CONVERT: the date asked for.")
    reason: str | None = strawberry.field(default=None, description="With INSUFFICIENT: why the unit is urged.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A date to move (延期申请), asked for before it passes.")
class RequestExtensionInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    requested_due_on: date = strawberry.field(description="The date asked for.")
    reason: str = strawberry.field(description="Why.")
    progress: str = strawberry.field(description="What has been done so far.")
    slot: strawberry.ID | None = strawberry.field(default=None, description=_SLOT)
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The decision on a request for extension.")
class DecideExtensionInput:
    extension_request: strawberry.ID = strawberry.field(description="The request.")
    expected_version: int = strawberry.field(description=_VERSION)
    outcome: Outcome = strawberry.field(description="How it was decided.")
    granted_due_on: date | None = strawberry.field(default=None, description="The date, where it is another one.")
    comment: str | None = strawberry.field(default=None, description="With which words.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A unit to urge by hand (人工催办).")
class UrgeUnitInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    reason: str = strawberry.field(description="Why.")
    slot: strawberry.ID | None = strawberry.field(default=None, description=_SLOT)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An urging to withdraw; its number stays as void (作废).")
class WithdrawUrgingInput:
    urging: strawberry.ID = strawberry.field(description="The urging.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The explanation as filed.")
class ExplainDelayPayload(ExplanationPayload):
    pass


@strawberry.type(description="The explanation as written down.")
class RecordExplanationPayload(ExplanationPayload):
    pass


@strawberry.type(description="The explanation as answered.")
class AnswerExplanationPayload(ExplanationPayload):
    pass


@strawberry.type(description="The request as made.")
class RequestExtensionPayload(ExtensionPayload):
    pass


@strawberry.type(description="The request as decided.")
class DecideExtensionPayload(ExtensionPayload):
    pass


@strawberry.type(description="The urging as issued.")
class UrgeUnitPayload(UrgingPayload):
    pass


@strawberry.type(description="The urging as withdrawn.")
class WithdrawUrgingPayload(UrgingPayload):
    pass


ExplainDelayResult: TypeAlias = Annotated[
    ExplainDelayPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ExplainDelayResult")
]
RecordExplanationResult: TypeAlias = Annotated[
    RecordExplanationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RecordExplanationResult"),
]
AnswerExplanationResult: TypeAlias = Annotated[
    AnswerExplanationPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("AnswerExplanationResult"),
]
RequestExtensionResult: TypeAlias = Annotated[
    RequestExtensionPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RequestExtensionResult"),
]
DecideExtensionResult: TypeAlias = Annotated[
    DecideExtensionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DecideExtensionResult")
]
UrgeUnitResult: TypeAlias = Annotated[
    UrgeUnitPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("UrgeUnitResult")
]
WithdrawUrgingResult: TypeAlias = Annotated[
    WithdrawUrgingPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("WithdrawUrgingResult")
]


@strawberry.type
class EscalationMutations:
    @mutation("Explain why a date is not kept (说明情况).", "slot.explain", "第七条(三)")
    async def explain_delay(self, info: Info, input: ExplainDelayInput) -> ExplainDelayResult:
        command = service.ExplainDelay(
            assignment_id=key_of("assignment", input.assignment, "assignment"),
            text=input.text,
            slot_id=optional_key_of("slot", input.slot, "slot"),
            blocking_unit_id=optional_key_of("unit", input.blocking_unit, "blockingUnit"),
        )
        return ExplainDelayPayload(done=await perform(info, "explainDelay", service.explain_delay, command, input))

    @mutation(
        "Write down a call or a visit in which the unit explained itself (口头说明情况).",
        "assignment.record_follow_up",
        "第七条(三)",
    )
    async def record_explanation(self, info: Info, input: RecordExplanationInput) -> RecordExplanationResult:
        done = await perform(info, "recordExplanation", service.record_explanation, input.command(), input)
        return RecordExplanationPayload(done=done)

    @mutation("Answer an explanation.", "slot.answer_explanation", "第七条(三)")
    async def answer_explanation(self, info: Info, input: AnswerExplanationInput) -> AnswerExplanationResult:
        command = service.AnswerExplanation(
            explanation_id=key_of("explanation", input.explanation, "explanation"),
            expected_version=input.expected_version,
            answer=input.answer,
            check_on=input.check_on,
            requested_due_on=input.requested_due_on,
            reason=input.reason,
        )
        return AnswerExplanationPayload(
            done=await perform(info, "answerExplanation", service.answer_explanation, command, input)
        )

    @mutation("Ask for a later date (延期申请).", "slot.request_extension", "第二十一条")
    async def request_extension(self, info: Info, input: RequestExtensionInput) -> RequestExtensionResult:
        command = service.RequestExtension(
            assignment_id=key_of("assignment", input.assignment, "assignment"),
            requested_due_on=input.requested_due_on,
            reason=input.reason,
            progress=input.progress,
            slot_id=optional_key_of("slot", input.slot, "slot"),
        )
        return RequestExtensionPayload(
            done=await perform(info, "requestExtension", service.request_extension, command, input)
        )

    @mutation("Decide on a request for extension (延期审批).", "slot.decide_extension", "第二十一条")
    async def decide_extension(self, info: Info, input: DecideExtensionInput) -> DecideExtensionResult:
        command = service.DecideExtension(
            request_id=key_of("extension", input.extension_request, "extensionRequest"),
            expected_version=input.expected_version,
            outcome=input.outcome,
            granted_due_on=input.granted_due_on,
            comment=input.comment,
        )
        return DecideExtensionPayload(
            done=await perform(info, "decideExtension", service.decide_extension, command, input)
        )

    @mutation("Urge a unit by hand (人工催办), once a working day.", "slot.urge", "第七条(三)")
    async def urge_unit(self, info: Info, input: UrgeUnitInput) -> UrgeUnitResult:
        command = service.UrgeUnit(
            assignment_id=key_of("assignment", input.assignment, "assignment"),
            reason=input.reason,
            slot_id=optional_key_of("slot", input.slot, "slot"),
        )
        return UrgeUnitPayload(done=await perform(info, "urgeUnit", service.urge_unit, command, input))

    @mutation("Withdraw an urging (撤回催办).", "slot.withdraw_urging", "第七条(三)")
    async def withdraw_urging(self, info: Info, input: WithdrawUrgingInput) -> WithdrawUrgingResult:
        command = service.WithdrawUrging(key_of("urging", input.urging, "urging"), input.reason)
        return WithdrawUrgingPayload(
            done=await perform(info, "withdrawUrging", service.withdraw_urging, command, input)
        )
