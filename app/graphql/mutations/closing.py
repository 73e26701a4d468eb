"""呈阅, 办结, 恢复办理 (第十一条, 第十二条)."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from app.acts.rules import Outcome
from app.graphql.cases import Case, Reading
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload, Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, keys_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.reports import service

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."


@strawberry.input(description="A result to lay before the leader who instructed (呈阅).")
class SubmitForReadingInput:
    case: strawberry.ID = strawberry.field(description="The case, of type LEADER_INSTRUCTION.")
    leader: strawberry.ID | None = strawberry.field(
        default=None, description="The leader; default: of the latest words."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A result that the leader has read (圈阅).")
class RecordReadingInput:
    reading: strawberry.ID = strawberry.field(description="The reading.")
    comment: str | None = strawberry.field(default=None, description="With which words.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A case to close (提出办结).")
class ProposeClosingInput:
    case: strawberry.ID = strawberry.field(description="The case; nothing is owed in it any more.")
    summary: str = strawberry.field(description="What came of it.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The decision on a closing (办结确认), by another than who proposed it.")
class ConfirmClosingInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    outcome: Outcome = strawberry.field(description="APPROVED or RETURNED.")
    comment: str | None = strawberry.field(default=None, description="With which words; required to return.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A closed case to take up again (恢复办理), until it is archived.")
class ReopenCaseInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    reason: str = strawberry.field(description="Why.")
    completion_due_on: date = strawberry.field(description="The new completion date.")
    assignments: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The parts to take up; default: all principals."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.interface(description="A payload whose changed object is a reading.")
class ReadingPayload(Payload):
    reading: Reading | None = changed(description="The reading.")
    case: Case | None = case_of(Reading)


@strawberry.type(description="The reading that waits.")
class SubmitForReadingPayload(ReadingPayload):
    pass


@strawberry.type(description="The reading as noted.")
class RecordReadingPayload(ReadingPayload):
    pass


@strawberry.type(description="The case whose closing is proposed.")
class ProposeClosingPayload(CasePayload):
    pass


@strawberry.type(description="The case as closed, or given back.")
class ConfirmClosingPayload(CasePayload):
    pass


@strawberry.type(description="The case as reopened.")
class ReopenCasePayload(CasePayload):
    pass


SubmitForReadingResult: TypeAlias = Annotated[
    SubmitForReadingPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("SubmitForReadingResult"),
]
RecordReadingResult: TypeAlias = Annotated[
    RecordReadingPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RecordReadingResult")
]
ProposeClosingResult: TypeAlias = Annotated[
    ProposeClosingPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ProposeClosingResult")
]
ConfirmClosingResult: TypeAlias = Annotated[
    ConfirmClosingPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ConfirmClosingResult")
]
ReopenCaseResult: TypeAlias = Annotated[
    ReopenCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReopenCaseResult")
]


@strawberry.type
class ClosingMutations:
    @mutation("Lay a result before the leader who instructed (呈阅).", "case.submit_for_reading", "第十一条")
    async def submit_for_reading(self, info: Info, input: SubmitForReadingInput) -> SubmitForReadingResult:
        command = service.SubmitForReading(
            key_of("case", input.case, "case"), optional_key_of("person", input.leader, "leader")
        )
        done = await perform(info, "submitForReading", service.submit_for_reading, command, input)
        return SubmitForReadingPayload(done=done)

    @mutation("Note that the leader has read it (圈阅).", "case.record_reading", "第十一条")
    async def record_reading(self, info: Info, input: RecordReadingInput) -> RecordReadingResult:
        command = service.RecordReading(key_of("reading", input.reading, "reading"), input.comment)
        done = await perform(info, "recordReading", service.record_reading, command, input)
        return RecordReadingPayload(done=done)

    @mutation("Propose that a case is done (提出办结).", "case.propose_closing", "第十二条")
    async def propose_closing(self, info: Info, input: ProposeClosingInput) -> ProposeClosingResult:
        command = service.ProposeClosing(key_of("case", input.case, "case"), input.summary)
        done = await perform(info, "proposeClosing", service.propose_closing, command, input)
        return ProposeClosingPayload(done=done)

    @mutation("Decide on a closing (办结确认).", "case.confirm_closing", "第十二条")
    async def confirm_closing(self, info: Info, input: ConfirmClosingInput) -> ConfirmClosingResult:
        command = service.ConfirmClosing(
            key_of("case", input.case, "case"), input.expected_version, input.outcome, input.comment
        )
        done = await perform(info, "confirmClosing", service.confirm_closing, command, input)
        return ConfirmClosingPayload(done=done)

    @mutation("Take a closed case up again (恢复办理).", "case.reopen", "第十二条")
    async def reopen_case(self, info: Info, input: ReopenCaseInput) -> ReopenCaseResult:
        command = service.ReopenCase(
            key_of("case", input.case, "case"),
            input.reason,
            input.completion_due_on,
            None if input.assignments is None else keys_of("assignment", input.assignments, "assignments"),
        )
        done = await perform(info, "reopenCase", service.reopen_case, command, input)
        return ReopenCasePayload(done=done)
