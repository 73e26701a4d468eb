"""通报 (第七条(三), 第二十六条, 第三十条(四), 条例 第二十一条): draft, approve, publish, acknowledge, withdraw."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from app.acts.rules import Outcome
from app.circulars import service
from app.circulars.rules import CircularKind, CircularScope
from app.core.levels import Classification
from app.documents.rules import Block, BlockKind
from app.evaluations import service as evaluations
from app.graphql.cases import Case
from app.graphql.context import Info
from app.graphql.escalation import Circular, CircularReply
from app.graphql.mutations.payloads import Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, keys_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."
_RECORDED = "An act done outside (代录)."


@strawberry.interface(description="A payload whose changed object is a circular.")
class CircularPayload(Payload):
    circular: Circular | None = changed(description="The circular; null where it can be seen no more.")
    case: Case | None = case_of(Circular, description="Its case, where it is about one.")


@strawberry.input(description="One block of a body (正文块).")
class BlockInput:
    kind: BlockKind = strawberry.field(description="Kind of block.")
    text: str = strawberry.field(description="Its words; up to 2,000 characters.")
    label: str | None = strawberry.field(default=None, description="The label of a field.")


@strawberry.input(description="A circular to draft by hand; those after a talk are drafted by the machine.")
class DraftCircularInput:
    kind: CircularKind = strawberry.field(description="Kind; not AFTER_TALK.")
    scope: CircularScope = strawberry.field(description="How far it shall reach.")
    title: str = strawberry.field(description="Title; up to 200 characters.")
    blocks: list[BlockInput] = strawberry.field(description="The body; at most 200 blocks.")
    case: strawberry.ID | None = strawberry.field(
        default=None, description="The case that it is about; it takes the level and scope of the case."
    )
    unit: strawberry.ID | None = strawberry.field(default=None, description="Whom it praises or criticises.")
    classification: Classification = strawberry.field(
        default=Classification.INTERNAL, description="Without a case: classification, up to the ceiling."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self, ceiling: Classification) -> service.DraftCircular:
        return service.DraftCircular(
            kind=self.kind,
            scope=self.scope,
            title=self.title,
            blocks=_blocks(self.blocks),
            case_id=optional_key_of("case", self.case, "case"),
            unit_id=optional_key_of("unit", self.unit, "unit"),
            classification=self.classification,
            max_classification=ceiling,
        )


@strawberry.input(description="A draft to write anew; whoever does so does not approve it.")
class ReviseCircularInput:
    circular: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int = strawberry.field(description=_VERSION)
    title: str = strawberry.field(description="Title.")
    blocks: list[BlockInput] = strawberry.field(description="The whole body.")
    scope: CircularScope = strawberry.field(description="How far it shall reach.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="The decision on a draft.")
class ApproveCircularInput:
    circular: strawberry.ID = strawberry.field(description="The draft.")
    expected_version: int = strawberry.field(description=_VERSION)
    outcome: Outcome = strawberry.field(description="APPROVED, RETURNED or DECLINED.")
    comment: str | None = strawberry.field(default=None, description="The words; required to return or decline.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A meeting at which a circular was made known (通报会); recorded after it was held.")
class CircularMeetingInput:
    held_at: datetime = strawberry.field(description="When it was held: since the approval.")
    place: str = strawberry.field(description="Where; up to 120 characters.")
    units: list[strawberry.ID] = strawberry.field(
        description="Which of the addressees were there: they have been told, and acknowledge nothing."
    )
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description="Who was there.")
    minutes: str | None = strawberry.field(default=None, description="The minutes (会议纪要), or `minutesFile`.")
    minutes_file: strawberry.ID | None = strawberry.field(default=None, description="The minutes as a stored file.")

    def meeting(self) -> service.Meeting:
        return service.Meeting(
            held_at=self.held_at,
            place=self.place,
            unit_ids=keys_of("unit", self.units, "meeting", "units"),
            person_ids=keys_of("person", self.people, "meeting", "people"),
            minutes=self.minutes,
            minutes_file_id=optional_key_of("file", self.minutes_file, "meeting", "minutesFile"),
        )


@strawberry.input(description="An approved circular to issue (印发).")
class PublishCircularInput:
    circular: strawberry.ID = strawberry.field(description="The circular.")
    expected_version: int = strawberry.field(description=_VERSION)
    units: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="With ADDRESSEES: to whom; default: the unit that it names."
    )
    meeting: CircularMeetingInput | None = strawberry.field(
        default=None, description="Where it was made known; null for a document alone."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A circular of which a unit takes note (签收).")
class AcknowledgeCircularInput:
    circular: strawberry.ID = strawberry.field(description="The circular.")
    unit: strawberry.ID | None = strawberry.field(
        default=None, description="For which unit; needed by who acts for several."
    )
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A circular to take back; its number stays as void (作废).")
class WithdrawCircularInput:
    circular: strawberry.ID = strawberry.field(description="The circular.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why.")
    recorded: RecordedInput | None = strawberry.field(default=None, description=_RECORDED)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What a unit says to a circular that criticises it (回复整改情况).")
class ReplyToCircularInput:
    reply: strawberry.ID = strawberry.field(description="The reply that is owed.")
    text: str = strawberry.field(description="What was done or will be; up to 20,000 characters.")
    rectify_by: date | None = strawberry.field(
        default=None, description="Until when it will be set right; null where it is so already."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="What the office says to a reply (核查).")
class ReviewCircularReplyInput:
    reply: strawberry.ID = strawberry.field(description="The reply.")
    expected_version: int = strawberry.field(description=_VERSION)
    accepted: bool = strawberry.field(description="False: another one is asked for.")
    comment: str | None = strawberry.field(default=None, description="The words; required where it is not accepted.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


def _blocks(blocks: list[BlockInput]) -> tuple[Block, ...]:
    return tuple(Block(block.kind, block.text, block.label) for block in blocks)


@strawberry.type(description="The draft.")
class DraftCircularPayload(CircularPayload):
    pass


@strawberry.type(description="The draft as written anew.")
class ReviseCircularPayload(CircularPayload):
    pass


@strawberry.type(description="The circular as decided.")
class ApproveCircularPayload(CircularPayload):
    pass


@strawberry.type(description="The circular as published.")
class PublishCircularPayload(CircularPayload):
    pass


@strawberry.type(description="The circular, acknowledged by the unit.")
class AcknowledgeCircularPayload(CircularPayload):
    pass


@strawberry.type(description="The circular as taken back.")
class WithdrawCircularPayload(CircularPayload):
    pass


DraftCircularResult: TypeAlias = Annotated[
    DraftCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DraftCircularResult")
]
ReviseCircularResult: TypeAlias = Annotated[
    ReviseCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReviseCircularResult")
]
ApproveCircularResult: TypeAlias = Annotated[
    ApproveCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ApproveCircularResult")
]
PublishCircularResult: TypeAlias = Annotated[
    PublishCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("PublishCircularResult")
]
AcknowledgeCircularResult: TypeAlias = Annotated[
    AcknowledgeCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("AcknowledgeCircularResult"),
]
WithdrawCircularResult: TypeAlias = Annotated[
    WithdrawCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("WithdrawCircularResult"),
]


@strawberry.interface(description="A payload whose changed object is a reply to a circular.")
class CircularReplyPayload(Payload):
    reply: CircularReply | None = changed(description="The reply; null where it can be seen no more.")


@strawberry.type(description="The reply as filed.")
class ReplyToCircularPayload(CircularReplyPayload):
    pass


@strawberry.type(description="The reply as reviewed.")
class ReviewCircularReplyPayload(CircularReplyPayload):
    pass


ReplyToCircularResult: TypeAlias = Annotated[
    ReplyToCircularPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ReplyToCircularResult")
]
ReviewCircularReplyResult: TypeAlias = Annotated[
    ReviewCircularReplyPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ReviewCircularReplyResult"),
]


@strawberry.type
class CircularMutations:
    @mutation("Draft a circular by hand (起草通报).", "circular.draft", "第三十条(四)")
    async def draft_circular(self, info: Info, input: DraftCircularInput) -> DraftCircularResult:
        command = input.command(info.context.settings.max_classification)
        return DraftCircularPayload(done=await perform(info, "draftCircular", service.draft_circular, command, input))

    @mutation("Write a draft anew (修改通报稿).", "circular.draft", "第三十条(四)")
    async def revise_circular(self, info: Info, input: ReviseCircularInput) -> ReviseCircularResult:
        command = service.ReviseCircular(
            circular_id=key_of("circular", input.circular, "circular"),
            expected_version=input.expected_version,
            title=input.title,
            blocks=_blocks(input.blocks),
            scope=input.scope,
        )
        return ReviseCircularPayload(
            done=await perform(info, "reviseCircular", evaluations.revise_circular_by_hand, command, input)
        )

    @mutation("Decide on a draft (批准通报).", "circular.approve", "条例第二十一条")
    async def approve_circular(self, info: Info, input: ApproveCircularInput) -> ApproveCircularResult:
        key = key_of("circular", input.circular, "circular")
        command = service.ApproveCircular(key, input.expected_version, input.outcome, input.comment)
        return ApproveCircularPayload(
            done=await perform(info, "approveCircular", evaluations.approve_circular_and_evaluation, command, input)
        )

    @mutation("Number and deliver an approved circular (印发通报).", "circular.publish", "第二十六条")
    async def publish_circular(self, info: Info, input: PublishCircularInput) -> PublishCircularResult:
        key = key_of("circular", input.circular, "circular")
        command = service.PublishCircular(
            circular_id=key,
            expected_version=input.expected_version,
            unit_ids=keys_of("unit", input.units, "units"),
            meeting=input.meeting.meeting() if input.meeting else None,
        )
        return PublishCircularPayload(
            done=await perform(info, "publishCircular", evaluations.publish_circular_and_evaluation, command, input)
        )

    @mutation("Take note of a circular for one's unit (签收通报).", "circular.acknowledge", "第二十六条")
    async def acknowledge_circular(self, info: Info, input: AcknowledgeCircularInput) -> AcknowledgeCircularResult:
        key = key_of("circular", input.circular, "circular")
        command = service.AcknowledgeCircular(key, optional_key_of("unit", input.unit, "unit"))
        return AcknowledgeCircularPayload(
            done=await perform(info, "acknowledgeCircular", service.acknowledge_circular, command, input)
        )

    @mutation("Take a circular back (撤回通报).", "circular.withdraw", "第二十六条")
    async def withdraw_circular(self, info: Info, input: WithdrawCircularInput) -> WithdrawCircularResult:
        key = key_of("circular", input.circular, "circular")
        command = service.WithdrawCircular(key, input.expected_version, input.reason)
        return WithdrawCircularPayload(
            done=await perform(info, "withdrawCircular", evaluations.withdraw_circular_and_evaluation, command, input)
        )

    @mutation("Answer a circular that criticises one's unit (回复整改情况).", "circular_reply.file", "第三十条(四)")
    async def reply_to_circular(self, info: Info, input: ReplyToCircularInput) -> ReplyToCircularResult:
        command = service.ReplyToCircular(key_of("reply", input.reply, "reply"), input.text, input.rectify_by)
        return ReplyToCircularPayload(
            done=await perform(info, "replyToCircular", service.reply_to_circular, command, input)
        )

    @mutation("Accept such an answer, or ask for another (核查回复).", "circular_reply.review", "第三十条(四)")
    async def review_circular_reply(self, info: Info, input: ReviewCircularReplyInput) -> ReviewCircularReplyResult:
        key = key_of("reply", input.reply, "reply")
        command = service.ReviewCircularReply(key, input.expected_version, input.accepted, input.comment)
        return ReviewCircularReplyPayload(
            done=await perform(info, "reviewCircularReply", service.review_circular_reply, command, input)
        )
