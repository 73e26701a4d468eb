"""变更: who decides a case changes its dates, or what is asked for, by a numbered notice."""

from datetime import date, time
from typing import Annotated, TypeAlias

import strawberry

from app.escalation import service
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload
from app.graphql.performing import RecordedInput, key_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound


@strawberry.input(description="What of a dispatched case is another from now on (变更); what is not given stays.")
class AmendCaseInput:
    case: strawberry.ID = strawberry.field(description="The case; with its units.")
    expected_version: int = strawberry.field(description="The version that the caller has seen.")
    reason: str = strawberry.field(description="Why; up to 2,000 characters.")
    requirement: str | None = strawberry.field(default=None, description="What is asked for instead (办理要求).")
    report_due_on: date | None = strawberry.field(
        default=None, description="Until when to report what the notice asked for (上报时限); for all units."
    )
    report_due_time: time | None = strawberry.field(default=None, description="At which hour of that day.")
    completion_due_on: date | None = strawberry.field(
        default=None, description="Until when to be done (办结时限); a report due on the same day moves along."
    )
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key and input within 24 hours give the same answer (幂等键)."
    )


@strawberry.type(description="The case as amended, with its new dates.")
class AmendCasePayload(CasePayload):
    pass


AmendCaseResult: TypeAlias = Annotated[
    AmendCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("AmendCaseResult")
]


@strawberry.type
class AmendmentMutations:
    @mutation(
        "Change what the units of a case were told (变更); a numbered notice tells them, and urgings of dates that are "
        "owed no more are taken back.",
        "case.amend",
        "第七条(一)",
    )
    async def amend_case(self, info: Info, input: AmendCaseInput) -> AmendCaseResult:
        command = service.AmendCase(
            key_of("case", input.case, "case"),
            input.expected_version,
            input.reason,
            input.requirement,
            input.report_due_on,
            input.report_due_time,
            input.completion_due_on,
        )
        return AmendCasePayload(done=await perform(info, "amendCase", service.amend_case, command, input))
