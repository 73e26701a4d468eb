"""The schema: what can be asked, what can be done. Built once; `schema.graphql` is its printed form."""

from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from app.cases.models import Case as CaseRow
from app.cases.updates import UPDATE_LISTING as UPDATES
from app.graphql import enums as _enums  # noqa: F401  # describes the enumerations before types refer to them
from app.graphql.accountability import PROPOSALS, AccountabilityProposal, AccountabilityProposalFilter
from app.graphql.acts import Decision, RecordedAct, TimelineEntry
from app.graphql.administration import (
    ACCOUNTS,
    CLEARANCES,
    CLIENT_KEYS,
    GRANTS,
    PASSWORD_RENEWALS,
    SESSIONS,
    Account,
    AccountFilter,
    Clearance,
    ClearanceFilter,
    ClientKey,
    ClientKeyFilter,
    Grant,
    GrantFilter,
    PasswordRenewal,
    PasswordRenewalFilter,
    Session,
    SessionFilter,
)
from app.graphql.assignments import Assignment, FollowUp, ReportSlot
from app.graphql.auditing import (
    ACCESS_LOG,
    ADMIN_RECORDS,
    AccessEntry,
    AccessFilter,
    AdminRecord,
    AdminRecordFilter,
)
from app.graphql.cases import Case, Closure, HandlingProposal, Instruction, Reading, Source
from app.graphql.checks import check
from app.graphql.dashboard import Dashboard, dashboard_of
from app.graphql.declarations import from_graphql_core
from app.graphql.describing import describe
from app.graphql.documents import Document, StoredFile
from app.graphql.emergency import EMERGENCY_SEALS, EmergencySeal
from app.graphql.escalation import (
    Circular,
    CircularEdition,
    CircularItem,
    CircularReply,
    Explanation,
    ExtensionRequest,
    FormalTalk,
    InspectionConclusion,
    ReassignmentRequest,
    Urging,
)
from app.graphql.evaluations import (
    EVALUATIONS,
    SHEETS,
    Evaluation,
    EvaluationCorrection,
    EvaluationFact,
    EvaluationFilter,
    EvaluationItem,
    EvaluationObjection,
    EvaluationSheet,
    EvaluationSheetFilter,
    EvaluationSheetOrder,
    SimulatedSheet,
    simulated,
)
from app.graphql.execution import core_schema
from app.graphql.ledger import CASES, CaseFilter, CaseOrder
from app.graphql.listings import (
    CIRCULARS,
    GROUPS,
    INBOX,
    NOTIFICATIONS,
    PEOPLE,
    RECORDED_ACTS,
    REPORTS,
    TALKS,
    TODOS,
    UNITS,
    URGINGS,
    PersonFilter,
    RecordedActFilter,
    ReportFilter,
    TodoFilter,
    UnitFilter,
    UrgingFilter,
)
from app.graphql.made import made
from app.graphql.mutations.access import AccessMutations
from app.graphql.mutations.accountability import AccountabilityMutations
from app.graphql.mutations.acts import ActMutations
from app.graphql.mutations.amendment import AmendmentMutations
from app.graphql.mutations.assignments import AssignmentMutations
from app.graphql.mutations.cases import CaseMutations
from app.graphql.mutations.circulars import CircularMutations
from app.graphql.mutations.clearances import ClearanceMutations
from app.graphql.mutations.clients import ClientMutations
from app.graphql.mutations.closing import ClosingMutations
from app.graphql.mutations.emergency import EmergencyMutations
from app.graphql.mutations.escalation import EscalationMutations
from app.graphql.mutations.evaluations import EvaluationMutations
from app.graphql.mutations.importing import ImportMutations
from app.graphql.mutations.inbox import InboxMutations
from app.graphql.mutations.policy import PolicyMutations
from app.graphql.mutations.powers import PowerMutations
from app.graphql.mutations.reassignment import ReassignmentMutations
from app.graphql.mutations.recusals import RecusalMutations
from app.graphql.mutations.renewals import RenewalMutations
from app.graphql.mutations.reports import ReportMutations
from app.graphql.mutations.scope import ScopeMutations
from app.graphql.mutations.sign_in import SignInMutations
from app.graphql.mutations.suspension import SuspensionMutations
from app.graphql.mutations.talks import TalkMutations
from app.graphql.mutations.units import UnitMutations
from app.graphql.mutations.webhooks import WebhookMutations
from app.graphql.node import Connection, Node
from app.graphql.permissions import (
    AccessExplanation,
    ActionVerdict,
    PermissionRow,
    explained,
    permission_matrix,
    what_can,
    who_can,
)
from app.graphql.policy import POLICY_VERSIONS, PolicyDryRun, PolicyVersion, PolicyVersionFilter
from app.graphql.refusals import RefusalHandler
from app.graphql.reports import Report
from app.graphql.roots import node_by_id, nodes_by_ids, object_by, page_of
from app.graphql.scalars import SCALARS
from app.graphql.statistics import CaseStatistics
from app.graphql.todos import Notification, Todo
from app.graphql.units import NotificationAddress, Person, Post, Unit, UnitContact, UnitGroup
from app.graphql.updates import Subscription, UpdateFilter
from app.graphql.viewer import Viewer, viewer_of
from app.graphql.webhooks import (
    WEBHOOK_MESSAGES,
    WEBHOOKS,
    WebhookEndpoint,
    WebhookFilter,
    WebhookMessage,
    WebhookMessageFilter,
)
from app.reads.kinds import Need

