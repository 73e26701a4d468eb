"""权限规则的修改: drafted and proposed by one person, taken into use by another, rolled back by two."""

from typing import Annotated, TypeAlias

import strawberry

from app.graphql.context import Info
from app.graphql.mutations.payloads import Payload, changed
from app.graphql.performing import key_of, mutation, optional_key_of, perform
from app.graphql.policy import PolicyDryRun, PolicyVersion
from app.graphql.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from app.permissions.editing import PolicyEdit, PolicyPart
from app.permissions.service import versions as service
from app.permissions.service.dry_runs import ask_for_dry_run

_KEY = "The same key and input within 24 hours give the same answer (幂等键)."
_CLAUSE = "第二十四条"


@strawberry.interface(description="A payload whose changed object is a version of the policy.")
class PolicyPayload(Payload):
    policy: PolicyVersion | None = changed(description="The version.")


@strawberry.input(description="A line to put into a policy, or to take out of it.")
class PolicyEditInput:
    part: PolicyPart = strawberry.field(description="Of which part.")
    line: str = strawberry.field(
        description="As the files write it, e.g. `p, unit_head, case, view, dispatched, allow, CASE-V20`. It takes the "
        "place of the line about the same: the rule with that id, the question of the signed table. To take a rule or "
        "its clause out, its id will do."
    )
    remove: bool = strawberry.field(default=False, description="Take the line out. With a rule goes its clause.")


