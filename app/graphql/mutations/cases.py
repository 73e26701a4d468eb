"""登记, 拟办, 审定, 交办 (第七条(一))."""

from datetime import date, time
from typing import Annotated, TypeAlias

import strawberry

from app.acts.rules import Outcome
from app.assignments.service import DispatchCase, dispatch_case
from app.cases import service
from app.cases.rules import AssignmentRole, Disclosure, Handling, MatterType, Procedure, SourceKind
from app.core.levels import Classification
from app.graphql.cases import Case, Instruction
from app.graphql.context import Info
from app.graphql.mutations.payloads import CasePayload, Payload, case_of, changed
from app.graphql.performing import RecordedInput, key_of, mutation, optional_key_of, perform
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.regulation.rules import TimeLimitTier

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_VERSION = "The version that the caller has seen."


@strawberry.input(description="What the matter came from (来源).")
class SourceInput:
    kind: SourceKind = strawberry.field(description="Kind of source.")
    title: str = strawberry.field(description="Title; up to 200 characters.")
    number: str | None = strawberry.field(default=None, description="Document number (文号).")
    issuing_body: str | None = strawberry.field(default=None, description="Issuing body (发文机关).")
    dated_on: date | None = strawberry.field(default=None, description="Its date, not in the future.")
    superior_number: str | None = strawberry.field(default=None, description="Number at the superior body.")
    superior_due_on: date | None = strawberry.field(default=None, description="The superior's date.")

    def command(self) -> service.SourceInput:
        return service.SourceInput(
            self.kind,
            self.title,
            self.number,
            self.issuing_body,
            self.dated_on,
            self.superior_number,
            self.superior_due_on,
        )


@strawberry.input(description="A leader's words (批示).")
class InstructionInput:
    leader: strawberry.ID = strawberry.field(description="Whose words they are.")
    words: str = strawberry.field(description="The words; up to 2,000 characters.")
    given_on: date = strawberry.field(description="The day on which they were given.")
    disclosure: Disclosure = strawberry.field(description="What units may read of them.")
    excerpt: str | None = strawberry.field(default=None, description="What they read with EXCERPT.")

    def command(self, index: int) -> service.InstructionInput:
        leader_id = key_of("person", self.leader, "instructions", index, "leader")
        return service.InstructionInput(leader_id, self.words, self.given_on, self.disclosure, self.excerpt)