_NODES = (
    Case,
    Source,
    Instruction,
    HandlingProposal,
    Reading,
    Closure,
    Assignment,
    ReportSlot,
    FollowUp,
    Report,
    Decision,
    RecordedAct,
    TimelineEntry,
    Document,
    StoredFile,
    Explanation,
    ExtensionRequest,
    ReassignmentRequest,
    Urging,
    FormalTalk,
    InspectionConclusion,
    Circular,
    CircularEdition,
    CircularItem,
    CircularReply,
    AccountabilityProposal,
    Evaluation,
    EvaluationSheet,
    EvaluationItem,
    EvaluationFact,
    EvaluationObjection,
    EvaluationCorrection,
    Todo,
    Notification,
    NotificationAddress,
    Unit,
    UnitGroup,
    Person,
    Post,
    UnitContact,
    Account,
    ClientKey,
    PasswordRenewal,
    EmergencySeal,
    Grant,
    Clearance,
    PolicyVersion,
    WebhookEndpoint,
    WebhookMessage,
    PolicyDryRun,
)


@strawberry.type(description="What can be asked. Whatever the caller may not see is as if it were not there.")
class Query:
    node: Node | None = node_by_id(*_NODES, description="Any object by its global id.")
    nodes: list[Node | None] = nodes_by_ids(*_NODES, description="Objects by their global ids, in that order.")
    case: Case | None = object_by(number=CaseRow.register_number, description="A case by id or register number.")
    cases: Connection[Case] = page_of(CASES, filter=CaseFilter, order=CaseOrder, description="The ledger (台账).")
    todos: Connection[Todo] = page_of(TODOS, filter=TodoFilter, description="What waits for me (待办).")
    reports: Connection[Report] = page_of(REPORTS, filter=ReportFilter, description="Reports (上报).")
    units: Connection[Unit] = page_of(UNITS, filter=UnitFilter, description="Units (单位).")
    unit_groups: Connection[UnitGroup] = page_of(GROUPS, description="Named groups of units (单位组).")
    people: Connection[Person] = page_of(PEOPLE, filter=PersonFilter, description="People (人员).")
    accounts: Connection[Account] = page_of(ACCOUNTS, filter=AccountFilter, description="Accounts (账号).")
    client_keys: Connection[ClientKey] = page_of(
        CLIENT_KEYS, filter=ClientKeyFilter, description="Public keys of outside systems (外部系统公钥), newest first."
    )
    webhooks: Connection[WebhookEndpoint] = page_of(
        WEBHOOKS, filter=WebhookFilter, description="Where outside systems are pushed to (推送地址), newest first."
    )
    webhook_messages: Connection[WebhookMessage] = page_of(
        WEBHOOK_MESSAGES,
        filter=WebhookMessageFilter,
        description="What was pushed or is to be (推送记录), newest first.",
    )
    sessions: Connection[Session] = page_of(
        SESSIONS, filter=SessionFilter, description="Sign-ins (登录), newest first."
    )
    password_renewals: Connection[PasswordRenewal] = page_of(
        PASSWORD_RENEWALS, filter=PasswordRenewalFilter, description="Passwords that take two people, newest first."
    )
    emergency_seals: Connection[EmergencySeal] = page_of(
        EMERGENCY_SEALS, description="Sealings of the emergency account (应急账号封存), newest first."
    )
    grants: Connection[Grant] = page_of(GRANTS, filter=GrantFilter, description="Grants (授权), newest first.")
    clearances: Connection[Clearance] = page_of(
        CLEARANCES, filter=ClearanceFilter, description="Clearances of people (涉密等级), newest first."
    )
    policy_versions: Connection[PolicyVersion] = page_of(
        POLICY_VERSIONS, filter=PolicyVersionFilter, description="Versions of the policy (权限规则版本), newest first."
    )
    case_updates: Connection[TimelineEntry] = page_of(
        UPDATES,
        filter=UpdateFilter,
        description="What happened to cases, in the order in which it was recorded (督办件动态). To be read on and on: "
        "the last cursor stays good, here and for the subscription.",
    )
    admin_records: Connection[AdminRecord] = page_of(
        ADMIN_RECORDS,
        filter=AdminRecordFilter,
        description="Acts of administration (管理记录), newest first; none for who is no auditor.",
    )
    access_log: Connection[AccessEntry] = page_of(
        ACCESS_LOG,
        filter=AccessFilter,
        description="Who read what is restricted, and who was refused what (查阅与拒绝记录), newest first; none for "
        "who is no auditor.",
    )
    notifications: Connection[Notification] = page_of(NOTIFICATIONS, description="My inbox (收件箱), newest first.")
    inbox: Connection[Notification] = page_of(
        INBOX,
        description="My messages in the order in which they came (收件箱), to be read on and on: the last cursor stays "
        "good, here and for the subscription.",
    )
    recorded_acts: Connection[RecordedAct] = page_of(
        RECORDED_ACTS, filter=RecordedActFilter, description="Acts entered on behalf of somebody (代录)."
    )
    talks: Connection[FormalTalk] = page_of(TALKS, description="Formal talks (约谈).")
    urgings: Connection[Urging] = page_of(URGINGS, filter=UrgingFilter, description="Urgings (催办), newest first.")
    circulars: Connection[Circular] = page_of(CIRCULARS, description="Circulars (通报).")
    accountability_proposals: Connection[AccountabilityProposal] = page_of(
        PROPOSALS, filter=AccountabilityProposalFilter, description="Accountability proposals (问责建议), newest first."
    )
    evaluations: Connection[Evaluation] = page_of(
        EVALUATIONS, filter=EvaluationFilter, description="Evaluations of units (考核), the newest half-year first."
    )
    evaluation_sheets: Connection[EvaluationSheet] = page_of(
        SHEETS,
        filter=EvaluationSheetFilter,
        order=EvaluationSheetOrder,
        description="Sheets: a ranking, a unit's trend over half-years, units of a kind side by side (考核单).",
    )
    simulate_evaluation: list[SimulatedSheet] | None = strawberry.field(
        resolver=simulated,
        description="What other weights or deductions would give; nothing changes (试算). "
        "Requires: evaluation.simulate.",
    )

    explain: AccessExplanation | None = explained(
        *_NODES, description="Why somebody may do something, or may not (权限说明). Requires: policy.explain."
    )
    who_can: Connection[Person] | None = who_can(
        *_NODES, description="Who may do something, by name (何人可办). Requires: policy.explain."
    )
    what_can: list[ActionVerdict] | None = what_can(
        *_NODES, description="What somebody may do to an object (可办何事). Requires: policy.explain."
    )
    permission_matrix: list[PermissionRow] | None = strawberry.field(
        resolver=permission_matrix,
        description="The rules on an object, act by act and role by role (权限表). Requires: policy.explain.",
    )

    @strawberry.field(description="Counts of the cases that a filter selects (统计).")
    @from_graphql_core("each figure is a count of the ledger")
    def case_statistics(
        self, filter: Annotated[CaseFilter | None, strawberry.argument(description="As of the ledger.")] = None
    ) -> CaseStatistics:
        return CaseStatistics(filter=filter or CaseFilter())

    dashboard: Dashboard = strawberry.field(
        resolver=dashboard_of, description="What a leader looks at first, as far as the caller may see (看板)."
    )

    viewer: Viewer = made(viewer_of, needs=(Need.CALLER,), description="The caller (当前用户).")


Mutation: Any = merge_types(
    "Mutation",
    (
        SignInMutations,
        CaseMutations,
        ScopeMutations,
        RecusalMutations,
        AssignmentMutations,
        ReportMutations,
        ClosingMutations,
        EscalationMutations,
        TalkMutations,
        CircularMutations,
        AccountabilityMutations,
        EvaluationMutations,
        ImportMutations,
        ActMutations,
        InboxMutations,
        UnitMutations,
        AccessMutations,
        ClientMutations,
        WebhookMutations,
        RenewalMutations,
        EmergencyMutations,
        ReassignmentMutations,
        SuspensionMutations,
        AmendmentMutations,
        ClearanceMutations,
        PowerMutations,
        PolicyMutations,
    ),
)


def build_schema() -> strawberry.Schema:
    """The schema, after checking that every field is declared or knowingly left to graphql-core."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=_NODES,
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
        exception_handlers=[RefusalHandler()],
    )
    check(schema)
    describe(core_schema(schema))
    return schema