@strawberry.input(description="A new version of the policy to begin.")
class DraftPolicyInput:
    reason: str = strawberry.field(description="What it is for (理由).")
    edits: list[PolicyEditInput] | None = strawberry.field(
        default=None, description="What is to be another than there."
    )
    base: strawberry.ID | None = strawberry.field(
        default=None, description="From which version; by default from the one in force."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Lines to put into one's own draft, and lines to take out.")
class EditPolicyDraftInput:
    policy: strawberry.ID = strawberry.field(description="The draft.")
    edits: list[PolicyEditInput] = strawberry.field(description="Made one after the other.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A draft that is not wanted any more.")
class DiscardPolicyDraftInput:
    policy: strawberry.ID = strawberry.field(description="The draft.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A version to compare with the one in force.")
class DryRunPolicyInput:
    policy: strawberry.ID = strawberry.field(description="The version; a draft will do.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A draft to lay before a second person.")
class ProposePolicyInput:
    policy: strawberry.ID = strawberry.field(description="The draft.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A proposed version to put in force.")
class ApprovePolicyInput:
    policy: strawberry.ID = strawberry.field(description="The version.")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A proposed version to say no to.")
class RefusePolicyInput:
    policy: strawberry.ID = strawberry.field(description="The version.")
    reason: str = strawberry.field(description="Why (理由).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="An earlier version whose rules shall be in force again.")
class RollBackPolicyInput:
    policy: strawberry.ID = strawberry.field(description="The version, which was in force before.")
    reason: str = strawberry.field(description="Why (理由).")
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type(description="The draft. `problems` says what is wrong with it.")
class DraftPolicyPayload(PolicyPayload):
    pass


@strawberry.type(description="The draft as edited. `problems` says what is wrong with it.")
class EditPolicyDraftPayload(PolicyPayload):
    pass


@strawberry.type(description="The draft as discarded.")
class DiscardPolicyDraftPayload(PolicyPayload):
    pass


@strawberry.type(description="The dry run, which a worker carries out: ask for it again.")
class DryRunPolicyPayload(Payload):
    dry_run: PolicyDryRun | None = changed(description="The dry run.")


@strawberry.type(description="The version as proposed.")
class ProposePolicyPayload(PolicyPayload):
    pass


@strawberry.type(description="The version in force.")
class ApprovePolicyPayload(PolicyPayload):
    pass


@strawberry.type(description="The version as refused.")
class RefusePolicyPayload(PolicyPayload):
    pass


@strawberry.type(description="A new version with the rules of the earlier one, proposed.")
class RollBackPolicyPayload(PolicyPayload):
    pass


DraftPolicyResult: TypeAlias = Annotated[
    DraftPolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DraftPolicyResult")
]
EditPolicyDraftResult: TypeAlias = Annotated[
    EditPolicyDraftPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("EditPolicyDraftResult")
]
DiscardPolicyDraftResult: TypeAlias = Annotated[
    DiscardPolicyDraftPayload | InvalidInput | NotAllowed | NotFound | Conflict,
    strawberry.union("DiscardPolicyDraftResult"),
]
DryRunPolicyResult: TypeAlias = Annotated[
    DryRunPolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("DryRunPolicyResult")
]
ProposePolicyResult: TypeAlias = Annotated[
    ProposePolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ProposePolicyResult")
]
ApprovePolicyResult: TypeAlias = Annotated[
    ApprovePolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("ApprovePolicyResult")
]
RefusePolicyResult: TypeAlias = Annotated[
    RefusePolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RefusePolicyResult")
]
RollBackPolicyResult: TypeAlias = Annotated[
    RollBackPolicyPayload | InvalidInput | NotAllowed | NotFound | Conflict, strawberry.union("RollBackPolicyResult")
]


def _edits(edits: list[PolicyEditInput] | None) -> tuple[PolicyEdit, ...]:
    return tuple(PolicyEdit(PolicyPart(edit.part), edit.line, edit.remove) for edit in edits or ())


@strawberry.type
class PolicyMutations:
    @mutation("Begin a new version of the policy (草拟权限规则). Nothing changes yet.", "policy.draft", _CLAUSE)
    async def draft_policy(self, info: Info, input: DraftPolicyInput) -> DraftPolicyResult:
        command = service.DraftPolicy(input.reason, _edits(input.edits), optional_key_of("policy", input.base, "base"))
        done = await perform(info, "draftPolicy", service.draft_policy, command, input)
        return DraftPolicyPayload(done=done)

    @mutation("Put lines into one's own draft and take lines out (修改草稿).", "policy.draft", _CLAUSE)
    async def edit_policy_draft(self, info: Info, input: EditPolicyDraftInput) -> EditPolicyDraftResult:
        command = service.EditPolicyDraft(key_of("policy", input.policy, "policy"), _edits(input.edits))
        done = await perform(info, "editPolicyDraft", service.edit_draft, command, input)
        return EditPolicyDraftPayload(done=done)

    @mutation("End a draft (作废草稿).", "policy.discard", _CLAUSE)
    async def discard_policy_draft(self, info: Info, input: DiscardPolicyDraftInput) -> DiscardPolicyDraftResult:
        key = key_of("policy", input.policy, "policy")
        done = await perform(info, "discardPolicyDraft", service.discard_draft, key, input)
        return DiscardPolicyDraftPayload(done=done)

    @mutation(
        "Have it counted who would gain and who would lose what by a version (试算权限规则).", "policy.dry_run", _CLAUSE
    )
    async def dry_run_policy(self, info: Info, input: DryRunPolicyInput) -> DryRunPolicyResult:
        key = key_of("policy", input.policy, "policy")
        done = await perform(info, "dryRunPolicy", ask_for_dry_run, key, input)
        return DryRunPolicyPayload(done=done)

    @mutation(
        "Lay a draft before a second person (提出权限规则). It must be without faults, and is not changed any more.",
        "policy.propose",
        _CLAUSE,
    )
    async def propose_policy(self, info: Info, input: ProposePolicyInput) -> ProposePolicyResult:
        key = key_of("policy", input.policy, "policy")
        done = await perform(info, "proposePolicy", service.propose_policy, key, input)
        return ProposePolicyPayload(done=done)

    @mutation(
        "Put a version in force that others drafted and proposed (批准权限规则), from the next request on.",
        "policy.approve",
        _CLAUSE,
    )
    async def approve_policy(self, info: Info, input: ApprovePolicyInput) -> ApprovePolicyResult:
        key = key_of("policy", input.policy, "policy")
        done = await perform(info, "approvePolicy", service.approve_policy, key, input)
        return ApprovePolicyPayload(done=done)

    @mutation("Say no to a proposed version, or withdraw one's own (不批准权限规则).", "policy.refuse", _CLAUSE)
    async def refuse_policy(self, info: Info, input: RefusePolicyInput) -> RefusePolicyResult:
        command = service.RefusePolicy(key_of("policy", input.policy, "policy"), input.reason)
        done = await perform(info, "refusePolicy", service.refuse_policy, command, input)
        return RefusePolicyPayload(done=done)

    @mutation(
        "Propose that an earlier version's rules be in force again (退回权限规则); another person approves it.",
        "policy.roll_back",
        _CLAUSE,
    )
    async def roll_back_policy(self, info: Info, input: RollBackPolicyInput) -> RollBackPolicyResult:
        command = service.RollBackPolicy(key_of("policy", input.policy, "policy"), input.reason)
        done = await perform(info, "rollBackPolicy", service.roll_back, command, input)
        return RollBackPolicyPayload(done=done)
