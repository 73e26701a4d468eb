"""报告结果 (第七条(二), 第八条(四), 第十条): written, signed, submitted, returned, accepted; contributions; paper."""

from datetime import date
from typing import Annotated, Any, TypeAlias

import strawberry

from app.assignments.rules import ReportContent
from app.graphql.context import Info
from app.graphql.mutations.payloads import ReportPayload
from app.graphql.performing import RecordedInput, key_of, keys_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.reports import service
from app.reports.rules import Remedy, ReturnGround, SectionKind

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."


@strawberry.input(description="One part of a report.")
class SectionInput:
    kind: SectionKind = strawberry.field(description="Which part.")
    text: str = strawberry.field(description="Its words; up to 20,000 characters.")


@strawberry.input(description="What a report says.")
class ReportBodyInput:
    content: ReportContent = strawberry.field(description="Result or progress.")
    sections: list[SectionInput] = strawberry.field(description="Its parts; at least one.")
    contact_name: str | None = strawberry.field(default=None, description="Contact (联系人).")
    contact_phone: str | None = strawberry.field(default=None, description="Phone (联系电话).")
    slots: list[strawberry.ID] | None = strawberry.field(
        default=None, description="What it meets, of several cases too; without it, all that is open."
    )
    missing_contributions: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Supporting assignments that gave nothing (未反馈)."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def body(self) -> dict[str, Any]:
        """The fields as the commands name them."""
        return {
            "content": self.content,
            "sections": _sections(self.sections),
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone,
            "slot_ids": None if self.slots is None else keys_of("slot", self.slots, "slots"),
            "missing_contributions": keys_of("assignment", self.missing_contributions, "missingContributions"),
        }


@strawberry.input(description="What a report says, with its seal and its attachments.")
class SealedReportInput(ReportBodyInput):
    seal: strawberry.ID | None = strawberry.field(default=None, description="Stored file that shows the seal (公章).")
    files: list[strawberry.ID] = strawberry.field(default_factory=list, description="Attachments.")

    def body(self) -> dict[str, Any]:
        return super().body() | {
            "seal_file_id": optional_key_of("file", self.seal, "seal"),
            "file_ids": keys_of("file", self.files, "files"),
        }


@strawberry.input(description="A report to begin (起草).")
class DraftReportInput(SealedReportInput):
    assignment: strawberry.ID = strawberry.field(description="The assignment; the caller's unit is a principal.")

    def command(self) -> service.DraftReport:
        return service.DraftReport(assignment_id=key_of("assignment", self.assignment, "assignment"), **self.body())


@strawberry.input(description="All of a report that is not yet submitted, anew; a signature is lost by it.")
class ReviseReportInput(SealedReportInput):
    report: strawberry.ID = strawberry.field(description="The report.")

    def command(self) -> service.ReviseReport:
        return service.ReviseReport(report_id=key_of("report", self.report, "report"), **self.body())


@strawberry.input(description="A report to sign (签发).")
class SignReportInput:
    report: strawberry.ID = strawberry.field(description="The report.")
    expected_version: int = strawberry.field(description=_VERSION)
    acting_post: strawberry.ID | None = strawberry.field(
        default=None, description="The post in which the caller signs; default: the only fitting one."
    )
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A report to submit (上报).")
class SubmitReportInput:
    report: strawberry.ID = strawberry.field(description="The report.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A report to take back before its review.")
class WithdrawReportInput:
    report: strawberry.ID = strawberry.field(description="The report.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A report to accept.")
class AcceptReportInput:
    report: strawberry.ID = strawberry.field(description="The report.")
    expected_version: int = strawberry.field(description=_VERSION)
    comment: str | None = strawberry.field(default=None, description="With which words.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A report to return, article 10 (责成补充说明或重新办理).")
class ReturnReportInput:
    report: strawberry.ID = strawberry.field(description="The report.")
    expected_version: int = strawberry.field(description=_VERSION)
    grounds: list[ReturnGround] = strawberry.field(description="At least one of the five grounds.")
    remedy: Remedy = strawberry.field(description="Supplement or redo.")
    comment: str = strawberry.field(description="What is missing.")
    due_on: date | None = strawberry.field(default=None, description="Until when; default by the regulation.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What a supporting unit tells the lead (协办反馈).")
class SubmitContributionInput:
    assignment: strawberry.ID = strawberry.field(description="The caller's supporting assignment.")
    sections: list[SectionInput] = strawberry.field(description="Its parts; at least one.")
    files: list[strawberry.ID] = strawberry.field(default_factory=list, description="Attachments.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A sealed sheet that a unit sent on paper, entered by the office (纸质报告代录).")
class ReceiveReportInput(ReportBodyInput):
    assignment: strawberry.ID = strawberry.field(description="The assignment.")
    recorded: RecordedInput = strawberry.field(description="Who signed it, when it was received, the scanned sheet.")

    def command(self) -> service.ReceiveReport:
        return service.ReceiveReport(assignment_id=key_of("assignment", self.assignment, "assignment"), **self.body())


def _sections(sections: list[SectionInput]) -> tuple[service.SectionInput, ...]:
    return tuple(service.SectionInput(section.kind, section.text) for section in sections)


@strawberry.type(description="The draft.")
class DraftReportPayload(ReportPayload):
    pass


@strawberry.type(description="The draft as revised.")
class ReviseReportPayload(ReportPayload):
    pass