@strawberry.input(description="A leader's words on a registered matter (批示).")
class RecordInstructionInput:
    case: strawberry.ID = strawberry.field(description="The case; not over yet.")
    leader: strawberry.ID = strawberry.field(description="Whose words they are.")
    words: str = strawberry.field(description="The words; up to 2,000 characters.")
    given_on: date = strawberry.field(description="The day on which they were given.")
    disclosure: Disclosure = strawberry.field(description="What units may read of them.")
    excerpt: str | None = strawberry.field(default=None, description="What they read with EXCERPT.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.RecordInstruction:
        leader_id = key_of("person", self.leader, "leader")
        words = service.InstructionInput(leader_id, self.words, self.given_on, self.disclosure, self.excerpt)
        return service.RecordInstruction(key_of("case", self.case, "case"), words)


@strawberry.input(description="A matter to register (登记).")
class RegisterCaseInput:
    matter_type: MatterType = strawberry.field(description="Kind of matter, article 6.")
    title: str = strawberry.field(description="Title; up to 200 characters.")
    requirement: str | None = strawberry.field(default=None, description="What is asked for (办理要求).")
    classification: Classification = strawberry.field(
        default=Classification.INTERNAL, description="Classification, up to the ceiling of the network."
    )
    restricted: bool = strawberry.field(default=False, description="Whether few may know of it.")
    major: bool = strawberry.field(
        default=False,
        description="Whether it is major (重大事项), article 20: the head of the unit signs, nobody authorised.",
    )
    procedure: Procedure | None = strawberry.field(default=None, description="Only for matters of type OTHER.")
    sources: list[SourceInput] = strawberry.field(
        default_factory=list, description="At least one; an imported draft has its document."
    )
    instructions: list[InstructionInput] = strawberry.field(
        default_factory=list, description="Leaders' words; required for LEADER_INSTRUCTION."
    )
    draft: strawberry.ID | None = strawberry.field(default=None, description="An imported draft to register.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self, ceiling: Classification) -> service.RegisterCase:
        return service.RegisterCase(
            matter_type=self.matter_type,
            title=self.title,
            requirement=self.requirement,
            classification=self.classification,
            sources=tuple(source.command() for source in self.sources),
            instructions=tuple(words.command(index) for index, words in enumerate(self.instructions)),
            procedure=self.procedure,
            restricted=self.restricted,
            major=self.major,
            draft_id=optional_key_of("case", self.draft, "draft"),
            max_classification=ceiling,
        )


@strawberry.input(description="A unit, or a group whose members each get a part (拟承办单位).")
class ProposedUnitInput:
    role: AssignmentRole = strawberry.field(description="Its role.")
    unit: strawberry.ID | None = strawberry.field(default=None, description="The unit.")
    group: strawberry.ID | None = strawberry.field(default=None, description="Or the group.")

    def command(self, index: int) -> service.ProposedUnitChoice:
        return service.ProposedUnitChoice(
            self.role,
            optional_key_of("unit", self.unit, "units", index, "unit"),
            optional_key_of("group", self.group, "units", index, "group"),
        )


@strawberry.input(description="Who shall handle a case, how and until when (拟办意见).")
class ProposeHandlingInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    handling: Handling = strawberry.field(description="Manner; never inferred.")
    tier: TimeLimitTier = strawberry.field(description="Tier of time limits.")
    units: list[ProposedUnitInput] = strawberry.field(
        default_factory=list, description="The units; at most 100. Left out: as the imported document names them."
    )
    opinion: str = strawberry.field(description="The opinion.")
    leader: strawberry.ID = strawberry.field(description="The government leader who decides (政府主管领导).")
    report_due_on: date | None = strawberry.field(
        default=None, description="Report date; without it the tier counts from the day of issue."
    )
    report_due_time: time | None = strawberry.field(default=None, description="Its hour.")
    completion_due_on: date | None = strawberry.field(default=None, description="Completion date (办结时限).")
    instruction: strawberry.ID | None = strawberry.field(
        default=None, description="The leader's words that set the date; with LEADER_SPECIFIED."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.ProposeHandling:
        return service.ProposeHandling(
            case_id=key_of("case", self.case, "case"),
            handling=self.handling,
            tier=self.tier,
            units=_units(self.units),
            opinion=self.opinion,
            leader_id=key_of("person", self.leader, "leader"),
            report_due_on=self.report_due_on,
            report_due_time=self.report_due_time,
            completion_due_on=self.completion_due_on,
            instruction_id=optional_key_of("instruction", self.instruction, "instruction"),
        )


@strawberry.input(description="What the leader changes in approving; what is left out stays as proposed.")
class HandlingChangesInput:
    handling: Handling | None = strawberry.field(default=None, description="Manner.")
    tier: TimeLimitTier | None = strawberry.field(default=None, description="Tier.")
    units: list[ProposedUnitInput] | None = strawberry.field(default=None, description="All units.")
    report_due_on: date | None = strawberry.field(default=None, description="Report date.")
    report_due_time: time | None = strawberry.field(default=None, description="Its hour.")
    completion_due_on: date | None = strawberry.field(default=None, description="Completion date.")

    def command(self) -> service.HandlingChanges:
        return service.HandlingChanges(
            self.handling,
            self.tier,
            None if self.units is None else _units(self.units),
            self.report_due_on,
            self.report_due_time,
            self.completion_due_on,
        )


@strawberry.input(description="The leader's decision (审定).")
class DecideHandlingInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    expected_version: int = strawberry.field(description=_VERSION)
    outcome: Outcome = strawberry.field(description="How it was decided.")
    comment: str | None = strawberry.field(default=None, description="The words; required to return or decline.")
    changes: HandlingChangesInput | None = strawberry.field(default=None, description="With APPROVED_WITH_CHANGES.")
    recorded: RecordedInput | None = strawberry.field(default=None, description="An act done outside (代录).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)

    def command(self) -> service.DecideHandling:
        return service.DecideHandling(
            case_id=key_of("case", self.case, "case"),
            expected_version=self.expected_version,
            outcome=self.outcome,
            comment=self.comment,
            changes=self.changes.command() if self.changes else None,
        )


@strawberry.input(description="An approved case to hand to its units (交办).")
class DispatchCaseInput:
    case: strawberry.ID = strawberry.field(description="The case.")
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


def _units(units: list[ProposedUnitInput]) -> tuple[service.ProposedUnitChoice, ...]:
    return tuple(unit.command(index) for index, unit in enumerate(units))


@strawberry.type(description="The registered case.")
class RegisterCasePayload(CasePayload):
    pass


@strawberry.type(description="The words as recorded.")
class RecordInstructionPayload(Payload):
    instruction: Instruction | None = changed(description="The words.")
    case: Case | None = case_of(Instruction, description="Their case.")


@strawberry.type(description="The case as proposed.")
class ProposeHandlingPayload(CasePayload):
    pass


@strawberry.type(description="The case as decided.")
class DecideHandlingPayload(CasePayload):
    pass


@strawberry.type(description="The case as dispatched.")
class DispatchCasePayload(CasePayload):
    pass


RegisterCaseResult: TypeAlias = Annotated[
    RegisterCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RegisterCaseResult")
]
RecordInstructionResult: TypeAlias = Annotated[
    RecordInstructionPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("RecordInstructionResult"),
]
ProposeHandlingResult: TypeAlias = Annotated[
    ProposeHandlingPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("ProposeHandlingResult"),
]
DecideHandlingResult: TypeAlias = Annotated[
    DecideHandlingPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DecideHandlingResult")
]
DispatchCaseResult: TypeAlias = Annotated[
    DispatchCasePayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DispatchCaseResult")
]


@strawberry.type
class CaseMutations:
    @mutation("Register a matter under the next number of its series (登记编号).", "case.register", "第七条(一)")
    async def register_case(self, info: Info, input: RegisterCaseInput) -> RegisterCaseResult:
        command = input.command(info.context.settings.max_classification)
        done = await perform(info, "registerCase", service.register_case, command, input)
        return RegisterCasePayload(done=done)

    @mutation("Record a leader's words on a registered matter (批示).", "instruction.create", "第七条(二)")
    async def record_instruction(self, info: Info, input: RecordInstructionInput) -> RecordInstructionResult:
        done = await perform(info, "recordInstruction", service.record_instruction, input.command(), input)
        return RecordInstructionPayload(done=done)

    @mutation("Lay a proposal before the deciding leader (拟办意见).", "case.propose", "第七条(一)")
    async def propose_handling(self, info: Info, input: ProposeHandlingInput) -> ProposeHandlingResult:
        done = await perform(info, "proposeHandling", service.propose_handling, input.command(), input)
        return ProposeHandlingPayload(done=done)

    @mutation("Decide on a proposal (审定).", "case.decide", "第七条(一)")
    async def decide_handling(self, info: Info, input: DecideHandlingInput) -> DecideHandlingResult:
        done = await perform(info, "decideHandling", service.decide_handling, input.command(), input)
        return DecideHandlingPayload(done=done)

    @mutation("Issue the numbered notice and start the clocks (交办).", "case.dispatch", "第七条(一)")
    async def dispatch_case(self, info: Info, input: DispatchCaseInput) -> DispatchCaseResult:
        command = DispatchCase(key_of("case", input.case, "case"), input.expected_version)
        done = await perform(info, "dispatchCase", dispatch_case, command, input)
        return DispatchCasePayload(done=done)
