"""责任追究 (第二十五条, 条例第二十一条): draft, decide, carry out, withdraw. The system decides no sanction."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from app.accountability import service
from app.accountability.rules import AccountabilityConduct, AccountabilityMeasure
from app.acts.rules import Outcome
from app.graphql.accountability import AccountabilityProposal
from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import RecordedInput, key_of, keys_of, mutation, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."
_RECORDED = "An act done outside (代录)."


@strawberry.interface(description="A payload whose changed object is an accountability proposal.")
class AccountabilityPayload(Payload):
    proposal: AccountabilityProposal | None = changed(description="The proposal; null where it can be seen no more.")


@strawberry.input(description="What a proposal says.")
class _Charge:
    """What both a draft and its revision say."""

    conducts: list[AccountabilityConduct] = strawberry.field(description="For what: one or more of article 25.")
    measure: AccountabilityMeasure = strawberry.field(description="What is proposed.")
    statement: str = strawberry.field(description="What was found and why; up to 20,000 characters.")
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description="The people whom it concerns.")
    units: list[strawberry.ID] = strawberry.field(default_factory=list, description="The units that it concerns.")
    cases: list[strawberry.ID] = strawberry.field(default_factory=list, description="Cases on which it rests.")
    assignments: list[strawberry.ID] = strawberry.field(default_factory=list, description="Units' parts, likewise.")
    urgings: list[strawberry.ID] = strawberry.field(default_factory=list, description="Urgings, likewise.")
    reports: list[strawberry.ID] = strawberry.field(default_factory=list, description="Reports, likewise.")
    files: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Stored files that prove it, besides those already there."
    )

    def charge(self) -> service.Charge:
        return service.Charge(
            conducts=tuple(self.conducts),
            measure=self.measure,
            statement=self.statement,
            person_ids=keys_of("person", self.people, "people"),
            unit_ids=keys_of("unit", self.units, "units"),
            case_ids=keys_of("case", self.cases, "cases"),
            assignment_ids=keys_of("assignment", self.assignments, "assignments"),
            urging_ids=keys_of("urging", self.urgings, "urgings"),
            report_ids=keys_of("report", self.reports, "reports"),
            file_ids=keys_of("file", self.files, "files"),
        )


@strawberry.input(description="A proposal to lay before the district head: whom it concerns, and on what it rests.")
class DraftAccountabilityProposalInput(_Charge):
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A draft to write anew, as a whole; whoever does so does not approve it.")
class ReviseAccountabilityProposalInput(_Charge):
    proposal: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The decision on a draft.")
class DecideAccountabilityProposalInput:
    proposal: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int = strawberry.field(description=_VERSION)
    outcome: Outcome = strawberry.field(description="APPROVED, RETURNED or DECLINED.")
    comment: str | None = strawberry.field(default=None, description="The words; required to return or decline.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The published circular that carries out an approved proposal.")
class CiteAccountabilityCriticismInput:
    proposal: strawberry.ID = strawberry.field(description="The proposal; its measure is CRITICISM.")
    expected_version: int = strawberry.field(description=_VERSION)
    circular: strawberry.ID = strawberry.field(description="The circular; it says nothing of the proposal.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="To whom an approved proposal was handed over (移送).")
class TransferAccountabilityProposalInput:
    proposal: strawberry.ID = strawberry.field(description="The proposal; its measure is TRANSFER.")
    expected_version: int = strawberry.field(description=_VERSION)
    competent_body: str = strawberry.field(description="The body that investigates (有权机关); up to 120 characters.")
    document_number: str = strawberry.field(description="The number of the letter (移送文号).")
    transferred_on: date = strawberry.field(description="The day of the letter.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What the competent body answered.")
class RecordAccountabilityAnswerInput:
    proposal: strawberry.ID = strawberry.field(description="The proposal.")
    expected_version: int = strawberry.field(description=_VERSION)
    text: str = strawberry.field(description="Its own words; up to 20,000 characters.")
    answered_on: date = strawberry.field(description="The day of its answer.")
    files: list[strawberry.ID] = strawberry.field(default_factory=list, description="Its letter.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A proposal to take back.")
class WithdrawAccountabilityProposalInput:
    proposal: strawberry.ID = strawberry.field(description="The proposal.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The draft.")
class DraftAccountabilityProposalPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The draft as written anew.")
class ReviseAccountabilityProposalPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The proposal as decided.")
class DecideAccountabilityProposalPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The proposal with its circular.")
class CiteAccountabilityCriticismPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The proposal as handed over.")
class TransferAccountabilityProposalPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The proposal with its answer.")
class RecordAccountabilityAnswerPayload(AccountabilityPayload):
    pass


@strawberry.type(description="The proposal as taken back.")
class WithdrawAccountabilityProposalPayload(AccountabilityPayload):
    pass


DraftAccountabilityProposalResult: TypeAlias = Annotated[
    DraftAccountabilityProposalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("DraftAccountabilityProposalResult"),
]
ReviseAccountabilityProposalResult: TypeAlias = Annotated[
    ReviseAccountabilityProposalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ReviseAccountabilityProposalResult"),
]
DecideAccountabilityProposalResult: TypeAlias = Annotated[
    DecideAccountabilityProposalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("DecideAccountabilityProposalResult"),
]
CiteAccountabilityCriticismResult: TypeAlias = Annotated[
    CiteAccountabilityCriticismPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CiteAccountabilityCriticismResult"),
]
TransferAccountabilityProposalResult: TypeAlias = Annotated[
    TransferAccountabilityProposalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("TransferAccountabilityProposalResult"),
]
RecordAccountabilityAnswerResult: TypeAlias = Annotated[
    RecordAccountabilityAnswerPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RecordAccountabilityAnswerResult"),
]
WithdrawAccountabilityProposalResult: TypeAlias = Annotated[
    WithdrawAccountabilityProposalPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("WithdrawAccountabilityProposalResult"),
]


@strawberry.type
class AccountabilityMutations:
    @mutation("Propose to call somebody to account (起草问责建议).", "accountability.draft", "第二十五条")
    async def draft_accountability_proposal(
        self, info: Info, input: DraftAccountabilityProposalInput
    ) -> DraftAccountabilityProposalResult:
        command = service.DraftAccountability(input.charge())
        return DraftAccountabilityProposalPayload(
            done=await perform(info, "draftAccountabilityProposal", service.draft_accountability, command, input)
        )

    @mutation("Write a draft anew (修改问责建议).", "accountability.draft", "第二十五条")
    async def revise_accountability_proposal(
        self, info: Info, input: ReviseAccountabilityProposalInput
    ) -> ReviseAccountabilityProposalResult:
        key = key_of("accountability", input.proposal, "proposal")
        command = service.ReviseAccountability(key, input.expected_version, input.charge())
        return ReviseAccountabilityProposalPayload(
            done=await perform(info, "reviseAccountabilityProposal", service.revise_accountability, command, input)
        )

    @mutation("Decide on a draft (批准问责建议).", "accountability.approve", "条例第二十一条")
    async def decide_accountability_proposal(
        self, info: Info, input: DecideAccountabilityProposalInput
    ) -> DecideAccountabilityProposalResult:
        key = key_of("accountability", input.proposal, "proposal")
        command = service.DecideAccountability(key, input.expected_version, input.outcome, input.comment)
        return DecideAccountabilityProposalPayload(
            done=await perform(info, "decideAccountabilityProposal", service.decide_accountability, command, input)
        )

    @mutation("Name the circular that criticised (按问责建议通报批评).", "accountability.carry_out", "条例第二十一条")
    async def cite_accountability_criticism(
        self, info: Info, input: CiteAccountabilityCriticismInput
    ) -> CiteAccountabilityCriticismResult:
        key = key_of("accountability", input.proposal, "proposal")
        command = service.CiteCriticism(key, input.expected_version, key_of("circular", input.circular, "circular"))
        return CiteAccountabilityCriticismPayload(
            done=await perform(info, "citeAccountabilityCriticism", service.cite_criticism, command, input)
        )

    @mutation("Hand over to the competent body (移送有权机关).", "accountability.carry_out", "条例第二十一条")
    async def transfer_accountability_proposal(
        self, info: Info, input: TransferAccountabilityProposalInput
    ) -> TransferAccountabilityProposalResult:
        command = service.TransferAccountability(
            accountability_id=key_of("accountability", input.proposal, "proposal"),
            expected_version=input.expected_version,
            competent_body=input.competent_body,
            document_number=input.document_number,
            transferred_on=input.transferred_on,
        )
        return TransferAccountabilityProposalPayload(
            done=await perform(info, "transferAccountabilityProposal", service.transfer_accountability, command, input)
        )

    @mutation("Write down the body's answer (记录处理结果).", "accountability.carry_out", "条例第二十一条")
    async def record_accountability_answer(
        self, info: Info, input: RecordAccountabilityAnswerInput
    ) -> RecordAccountabilityAnswerResult:
        command = service.RecordAccountabilityAnswer(
            accountability_id=key_of("accountability", input.proposal, "proposal"),
            expected_version=input.expected_version,
            text=input.text,
            answered_on=input.answered_on,
            file_ids=keys_of("file", input.files, "files"),
        )
        return RecordAccountabilityAnswerPayload(
            done=await perform(info, "recordAccountabilityAnswer", service.record_accountability_answer, command, input)
        )

    @mutation("Take a proposal back (撤回问责建议).", "accountability.withdraw", "条例第二十一条")
    async def withdraw_accountability_proposal(
        self, info: Info, input: WithdrawAccountabilityProposalInput
    ) -> WithdrawAccountabilityProposalResult:
        key = key_of("accountability", input.proposal, "proposal")
        command = service.WithdrawAccountability(key, input.expected_version, input.reason)
        return WithdrawAccountabilityProposalPayload(
            done=await perform(info, "withdrawAccountabilityProposal", service.withdraw_accountability, command, input)
        )
