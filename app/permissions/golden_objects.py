"""The object of each line of the signed table, by the name of its type."""

from collections.abc import Callable
from typing import Any

from app.accountability.models import AccountabilityProposal
from app.acts.models import Decision, RecordedAct
from app.assignments.models import FollowUp, ReportSlot
from app.audit.models import AccessLog, AdminRecord
from app.authz import Role
from app.authz.models import PolicyVersion
from app.cases.models import (
    Case,
    CaseAccess,
    Closure,
    HandlingProposal,
    Instruction,
    ProposedUnit,
    Reading,
    Recusal,
    Source,
)
from app.circulars.models import Circular, CircularEdition, CircularItem, CircularReply
from app.circulars.rules import CircularScope
from app.documents.models import Document, DocumentRecipient
from app.documents.rules import DocumentKind
from app.emergency.models import EmergencySeal
from app.escalation.models import Explanation, ExtensionRequest, ReassignmentRequest, Urging
from app.evaluations.models import (
    Evaluation,
    EvaluationCorrection,
    EvaluationFact,
    EvaluationItem,
    EvaluationObjection,
    EvaluationSheet,
)
from app.events.models import Event
from app.files.models import StoredFile
from app.identity.models import (
    Account,
    ClientKey,
    PasswordRenewal,
    Person,
    PersonClearance,
    PostHolding,
    RoleGrant,
    Session,
    Unit,
    UnitContact,
)
from app.inspections.models import InspectionConclusion
from app.notifications.models import Notification, NotificationAddress
from app.permissions.golden_line import (
    ACCOUNT,
    CASE,
    ME,
    NOW,
    OBJECT,
    OTHER_ACCOUNT,
    PARENT,
    SOMEBODY,
    Golden,
    level_of,
    proposal_of,
)
from app.permissions.models import PolicyDryRun
from app.reports.models import Report, ReportSection
from app.talks.models import FormalTalk, TalkCommitment
from app.todos.models import Todo
from app.webhooks.models import WebhookEndpoint, WebhookMessage

