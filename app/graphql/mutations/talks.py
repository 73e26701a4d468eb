"""约谈, 督查结论 (第七条(三), 条例 第十六条): what people do with what the machine has drafted."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from app.circulars.service import (
    cancel_talk_and_circular,
    hold_talk_before_circular,
    issue_conclusion_before_circular,
    withdraw_conclusion_and_circular,
)
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.escalation import FormalTalk, InspectionConclusion
from app.graphql.mutations.payloads import Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.inspections.service import IssueConclusion, WithdrawConclusion
from app.talks import service

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."
_RECORDED = "An act done outside (代录)."


@strawberry.interface(description="A payload whose changed object is a formal talk.")
class TalkPayload(Payload):
    talk: FormalTalk | None = changed(description="The talk; null where it can be seen no more.")
    case: Case | None = case_of(FormalTalk)


@strawberry.interface(description="A payload whose changed object is a conclusion.")
class ConclusionPayload(Payload):
    conclusion: InspectionConclusion | None = changed(description="The conclusion; null where it can be seen no more.")
    case: Case | None = case_of(InspectionConclusion)


@strawberry.input(description="A drafted talk to call (发出约谈通知).")
class IssueFormalTalkNoticeInput:
    talk: strawberry.ID = strawberry.field(description="The drafted talk; of a unit under the district or under two.")
    expected_version: int = strawberry.field(description=_VERSION)
    scheduled_at: datetime = strawberry.field(description="When: on a working day to come.")
    place: str = strawberry.field(description="Where.")
    holder: strawberry.ID = strawberry.field(description="Who holds it: the head, or a leader, of the office.")
    second_officer: strawberry.ID = strawberry.field(description="The second officer present.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A talk to put off (改期), once.")
class PostponeFormalTalkInput:
    talk: strawberry.ID = strawberry.field(description="The talk.")
    scheduled_at: datetime = strawberry.field(description="The later date, on a working day.")
    reason: str = strawberry.field(description="Why.")
    place: str | None = strawberry.field(default=None, description="Another place, where it is one.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What a unit commits itself to in a talk (承诺).")
class CommitmentInput:
    text: str = strawberry.field(description="The words.")
    due_on: date = strawberry.field(description="Until when; the unit owes a report on that day.")


@strawberry.input(description="How a talk went (约谈记录): who came and what was said, or that nobody came.")
class HoldFormalTalkInput:
    talk: strawberry.ID = strawberry.field(description="The talk.")
    no_show: bool = strawberry.field(default=False, description="Nobody came; only minutes may go with it.")
    appeared: strawberry.ID | None = strawberry.field(
        default=None, description="Who appeared; holds a post in the unit on that day."
    )
    statement: str | None = strawberry.field(default=None, description="What the unit stated (说明情况).")
    minutes: str | None = strawberry.field(default=None, description="Minutes (纪要).")
    commitments: list[CommitmentInput] = strawberry.field(default_factory=list, description="At most 20.")
    held_at: datetime | None = strawberry.field(default=None, description="When; now, if left out.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.HoldTalk:
        return service.HoldTalk(
            talk_id=key_of("talk", self.talk, "talk"),
            no_show=self.no_show,
            appeared_id=optional_key_of("person", self.appeared, "appeared"),
            statement=self.statement,
            minutes=self.minutes,
            commitments=tuple(service.CommitmentInput(given.text, given.due_on) for given in self.commitments),
            held_at=self.held_at,
        )


@strawberry.input(description="A talk to drop, e.g. because the unit reported meanwhile.")
class CancelFormalTalkInput:
    talk: strawberry.ID = strawberry.field(description="The talk; not held yet.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A drafted conclusion to sign and deliver (印发督查结论).")
class IssueConclusionInput:
    conclusion: strawberry.ID = strawberry.field(description="The drafted conclusion.")
    expected_version: int = strawberry.field(description=_VERSION)
    comment: str | None = strawberry.field(default=None, description="With which words.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A conclusion to take back; its number stays as void (作废).")
class WithdrawConclusionInput:
    conclusion: strawberry.ID = strawberry.field(description="The conclusion.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The talk as called.")
class IssueFormalTalkNoticePayload(TalkPayload):
    pass


@strawberry.type(description="The talk with its new date.")
class PostponeFormalTalkPayload(TalkPayload):
    pass


@strawberry.type(description="The talk as it went.")
class HoldFormalTalkPayload(TalkPayload):
    pass


@strawberry.type(description="The talk as dropped.")
class CancelFormalTalkPayload(TalkPayload):
    pass


@strawberry.type(description="The conclusion as issued.")
class IssueConclusionPayload(ConclusionPayload):
    pass


@strawberry.type(description="The conclusion as taken back.")
class WithdrawConclusionPayload(ConclusionPayload):
    pass


IssueFormalTalkNoticeResult: TypeAlias = Annotated[
    IssueFormalTalkNoticePayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("IssueFormalTalkNoticeResult"),
]
PostponeFormalTalkResult: TypeAlias = Annotated[
    PostponeFormalTalkPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("PostponeFormalTalkResult"),
]
HoldFormalTalkResult: TypeAlias = Annotated[
    HoldFormalTalkPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("HoldFormalTalkResult")
]
CancelFormalTalkResult: TypeAlias = Annotated[
    CancelFormalTalkPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("CancelFormalTalkResult"),
]
IssueConclusionResult: TypeAlias = Annotated[
    IssueConclusionPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("IssueConclusionResult")
]
WithdrawConclusionResult: TypeAlias = Annotated[
    WithdrawConclusionPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("WithdrawConclusionResult"),
]


@strawberry.type
class TalkMutations:
    @mutation("Call a drafted talk by a numbered notice (约谈通知).", "talk.issue", "第七条(三)")
    async def issue_formal_talk_notice(
        self, info: Info, input: IssueFormalTalkNoticeInput
    ) -> IssueFormalTalkNoticeResult:
        command = service.IssueTalkNotice(
            talk_id=key_of("talk", input.talk, "talk"),
            expected_version=input.expected_version,
            scheduled_at=input.scheduled_at,
            place=input.place,
            holder_id=key_of("person", input.holder, "holder"),
            second_officer_id=key_of("person", input.second_officer, "secondOfficer"),
        )
        return IssueFormalTalkNoticePayload(
            done=await perform(info, "issueFormalTalkNotice", service.issue_talk_notice, command, input)
        )

    @mutation("Put a talk off, once (改期).", "talk.postpone", "第七条(三)")
    async def postpone_formal_talk(self, info: Info, input: PostponeFormalTalkInput) -> PostponeFormalTalkResult:
        command = service.PostponeTalk(
            key_of("talk", input.talk, "talk"), input.scheduled_at, input.reason, input.place
        )
        return PostponeFormalTalkPayload(
            done=await perform(info, "postponeFormalTalk", service.postpone_talk, command, input)
        )

    @mutation("Write down how a talk went (约谈).", "talk.hold", "第七条(三)")
    async def hold_formal_talk(self, info: Info, input: HoldFormalTalkInput) -> HoldFormalTalkResult:
        done = await perform(info, "holdFormalTalk", hold_talk_before_circular, input.command(), input)
        return HoldFormalTalkPayload(done=done)

    @mutation("Drop a talk that was not held.", "talk.cancel", "第七条(三)")
    async def cancel_formal_talk(self, info: Info, input: CancelFormalTalkInput) -> CancelFormalTalkResult:
        command = service.CancelTalk(key_of("talk", input.talk, "talk"), input.expected_version, input.reason)
        return CancelFormalTalkPayload(
            done=await perform(info, "cancelFormalTalk", cancel_talk_and_circular, command, input)
        )

    @mutation("Sign and deliver a conclusion (督查结论).", "conclusion.issue", "条例第十六条")
    async def issue_conclusion(self, info: Info, input: IssueConclusionInput) -> IssueConclusionResult:
        key = key_of("conclusion", input.conclusion, "conclusion")
        command = IssueConclusion(key, input.expected_version, input.comment)
        return IssueConclusionPayload(
            done=await perform(info, "issueConclusion", issue_conclusion_before_circular, command, input)
        )

    @mutation("Take a conclusion back (撤回督查结论).", "conclusion.withdraw", "条例第十六条")
    async def withdraw_conclusion(self, info: Info, input: WithdrawConclusionInput) -> WithdrawConclusionResult:
        key = key_of("conclusion", input.conclusion, "conclusion")
        command = WithdrawConclusion(key, input.expected_version, input.reason)
        return WithdrawConclusionPayload(
            done=await perform(info, "withdrawConclusion", withdraw_conclusion_and_circular, command, input)
        )