@strawberry.type(description="The report as signed.")
class SignReportPayload(ReportPayload):
    pass


@strawberry.type(description="The report as submitted.")
class SubmitReportPayload(ReportPayload):
    pass


@strawberry.type(description="The report as taken back.")
class WithdrawReportPayload(ReportPayload):
    pass


@strawberry.type(description="The report as accepted.")
class AcceptReportPayload(ReportPayload):
    pass


@strawberry.type(description="The report as returned.")
class ReturnReportPayload(ReportPayload):
    pass


@strawberry.type(description="The contribution.")
class SubmitContributionPayload(ReportPayload):
    pass


@strawberry.type(description="The paper report, once it is checked.")
class ReceiveReportPayload(ReportPayload):
    pass


DraftReportResult: TypeAlias = Annotated[
    DraftReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DraftReportResult")
]
ReviseReportResult: TypeAlias = Annotated[
    ReviseReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReviseReportResult")
]
SignReportResult: TypeAlias = Annotated[
    SignReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SignReportResult")
]
SubmitReportResult: TypeAlias = Annotated[
    SubmitReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("SubmitReportResult")
]
WithdrawReportResult: TypeAlias = Annotated[
    WithdrawReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("WithdrawReportResult")
]
AcceptReportResult: TypeAlias = Annotated[
    AcceptReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("AcceptReportResult")
]
ReturnReportResult: TypeAlias = Annotated[
    ReturnReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReturnReportResult")
]
SubmitContributionResult: TypeAlias = Annotated[
    SubmitContributionPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("SubmitContributionResult"),
]
ReceiveReportResult: TypeAlias = Annotated[
    ReceiveReportPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReceiveReportResult")
]


@strawberry.type
class ReportMutations:
    @mutation("Begin a report (起草).", "report.draft", "第七条(二)")
    async def draft_report(self, info: Info, input: DraftReportInput) -> DraftReportResult:
        done = await perform(info, "draftReport", service.draft_report, input.command(), input)
        return DraftReportPayload(done=done)

    @mutation("Write a report anew before it is submitted.", "report.draft", "第七条(二)")
    async def revise_report(self, info: Info, input: ReviseReportInput) -> ReviseReportResult:
        done = await perform(info, "reviseReport", service.revise_report, input.command(), input)
        return ReviseReportPayload(done=done)

    @mutation("Sign a report as who heads the unit today (签发).", "report.sign", "第七条(二)")
    async def sign_report(self, info: Info, input: SignReportInput) -> SignReportResult:
        command = service.SignReport(
            key_of("report", input.report, "report"),
            input.expected_version,
            optional_key_of("post", input.acting_post, "actingPost"),
        )
        done = await perform(info, "signReport", service.sign_report, command, input)
        return SignReportPayload(done=done)

    @mutation("Submit a signed report in due form (上报).", "report.submit", "第七条(二)")
    async def submit_report(self, info: Info, input: SubmitReportInput) -> SubmitReportResult:
        command = service.SubmitReport(key_of("report", input.report, "report"), input.expected_version)
        done = await perform(info, "submitReport", service.submit_report, command, input)
        return SubmitReportPayload(done=done)

    @mutation("Take a report back before its review.", "report.withdraw", "第七条(二)")
    async def withdraw_report(self, info: Info, input: WithdrawReportInput) -> WithdrawReportResult:
        command = service.WithdrawReport(key_of("report", input.report, "report"), input.expected_version)
        done = await perform(info, "withdrawReport", service.withdraw_report, command, input)
        return WithdrawReportPayload(done=done)

    @mutation("Accept a report.", "report.accept", "第八条(四)4")
    async def accept_report(self, info: Info, input: AcceptReportInput) -> AcceptReportResult:
        command = service.AcceptReport(key_of("report", input.report, "report"), input.expected_version, input.comment)
        done = await perform(info, "acceptReport", service.accept_report, command, input)
        return AcceptReportPayload(done=done)

    @mutation("Return a report on grounds (责成补充说明或重新办理).", "report.return", "第十条")
    async def return_report(self, info: Info, input: ReturnReportInput) -> ReturnReportResult:
        command = service.ReturnReport(
            report_id=key_of("report", input.report, "report"),
            expected_version=input.expected_version,
            grounds=tuple(input.grounds),
            remedy=input.remedy,
            comment=input.comment,
            due_on=input.due_on,
        )
        done = await perform(info, "returnReport", service.return_report, command, input)
        return ReturnReportPayload(done=done)

    @mutation("Tell the lead what the supporting unit did (协办反馈).", "contribution.submit", "第八条(四)1")
    async def submit_contribution(self, info: Info, input: SubmitContributionInput) -> SubmitContributionResult:
        command = service.SubmitContribution(
            key_of("assignment", input.assignment, "assignment"),
            _sections(input.sections),
            keys_of("file", input.files, "files"),
        )
        done = await perform(info, "submitContribution", service.submit_contribution, command, input)
        return SubmitContributionPayload(done=done)

    @mutation("Enter a sealed sheet that came on paper (纸质报告代录).", "act.record", "第七条(二)")
    async def receive_report(self, info: Info, input: ReceiveReportInput) -> ReceiveReportResult:
        done = await perform(info, "receiveReport", service.receive_report, input.command(), input)
        return ReceiveReportPayload(done=done)
