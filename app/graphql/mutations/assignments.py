"""签收, 随时督办检查 (第四条, 第七条(三))."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from app.assignments import service
from app.assignments.rules import FollowUpChannel
from app.graphql.assignments import FollowUp
from app.graphql.context import Info
from app.graphql.mutations.payloads import AssignmentPayload, Payload, changed
from app.graphql.performing import RecordedInput, key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound


@strawberry.input(description="A unit takes note of its part and names who handles it (签收).")
class AcknowledgeAssignmentInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    handler: strawberry.ID = strawberry.field(description="Who handles it; holds a post in the unit.")
    responsible: strawberry.ID | None = strawberry.field(default=None, description="Who is responsible (责任人).")
    department: str | None = strawberry.field(default=None, description="The department in charge (职能部门).")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description="Repeats give the same answer.")

    def command(self) -> service.AcknowledgeAssignment:
        return service.AcknowledgeAssignment(
            key_of("assignment", self.assignment, "assignment"),
            key_of("person", self.handler, "handler"),
            optional_key_of("person", self.responsible, "responsible"),
            self.department,
        )


@strawberry.input(description="A call or a visit to write down.")
class RecordFollowUpInput:
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    channel: FollowUpChannel = strawberry.field(description="How.")
    words: str = strawberry.field(description="What was said; up to 2,000 characters.")
    person_reached: str | None = strawberry.field(default=None, description="Who was reached.")
    promised_on: date | None = strawberry.field(default=None, description="A date that was promised.")
    occurred_at: datetime | None = strawberry.field(default=None, description="When; now, if left out.")
    idempotency_key: str | None = strawberry.field(default=None, description="Repeats give the same answer.")

    def command(self) -> service.RecordFollowUp:
        return service.RecordFollowUp(
            key_of("assignment", self.assignment, "assignment"),
            self.channel,
            self.words,
            self.person_reached,
            self.promised_on,
            self.occurred_at,
        )


@strawberry.type(description="The acknowledged assignment.")
class AcknowledgeAssignmentPayload(AssignmentPayload):
    pass


@strawberry.type(description="The follow-up as written down.")
class RecordFollowUpPayload(Payload):
    follow_up: FollowUp | None = changed(description="The follow-up.")


AcknowledgeAssignmentResult: TypeAlias = Annotated[
    AcknowledgeAssignmentPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("AcknowledgeAssignmentResult"),
]
RecordFollowUpResult: TypeAlias = Annotated[
    RecordFollowUpPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RecordFollowUpResult")
]


@strawberry.type
class AssignmentMutations:
    @mutation("Take note of a part and name who handles it (签收).", "assignment.acknowledge", "第四条")
    async def acknowledge_assignment(
        self, info: Info, input: AcknowledgeAssignmentInput
    ) -> AcknowledgeAssignmentResult:
        done = await perform(info, "acknowledgeAssignment", service.acknowledge_assignment, input.command(), input)
        return AcknowledgeAssignmentPayload(done=done)

    @mutation("Write down a call or a visit (随时督办检查).", "assignment.record_follow_up", "第七条(三)")
    async def record_follow_up(self, info: Info, input: RecordFollowUpInput) -> RecordFollowUpResult:
        done = await perform(info, "recordFollowUp", service.record_follow_up, input.command(), input)
        return RecordFollowUpPayload(done=done)