MAKE: dict[str, Callable[[Golden], Any]] = {
    "import": lambda g: Case(id=CASE, classification=g.level, restricted=g.restricted),
    "source": lambda g: Source(id=OBJECT, kind=g.status, **level_of(g)),
    "instruction": lambda g: Instruction(id=OBJECT, case_id=CASE, disclosure=g.status, **level_of(g)),
    "proposal": lambda _: HandlingProposal(id=OBJECT, case_id=CASE),
    "case_access": lambda _: CaseAccess(id=OBJECT, case_id=CASE),
    "recusal": lambda _: Recusal(id=OBJECT, case_id=CASE),
    "proposed_unit": lambda _: ProposedUnit(id=OBJECT, case_id=CASE),
    "reading": lambda _: Reading(id=OBJECT, case_id=CASE),
    "closure": lambda g: Closure(id=OBJECT, case_id=CASE, closed_at=g.is_("CLOSED")),
    "document": lambda g: Document(id=OBJECT, status=g.status, kind=DocumentKind.SUPERVISION_NOTICE, **level_of(g)),
    "document_recipient": lambda _: DocumentRecipient(id=OBJECT, document_id=PARENT),
    "slot": lambda _: ReportSlot(id=OBJECT, case_id=CASE, assignment_id=PARENT),
    "follow_up": lambda g: FollowUp(id=OBJECT, case_id=CASE, assignment_id=PARENT, explains=g.status == "EXPLAINS"),
    "report": lambda g: Report(
        id=OBJECT,
        case_id=CASE,
        unit_id=g.unit,
        contribution="contribution" in g.words,
        drafted_by=g.person,
        signature_id=PARENT,
        submitted_at=g.is_("SUBMITTED"),
    ),
    "contribution": lambda g: Report(id=OBJECT, case_id=CASE, unit_id=g.unit, contribution=True),
    "report_section": lambda _: ReportSection(report_id=PARENT),
    "urging": lambda g: Urging(
        id=OBJECT, case_id=CASE, assignment_id=PARENT, unit_id=g.unit, delivered_at=g.is_("DELIVERED")
    ),
    "explanation": lambda _: Explanation(id=OBJECT, case_id=CASE, assignment_id=PARENT),
    "extension": lambda _: ExtensionRequest(id=OBJECT, case_id=CASE, assignment_id=PARENT),
    "reassignment": lambda _: ReassignmentRequest(id=OBJECT, case_id=CASE, assignment_id=PARENT),
    "talk": lambda g: FormalTalk(id=OBJECT, case_id=CASE, unit_id=g.unit, issued_at=g.is_("ISSUED")),
    "talk_commitment": lambda _: TalkCommitment(id=OBJECT, talk_id=PARENT),
    "conclusion": lambda g: InspectionConclusion(id=OBJECT, case_id=CASE, unit_id=g.unit, issued_at=g.is_("ISSUED")),
    "circular": lambda g: Circular(
        id=OBJECT,
        kind=g.status.split("_OF_")[-1],
        case_id=CASE,
        unit_id=g.unit,
        scope=CircularScope.ADDRESSEES if "to_addressees" in g.words else CircularScope.DISTRICT,
        document_id=PARENT,
        drafted_by=g.person,
        published_at=NOW if g.status.startswith("PUBLISHED") else None,
        classification=g.level,
        restricted=g.restricted,
    ),
    "circular_edition": lambda g: CircularEdition(id=OBJECT, circular_id=PARENT, **level_of(g)),
    "circular_item": lambda _: CircularItem(id=OBJECT, edition_id=PARENT, case_id=CASE),
    "circular_reply": lambda g: CircularReply(id=OBJECT, circular_id=PARENT, unit_id=g.unit),
    "accountability": lambda g: AccountabilityProposal(
        id=OBJECT, drafted_by=g.person, approved_at=g.is_("APPROVED"), classification=g.level
    ),
    "evaluation": lambda g: Evaluation(id=OBJECT, shown_at=g.is_("SHOWN")),
    "evaluation_sheet": lambda g: EvaluationSheet(id=OBJECT, evaluation_id=PARENT, unit_id=g.unit, **level_of(g)),
    "evaluation_item": lambda _: EvaluationItem(id=OBJECT, sheet_id=PARENT, case_id=CASE),
    "evaluation_fact": lambda _: EvaluationFact(id=OBJECT, sheet_id=PARENT, case_id=CASE),
    "evaluation_objection": lambda _: EvaluationObjection(id=OBJECT, sheet_id=PARENT),
    "evaluation_correction": lambda _: EvaluationCorrection(id=OBJECT, sheet_id=PARENT),
    "file": lambda g: StoredFile(
        id=OBJECT,
        case_id=None if g.status == "LOOSE" else CASE,
        accountability_id=proposal_of(g),
        unit_id=g.unit,
        subject_kind=None if g.status == "LOOSE" else "report" if "of_report" in g.words else "assignment",
        subject_id=None if g.status == "LOOSE" else PARENT,
        uploaded_by=ACCOUNT if "mine" in g.words else OTHER_ACCOUNT,
        classification=g.level,
        restricted=g.restricted,
    ),
    "todo": lambda g: Todo(
        id=OBJECT,
        case_id=None if g.status == "LOOSE" else CASE,
        accountability_id=proposal_of(g),
        classification=g.level,
        person_id=ME if "mine" in g.words else None,
        unit_id=g.unit if "of_unit" in g.words else None,
        role=g.role if "of_role" in g.words else None,
    ),
    "notification": lambda g: Notification(
        id=OBJECT,
        accountability_id=proposal_of(g),
        case_id=None if g.status == "LOOSE" else CASE,
        subject_kind=g.subject,
        subject_id=PARENT,
        person_id=g.person,
    ),
    "decision": lambda g: Decision(
        id=OBJECT,
        case_id=None if g.status == "LOOSE" else CASE,
        decided_by=g.person,
        subject_kind=g.subject,
        subject_id=PARENT,
    ),
    "act": lambda g: RecordedAct(
        id=OBJECT,
        case_id=None if g.status == "LOOSE" else CASE,
        circular_id=PARENT if g.status == "LOOSE" and proposal_of(g) is None else None,
        accountability_id=proposal_of(g),
        decided_by=g.person,
        recorded_by=ME if "recorder" in g.words else SOMEBODY,
    ),
    "event": lambda g: Event(id=OBJECT, case_id=CASE, type=g.status, unit_id=g.unit if "of_unit" in g.words else None),
    "assignment": lambda _: None,
    "audit": lambda _: AdminRecord(),
    "access": lambda g: AccessLog(classification=g.level, of_case_id=None),
    "policy": lambda g: PolicyVersion(
        id=OBJECT, author_id=g.person, proposer_id=ME if "proposer" in g.words else SOMEBODY
    ),
    "dry_run": lambda g: PolicyDryRun(id=OBJECT, requested_by=g.person),
    "unit": lambda _: Unit(id=OBJECT),
    "person": lambda _: Person(id=OBJECT),
    "post": lambda _: PostHolding(id=OBJECT),
    "contact": lambda g: UnitContact(id=OBJECT, unit_id=g.unit),
    "account": lambda g: Account(id=ACCOUNT if "mine" in g.words else OTHER_ACCOUNT, person_id=g.person),
    "client_key": lambda g: ClientKey(id=OBJECT, account_id=ACCOUNT if "mine" in g.words else OTHER_ACCOUNT),
    "password_renewal": lambda g: PasswordRenewal(
        id=OBJECT, person_id=g.person, proposed_by=ME if "proposer" in g.words else SOMEBODY
    ),
    "emergency_seal": lambda g: EmergencySeal(id=OBJECT, begun_by=ME if "proposer" in g.words else SOMEBODY),
    "session": lambda g: Session(id=OBJECT, account_id=ACCOUNT if "mine" in g.words else OTHER_ACCOUNT),
    "grant": lambda g: RoleGrant(
        id=OBJECT,
        person_id=g.person,
        granted_by=ME if {"proposer", "lender"} & g.words else SOMEBODY,
        case_id=CASE if "lender" in g.words else None,
        role=Role(g.status),
    ),
    "notification_address": lambda g: NotificationAddress(id=OBJECT, person_id=g.person),
    "webhook": lambda g: WebhookEndpoint(
        id=OBJECT,
        account_id=ACCOUNT if "mine" in g.words else OTHER_ACCOUNT,
        registered_by=ME if "proposer" in g.words else SOMEBODY,
    ),
    "webhook_message": lambda _: WebhookMessage(id=OBJECT, endpoint_id=PARENT),
    "clearance": lambda g: PersonClearance(
        id=OBJECT, person_id=g.person, granted_by=ME if "proposer" in g.words else SOMEBODY
    ),
}
