"""Makes a line of the signed table real: caller, object, and what stands around. Words: policies/README.md."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.acts.models import Decision, RecordedAct
from app.assignments.models import Assignment, FollowUp, ReportSlot
from app.audit.models import AccessLog, AdminRecord
from app.authz import MACHINE, Actor, ActorKind, Facts, Grant, Plan, Role
from app.authz.conditions import table_of
from app.authz.models import PolicyVersion
from app.authz.policy_text import GoldenLine
from app.cases.models import (
    Case,
    CaseAccess,
    CaseParticipant,
    CaseSource,
    Closure,
    HandlingProposal,
    Instruction,
    ProposedUnit,
    Reading,
    Recusal,
    Source,
)
from app.cases.rules import AssignmentRole, Handling
from app.circulars.models import Circular, CircularEdition, CircularItem, CircularReply
from app.circulars.rules import CircularScope
from app.core.levels import Classification
from app.documents.models import Document, DocumentRecipient, DocumentSubject
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
from app.identity.rules import UnitKind
from app.inspections.models import InspectionConclusion
from app.notifications.models import Notification
from app.permissions.models import PolicyDryRun
from app.reports.models import Report, ReportSection
from app.talks.models import FormalTalk, TalkCommitment
from app.todos.models import Todo
from app.webhooks.models import WebhookEndpoint, WebhookMessage

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ME, SOMEBODY, ACCOUNT, OTHER_ACCOUNT = (UUID(int=n) for n in range(1, 5))
MY_UNIT, OTHER_UNIT, OFFICE = (UUID(int=n) for n in range(11, 14))
CASE, OBJECT, PARENT = (UUID(int=n) for n in range(21, 24))

UNIT_ROLES = {Role.UNIT_HEAD, Role.UNIT_DEPUTY, Role.UNIT_HANDLER, Role.SEAL_KEEPER, Role.SERVICE}
OFFICE_ROLES = {Role.SUPERVISION_OFFICER, Role.SUPERVISION_HEAD}
WORDS = {  # that the column `relation` may hold
    "-", "addressed", "addressed_to_me", "assignment", "authorised", "contribution", "extension", "for_another_case",
    "for_this_case", "heads", "in_scope", "joint_partner", "lead", "leader", "lender", "lender_leads", "major", "mine",
    "of_circular", "of_office", "of_other_actions", "of_report", "of_role", "of_unit", "others", "post_in_unit",
    "proposer", "recorder", "recused", "report", "separate", "signed", "supporting", "to_addressees",
    "unit_in_scope",
}  # fmt: skip
AFTER_DISPATCH = {"DISPATCHED", "CLOSING", "CLOSED", "ARCHIVED"}


@dataclass(frozen=True)
class Golden(GoldenLine):
    """A line of the table, with what its words mean."""

    @classmethod
    def of(cls, line: GoldenLine) -> "Golden":
        return cls(*line.values)

    @property
    def words(self) -> set[str]:
        return set(self.relation.split("&"))

    @property
    def level(self) -> Classification:
        return Classification[self.classification]

    @property
    def restricted(self) -> bool:
        return self.scope == "RESTRICTED"

    @property
    def object_name(self) -> str:
        return self.action.split(".")[0]

    @property
    def unit(self) -> UUID:
        return OTHER_UNIT if "others" in self.words else OFFICE if "of_office" in self.words else MY_UNIT

    @property
    def person(self) -> UUID:
        return ME if "mine" in self.words else SOMEBODY

    @property
    def subject(self) -> str:
        """What a decision, a todo or a notification is about."""
        known = ("report", "assignment", "extension", "of_circular")
        return next((kind for kind in known if kind in self.words), "case").removeprefix("of_")

    def is_(self, *statuses: str) -> datetime | None:
        """An instant that is known once the object has reached one of these states."""
        return NOW if self.status in statuses else None


def caller(golden: Golden) -> Actor:
    if golden.role == Role.MACHINE:
        return MACHINE
    units = {MY_UNIT} if golden.role in UNIT_ROLES or "post_in_unit" in golden.words else set()
    units |= {OFFICE} if golden.role in OFFICE_ROLES else set()
    unit = MY_UNIT if golden.role in UNIT_ROLES else None
    listed = frozenset() if "of_other_actions" in golden.words else frozenset({golden.action})
    held = Grant(golden.role, unit, _one_case(golden), SOMEBODY, listed)
    grants = () if golden.role == Role.ANYONE else (held if held.case_id else Grant(golden.role, unit),)
    return Actor(
        ActorKind.SERVICE if golden.role == Role.SERVICE else ActorKind.PERSON,
        ACCOUNT,
        None if golden.role == Role.SERVICE else ME,
        "某人",
        Classification[golden.clearance],
        frozenset(units),
        grants,
        headed_unit_ids=frozenset({MY_UNIT} if "heads" in golden.words else ()),
        signing_unit_ids=frozenset({MY_UNIT} if golden.words & {"heads", "authorised"} else ()),
    )


def _one_case(golden: Golden) -> UUID | None:
    if "for_this_case" in golden.words:
        return CASE
    return UUID(int=99) if "for_another_case" in golden.words else None


def participants(golden: Golden) -> list[CaseParticipant]:
    words = golden.words
    me = CaseParticipant(
        case_id=CASE,
        person_id=ME,
        leader="leader" in words,
        proposer="proposer" in words,
        in_scope="in_scope" in words,
        recused="recused" in words,
        restricted=golden.restricted,
    )
    lender = CaseParticipant(case_id=CASE, person_id=SOMEBODY, leader="lender_leads" in words)
    unit = CaseParticipant(
        case_id=CASE,
        unit_id=MY_UNIT,
        principal="lead" in words,
        supporting="supporting" in words,
        in_scope="unit_in_scope" in words,
        restricted=golden.restricted,
    )
    return [me, lender, unit]


def surroundings(golden: Golden) -> list[Any]:
    """Everything that stands beside the object, whichever object it is."""
    other_object = golden.object_name != "case"
    dispatched = NOW if other_object or golden.status in AFTER_DISPATCH else None
    role = AssignmentRole.SUPPORTING if golden.unit == MY_UNIT and "supporting" in golden.words else AssignmentRole.LEAD
    if "joint_partner" in golden.words:
        role = AssignmentRole.SUPPORTING
    return [
        Case(
            id=CASE,
            classification=golden.level,
            restricted=golden.restricted,
            major="major" in golden.words,
            handling=Handling.SEPARATE if "separate" in golden.words else Handling.JOINT,
            dispatched_at=dispatched,
        ),
        *participants(golden),
        Assignment(id=PARENT, case_id=CASE, unit_id=golden.unit, role=role),
        Report(id=PARENT, case_id=CASE, unit_id=golden.unit, submitted_at=NOW),
        FormalTalk(id=PARENT, case_id=CASE, unit_id=golden.unit, issued_at=golden.is_("ISSUED")),
        Document(id=PARENT, status=golden.status, kind=DocumentKind.SUPERVISION_NOTICE, classification=golden.level),
        ExtensionRequest(id=PARENT, case_id=CASE, assignment_id=PARENT),
        Circular(id=PARENT, scope=CircularScope.DISTRICT, published_at=golden.is_("PUBLISHED"), **_level(golden)),
        CircularEdition(id=PARENT, circular_id=PARENT, **_level(golden)),
        *(CircularItem(edition_id=id_, case_id=CASE) for id_ in (OBJECT, PARENT)),
        Evaluation(id=PARENT, shown_at=golden.is_("SHOWN")),
        EvaluationSheet(id=PARENT, evaluation_id=PARENT, unit_id=golden.unit, **_level(golden)),
        *(EvaluationItem(sheet_id=id_, case_id=CASE) for id_ in (OBJECT, PARENT)),
        CaseSource(case_id=CASE, source_id=OBJECT),
        *(DocumentSubject(document_id=id_, case_id=CASE) for id_ in (OBJECT, PARENT)),
        *_recipients(golden),
        *_roles_of_the_holder(golden),
        Closure(case_id=CASE, proposed_by=golden.person, closed_at=golden.is_("CLOSED"), decision_id=PARENT),
        WebhookEndpoint(id=PARENT, account_id=ACCOUNT if "mine" in golden.words else OTHER_ACCOUNT),
        Decision(id=PARENT, case_id=CASE, decided_by=ME if "signed" in golden.words else SOMEBODY),
        Unit(id=MY_UNIT, kind=UnitKind.DEPARTMENT),
        Unit(id=OTHER_UNIT, kind=UnitKind.TOWN),
        Unit(id=OFFICE, kind=UnitKind.SUPERVISION_OFFICE),
    ]


def _level(golden: Golden) -> dict[str, Any]:
    return {"classification": golden.level, "restricted": golden.restricted}


def _recipients(golden: Golden) -> list[DocumentRecipient]:
    unit = MY_UNIT if "addressed" in golden.words else OTHER_UNIT
    person = ME if "addressed_to_me" in golden.words else SOMEBODY
    return [
        DocumentRecipient(document_id=id_, unit_id=unit_id, person_id=person_id)
        for id_ in (OBJECT, PARENT)
        for unit_id, person_id in ((unit, None), (None, person))
    ]


def _roles_of_the_holder(golden: Golden) -> list[RoleGrant]:
    held = golden.object_name in {"account", "password_renewal"} and golden.status != "-"
    return [RoleGrant(person_id=golden.person, role=Role(golden.status))] if held else []


_MAKE: dict[str, Callable[[Golden], Any]] = {
    "import": lambda g: Case(id=CASE, classification=g.level, restricted=g.restricted),
    "source": lambda g: Source(id=OBJECT, kind=g.status, **_level(g)),
    "instruction": lambda g: Instruction(id=OBJECT, case_id=CASE, disclosure=g.status, **_level(g)),
    "proposal": lambda _: HandlingProposal(id=OBJECT, case_id=CASE),
    "case_access": lambda _: CaseAccess(id=OBJECT, case_id=CASE),
    "recusal": lambda _: Recusal(id=OBJECT, case_id=CASE),
    "proposed_unit": lambda _: ProposedUnit(id=OBJECT, case_id=CASE),
    "reading": lambda _: Reading(id=OBJECT, case_id=CASE),
    "closure": lambda g: Closure(id=OBJECT, case_id=CASE, closed_at=g.is_("CLOSED")),
    "document": lambda g: Document(id=OBJECT, status=g.status, kind=DocumentKind.SUPERVISION_NOTICE, **_level(g)),
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
    "circular_edition": lambda g: CircularEdition(id=OBJECT, circular_id=PARENT, **_level(g)),
    "circular_item": lambda _: CircularItem(id=OBJECT, edition_id=PARENT, case_id=CASE),
    "circular_reply": lambda g: CircularReply(id=OBJECT, circular_id=PARENT, unit_id=g.unit),
    "evaluation": lambda g: Evaluation(id=OBJECT, shown_at=g.is_("SHOWN")),
    "evaluation_sheet": lambda g: EvaluationSheet(id=OBJECT, evaluation_id=PARENT, unit_id=g.unit, **_level(g)),
    "evaluation_item": lambda _: EvaluationItem(id=OBJECT, sheet_id=PARENT, case_id=CASE),
    "evaluation_fact": lambda _: EvaluationFact(id=OBJECT, sheet_id=PARENT, case_id=CASE),
    "evaluation_objection": lambda _: EvaluationObjection(id=OBJECT, sheet_id=PARENT),
    "evaluation_correction": lambda _: EvaluationCorrection(id=OBJECT, sheet_id=PARENT),
    "file": lambda g: StoredFile(
        id=OBJECT,
        case_id=None if g.status == "LOOSE" else CASE,
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
        classification=g.level,
        person_id=ME if "mine" in g.words else None,
        unit_id=g.unit if "of_unit" in g.words else None,
        role=g.role if "of_role" in g.words else None,
    ),
    "notification": lambda g: Notification(
        id=OBJECT,
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
        circular_id=PARENT if g.status == "LOOSE" else None,
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


class _Related(dict[Any, list[Any]]):
    """All rows stand here, so a key without rows is known to have none."""

    def __missing__(self, key: Any) -> list[Any]:
        return []


def scene(golden: Golden) -> tuple[Any, list[Any]]:
    """The object, and all rows around it."""
    rows = surroundings(golden)
    if golden.object_name == "case":
        return rows[0], rows
    if golden.object_name == "assignment":
        return next(row for row in rows if isinstance(row, Assignment)), rows
    return _MAKE[golden.object_name](golden), rows


def facts_for(plan: Plan, rows: list[Any]) -> Facts:
    found: dict[str, _Related] = defaultdict(_Related)
    for relation in plan.relations:
        by_key = _Related()
        for row in rows:
            if row.__table__ is table_of(relation.link):
                by_key.setdefault(getattr(row, relation.link.key), []).append(row)
        found[relation.relation] = by_key
    return Facts(found)
