"""Makes a line of the signed table real: caller, object, and what stands around. Words: policies/README.md."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from app.accountability.models import AccountabilityFact, AccountabilityParty, AccountabilityProposal
from app.acts.models import Decision
from app.assignments.models import Assignment
from app.authz import MACHINE, Actor, ActorKind, Facts, Grant, Plan, Role
from app.authz.conditions import table_of
from app.cases.models import (
    Case,
    CaseParticipant,
    CaseSource,
    Closure,
)
from app.cases.rules import AssignmentRole, Handling
from app.circulars.models import Circular, CircularEdition, CircularItem
from app.circulars.rules import CircularScope
from app.core.levels import Classification
from app.documents.models import Document, DocumentRecipient, DocumentSubject
from app.documents.rules import DocumentKind
from app.escalation.models import ExtensionRequest
from app.evaluations.models import (
    Evaluation,
    EvaluationItem,
    EvaluationSheet,
)
from app.identity.models import (
    RoleGrant,
    Unit,
)
from app.identity.rules import UnitKind
from app.permissions.golden_line import (
    ACCOUNT,
    AFTER_DISPATCH,
    CASE,
    ME,
    MY_UNIT,
    NOW,
    OBJECT,
    OFFICE,
    OFFICE_ROLES,
    OTHER_ACCOUNT,
    OTHER_UNIT,
    PARENT,
    SOMEBODY,
    UNIT_ROLES,
    Golden,
    level_of,
)
from app.permissions.golden_objects import MAKE
from app.reports.models import Report
from app.talks.models import FormalTalk
from app.webhooks.models import WebhookEndpoint


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
        Circular(id=PARENT, scope=CircularScope.DISTRICT, published_at=golden.is_("PUBLISHED"), **level_of(golden)),
        CircularEdition(id=PARENT, circular_id=PARENT, **level_of(golden)),
        *(CircularItem(edition_id=id_, case_id=CASE) for id_ in (OBJECT, PARENT)),
        Evaluation(id=PARENT, shown_at=golden.is_("SHOWN")),
        EvaluationSheet(id=PARENT, evaluation_id=PARENT, unit_id=golden.unit, **level_of(golden)),
        *(EvaluationItem(sheet_id=id_, case_id=CASE) for id_ in (OBJECT, PARENT)),
        AccountabilityProposal(id=PARENT, drafted_by=SOMEBODY, classification=golden.level),
        *_called_to_account(golden),
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


def _recipients(golden: Golden) -> list[DocumentRecipient]:
    unit = MY_UNIT if "addressed" in golden.words else OTHER_UNIT
    person = ME if "addressed_to_me" in golden.words else SOMEBODY
    return [
        DocumentRecipient(document_id=id_, unit_id=unit_id, person_id=person_id)
        for id_ in (OBJECT, PARENT)
        for unit_id, person_id in ((unit, None), (None, person))
    ]


def _called_to_account(golden: Golden) -> list[Any]:
    """Whom proposals concern, and the case on which they rest."""
    person = ME if "concerned" in golden.words else SOMEBODY
    return [
        row
        for id_ in (OBJECT, PARENT)
        for row in (
            AccountabilityParty(proposal_id=id_, person_id=person),
            AccountabilityParty(proposal_id=id_, unit_id=golden.unit),
            AccountabilityFact(proposal_id=id_, case_id=CASE),
        )
    ]


def _roles_of_the_holder(golden: Golden) -> list[RoleGrant]:
    held = golden.object_name in {"account", "password_renewal"} and golden.status != "-"
    return [RoleGrant(person_id=golden.person, role=Role(golden.status))] if held else []


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
    return MAKE[golden.object_name](golden), rows


def facts_for(plan: Plan, rows: list[Any]) -> Facts:
    found: dict[str, _Related] = defaultdict(_Related)
    for relation in plan.relations:
        by_key = _Related()
        for row in rows:
            if row.__table__ is table_of(relation.link):
                by_key.setdefault(getattr(row, relation.link.key), []).append(row)
        found[relation.relation] = by_key
    return Facts(found)
